"""What of a record fits a reader, beyond the allow-lists: releases, audiences, their own rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.records.churn import Churn
from aswiki.domain.records.common import Record, Signal
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.note import Note
from aswiki.lang import N_

TEAM = "team"
CUSTOMERS = frozenset({"customer_tech", "customer_biz"})
NOT_IF_SENSITIVE = frozenset({"customer_biz", "sales"})

_FACTS: Mapping[str, frozenset[str]] = {
    "customer_tech": frozenset(
        {"profile", "usage", "product", "complaint", "event incident", "event critical_event"}
    ),
    "customer_biz": frozenset({"profile", "usage", "complaint"}),
}
"""A customer's reader → the types (and kinds) whose facts they may read without a release."""

_RELEASED_ONLY = frozenset({"promises", "window", "expected_peak", "checklist"})
_COUNTED = frozenset({"type", "kind", "severity", "status", "started_at", "promises"})
"""What sales may read of an incident: as much as it takes to count them."""


NOT_LISTED = N_("It is not among what {reader} may read.")
_NARROWED = N_("The record's audience leaves {reader} out.")
_SENSITIVE = N_("The record is sensitive.")
_UNRELEASED = N_("Nothing of the record is released to {reader} as it stands now.")
_NOT_THEIRS = N_("It is not their own.")
_UNSANITIZED = N_("The lesson is not marked sanitized.")
_WISH = N_("The wish for another salesperson is for the boss alone.")
_AGAINST_TECH = N_("It could serve against the customer's technical team.")
_OTHER_PART = N_("It is not the part of the matter that concerns {reader}.")

Held: TypeAlias = Any
"""A field's value, of whatever shape the field has."""


@dataclass(frozen=True)
class Eyes:
    """Who reads, and what is theirs."""

    reader: str
    own: Collection[str]
    sides: Mapping[str, str]


def released(record: Record, reader: str) -> str | None:
    """The words of a record that a customer's reader may have as they stand now, or None.

    Of an inquiry these are its wording for that reader, of any other record its customer text.
    """
    name = "wording" if isinstance(record, Event) and record.kind == "inquiry" else "customer_text"
    text = record.customer_text
    if isinstance(record, Event) and name == "wording":
        text = _wording(record, reader)
    if text is None or why_closed(record, reader):
        return None
    sha256 = text_sha256(text)
    is_free = any(
        leave.audience == reader
        and (leave.field or "customer_text") == name
        and leave.sha256 == sha256
        for leave in record.released_to
    )
    return text if is_free else None


def lapsed(record: Record, reader: str) -> list[str]:
    """The fields of a record that were released to a reader and have changed since."""
    stale = []
    for leave in record.released_to:
        key = leave.field or "customer_text"
        text = _wording(record, reader) if key == "wording" else getattr(record, key, None)
        if leave.audience == reader and (
            not isinstance(text, str) or leave.sha256 != text_sha256(text)
        ):
            stale.append(key)
    return stale


def _wording(record: Record, reader: str) -> str | None:
    """What an inquiry says to a reader."""
    wording = record.wording if isinstance(record, Event) else []
    return next((each.text for each in wording if each.audience == reader), None)


def why_closed(record: Record, reader: str) -> str | None:
    """Why a record is not for a reader, whatever is released of it, or None."""
    if record.audience and reader not in record.audience:
        return _NARROWED
    if record.sensitive and reader in NOT_IF_SENSITIVE:
        return _SENSITIVE
    if reader == "customer_biz" and isinstance(record, Event) and record.kind == "question":
        return _AGAINST_TECH
    return None


def barred(record: Record, eyes: Eyes) -> str | None:
    """Why nothing of a record is for a reader, or None."""
    if eyes.reader == TEAM:
        return None
    closed = why_closed(record, eyes.reader)
    if closed is not None:
        return closed
    if eyes.reader != "boss" and isinstance(record, Lesson) and not record.sanitized:
        return _UNSANITIZED
    if eyes.reader == "sales":
        return _barred_from_sales(record, eyes)
    return _barred_from_customer(record, eyes) if eyes.reader in CUSTOMERS else None


def _barred_from_sales(record: Record, eyes: Eyes) -> str | None:
    if isinstance(record, Event) and record.kind == "requirement" and record.negotiation is None:
        return _OTHER_PART
    if not isinstance(record, Note):
        return None
    if record.signal is not None and record.signal.kind == "sales_change_request":
        return _WISH
    sync = record.sales_sync
    if sync is not None and sync.sales_person not in eyes.own:
        return _NOT_THEIRS
    return NOT_LISTED if sync is None and record.signal is None else None


def _barred_from_customer(record: Record, eyes: Eyes) -> str | None:
    kind = getattr(record, "kind", None)
    if isinstance(record, Complaint):
        return None if eyes.sides.get(record.complainant or "") == eyes.reader else _NOT_THEIRS
    facts = _FACTS.get(eyes.reader, frozenset())
    if record.TYPE in facts or f"{record.TYPE} {kind}" in facts or _is_cleared(record, eyes):
        return None
    return _UNRELEASED if released(record, eyes.reader) is None else None


def _is_cleared(record: Record, eyes: Eyes) -> bool:
    """Whether the customer's technical team may hear that an accusation was cleared."""
    blame = record.blame if isinstance(record, Event) else None
    return (
        eyes.reader == "customer_tech"
        and blame is not None
        and blame.status == "cleared"
        and blame.consent is True
    )


def fitting(record: Record, key: str, value: Held, eyes: Eyes) -> tuple[Held, str | None]:
    """What of a field that is on the list fits this reader, and why the rest does not."""
    if eyes.reader in CUSTOMERS:
        found = _for_customer(record, key, value, eyes)
        if found is None:
            return None, _UNRELEASED
        value = found
    is_incident = isinstance(record, Event) and record.kind == "incident"
    if eyes.reader == "sales" and is_incident and key not in _COUNTED:
        return None, NOT_LISTED
    narrow = _NARROWING.get(key)
    kept = value if narrow is None else narrow(record, value, eyes)
    return kept, (None if kept == value else _OTHER_PART)


def _for_customer(record: Record, key: str, value: Held, eyes: Eyes) -> Held:
    """A field as far as a release lets a customer have it, or None."""
    is_inquiry = isinstance(record, Event) and record.kind == "inquiry"
    if key in {"customer_text", "wording"}:
        if (key == "wording") != is_inquiry or released(record, eyes.reader) is None:
            return None
        if key == "wording":
            return [each for each in value if each.audience == eyes.reader]
    if key in _RELEASED_ONLY and released(record, eyes.reader) is None:
        return None
    return value


def _promises(_record: Record, value: Held, eyes: Eyes) -> Held:
    """To a customer those they may see, kept or open; to sales their own."""
    if eyes.reader in CUSTOMERS:
        return [
            each
            for each in value
            if each.customer_visible and each.status in {None, "open", "kept"}
        ]
    if eyes.reader == "sales":
        return [
            each
            for each in value
            if each.by and (each.by.person in eyes.own or each.by.department in eyes.own)
        ]
    return value


def _signals(_record: Record, value: Held, eyes: Eyes) -> Held:
    if eyes.reader != "sales":
        return value
    return [_signal_for_sales(each) for each in value if each.kind != "sales_change_request"]


def _signal(_record: Record, value: Held, eyes: Eyes) -> Held:
    return _signal_for_sales(value) if eyes.reader == "sales" else value


def _signal_for_sales(signal: Signal) -> Signal:
    """Without a paraphrase for them, sales hears the kind alone."""
    if signal.for_sales:
        return signal
    return signal.model_copy(update={"advice": None, "platform_fault": None})


def _attributions(_record: Record, value: Held, eyes: Eyes) -> Held:
    part = _PARTS_OF_CHURN.get(eyes.reader)
    return value if part is None else [each for each in value if each.reason == part]


def _sub_reason(record: Record, value: Held, eyes: Eyes) -> Held:
    part = _PARTS_OF_CHURN.get(eyes.reader)
    is_theirs = part is None or (isinstance(record, Churn) and record.reason == part)
    return value if is_theirs else None


def _blame(record: Record, value: Held, eyes: Eyes) -> Held:
    return value if eyes.reader == "boss" or _is_cleared(record, eyes) else None


_PARTS_OF_CHURN = {"product": "service_capability", "sales": "commercial"}
_NARROWING: Mapping[str, Callable[[Record, Held, Eyes], Held]] = {
    "promises": _promises,
    "signals": _signals,
    "signal": _signal,
    "attributions": _attributions,
    "sub_reason": _sub_reason,
    "blame": _blame,
}
"""A field of which a reader may have a part → what that part is."""
