"""What is wrong with a record: a finding in the record's terms, a problem in a file's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]
Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place in a record's fields.

    ``loc`` holds keys and 0-based list indexes from the record's top, empty for the whole record;
    ``at_key`` says that the key itself is wrong, not its value; ``inside`` is how many characters
    into a section's text it stands.
    """

    code: str
    loc: Loc
    message: str
    hint: str = ""
    level: Level = "error"
    at_key: bool = False
    inside: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong at a line and column (from 1) of a file; its path is from the wiki's root."""

    path: str
    line: int
    column: int
    code: str
    level: Level
    message: str
    hint: str = ""

    def as_json(self) -> dict[str, str | int]:
        """The problem with the keys of the ``validate --format json`` contract, in its order."""
        return {
            "code": self.code,
            "level": self.level,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "hint": self.hint,
        }
