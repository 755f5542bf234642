"""One record as Markdown for a reader at a terminal: facts, prose, log, open matters, history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from aswiki.domain import records
from aswiki.domain.records.common import About, Part, abouts
from aswiki.domain.vocabulary import Vocabulary
from aswiki.lang import _, in_days

_ENTITY = re.compile(r"&(?=#?\w+;)")


class Shown(Protocol):
    """What ``show`` hands over."""

    @property
    def ref(self) -> str:
        """The reference."""
        ...

    @property
    def record_type(self) -> str:
        """The type."""
        ...

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields as plain data."""
        ...

    @property
    def history(self) -> Sequence[Mapping[str, Any]]:
        """The commits, newest first."""
        ...

    @property
    def lateness_days(self) -> int | None:
        """Days from occurrence to first commit."""
        ...


def page(
    shown: Shown,
    vocabulary: Vocabulary,
    language: str,
    matters: Sequence[Mapping[str, Any]] = (),
    sky: str = "",
    versions: Sequence[str] = (),
) -> str:
    """The record as a page of Markdown, labels in the language asked for.

    Of a customer's profile ``matters`` are the open events and complaints, ``sky`` the weather.
    ``versions`` are its commits, newest first, each on a line.
    """
    lines = [*_lines(shown, vocabulary, language, matters, sky), *_versions(versions)]
    return "\n".join(lines) + "\n"


def _lines(
    shown: Shown,
    vocabulary: Vocabulary,
    language: str,
    matters: Sequence[Mapping[str, Any]],
    sky: str,
) -> Iterator[str]:
    known = abouts(records.model(shown.record_type))
    yield f"# {plain(shown.fields.get('title', shown.ref))}"
    yield f"\n`{shown.ref}`\n"
    if sky:
        yield f"{plain(sky)}\n"
    labels = _Labels(vocabulary, language)
    for key, value in shown.fields.items():
        about = known.get(key)
        if key in {"type", "title", "log"} or (about is not None and about.section):
            continue
        yield from labels.fact(key, about, value, 0)
    for key, value in shown.fields.items():
        about = known.get(key)
        if about is not None and about.section and key != "log":
            yield f"\n## {labels.of(key, about)}\n\n{value}"
    entries = shown.fields.get("log")
    if entries:
        yield f"\n## {labels.of('log', known['log'])}\n"
        yield from (labels.entry(entry) for entry in entries)
    if matters:
        heading = _("Open")
        yield f"\n## {heading}\n"
        for row in matters:
            yield f"- {plain(row['occurred'])} `{row['ref']}` {plain(row['title'])}"
    yield from _history(shown)


def _history(shown: Shown) -> Iterator[str]:
    if not shown.history:
        yield "\n" + _("Not committed yet.")
        return
    newest, first = shown.history[0], shown.history[-1]
    yield "\n---\n"
    said = _("Recorded {first} by {by}, last changed {newest}. Commits: {n}.")
    yield said.format(
        first=first["at"][:16].replace("T", " "),
        by=plain(first["by"]),
        newest=newest["at"][:16].replace("T", " "),
        n=len(shown.history),
    )
    if shown.lateness_days is not None and shown.lateness_days > 0:
        late = _("First written down {days} after it happened.")
        yield late.format(days=in_days(shown.lateness_days))


def _versions(versions: Sequence[str]) -> Iterator[str]:
    if versions:
        yield ""
        yield from (f"- {plain(version)}" for version in versions)


def plain(value: object) -> str:
    """A text as Markdown that reads as the text itself."""
    text = _ENTITY.sub("&amp;", str(value).replace("\n", " "))
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text)


class _Labels:
    """Keys and values in one language."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.vocabulary = vocabulary
        self.language = language

    def of(self, key: str, about: About | None) -> str:
        if about is None:
            return key
        return about.zh if self.language == "zh" else about.en

    def fact(self, key: str, about: About | None, value: object, depth: int) -> Iterator[str]:
        """One field as an item, what is inside it as items of its own."""
        indent = "  " * depth
        label = self.of(key, about)
        if isinstance(value, Mapping):
            yield f"{indent}- {label}:"
            yield from self._inside(about, value, depth + 1)
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield f"{indent}- {label}:"
            for item in value:
                yield f"{indent}  - {self._row(about, item)}"
        elif isinstance(value, list):
            yield f"{indent}- {label}: {', '.join(self.value(about, item) for item in value)}"
        else:
            yield f"{indent}- {label}: {self.value(about, value)}"

    def _inside(self, about: About | None, value: Mapping[str, Any], depth: int) -> Iterator[str]:
        known = _known(about)
        for key, inner in value.items():
            yield from self.fact(key, known.get(key), inner, depth)

    def _row(self, about: About | None, item: object) -> str:
        if not isinstance(item, Mapping):
            return self.value(about, item)
        known = _known(about)
        return "; ".join(
            f"{self.of(key, known.get(key))}: {self._flat(known.get(key), value)}"
            for key, value in item.items()
        )

    def _flat(self, about: About | None, value: object) -> str:
        if isinstance(value, Mapping):
            return f"({self._row(about, value)})"
        if isinstance(value, list):
            return ", ".join(self._flat(about, item) for item in value)
        return self.value(about, value)

    def value(self, about: About | None, value: object) -> str:
        """One value in words; a dash for none, such as a day without a row."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M %z")
        if isinstance(value, date):
            return value.isoformat()
        if about is not None and about.vocabulary is not None:
            return self.vocabulary.label(about.vocabulary, str(value), self.language)
        return plain(value)

    def entry(self, entry: Mapping[str, Any]) -> str:
        """One log entry as an item."""
        at = entry["at"]
        when = at.strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else str(at)
        kind = self.vocabulary.label("log_kind", str(entry["kind"]), self.language)
        passed = "".join(
            [
                f" {plain(entry['from'])}" if entry.get("from") else "",
                f" → {plain(entry['to'])}" if entry.get("to") else "",
                f" ({entry['level']})" if entry.get("level") else "",
            ]
        )
        text = str(entry["text"]).replace("\n", "\n  ")
        quote = entry.get("quote")
        quoted = "".join(f"\n  > {line}" for line in str(quote).split("\n")) if quote else ""
        return f"- {when} · {plain(entry['by'])} · {kind}{passed}: {text}{quoted}"


def _known(about: About | None) -> Mapping[str, About]:
    part: type[Part] | None = about.part if about is not None else None
    return abouts(part) if part is not None else {}
