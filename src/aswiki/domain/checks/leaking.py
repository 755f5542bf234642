"""Rule 8: what a customer may come to read passes the leak scan when it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json import dumps
from shlex import quote

from aswiki.domain.checks.surroundings import Surroundings
from aswiki.domain.problem import Finding, Loc
from aswiki.domain.readers.leaks import Leak, leaks
from aswiki.domain.records import customer_of
from aswiki.domain.records.common import Record, abouts
from aswiki.domain.records.event import Event
from aswiki.lang import N_, _

CODE = "ASW008"
_SAID: Mapping[str, str] = {
    "customer": N_("{field} is for the customer, but names another one: {text}."),
    "contact": N_("{field} is for the customer, but names a contact: {text}."),
    "phone": N_("{field} is for the customer, but holds a phone number: {text}."),
    "email": N_("{field} is for the customer, but holds an e-mail address of a person: {text}."),
    "colleague": N_("{field} is for the customer, but names one of our people: {text}."),
    "amount": N_("{field} is for the customer, but holds an amount of money: {text}."),
    "rival": N_("{field} is for the customer, but names another vendor: {text}."),
    "word": N_("{field} is for the customer, but holds a word that [audiences] stops: {text}."),
}


def texts_for_customers(record: Record) -> Iterator[tuple[Loc, str]]:
    """The texts of a record that a customer may come to read, each with its place.

    These are the customer text, an inquiry's wordings, and whatever section was released.
    """
    sections = {"customer_text"}
    known = abouts(type(record))
    sections |= {r.field for r in record.released_to if r.field in known and known[r.field].section}
    for key in sorted(sections):
        text = getattr(record, known[key].attribute)
        if isinstance(text, str):
            yield (key,), text
    if isinstance(record, Event):
        for index, wording in enumerate(record.wording):
            yield ("wording", index, "text"), wording.text


def no_leak(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 8: customer text, wording and released text pass the leak scan."""
    fine = [passed.text for passed in record.scan_ok]
    for loc, text in texts_for_customers(record):
        customer = customer_of(around.ref)
        said = set()
        for leak in leaks(text, around.secrets(), customer=customer, allowed=fine):
            if (leak.kind, leak.found) not in said:
                said.add((leak.kind, leak.found))
                yield _finding(loc, leak, around.ref)


def _finding(loc: Loc, leak: Leak, ref: str) -> Finding:
    found = " ".join(leak.found.split())
    passed = quote(f"scan_ok={{text: {dumps(found, ensure_ascii=False)}}}")
    return Finding(
        CODE,
        loc,
        _(_SAID[leak.kind]).format(field=loc[0], text=found),
        _("Say it without; or if it is honest, let it through: {command}").format(
            command=f"aswiki set {ref} --add {passed}"
        ),
        inside=leak.start,
    )
