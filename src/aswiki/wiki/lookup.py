"""A customer, a record, a person or a revision found by what a user types for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aswiki.domain import records
from aswiki.domain.lookup import Named, match_customers, match_records
from aswiki.domain.slug import slug
from aswiki.errors import BadInput, NotFound
from aswiki.lang import _
from aswiki.store import document
from aswiki.wiki.wiki import Wiki, not_found

SHOWN = 8


def named_customers(wiki: Wiki) -> Iterator[Named]:
    """Every customer with the names its profile gives."""
    for folder in wiki.customers():
        data = front_of(wiki, f"customers/{folder}/profile.md")
        aliases = data.get("aliases")
        yield Named(
            folder,
            str(data.get("name") or data.get("title") or folder),
            str(data.get("short_name") or ""),
            tuple(str(alias) for alias in aliases) if isinstance(aliases, list) else (),
        )


def front_of(wiki: Wiki, path: str) -> dict[str, Any]:
    """The front matter of a file; empty where there is none or it cannot be read."""
    raw = wiki.readable(path)
    return dict(document.read(path, raw).data) if raw is not None else {}


def customer(wiki: Wiki, words: str) -> str:
    """The slug of the customer that the words name.

    Raises:
        NotFound: none, or several; the candidates are named.
    """
    if words in wiki.customers():
        return words
    hits = match_customers(words, list(named_customers(wiki)))
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise not_found(words, hits[:SHOWN])
    raise NotFound(
        "no-customer",
        _("There is no customer {words}.").format(words=words),
        _("aswiki list customers shows them; aswiki new-customer makes one."),
    )


def record(wiki: Wiki, words: str, *, or_customer: bool = False) -> str:
    """The whole reference of the record that the words name.

    With ``or_customer`` a customer's name stands for its profile.

    Raises:
        NotFound: none, or several; the candidates are named.
    """
    refs = [records.reference(path) for path in wiki.paths()]
    return _one_of(wiki, words, refs, or_customer=or_customer)


def record_at(wiki: Wiki, words: str, rev: str) -> str:
    """The whole reference that the words name among the records of a revision.

    Raises:
        NotFound: none, or several; the candidates are named.
    """
    paths = wiki.repository.paths(rev)
    refs = [records.reference(path) for path in paths if records.type_of(path) is not None]
    return _one_of(wiki, words, refs, or_customer=True)


def _one_of(wiki: Wiki, words: str, refs: list[str], *, or_customer: bool) -> str:
    if words in refs:
        return words
    if not words.strip():
        raise BadInput("no-name", _("The record's name is empty."), _("Name a record."))
    known: list[Named] | None = None

    def customers_of(name: str) -> list[str]:
        nonlocal known
        if known is None:
            known = list(named_customers(wiki))
        return match_customers(name, known)

    if or_customer and "/" not in words:
        hits = customers_of(words)
        if len(hits) == 1 and f"{hits[0]}/profile" in refs:
            return f"{hits[0]}/profile"
    hits = match_records(words, refs, customers_of)
    if not hits and not words.isascii():
        head, slash, last = words.rpartition("/")
        hits = match_records(f"{head}{slash}{slug(last)}", refs, customers_of)
    if len(hits) == 1:
        return hits[0]
    raise not_found(words, hits[:SHOWN])


def page(wiki: Wiki, words: str) -> str | None:
    """The reference of a customer's architecture or usage page that may not be there yet."""
    name, _slash, rest = words.partition("/")
    if rest == "architecture":
        return f"{customer(wiki, name)}/architecture"
    if re.fullmatch(r"usage/\d{4}-(0[1-9]|1[0-2])", rest):
        return f"{customer(wiki, name)}/{rest}"
    return None


def person(wiki: Wiki, words: str) -> str:
    """A colleague's id for an id, name, alias or e-mail; any other words as they are.

    Raises:
        BadInput: the words are empty.
    """
    if not words.strip():
        raise BadInput("no-person", _("A person's name is empty."), _("Name a person."))
    folded = words.strip().casefold()
    people = wiki.people.get("people")
    for own, data in people.items() if isinstance(people, dict) else ():
        if isinstance(data, dict) and folded in _names(own, data):
            return str(own)
    return words.strip()


def department(wiki: Wiki, words: str) -> str:
    """A department's slug for its slug or name; any other words as they are.

    Raises:
        BadInput: the words are empty.
    """
    folded = words.strip().casefold()
    if not folded:
        raise BadInput("no-department", _("A department is empty."), _("Name a department."))
    departments = wiki.people.get("departments")
    for own, data in departments.items() if isinstance(departments, dict) else ():
        name = data.get("name", own) if isinstance(data, dict) else own
        if folded in {str(own).casefold(), str(name).casefold()}:
            return str(own)
    return words.strip()


def _names(own: str, data: dict[str, Any]) -> set[str]:
    several = [*_list(data.get("aliases")), *_list(data.get("emails"))]
    return {str(name).casefold() for name in (own, data.get("name", own), *several)}


def _list(value: object) -> list[object]:
    """The list of a file that may hold anything in its place."""
    return value if isinstance(value, list) else []


def by_email(wiki: Wiki, email: str) -> str | None:
    """The id of the colleague whom git's e-mail finds."""
    people = wiki.people.get("people")
    for own, data in people.items() if isinstance(people, dict) else ():
        emails = _list(data.get("emails")) if isinstance(data, dict) else []
        if email.casefold() in {str(item).casefold() for item in emails}:
            return str(own)
    return None


def commit(wiki: Wiki, words: str, hint: str = "") -> str:
    """The full hash of a commit named by a revision.

    Args:
        wiki: the wiki.
        words: the revision.
        hint: what to do where there is none; how to find one unless said.

    Raises:
        NotFound: no such revision.
    """
    found = wiki.repository.resolve(words)
    if found is None:
        raise NotFound(
            "no-revision",
            _("There is no commit {words}.").format(words=words),
            hint or _("aswiki history RECORD shows the commits of a record."),
        )
    return found


def revision(wiki: Wiki, words: str) -> str:
    """The full hash of a revision, or of the last one recorded by the end of a day.

    Raises:
        NotFound: no such revision, or nothing was recorded by that day.
    """
    from datetime import datetime, time, timedelta

    from aswiki.domain.times import when

    repository = wiki.repository
    if re.fullmatch(r"[0-9a-fA-F]{4,64}", words) and (found := repository.resolve(words)):
        return found
    try:
        day = when.day(words, wiki.now(), wiki.zone)
    except BadInput:
        found = repository.resolve(words)
        if found is None:
            raise NotFound(
                "no-revision",
                _("There is no revision or day {words}.").format(words=words),
                _("Give a commit of aswiki history, or a day like 2026-10-03."),
            ) from None
        return found
    end = datetime.combine(day, time.min, wiki.zone) + timedelta(days=1)
    found = repository.before(end - timedelta(seconds=1))
    if found is None:
        raise NotFound(
            "no-revision",
            _("Nothing had been recorded by the end of {day}.").format(day=day),
            _("aswiki history shows when a record was first written."),
        )
    return found
