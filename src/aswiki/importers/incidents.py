"""Incidents out of a foreign file: bytes and an import map in, drafts and rejections out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from html import unescape
from typing import Any

from aswiki.domain import log
from aswiki.domain.records import values
from aswiki.domain.records.moments import moment
from aswiki.domain.records.types import Reading, shown
from aswiki.domain.times import when
from aswiki.domain.times.clock import in_zone
from aswiki.errors import BadInput
from aswiki.importers.foreign import BadRow, Row, at, rows
from aswiki.importers.profiles import LogRules, Profile, Rule
from aswiki.lang import _

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")
_BREAK_TAG = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^>]*>")


@dataclass(frozen=True)
class Incident:
    """One event about to be made.

    Args:
        row: its place in the file, from 1.
        id: what names it in the system it comes from.
        title: one line.
        started_at: when it happened; a bare date where the hour is unknown.
        fields: front matter and sections as plain data, the log as its lines.
    """

    row: int
    id: str
    title: str
    started_at: datetime | date
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Rejection:
    """A record of the file that cannot be taken: its place from 1, its id where it has one."""

    row: int
    id: str
    reason: str


def incidents(raw: bytes, profile: Profile, reading: Reading) -> Iterator[Incident | Rejection]:
    """Every record of a file as the map reads it, in the file's order.

    An id that stands twice is taken once; the second is rejected.

    Raises:
        BadInput: the file as a whole cannot be read.
    """
    maker = _Maker(profile, reading)
    seen: dict[str, int] = {}
    for row in rows(raw, profile.layout):
        own = ""
        try:
            own = maker.id(row)
            _require_new(own, row.number, seen)
            yield maker.incident(row, own)
        except (BadRow, BadInput) as wrong:
            yield Rejection(row.number, own, str(wrong))


def _require_new(own: str, number: int, seen: dict[str, int]) -> None:
    if seen.setdefault(own, number) != number:
        raise BadRow(_("the same id stands at entry {row} already").format(row=seen[own]))


class _Maker:
    """Makes incidents by one map; whatever does not fit is a ``BadRow`` that names the field."""

    def __init__(self, profile: Profile, reading: Reading) -> None:
        self.profile = profile
        self.reading = reading
        self.zone: tzinfo = profile.zone or reading.zone

    def id(self, row: Row) -> str:
        if isinstance(row.data, BadRow):
            raise row.data
        if not isinstance(row.data, dict):
            raise BadRow(_("a mapping is expected, not {value}").format(value=shown(row.data)))
        found = self.found(row.data, self.profile.id, "source.id")
        if found is None:
            raise BadRow(_("it has no id, so a second import could not know it again"))
        return " ".join(self.text(found, "source.id").split())

    def incident(self, row: Row, own: str) -> Incident:
        fields: dict[str, Any] = {}
        for place, rule in self.profile.fields:
            key = ".".join(map(str, place.loc))
            found = self.found(row.data, rule, key)
            if found is not None:
                _put(fields, place.loc, self.value(place, found, key))
        title = " ".join(str(fields.pop("title", "")).split())
        started = moment(str(fields.get("started_at", "")), self.zone)
        if not title or started is None:
            missing = "started_at" if title else "title"
            raise BadRow(_("{key} is missing").format(key=missing))
        fields["source"] = {"system": self.profile.system, "id": own}
        if self.profile.log is not None:
            fields["log"] = self.lines(row.data, self.profile.log)
        return Incident(row.number, own, title, started, fields)

    def found(self, data: object, rule: Rule, key: str) -> object:
        """What the rule finds or says; None for nothing."""
        if rule.value is not None:
            return rule.value
        held = (at(data, path) for path in rule.paths)
        found = next((value for value in held if not _is_nothing(value)), None)
        if found is None:
            if rule.required and rule.default is None:
                raise BadRow(_("{key} is missing").format(key=key))
            return rule.default
        if rule.present is not None:
            return rule.present
        return self.meant(found, rule, key) if rule.words else found

    def meant(self, found: object, rule: Rule, key: str) -> str:
        word = self.text(found, key).strip().casefold()
        if word not in rule.words:
            said = _("{key}: {value} is not among the words of the map ({words})")
            words = ", ".join(rule.words)
            raise BadRow(said.format(key=key, value=shown(found), words=words))
        return rule.words[word]

    def value(self, place: values.Field, found: object, key: str) -> object:
        """What is found as plain data of the field."""
        if place.about.many:
            several = found if isinstance(found, list) else re.split("[,，]", self.text(found, key))
            return [self.single(place, one, key) for one in several if not _is_nothing(one)]
        return self.single(place, found, key)

    def single(self, place: values.Field, found: object, key: str) -> object:
        form = place.about.form
        if form in {"moment", "day"}:
            at_ = self.moment(found, key)
            day = at_.date() if isinstance(at_, datetime) and form == "day" else at_
            return when.iso(day) if isinstance(day, datetime) else day.isoformat()
        text = self.text(found, key)
        now = datetime.now(UTC)  # only phrases count from it, and no time comes here
        return values.read(place, text, now=now, reading=self.reading, yaml=str, one=True)

    def text(self, found: object, key: str) -> str:
        """What is found as a text: composed, with LF, without outer white space."""
        if isinstance(found, bool):
            return str(found).lower()
        if isinstance(found, int | Decimal):
            return str(found)
        if not isinstance(found, str):
            raise BadRow(
                _("{key}: a text is expected, not {value}").format(key=key, value=shown(found))
            )
        text = found.replace("\r\n", "\n").replace("\r", "\n")
        if "html" in self.profile.clean:
            text = unescape(_TAG.sub("", _BREAK_TAG.sub("\n", text)))
        if "controls" in self.profile.clean:
            text = _CONTROL.sub("", text)
        if _HALF.search(text):
            raise BadRow(_("{key}: the text holds half a character").format(key=key))
        return unicodedata.normalize("NFC", text).strip()

    def moment(self, found: object, key: str) -> datetime | date:
        """What is found as a time to the second, or as a bare date."""
        text = self.text(found, key)
        for form in self.profile.times:
            try:
                read = _moment(text, form, self.zone)
            except (ValueError, ArithmeticError, OSError):
                continue
            if read is not None and when.FIRST_YEAR <= read.year <= when.LAST_YEAR:
                return read
        raise BadRow(_("{key}: {value} is not a time").format(key=key, value=shown(text)))

    def lines(self, data: object, rules: LogRules) -> str:
        """The lines of the log, the oldest entry first."""
        items = at(data, rules.path) if rules.path else [data]
        if items is None:
            return ""
        if not isinstance(items, list):
            raise BadRow(_("{key}: a list is expected").format(key=rules.path))
        if not rules.path and self.found(data, rules.text, "log.text") is None:
            return ""
        entries = [self.entry(item, rules, f"log {n}") for n, item in enumerate(items, start=1)]
        if entries and entries[0].at > entries[-1].at:
            entries.reverse()  # newest first: of two at the same second the later one stands above
        return "\n".join(log.render(entry) for entry in sorted(entries, key=lambda e: e.at))

    def entry(self, item: object, rules: LogRules, place: str) -> log.Entry:
        if not isinstance(item, dict):
            raise BadRow(_("{key}: a mapping is expected").format(key=place))
        said = {}
        for name in ("at", "by", "kind", "text"):
            said[name] = self.found(item, getattr(rules, name), f"{place}.{name}")
            if said[name] is None:
                raise BadRow(_("{key} is missing").format(key=f"{place}.{name}"))
        moment_ = self.moment(said["at"], f"{place}.at")
        if not isinstance(moment_, datetime):
            moment_ = datetime(moment_.year, moment_.month, moment_.day, tzinfo=self.zone)
        word = self.text(said["kind"], f"{place}.kind")
        kind = self.reading.vocabulary.key("log_kind", word)
        if kind is None:
            message = _("{key}: {value} is no kind of log entry")
            raise BadRow(message.format(key=f"{place}.kind", value=shown(word)))
        by, text = (self.text(said[name], f"{place}.{name}") for name in ("by", "text"))
        return log.Entry(
            at=moment_, seconds=bool(moment_.second), by=" ".join(by.split()), kind=kind, text=text
        )


def _is_nothing(value: object) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _put(fields: dict[str, Any], loc: tuple[str | int, ...], value: object) -> None:
    for step in loc[:-1]:
        fields = fields.setdefault(str(step), {})
    fields[str(loc[-1])] = value


def _moment(text: str, form: str, zone: tzinfo) -> datetime | date | None:
    """The time that the text says in one form, or None or an error where it says none."""
    if form in {"unix", "unix_ms"}:
        seconds = Decimal(text) / (1000 if form == "unix_ms" else 1)
        return datetime.fromtimestamp(int(seconds), UTC).astimezone(zone)
    if form == "iso":
        return moment(text, zone)
    read = datetime.strptime(text, form)  # noqa: DTZ007 - a pattern without %z gets its zone here
    if not re.search("%[HIcX]", form):
        return read.date()
    return read if read.tzinfo else in_zone(read, zone)
