"""The facts of two versions compared: fields by their keys, items of lists by what they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aswiki.domain.changes.identity import identities
from aswiki.domain.records.common import About, abouts
from aswiki.domain.vocabulary import Vocabulary

Known = Mapping[str, About]
_NAMES = ("name", "title", "what")


@dataclass(frozen=True)
class Step:
    """One step to a field: a key, or an item of a list, as it is called in both languages."""

    key: str
    en: str
    zh: str
    is_item: bool = False


@dataclass(frozen=True)
class FieldChange:
    """One fact that differs.

    Args:
        steps: the way to it; an item of a list is a step named by its identity.
        before: the old value as plain data; None where there was none.
        after: the new value; None where there is none any more.
        about: what the schema says of it; None for a key of the user's own.
    """

    steps: tuple[Step, ...]
    before: Any
    after: Any
    about: About | None = field(default=None, compare=False)

    @property
    def path(self) -> tuple[str, ...]:
        """The keys on the way."""
        return tuple(step.key for step in self.steps)

    @property
    def field(self) -> str:
        """The dotted key: ``contacts.wanglei.phone``."""
        return ".".join(self.path)

    @property
    def is_whole_item(self) -> bool:
        """Whether an item of a list came or went."""
        return self.steps[-1].is_item and (self.before is None or self.after is None)

    def label(self, language: str) -> str:
        """The way in the words of a language: ``联系人 › 王磊 › 电话``.

        A whole item that came or went is named by its list: it says itself what it is.
        """
        steps = self.steps[:-1] if self.is_whole_item else self.steps
        return " › ".join(step.zh if language == "zh" else step.en for step in steps)


def field_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], known: Known, vocabulary: Vocabulary
) -> Iterator[FieldChange]:
    """Every fact that differs between two versions, in the order of the older file.

    A word is the same under its key and its labels, a text in every form of Unicode.
    """
    yield from _Facts(vocabulary).mapping((), before, after, known)


def leaves(
    fields: Mapping[str, Any], known: Known, vocabulary: Vocabulary
) -> Iterator[FieldChange]:
    """Every fact of one version down to single values, as if all of it were new."""
    yield from _Facts(vocabulary, is_deep=True).mapping((), {}, fields, known)


@dataclass(frozen=True)
class _Facts:
    """The comparison; a deep one looks into what only one side has."""

    vocabulary: Vocabulary
    is_deep: bool = False

    def mapping(
        self,
        steps: tuple[Step, ...],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        known: Known,
    ) -> Iterator[FieldChange]:
        for key in [*before, *(key for key in after if key not in before)]:
            name = str(key)
            about = known.get(name)
            step = Step(name, about.en, about.zh) if about else Step(name, name, name)
            yield from self.value((*steps, step), before.get(key), after.get(key), about)

    def value(
        self, steps: tuple[Step, ...], old: object, new: object, about: About | None
    ) -> Iterator[FieldChange]:
        if self.same(old, new, about):
            return
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self.mapping(steps, old, new, _inside(about))
        elif self.is_deep and old is None and isinstance(new, Mapping):
            yield from self.mapping(steps, {}, new, _inside(about))
        elif self.are_items(old, new):
            yield from self.items(steps, _list(old), _list(new), about)
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for number, (was, now) in enumerate(zip(old, new, strict=True), 1):
                place = Step(str(number), str(number), str(number), is_item=True)
                yield from self.value((*steps, place), was, now, about)
        else:
            yield FieldChange(steps, old, new, about)

    def items(
        self,
        steps: tuple[Step, ...],
        old: Sequence[Any],
        new: Sequence[Any],
        about: About | None,
    ) -> Iterator[FieldChange]:
        """What differs item by item; nothing but their order is a change of the whole list."""
        key = steps[-1].key
        before = dict(zip(identities(key, self._plain_items(old, about)), old, strict=True))
        after = dict(zip(identities(key, self._plain_items(new, about)), new, strict=True))
        found: list[FieldChange] = []
        for own in [*before, *(own for own in after if own not in before)]:
            was, now = before.get(own), after.get(own)
            named = self.named(own, now if now is not None else was, about)
            found += self.value((*steps, named), was, now, about)
        yield from found or [FieldChange(steps, old, new, about)]

    def named(self, own: tuple[str, ...], item: object, about: About | None) -> Step:
        """The step to an item, by its name where it has one, else by its identity in words."""
        key = " ".join(own)
        if not isinstance(item, Mapping):
            en, zh = self.labels(about, key) if about is not None else (key, key)
            return Step(key, en, zh, is_item=True)
        name = next((str(item[k]) for k in _NAMES if isinstance(item.get(k), str)), "")
        if name:
            return Step(key, name, name, is_item=True)
        known = _inside(about)
        labels = {str(v): self.labels(known[k], str(v)) for k, v in item.items() if k in known}
        pairs = [labels.get(part, (part, part)) for part in own]
        en, zh = (" ".join(words) for words in zip(*pairs, strict=True))
        return Step(key, en, zh, is_item=True)

    def labels(self, about: About, word: str) -> tuple[str, str]:
        if not about.vocabulary:
            return word, word
        label = self.vocabulary.label
        return label(about.vocabulary, word, "en"), label(about.vocabulary, word, "zh")

    def same(self, old: object, new: object, about: About | None) -> bool:
        return bool(old == new or self.plain(old, about) == self.plain(new, about))

    def plain(self, value: object, about: About | None) -> object:
        """The data with words as keys and texts in one form; nothing is an empty list."""
        if isinstance(value, Mapping):
            known = _inside(about)
            said = {str(k): self.plain(v, known.get(str(k))) for k, v in value.items()}
            return {key: inner for key, inner in said.items() if inner is not None}
        if isinstance(value, list):
            return self._plain_items(value, about) or None
        if not isinstance(value, str):
            return value
        text = unicodedata.normalize("NFC", value)
        if about is not None and about.vocabulary and not about.part:
            return self.vocabulary.key(about.vocabulary, text) or text
        return text

    def _plain_items(self, items: Sequence[Any], about: About | None) -> list[object]:
        return [self.plain(item, about) for item in items]

    def are_items(self, old: object, new: object) -> bool:
        """Whether both are lists of texts or mappings; figures count by their place."""
        sides = [value for value in (old, new) if value is not None]
        return all(
            isinstance(side, list) and all(isinstance(item, Mapping | str) for item in side)
            for side in sides
        )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _inside(about: About | None) -> Known:
    part = about.part if about is not None else None
    return abouts(part) if part is not None else {}
