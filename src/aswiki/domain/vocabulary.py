"""The closed lists of words a record may use, read by key or label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aswiki.domain.words import VOCABULARIES, Words

OPEN_EVENT_EXCLUDES = frozenset({"resolved", "closed", "cancelled"})
OPEN_COMPLAINT_EXCLUDES = frozenset({"closed", "withdrawn"})


@dataclass(frozen=True)
class Vocabulary:
    """The packaged words and those that a wiki's ``[vocabulary]`` adds.

    ``extra`` maps a vocabulary's name to key → (English label, Chinese label).
    """

    extra: Mapping[str, Words] = field(default_factory=dict)

    def words(self, name: str) -> Words:
        """Every word of one vocabulary, key → (en, zh), packaged ones first."""
        added = self.extra.get(name)
        return {**VOCABULARIES[name], **added} if added else VOCABULARIES[name]

    @cached_property
    def _keys(self) -> dict[str, dict[str, str]]:
        return {}

    def spellings(self, name: str) -> Mapping[str, str]:
        """Every accepted spelling (key and labels, casefolded) → key of one vocabulary."""
        if name not in self._keys:
            words = self.words(name)
            labels = {label.casefold(): key for key, pair in words.items() for label in pair}
            self._keys[name] = labels | {key.casefold(): key for key in words}
        return self._keys[name]

    def key(self, name: str, spelling: str) -> str | None:
        """The key for a key or label in any case, or None when the vocabulary lacks it."""
        folded = spelling.strip().casefold()
        found = self.spellings(name)
        return found.get(folded) or found.get(folded.replace(" ", "_").replace("-", "_"))

    def label(self, name: str, key: str, language: str) -> str:
        """The label of a key in zh or en; the key itself where it is unknown."""
        pair = self.words(name).get(key)
        return key if pair is None else pair[1 if language == "zh" else 0]


DEFAULT = Vocabulary()
