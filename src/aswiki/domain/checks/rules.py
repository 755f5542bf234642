"""The numbered rules on one record and its neighbours (ASW001 to ASW019), and its wholeness."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator

from aswiki.domain.checks.due import DUE_RULES
from aswiki.domain.checks.leaking import no_leak
from aswiki.domain.checks.links import LINK_RULES
from aswiki.domain.checks.order import order_rule
from aswiki.domain.checks.schema import missing_whole
from aswiki.domain.checks.spend import unexplained_swings
from aswiki.domain.checks.surroundings import Surroundings
from aswiki.domain.problem import Finding, Loc
from aswiki.domain.records.architecture import Architecture
from aswiki.domain.records.churn import Churn
from aswiki.domain.records.common import Feeling, Record
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.note import Note
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.visit import Visit
from aswiki.lang import _

Rule = Callable[[Record, Surroundings], Iterator[Finding]]


def findings(record: Record, around: Surroundings, *, due: bool = False) -> list[Finding]:
    """Everything the numbered rules find in a record; with ``due`` those that depend on today."""
    rules = (*RULES, *DUE_RULES) if due else RULES
    return [finding for rule in rules for finding in rule(record, around)]


def _feelings(record: Record) -> Iterator[tuple[Loc, Feeling]]:
    if isinstance(record, Visit):
        for index, feeling in enumerate(record.feelings):
            yield ("feelings", index), feeling
    if isinstance(record, Note) and record.feeling is not None:
        yield ("feeling",), record.feeling


def environment_and_purpose(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 1: a feeling, an assessment or a requirement has environment and purpose."""
    places: list[tuple[Loc, object]] = list(_feelings(record))
    if isinstance(record, Architecture):
        places += [(("assessments", i), item) for i, item in enumerate(record.assessments)]
    if isinstance(record, Event) and record.kind == "requirement":
        places.append(((), record))
    for loc, part in places:
        for key in ("environment", "purpose"):
            if not (getattr(part, key) or "").strip():
                yield Finding(
                    "ASW001",
                    (*loc, key),
                    _("{key} is missing: without it what was said can be twisted.").format(key=key),
                    _("Say in which environment and for what purpose it was said."),
                )


def closed_complaint_is_whole(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 2: a closed complaint has impact, log, responsible person (or clearing) and loss."""
    if not isinstance(record, Complaint) or record.status != "closed":
        return
    responsible = record.responsible
    named = responsible is not None and (
        responsible.person or responsible.department or responsible.cleared_by
    )
    lacks = [
        ("customer_impact", not (record.customer_impact or "").strip()),
        ("log", not record.log),
        ("responsible", not named),
        ("customer_loss", record.customer_loss is None),
    ]
    for key, missing in lacks:
        if missing:
            yield Finding(
                "ASW002",
                (key,),
                _("The complaint is closed without {key}.").format(key=key),
                _("Fill it in (a loss of none is said: customer_loss.kind=none), or reopen it."),
            )


def technical_decision(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 4: a technical decision is never an after-sales department's."""
    if not isinstance(record, Event):
        return
    for index, name in enumerate(record.technical_decision_by):
        department = around.people.get(name) or name
        kind = around.departments.get(department, department.replace("-", "_"))
        if kind in {"after_sales", "售后", "售后部"}:
            yield Finding(
                "ASW004",
                ("technical_decision_by", index),
                _("{name} is after-sales, which makes no technical decision.").format(name=name),
                _("Name the technical department that decided."),
            )


def free_promise_is_told(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 5: a promise free of charge says when sales was told."""
    for index, promise in enumerate(record.promises):
        if promise.kind == "goodwill_free" and promise.sales_informed_on is None:
            yield Finding(
                "ASW005",
                ("promises", index),
                _("The promise is free of charge, but sales was not told."),
                _("Tell sales and set promises.{n}.sales_informed_on.").format(n=index + 1),
                level="warning",
            )


def price_is_commercial(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 6: price-performance is a commercial reason."""
    if not isinstance(record, Churn) or record.sub_reason is None:
        return
    said = record.sub_reason.strip().casefold().replace("-", "_").replace(" ", "_")
    if said in {"price_performance", "性价比"} and record.reason != "commercial":
        yield Finding(
            "ASW006",
            ("reason",),
            _("Price-performance is a commercial reason."),
            _("Set reason to commercial, or change sub_reason."),
        )


def text_sha256(text: str) -> str:
    """The sha256 of a section's NFC, LF text without outer blank lines, as releases bind it."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def lapsed(index: int, field: str, reader: str) -> Finding:
    """Rule 9's finding: the text of a release is another one by now."""
    return Finding(
        "ASW009",
        ("released_to", index, "sha256"),
        _("{field} was changed after its release to {reader}.").format(field=field, reader=reader),
        _("Release the present text again, or take the release out."),
    )


def released_text_is_unchanged(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 9: a released text is the text that was released."""
    for index, release in enumerate(record.released_to):
        name = release.field or "customer_text"
        text = getattr(record, name, None)
        if name == "wording" and isinstance(record, Event):
            text = next((w.text for w in record.wording if w.audience == release.audience), None)
        if not isinstance(text, str) or text_sha256(text) != release.sha256:
            yield lapsed(index, name, release.audience)


def evidence_is_unchanged(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 12: an evidence file is there and has the recorded sha256."""
    for index, item in enumerate(record.evidence):
        if item.file is None:
            continue
        actual = around.sha256_of(item.file)
        if actual is None or (item.sha256 is not None and actual != item.sha256):
            message = (
                _("The evidence file {file} is not there.")
                if actual is None
                else _("The evidence file {file} differs from its recorded sha256.")
            )
            yield Finding(
                "ASW012",
                ("evidence", index, "file"),
                message.format(file=item.file),
                _("Restore the file from the history."),
            )


def scope_has_final_contact(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 13: a scope names the final contact."""
    if isinstance(record, Event) and record.scope and not record.scope.final_contact:
        yield Finding(
            "ASW013",
            ("scope",),
            _("The scope names no final contact."),
            _("Find the person who takes the work over, and set scope.final_contact."),
            level="warning",
        )


def arrears(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Rule 15: an owed amount above zero is said wherever the profile is."""
    credit = record.credit if isinstance(record, Profile) else None
    if credit is not None and credit.owed_amount is not None and credit.owed_amount > 0:
        yield Finding(
            "ASW015",
            ("credit", "owed_amount"),
            _("The customer owes {amount}.").format(
                amount=" ".join(filter(None, [str(credit.owed_amount), credit.currency]))
            ),
            level="warning",
        )


def wholeness(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """What the record needs to be whole: a warning, an error where wholeness is demanded."""
    if isinstance(record, Visit) and record.status != "held":
        return
    demanded = (isinstance(record, Visit) and record.status == "held") or (
        isinstance(record, Lesson) and record.sanitized is True
    )
    for loc, about in missing_whole(type(record), record):
        if _said_by_another_rule(record, loc):
            continue
        yield Finding(
            "ASW140",
            loc,
            _("{field} is not given, so the record is not whole.").format(field=about.key),
            level="error" if demanded and len(loc) == 1 else "warning",
        )
    if _is_closed_untriaged(record):
        yield Finding(
            "ASW140",
            ("triage",),
            _("The incident is closed without a triage."),
            _("Set triage.class: new_requirement, old_bug, broken_promise or undetermined."),
        )


def _is_closed_untriaged(record: Record) -> bool:
    if not isinstance(record, Event) or record.kind != "incident" or record.status != "closed":
        return False
    return record.triage is None or record.triage.class_ is None


def _said_by_another_rule(record: Record, loc: Loc) -> bool:
    if loc[-1] in {"environment", "purpose"} and loc[0] in {"feelings", "feeling", "assessments"}:
        return True
    return isinstance(record, Complaint) and record.status == "closed"


RULES: tuple[Rule, ...] = (
    environment_and_purpose,
    closed_complaint_is_whole,
    technical_decision,
    free_promise_is_told,
    price_is_commercial,
    no_leak,
    released_text_is_unchanged,
    evidence_is_unchanged,
    scope_has_final_contact,
    arrears,
    wholeness,
    order_rule,
    unexplained_swings,
    *LINK_RULES,
)
