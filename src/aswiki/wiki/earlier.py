"""A record of the example as it was at earlier moments: its log cut, its later facts taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cached_property
from itertools import groupby
from typing import Any

from aswiki.domain import log, records
from aswiki.domain.problem import Loc
from aswiki.domain.records.common import abouts
from aswiki.domain.records.moments import moment as iso_moment
from aswiki.store import amend, contents, document, sections
from aswiki.store.frontmatter_edit import Put, Remove
from aswiki.wiki.drafting import with_edits
from aswiki.wiki.wiki import Wiki

_DONE = frozenset({"at", "made_on", "kept_on"})
_OCCURRED = frozenset(records.TIME_KEYS.values())
AFTERNOON, EVENING = time(16), time(18)


class Page:
    """One record of the example through time.

    Args:
        wiki: settings and people of the example.
        path: the record's path.
        raw: its last bytes.
        earlier: what it was before: mappings of ``until``, ``set`` and ``remove``.
    """

    def __init__(
        self, wiki: Wiki, path: str, raw: bytes, earlier: Sequence[Mapping[str, Any]]
    ) -> None:
        self.wiki = wiki
        self.path = path
        self.record_type = records.type_of(path) or ""
        self.customer = records.customer_of(records.reference(path))
        self.raw = raw
        self.data = document.read(path, raw).data
        self.owner = str(self.data.get("owner") or next(iter(wiki.people["people"])))
        self._known = abouts(records.model(self.record_type))
        self._earlier = sorted(earlier, key=lambda each: each["until"], reverse=True)

    @cached_property
    def began(self) -> datetime | None:
        """When it occurred, or its log began; None for a page without a time of its own."""
        if self.record_type == "usage":
            return None
        key = records.TIME_KEYS.get(self.record_type, "learned_on")
        said = self.path.rpartition("/")[2][:10] if key == "period" else self.data.get(key)
        occurred = self.moment(said, AFTERNOON)
        _start, entries = self._log(self.raw.decode())
        return min([occurred, *(entry.at for entry in entries)]) if occurred else None

    def moment(self, said: object, hour: time) -> datetime | None:
        """A time of the record in the wiki's zone; a bare date is taken at ``hour``."""
        read = iso_moment(str(said), self.wiki.zone)
        if isinstance(read, datetime):
            return read.astimezone(self.wiki.zone)
        return datetime.combine(read, hour, self.wiki.zone) if isinstance(read, date) else None

    def steps(self, after: datetime) -> list[tuple[datetime, str]]:
        """When it changed and by whose hand; what one person did in a row on one day is one."""
        people = self.wiki.people["people"]
        hands = {each["until"]: self.owner for each in self._earlier}
        _start, entries = self._log(self.raw.decode())
        hands |= {entry.at: entry.by if entry.by in people else self.owner for entry in entries}
        changes = sorted((at.astimezone(self.wiki.zone), by) for at, by in hands.items())
        later = [change for change in changes if change[0] > after]
        rows = groupby(later, key=lambda change: (change[0].date(), change[1]))
        return [list(row)[-1] for _hand, row in rows]

    def text(self, at: datetime) -> str:
        """What the record said at a moment."""
        known = next((text for until, text in reversed(self._texts) if until > at), None)
        return self._cut(self.raw.decode() if known is None else known, at)

    @cached_property
    def _texts(self) -> list[tuple[datetime, str]]:
        """The record before each moment of its history, the latest first; the log is whole."""
        text = self.raw.decode()
        found = []
        for each in self._earlier:
            for key, value in each.get("set", {}).items():
                text = self._with(text, key, _plain(value))
            for key in each.get("remove", []):
                text = self._with(text, key, None)
            found.append((each["until"], text))
        return found

    def _with(self, text: str, key: str, value: Any) -> str:  # noqa: ANN401 - plain data
        about = self._known.get(key)
        if about is not None and about.section:
            return amend.with_section(text, about, value, self.wiki.language)
        loc = _loc(key)
        return with_edits(text, [Remove(loc) if value is None else Put(loc, value)])

    def _log(self, text: str) -> tuple[int, list[log.Entry]]:
        """Where the log's content begins in the text, and its entries."""
        names = {sections.normal(name) for name in self._known["log"].headings()}
        body = document.read(self.path, text.encode()).body
        for section in sections.split(body):
            if section.heading and sections.normal(section.heading) in names:
                content = body[section.start : section.end]
                kinds = contents.log_kinds(self.wiki.reading)
                entries = log.parse(content, self.wiki.zone, kinds).entries
                return len(text) - len(body) + section.start, entries
        return len(text), []

    def _cut(self, text: str, at: datetime) -> str:
        """The text without the log's entries of later than ``at``."""
        start, entries = self._log(text)
        later = [range(entry.line, entry.end_line + 1) for entry in entries if entry.at > at]
        gone = {number for lines in later for number in lines}
        if not gone:
            return text
        lines = enumerate(text[start:].split("\n"), 1)
        kept = "\n".join(line for number, line in lines if number not in gone)
        return f"{text[:start]}{kept}".rstrip("\n") + "\n"


def moments(page: Page, data: object) -> list[datetime]:
    """When things in these data of the page are said to have been done, its occurrence left out."""
    found: list[datetime] = []
    if isinstance(data, Mapping):
        for key, value in data.items():
            done = key in _DONE or (str(key).endswith("_at") and key not in _OCCURRED)
            moment = page.moment(value, EVENING) if done else None
            found += [moment] if moment else moments(page, value)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for value in data:
            found += moments(page, value)
    return found


def _loc(key: str) -> Loc:
    """A dotted key, its list items counted from 1, as a path."""
    return tuple(int(part) - 1 if part.isdecimal() else part for part in key.split("."))


def _plain(value: object) -> object:
    """A value of TOML as a record's front matter holds it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
