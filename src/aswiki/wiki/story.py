"""The example wiki's story: which bytes were recorded when and by whom, from the first commit on.

The packaged records are the story's end; ``history.toml`` says what they were before.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from aswiki.domain import records
from aswiki.domain.times import when
from aswiki.store import document
from aswiki.wiki.earlier import Page, moments
from aswiki.wiki.saving import Operation, occurred
from aswiki.wiki.wiki import Wiki

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATEST = 6 * DAY
FORETOLD = 14 * DAY
SOON = {"incident": 35, "complaint": 40, "event": 240}
LATER = 420


@dataclass(frozen=True)
class Telling:
    """One commit of the story.

    Args:
        at: when it is recorded.
        by: who records it, an id of people.toml.
        operation: what it says it does.
        files: the whole new bytes by path.
    """

    at: datetime
    by: str
    operation: Operation
    files: Mapping[str, bytes]


def story(wiki: Wiki, files: Mapping[str, bytes], earlier: str) -> list[Telling]:
    """The commits whose last state is ``files``, in the order of time.

    Args:
        wiki: settings and people of the example; its records are not read.
        files: every file of the example by path.
        earlier: the text of ``history.toml``, tables ``[[earlier]] record, until, set, remove``.
    """
    before: dict[str, list[dict[str, Any]]] = {}
    for each in tomllib.loads(earlier, parse_float=Decimal).get("earlier", []):
        before.setdefault(records.path_of(each["record"]), []).append(each)
    pages = [Page(wiki, path, files[path], before.get(path, [])) for path in files if _told(path)]
    plot = Plot(pages)
    tellings = [telling for page in pages for telling in plot.tellings(page)]
    tellings.sort(key=lambda telling: (telling.at, telling.by, *telling.files))
    tellings = list(_with_attachments(_together(tellings), files))
    attached = {path for telling in tellings for path in telling.files}
    rest = {path: data for path, data in files.items() if path not in attached}
    first = next(iter(wiki.people["people"]))
    init = Operation("create", f"init: {wiki.settings['wiki']['name']}")
    return [Telling(tellings[0].at - HOUR, first, init, rest), *tellings]


def _told(path: str) -> bool:
    """Whether a record has a story of its own; products are there from the start."""
    return records.type_of(path) not in {None, "product"}


class Plot:
    """The moments of the story that one record cannot know alone."""

    def __init__(self, pages: list[Page]) -> None:
        self._starts: dict[str | None, datetime] = {}
        for page in pages:
            if page.record_type == "event" and page.began:
                known = self._starts.get(page.customer, page.began)
                self._starts[page.customer] = min(known, page.began)
        self._end = max(_billed(page) for page in pages if page.record_type == "usage")

    def tellings(self, page: Page) -> Iterator[Telling]:
        """The commits of one record, each a moment or some hours after what it tells."""
        began = self._began(page)
        steps = page.steps(began)
        at = self._first(page, began, steps)
        while steps and steps[0] <= (at, page.owner) and steps[0][1] == page.owner:
            # written down so late that what followed was written with it
            began = steps.pop(0)[0]
            at = self._first(page, began, steps)
        before = b""
        for number, (moment, by) in enumerate([(began, page.owner), *steps]):
            is_last = number == len(steps)
            data = page.raw if is_last else page.text(moment).encode()
            if number:
                at = max(moment + _spread(page.path, number, 9), at + MINUTE)
            if data != before:
                yield Telling(at, by, _operation(page, moment, before, data), {page.path: data})
            before = data

    def _began(self, page: Page) -> datetime:
        start = self._starts[page.customer] - DAY if page.customer else self._end
        if page.record_type == "usage":
            return max(_billed(page), start + HOUR)
        if page.began is None:
            return start + HOUR / 2 if page.record_type == "architecture" else start
        if page.began <= self._end:
            return page.began
        known = [moment for moment in moments(page, page.data) if moment < self._end]
        return max([min(page.began - FORETOLD, self._end - DAY), *known])

    def _first(
        self, page: Page, began: datetime, steps: Sequence[tuple[datetime, str]]
    ) -> datetime:
        """When a record is first written: soon, once the things it tells of were done."""
        if page.began is None:
            return began
        late = SOON.get(page.data.get("kind", ""), SOON.get(page.record_type, LATER))
        at = began + _spread(page.path, 0, late)
        text = page.text(began) if steps else page.raw.decode()
        known = moments(page, document.read(page.path, text.encode()).data)
        at = max([at, *(moment + 2 * MINUTE for moment in known if moment - began < LATEST)])
        return min(at, steps[0][0]) if steps else at


def _billed(page: Page) -> datetime:
    """The third of the month after a month of usage, when its bill is taken in."""
    year, month = map(int, str(page.data["period"]).split("-"))
    return datetime(year + month // 12, month % 12 + 1, 3, 9, tzinfo=page.wiki.zone)


def _spread(path: str, number: int, minutes: int) -> timedelta:
    """From 1 to ``minutes`` minutes, always the same for the same words."""
    digest = hashlib.sha256(f"{path} {number}".encode()).digest()
    return (int.from_bytes(digest[:4]) % minutes + 1) * MINUTE


def _operation(page: Page, moment: datetime, before: bytes, after: bytes) -> Operation:
    about = f"({page.customer or page.record_type}): {page.data['title']}"
    if not before and page.record_type == "usage":
        return Operation("import", "import(usage)", "")
    if not before:
        happened = page.data.get(records.TIME_KEYS.get(page.record_type, ""))
        kind = page.data.get("kind") or page.record_type
        return Operation("create", f"{kind}{about}", occurred(happened))
    op, word = _act(document.read(page.path, before), document.read(page.path, after))
    return Operation(op, f"{word}{about}", when.iso(moment))


def _act(old: document.Document, new: document.Document) -> tuple[str, str]:
    """The operation, and the command that would have done it."""
    if old.data.get("status") != new.data.get("status") in {"closed", "held"}:
        return "close", "close"
    changed = {key for key in {*old.data, *new.data} if old.data.get(key) != new.data.get(key)}
    if not changed:
        return "append", "append"
    if changed == {"evidence"}:
        return "attach", "attach"
    words = {"promises": "promise", "released_to": "release"}
    return "update", words.get(changed.pop(), "set") if len(changed) == 1 else "set"


def _together(tellings: list[Telling]) -> Iterator[Telling]:
    """The same commits, the bills that one person takes in at one moment as one."""
    for (op, at, by), row in groupby(tellings, key=lambda t: (t.operation.op, t.at, t.by)):
        if op != "import":
            yield from row
            continue
        files = {path: data for telling in row for path, data in telling.files.items()}
        months = sorted({path.rpartition("/")[2].removesuffix(".md") for path in files})
        span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
        customers = sorted({path.split("/")[1] for path in files})
        subject = f"import(usage): {span} of {', '.join(customers)}"
        yield Telling(at, by, Operation("import", subject), files)


def _with_attachments(tellings: Iterator[Telling], files: Mapping[str, bytes]) -> Iterator[Telling]:
    """The same commits, each with the attachments that its record is the first to name."""
    waiting = {path for path in files if "/files/" in path}
    for telling in tellings:
        text = b"".join(telling.files.values())
        named = sorted(path for path in waiting if path.rpartition("/")[2].encode() in text)
        waiting -= set(named)
        yield replace(telling, files={**telling.files, **{path: files[path] for path in named}})
