"""The rules that look beyond one record: references, people, products, blames, lessons, weather."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from aswiki.domain.checks.surroundings import Surroundings, is_before
from aswiki.domain.problem import Finding, Loc
from aswiki.domain.records.architecture import Architecture
from aswiki.domain.records.common import Part, Record, abouts
from aswiki.domain.records.complaint import Complaint
from aswiki.domain.records.event import Event
from aswiki.domain.records.lesson import Lesson
from aswiki.domain.records.profile import Profile
from aswiki.domain.records.visit import Visit
from aswiki.lang import _

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_PRIVATE = re.compile(
    r"(?<![\w.])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{1,3}(?:\.\d{1,3}){3}|[\w.+-]+@[\w-]+\.[\w.]+)"
    r"|(?:[¥￥$€£]\s?\d|\d[\d,.]*\s?(?:CNY|RMB|USD|EUR|元|万元))"
)


def texts(part: Part, loc: Loc = ()) -> Iterator[tuple[Loc, str | None, str]]:
    """Every text of a record with its place and with what it names (None: nothing)."""
    for key, about in abouts(type(part)).items():
        value = getattr(part, about.attribute)
        items = enumerate(value) if isinstance(value, list) else ((None, value),)
        for index, item in items:
            place = (*loc, key) if index is None else (*loc, key, index)
            if isinstance(item, Part):
                yield from texts(item, place)
            elif isinstance(item, str):
                yield place, about.names, item


def unresolved_references(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 16: a reference in the front matter resolves to a record."""
    for loc, names, text in texts(record):
        if names == "ref" and not around.references(text.partition("#")[0]):
            yield Finding(
                "ASW016",
                loc,
                _("There is no record {ref}.").format(ref=text),
                _("Give the record's whole reference, as aswiki list prints it."),
            )


def unknown_people(record: Record, around: Surroundings) -> Iterator[Finding]:
    """A person's id that neither people.toml nor the customer's contacts know (a warning)."""
    known = around.people.keys() | around.contacts | around.departments.keys()
    for loc, names, text in texts(record):
        imported = loc[0] == "log" and record.source is not None and record.source.system
        if names != "person" or text in known or imported or not _ID.fullmatch(text):
            continue
        yield Finding(
            "ASW141",
            loc,
            _("{id} is neither in people.toml nor a contact of the customer.").format(id=text),
            _("Add the person, or write the name in words."),
            level="warning",
        )


def unowned_product(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 18: an event's product is known and a department owns it (a warning)."""
    if not isinstance(record, Event) or record.product is None:
        return
    owned = around.product_is_owned(record.product)
    if owned:
        return
    message = (
        _("The product {product} is not among products/.")
        if owned is None
        else _("No department is named for the product {product}.")
    )
    yield Finding("ASW018", ("product",), message.format(product=record.product), level="warning")


def linked(complaint: Complaint, complaint_ref: str, event: Event, event_ref: str) -> bool:
    """Whether a complaint is about a blame: either names the other, by any how but see_also."""
    named = chain(
        ((item.ref, item.how) for item in complaint.related if item.ref == event_ref),
        ((item.ref, item.how) for item in event.related if item.ref == complaint_ref),
    )
    return any(how != "see_also" for _ref, how in named)


def cleared_but_named(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 7: a complaint whose linked blame was cleared still names a responsible person."""
    if not isinstance(record, Complaint) or record.responsible is None:
        return
    if record.responsible.person is None:
        return
    for neighbour in around.neighbours():
        event = neighbour.record
        if not isinstance(event, Event) or event.blame is None or event.blame.status != "cleared":
            continue
        if linked(record, around.ref, event, neighbour.ref):
            yield Finding(
                "ASW007",
                ("responsible", "person"),
                _("{ref} was cleared, but the complaint still names {person}.").format(
                    ref=neighbour.ref, person=record.responsible.person
                ),
                _("Put cleared_by with that record in the place of responsible.person."),
                level="warning",
            )


def sunny_in_bad_times(record: Record, around: Surroundings) -> Iterator[Finding]:
    """Rule 14: sunny weather while a P0 or P1 is open or a promise is broken (a warning)."""
    if not isinstance(record, Visit) or record.weather != "sunny" or record.occurred_at is None:
        return
    for neighbour in around.neighbours():
        other = neighbour.record
        event = other if isinstance(other, Event) and other.severity in {"P0", "P1"} else None
        started = event is not None and not is_before(
            record.occurred_at, event.started_at, around.zone
        )
        ended = event is not None and (event.resolved_at or event.closed_at)
        is_open = started and not is_before(ended or None, record.occurred_at, around.zone)
        broken = any(
            promise.status == "broken"
            and promise.due_on is not None
            and is_before(promise.due_on, record.occurred_at, around.zone)
            for promise in other.promises
        )
        if (is_open and (event is None or event.status != "cancelled")) or broken:
            yield Finding(
                "ASW014",
                ("weather",),
                _("The weather is sunny although {ref} speaks against it.").format(
                    ref=neighbour.ref
                ),
                level="warning",
            )
            return


def sanitized_lesson(record: Record, around: Surroundings) -> Iterator[Finding]:
    """A lesson marked sanitized holds no customer's name, contact, address or amount."""
    if not isinstance(record, Lesson) or record.sanitized is not True:
        return
    identities = around.identities()
    for loc, names, text in texts(record):
        if names == "ref":
            continue
        hit = next((name for name in identities if _holds(text, name)), None)
        private = _PRIVATE.search(text)
        if hit or private:
            yield Finding(
                "ASW144",
                loc,
                _("The lesson is marked sanitized, but holds {text}.").format(
                    text=hit or (private.group() if private else "")
                ),
                _("Take it out, or say sanitized: false."),
            )


def _holds(text: str, name: str) -> bool:
    if name.isascii():
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
    return name in text


def own_ids(record: Record, _around: Surroundings) -> Iterator[Finding]:
    """Contacts' and promises' ids stand once each; shares do not exceed the whole."""
    lists: list[tuple[str, list[str | None]]] = [("promises", [p.id for p in record.promises])]
    if isinstance(record, Profile):
        lists.append(("contacts", [contact.id for contact in record.contacts]))
    for key, ids in lists:
        for index, own in enumerate(ids):
            if own is not None and own in ids[:index]:
                yield Finding(
                    "ASW143",
                    (key, index, "id"),
                    _("The id {id} stands twice.").format(id=own),
                    _("Give each its own."),
                )
    if isinstance(record, Architecture):
        shares = [s.percent for s in record.vendor_shares if s.percent is not None]
        if sum(shares) > 100:
            yield Finding(
                "ASW125",
                ("vendor_shares",),
                _("The vendors' shares sum up to {sum} percent.").format(sum=sum(shares)),
                _("They cannot be more than 100."),
            )


LINK_RULES = (
    unresolved_references,
    unknown_people,
    unowned_product,
    cleared_but_named,
    sunny_in_bad_times,
    sanitized_lesson,
    own_ids,
)
