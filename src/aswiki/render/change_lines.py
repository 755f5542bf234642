"""What changed, line by line in words: the one wording that every form of ``diff`` prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aswiki.domain.changes.comparison import (
    Comparison,
    FileChange,
    PromiseChange,
    ProseChange,
    RecordChange,
)
from aswiki.domain.changes.fields import FieldChange
from aswiki.domain.records.common import About, abouts
from aswiki.domain.vocabulary import Vocabulary
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record

Tone = Literal["", "label", "name", "old", "new", "gone", "come", "wrong"]
"""What a run of words is: ``old`` and ``new`` are values, ``gone`` and ``come`` words of prose."""

STATUSES = {
    "added": N_("added"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "changed": N_("changed"),
    "retired": N_("taken back"),
    "restored": N_("brought back"),
}
"""What became of a record or file, in words."""

_KEPT = 30  # signs of what both sides say, shown beside a change
_NOTHING = "–"
_MOST_FIGURES = 12
_SHA256 = re.compile(r"([0-9a-f]{12})[0-9a-f]{52}")


class Span(NamedTuple):
    """A run of words with what it is: not yet escaped."""

    text: str
    tone: Tone = ""


class Block(NamedTuple):
    """One record or file: its line, and what differs in it, a line each."""

    head: tuple[Span, ...]
    lines: tuple[tuple[Span, ...], ...] = ()


class Group(NamedTuple):
    """What differs at one customer, in what is no customer's, or in files that are no records."""

    title: str
    blocks: tuple[Block, ...]


def groups(comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Group]:
    """The changes by customer, lessons and products after them, other files last."""
    words = Words(vocabulary, current())
    for customer, changes in groupby(comparison.changes, key=lambda change: change.customer):
        title = _("Lessons and products")
        if customer is not None:
            name = comparison.customers.get(customer)
            title = f"{name} ({customer})" if name and name != customer else customer
        yield Group(title, tuple(words.record(change) for change in changes))
    if comparison.files:
        yield Group(_("Other files"), tuple(words.file(own) for own in comparison.files))


@dataclass(frozen=True)
class Words:
    """Changes in the words of one language.

    Args:
        vocabulary: the words with their labels.
        language: zh or en.
        whole: whether long rows of figures and fingerprints are written out.
    """

    vocabulary: Vocabulary
    language: str
    whole: bool = False

    def record(self, change: RecordChange) -> Block:
        """A record's line, and the lines of what differs in it."""
        kind = self.vocabulary.label("record_type", change.type, self.language)
        status = _(STATUSES[change.status])
        title = f" {change.title}" if change.title else ""
        head = [Span(kind, "label"), Span(" "), Span(change.ref, "name"), Span(title)]
        head += [Span(" · "), Span(status, "label")]
        return Block(tuple(head), tuple(tuple(line) for line in self._lines(change)))

    def file(self, change: FileChange) -> Block:
        """The line of a file that is no record."""
        sizes = [change.size_before, change.size_after]
        said = " → ".join(_("{n} bytes").format(n=size) for size in sizes if size is not None)
        status = _(STATUSES[change.status])
        return Block((Span(change.path, "name"), Span(f" · {said} · "), Span(status, "label")))

    def _lines(self, change: RecordChange) -> Iterator[Iterable[Span]]:
        known = abouts(_model(change.type))
        if change.was:
            yield _labelled(_("Formerly"), Span(change.was, "name"))
        for reason in change.unreadable:
            yield [Span(_("This version cannot be read: {why}").format(why=reason), "wrong")]
        if change.retired:
            why, by, at = (str(change.retired.get(key) or "") for key in ("why", "by", "at"))
            yield _labelled(_("Why"), Span(f"{why} ({by}, {_moment(at)})"))
        if change.is_form_only:
            yield [Span(_("Only how it is written differs, not what it says."))]
        is_new = change.status == "added"
        for fact in change.fields:
            if not is_new or fact.field != "title":
                yield self._fact(fact, is_new=is_new)
        for promise in change.promises:
            yield self._promise(promise)
        for prose in change.body:
            yield self._prose(prose)
        log = self._label(known["log"])
        for entry in change.log:
            yield [Span(log, "label"), Span(" + "), Span(self._entry(entry), "new")]
        for entry in change.log_removed:
            label = _("{log}, removed or altered").format(log=log)
            yield [Span(label, "wrong"), Span(" - "), Span(self._entry(entry), "old")]

    def _fact(self, fact: FieldChange, *, is_new: bool) -> Iterator[Span]:
        yield from _labelled(fact.label(self.language))
        old, new = (self.said(value, fact.about) for value in (fact.before, fact.after))
        if fact.before is None and is_new:
            yield Span(new, "new")
        elif fact.is_whole_item:
            yield Span("+ " if fact.before is None else "- ")
            yield Span(new, "new") if fact.before is None else Span(old, "old")
        else:
            yield Span(old, "old" if fact.before is not None else "")
            yield Span(" → ")
            yield Span(new, "new" if fact.after is not None else "")

    def _promise(self, promise: PromiseChange) -> Iterator[Span]:
        label = "承诺" if self.language == "zh" else "Promise"
        by = f" ({promise.by})" if promise.by else ""
        yield from _labelled(f"{label} {promise.id}", Span(f"{promise.what}{by} · "))
        sides: list[tuple[Tone, str | None]] = [("old", promise.before), ("new", promise.after)]
        told = [
            Span(self.vocabulary.label("promise_status", state, self.language), tone)
            for tone, state in sides
            if state is not None
        ]
        yield told[0]
        if len(told) > 1:
            yield Span(" → ")
            yield told[1]
        if promise.after is None:
            yield Span(" → ")
            yield Span(_(STATUSES["removed"]), "wrong")
        days = [(_("due {day}"), promise.due_on), (_("kept {day}"), promise.kept_on)]
        for words, day in days:
            if day:
                yield Span(f" · {words.format(day=day)}")

    def _prose(self, prose: ProseChange) -> Iterator[Span]:
        yield from _labelled(prose.zh if self.language == "zh" else prose.en)
        last = len(prose.pieces) - 1
        for number, piece in enumerate(prose.pieces):
            if piece.op == "=":
                yield Span(_near(piece.text, first=number == 0, last=number == last))
            else:
                yield Span(piece.text, "gone" if piece.op == "-" else "come")

    def _entry(self, entry: Mapping[str, Any]) -> str:
        kind = self.vocabulary.label("log_kind", str(entry.get("kind")), self.language)
        passed = f" {entry['from']}" if entry.get("from") else ""
        passed += f" → {entry['to']}" if entry.get("to") else ""
        passed += f" ({entry['level']})" if entry.get("level") else ""
        quote = f" “{entry['quote']}”" if entry.get("quote") else ""
        at = self.said(entry.get("at"), None)
        return f"{at} · {entry.get('by')} · {kind}{passed}: {entry.get('text', '')}{quote}"

    def _label(self, about: About) -> str:
        return about.zh if self.language == "zh" else about.en

    def said(self, value: object, about: About | None) -> str:
        """One value in words."""
        if isinstance(value, Mapping):
            return "; ".join(self._inside(value, about))
        if isinstance(value, list):
            is_long = len(value) > _MOST_FIGURES and not isinstance(value[0], str | Mapping)
            if is_long and not self.whole:
                return _("{n} figures").format(n=len(value))
            return ", ".join(self.said(item, about) for item in value)
        if about is not None and about.vocabulary and isinstance(value, str):
            return self.vocabulary.label(about.vocabulary, value, self.language)
        if about is not None and about.form == "moment" and isinstance(value, str):
            return _moment(value)
        return _scalar(value) if self.whole else _SHA256.sub(r"\1…", _scalar(value))

    def _inside(self, value: Mapping[str, Any], about: About | None) -> Iterator[str]:
        known = abouts(about.part) if about is not None and about.part is not None else {}
        for key, inner in value.items():
            own = known.get(str(key))
            label = self._label(own) if own is not None else str(key)
            yield f"{label}: {self.said(inner, own)}"


def _model(record_type: str) -> type[Record]:
    from aswiki.domain import records

    return records.model(record_type)


def _labelled(label: str, *spans: Span) -> Sequence[Span]:
    return [Span(label, "label"), Span(": "), *spans]


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, Decimal):
        return format(value, "f")
    return _NOTHING if value is None else str(value)


def _moment(text: str) -> str:
    return text.replace("T", " ")


def _near(text: str, *, first: bool, last: bool) -> str:
    """What stays beside a change: the middle of a long run is left out, or its far side."""
    if len(text) <= _KEPT * 2:
        return text
    head = "" if first else text[:_KEPT]
    tail = "" if last else text[-_KEPT:]
    return f"{head}…{tail}"
