"""A wiki as one commit holds it, readable whatever is wrong with that commit's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aswiki.errors import Unusable
from aswiki.wiki.checks.stored import Stored
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki, toml_of


@dataclass
class Committed(Stored):
    """A wiki whose files are those of a commit."""

    @classmethod
    def at(cls, wiki: Wiki, commit: str) -> Committed:
        """The wiki of a commit; settings that cannot be read are as if they were not there."""
        objects = wiki.repository.tree(commit)
        found = cls(wiki.root, {}, wiki.clock, wiki.tool, objects=objects)
        found.repository = wiki.repository
        found.settings = settings = found._toml(SETTINGS)
        try:
            _zone = found.zone  # one that is not there would keep every time from reading
        except Unusable:
            found.settings = {**settings, "wiki": {**settings["wiki"], "timezone": "UTC"}}
        return found

    @cached_property
    def people(self) -> Mapping[str, Any]:
        """What people.toml holds; empty where there is none or it cannot be read."""
        return self._toml(PEOPLE)

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read files at once that will be asked for one by one."""
        names = {path: self.objects[path] for path in paths if path in self.objects}
        data = self.repository.data(names.values())
        self._read.update({path: data[name] for path, name in names.items() if name in data})

    def _toml(self, name: str) -> dict[str, Any]:
        with suppress(Unusable):
            return toml_of(name, self.bytes_of(name) or b"")
        return {}
