"""A quarantined history as verification asks about it, and what its records lost on the way."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.errors import Unusable
from aswiki.evidence.chains import Untrusted
from aswiki.evidence.history import Change, History
from aswiki.evidence.statement import FOLDER
from aswiki.evidence.words import spoken
from aswiki.lang import _
from aswiki.wiki.wiki import SETTINGS, Clock, Wiki

if TYPE_CHECKING:
    from aswiki.evidence.timestamps import Token
    from aswiki.store.git.quarantine import Quarantine
    from aswiki.wiki.checks.checking import Checker

CACHED = 2000


@dataclass
class Seen:
    """A quarantined history as verification asks about it; what is asked twice is kept."""

    own: Quarantine
    _digests: dict[str, str] = field(default_factory=dict)
    _blobs: dict[str, bytes] = field(default_factory=dict)
    _files: dict[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    _wanted: list[str] = field(default_factory=list)

    def history(self) -> History:
        """The history, its commits and changes read.

        Raises:
            Damaged: objects cannot be read.
        """
        raw = self.own.commits()
        changes = self._changes(raw)
        self._wanted = list(dict.fromkeys([*_anchored(changes), *_needed(changes)]))
        return History(
            head=self.own.tip,
            raw=raw,
            changes=changes,
            blob=self.blob,
            digests=self.digests,
            files=self.files,
            objects_sha256=self.own.objects_sha256,
            prefix=self.own.prefix,
        )

    def _changes(self, raw: Mapping[str, bytes]) -> dict[str, list[list[Change]]]:
        trees = {name: data[5 : data.index(b"\n")].decode("latin-1") for name, data in raw.items()}
        parents = {name: _parents(data) for name, data in raw.items()}
        keys = [(name, parent) for name in raw for parent in parents[name] or [""]]
        pairs = [(trees.get(parent), trees[name]) for name, parent in keys]
        found: dict[str, list[list[Change]]] = {}
        for (name, _parent), group in zip(keys, self.own.deltas(pairs), strict=True):
            found.setdefault(name, []).append([Change(*delta) for delta in group])
        return found

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._wanted)}

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob; those that are asked next are read with it."""
        if name not in self._blobs:
            place = self._places.get(name)
            near = [name] if place is None else self._wanted[place : place + CACHED]
            if len(self._blobs) > 2 * CACHED:
                self._blobs.clear()
            self._blobs |= self.own.blobs_by_id(near)
        return self._blobs.get(name)

    def digests(self, names: Iterable[str]) -> Mapping[str, str]:
        """The SHA-256 of blobs."""
        wanted = list(names)
        unknown = [name for name in wanted if name not in self._digests]
        for name in (name for name in unknown if name in self._places):
            data = self.blob(name)
            if data is not None:
                self._digests[name] = sha256(data).hexdigest()
        self._digests |= self.own.digests(name for name in unknown if name not in self._places)
        return {name: self._digests[name] for name in wanted if name in self._digests}

    def files(self, commit: str) -> Mapping[str, tuple[str, str]]:
        """The files of a commit."""
        if commit not in self._files:
            if len(self._files) > 4:
                self._files.clear()
            self._files[commit] = self.own.entries(commit)
        return self._files[commit]

    def check_token(self, response: bytes, data: bytes, commit: str) -> Token | Untrusted:
        """Whether a time stamp is good, by the certificates that a commit pins."""
        try:
            from aswiki.evidence.timestamps import check

            return check(response, data, self._authorities(commit))
        except ImportError:
            raise Unusable(
                "extra-missing",
                _("What checks time stamps is not installed."),
                'pip install "aswiki[evidence]"',
            ) from None

    def _authorities(self, commit: str) -> list[bytes]:
        files = self.files(commit)
        raw = self.blob(files[SETTINGS][1]) if SETTINGS in files else None
        said = toml(raw or b"").get("tsa")
        listed = said.get("certificates") if isinstance(said, dict) else None
        paths = [str(path) for path in listed] if isinstance(listed, list) else []
        found = (self.blob(files[path][1]) for path in paths if path in files)
        return [each for each in found if each is not None]


def _anchored(changes: Mapping[str, list[list[Change]]]) -> Iterator[str]:
    """The blobs of the anchors, which are looked at together."""
    for each in (each for sides in changes.values() for side in sides for each in side):
        if each.is_new and each.path.startswith(FOLDER):
            yield each.new_id


def _needed(changes: Mapping[str, list[list[Change]]]) -> Iterator[str]:
    """The blobs that will be looked at, in the order of the commits."""
    for sides in changes.values():
        for each in (each for side in sides for each in side):
            if records.type_of(each.path) is not None and not each.is_gone:
                if not each.is_new:
                    yield each.old_id
                yield each.new_id


def _parents(raw: bytes) -> list[str]:
    header = raw.partition(b"\n\n")[0].split(b"\n")
    found = (line[7:].decode("ascii", "replace") for line in header if line[:7] == b"parent ")
    return list(found)


class Losses:
    """What a record lost between two versions: rule 20 on every step of the history."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki

    @cached_property
    def _checker(self) -> Checker:
        from aswiki.wiki.checks.checking import Checker  # most histories need no closer look

        return Checker(self._wiki)

    def __call__(self, path: str, before: bytes, after: bytes) -> str:
        """What log entry or words are gone, as a sentence; else empty."""
        from aswiki.domain.changes.rules import altered_evidence

        old, new = self._checker.read(path, before), self._checker.read(path, after)
        if new.is_retired or old.is_retired:
            return ""
        if old.record is None or new.record is None:
            return _words_lost(before, after)
        return next((each.message for each in altered_evidence(old.record, new.record)), "")


def _words_lost(before: bytes, after: bytes) -> str:
    """The first log entry, quote or verbatim that is gone, where a file cannot be read."""
    for words in spoken(before) - spoken(after):
        return _("A line is gone: {line}").format(line=ascii(words.decode("utf-8", "replace")))
    return ""


def wiki_of(own: Quarantine, clock: Clock) -> Wiki:
    """The quarantined wiki, with the settings that its head holds."""
    raw = own.blob(own.tip, SETTINGS)
    return Wiki(own.folder, toml(raw or b""), clock)


def toml(raw: bytes) -> dict[str, Any]:
    """The settings of a file's bytes; none where they are no TOML."""
    with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
        return tomllib.loads(raw.decode("utf-8-sig"))
    return {}
