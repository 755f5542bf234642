"""A wiki as git holds it, in the user's index or in a commit, whatever lies in the folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aswiki.domain import records
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki, toml_of


@dataclass
class Stored(Wiki):
    """A wiki whose files are blobs of its repository.

    Args:
        objects: the path of every file, each with its blob's name.
    """

    objects: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, wiki: Wiki, objects: Mapping[str, str]) -> Stored:
        """Another state of a wiki, with the settings of that state where it has some.

        Raises:
            Unusable: its settings cannot be read.
        """
        stored = cls(wiki.root, wiki.settings, wiki.clock, wiki.tool, objects=objects)
        raw = stored.bytes_of(SETTINGS)
        stored.settings = wiki.settings if raw is None else toml_of(SETTINGS, raw)
        return stored

    @cached_property
    def people(self) -> Mapping[str, Any]:
        """What people.toml holds; empty where there is none."""
        raw = self.bytes_of(PEOPLE)
        return {} if raw is None else toml_of(PEOPLE, raw)

    def under(self, top: str) -> Iterator[str]:
        """The path of every record file under a folder of the wiki, sorted."""
        yield from self._records.get(top.partition("/")[0], {}).get(top, ())

    def customers(self) -> list[str]:
        """The slug of every customer."""
        return [top.partition("/")[2] for top in self._records.get("customers", {}) if "/" in top]

    def bytes_of(self, path: str) -> bytes | None:
        """The bytes of a file, or None where there is none."""
        if path not in self.objects:
            return None
        if path not in self._read:
            beside = [other for other in self._folders[_folder(path)] if other not in self._read]
            names = {other: self.objects[other] for other in beside}
            data = self.repository.data(names.values())
            self._read |= {other: data[name] for other, name in names.items() if name in data}
        return self._read.get(path)

    def exists(self, ref: str) -> bool:
        """Whether a whole reference names a record."""
        return records.path_of(ref) in self.objects

    @cached_property
    def _read(self) -> dict[str, bytes]:
        return {}

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """What is read at once: the records of one folder; any other file by itself."""
        found: dict[str, list[str]] = {}
        for path in self.objects:
            found.setdefault(_folder(path), []).append(path)
        return found

    @cached_property
    def _records(self) -> dict[str, dict[str, list[str]]]:
        """The records by their top folder, and by the folder that ``under`` is asked for."""
        found: dict[str, dict[str, list[str]]] = {}
        for path in sorted(self.objects):
            if records.type_of(path) is None:
                continue
            top, inside = path.split("/")[:2]
            for folder in (top, f"{top}/{inside}") if top == "customers" else (top,):
                found.setdefault(top, {}).setdefault(folder, []).append(path)
        return found


def _folder(path: str) -> str:
    return path.rpartition("/")[0] if records.type_of(path) is not None else path
