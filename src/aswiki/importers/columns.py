"""Column maps: which heading of a table fills which field, and what its words mean, from TOML."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from aswiki.domain.records.common import About, Record, abouts
from aswiki.domain.records.profile import Contact, Profile
from aswiki.errors import BadInput
from aswiki.importers.cells import Target
from aswiki.lang import _

Kind = Literal["customers", "contacts"]
TEAM = "our_team"
TEAM_ROLES = ("sales", "presales", "after_sales")
_TOP = ("ignored", "empty", "columns", "words")
_NOTES = re.compile(r"[(\[【（].*?[)\]】）]")
_MARKS = re.compile(r"[\s_*:：·-]+")
_SHARED_FIELDS = frozenset({"owner", "tags", "reviewed_on"})
_NEEDED: Mapping[Kind, tuple[frozenset[str], ...]] = {
    "customers": (frozenset({"name"}),),
    "contacts": (frozenset({"name"}), frozenset({"family_name"}), frozenset({"given_name"})),
}
Rebuke = Callable[[str, str, str], BadInput]


@dataclass
class Columns:
    """A whole column map: the packaged one, or one's own before it.

    Args:
        kind: whose table is read.
        targets: a field's key → how its cells are read.
        spellings: a folded heading → the field's key and its rank among the columns of the field.
        ignored: folded headings that mean nothing.
    """

    kind: Kind
    targets: dict[str, Target]
    spellings: dict[str, tuple[str, int]] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)

    def key(self, heading: str) -> tuple[str, int] | None:
        """The field that a heading names and its rank; None where it is not known."""
        return self.spellings.get(fold(heading))

    def is_ignored(self, heading: str) -> bool:
        """Whether a column is passed over without a word."""
        return not heading or fold(heading) in self.ignored

    def fitness(self, headings: Sequence[str]) -> int:
        """How many fields a row of headings names; 0 without one that no entry goes without."""
        keys = {found[0] for heading in headings if (found := self.key(heading))}
        return len(keys) if any(needed <= keys for needed in _NEEDED[self.kind]) else 0


def fold(heading: str) -> str:
    """A heading without case, width, spaces, marks and notes in brackets."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _MARKS.sub("", _NOTES.sub("", text)) or _MARKS.sub("", text)


def read(kind: Kind, sources: Sequence[tuple[str, bytes]]) -> Columns:
    """The column map that TOML files say together; of two that know a heading the first wins.

    The labels of the models come last.

    Args:
        kind: whose table it is for.
        sources: names, for errors, and bytes of the files.

    Raises:
        BadInput: ``bad-map``, naming file and key.
    """
    targets = _targets(kind)
    columns = Columns(kind, targets)
    for file, raw in sources:
        _Reader(file, raw, columns).run()
    for label, key in _labels(targets).items():
        columns.spellings.setdefault(label, (key, len(columns.spellings)))
    return columns


def _targets(kind: Kind) -> dict[str, Target]:
    if kind == "contacts":
        found = {key: _target(key, about) for key, about in abouts(Contact).items()}
        extra = ["customer", "family_name", "given_name"]
    else:
        own = abouts(Profile)
        shared = abouts(Record).keys() - _SHARED_FIELDS
        found = dict(_singles({key: about for key, about in own.items() if key not in shared}))
        team = [f"{TEAM}.{role}" for role in TEAM_ROLES]
        found |= {key: Target(key, "text", many=True) for key in team}
        extra = ["slug"]
    return found | {key: Target(key, "text") for key in extra}


def _singles(known: Mapping[str, About], prefix: str = "") -> list[tuple[str, Target]]:
    """The fields that hold a single value or a list of them, those of mappings with dotted keys."""
    found = []
    for key, about in known.items():
        if about.section or (about.part is not None and about.many):
            continue
        if about.part is not None:
            found += _singles(abouts(about.part), f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", _target(f"{prefix}{key}", about)))
    return found


def _target(key: str, about: About) -> Target:
    return Target(key, about.form, about.many, about.vocabulary, about.names, (about.en, about.zh))


def _labels(targets: Mapping[str, Target]) -> dict[str, str]:
    """Folded keys and labels → field, where a label names just one."""
    found: dict[str, set[str]] = {}
    for key, target in targets.items():
        for name in (key, *target.labels):
            found.setdefault(fold(name), set()).add(key)
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


class _Reader:
    """Reads one file into a map; what does not fit is raised with its dotted key."""

    def __init__(self, file: str, raw: bytes, columns: Columns) -> None:
        self.file = file
        self.columns = columns
        try:
            self.data = tomllib.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise self.wrong("", _("The file is not UTF-8.")) from None
        except tomllib.TOMLDecodeError as error:
            hint = _("Text, and keys that are not a-z, 0-9, - and _, stand in quotes.")
            raise self.wrong("", _("This is not TOML: {why}.").format(why=error), hint) from None

    def wrong(self, key: str, what: str, hint: str = "") -> BadInput:
        told = f"{self.file}: {key}: {what}" if key else f"{self.file}: {what}"
        return BadInput("bad-map", told, hint or _("docs/imports.md shows how a map is written."))

    def run(self) -> None:
        self.known("", self.data, _TOP)
        for key, said in self.table("columns").items():
            self.field("columns", key)
            for heading in self.texts(f"columns.{key}", said):
                spellings = self.columns.spellings
                known = spellings.setdefault(fold(heading), (key, len(spellings)))
                if known[0] != key and self.is_own(heading, known[0]):
                    what = _("The heading {heading} stands at {other} already.")
                    told = what.format(heading=heading, other=known[0])
                    raise self.wrong(f"columns.{key}", told)
        self.columns.ignored |= {fold(name) for name in self.texts("ignored", self.get("ignored"))}
        empty = frozenset(
            word.strip().casefold() for word in self.texts("empty", self.get("empty"))
        )
        targets = self.columns.targets
        for key, target in targets.items():
            targets[key] = target.also(empty, self.words(key))
        for key in self.table("words"):
            self.field("words", key)

    def is_own(self, heading: str, other: str) -> bool:
        """Whether this very file gives the heading to another field too."""
        said = self.table("columns").get(other, [])
        return fold(heading) in map(fold, self.texts(f"columns.{other}", said))

    def words(self, key: str) -> dict[str, str]:
        said = self.table("words").get(key, {})
        if not isinstance(said, dict):
            raise self.wrong(f"words.{key}", _("A table is expected here."))
        return {
            word.strip().casefold(): self.text(f"words.{key}.{word}", meant)
            for word, meant in said.items()
        }

    def get(self, key: str) -> object:
        return self.data.get(key, [])

    def table(self, key: str) -> Mapping[str, Any]:
        found = self.data.get(key, {})
        if not isinstance(found, dict):
            raise self.wrong(key, _("A table is expected here."), f"[{key}]")
        return found

    def field(self, table: str, key: str) -> None:
        targets = self.columns.targets
        if key not in targets and key.startswith("x_"):
            targets[key] = Target(key, "text")
        self.known(f"{table}.", {key: None}, list(targets))

    def known(self, prefix: str, table: Mapping[str, Any], keys: Sequence[str]) -> None:
        for key in table:
            if key not in keys:
                close = get_close_matches(key, keys, n=1)
                hint = _("Did you mean {key}?").format(key=close[0]) if close else ""
                raise self.wrong(prefix + key, _("This key is not known."), hint)

    def text(self, key: str, found: object) -> str:
        if not isinstance(found, str) or not found.strip():
            raise self.wrong(key, _("A text is expected here."))
        return found

    def texts(self, key: str, found: object) -> list[str]:
        several = found if isinstance(found, list) else [found]
        return [self.text(key, one) for one in several]
