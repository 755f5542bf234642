"""What changed in the customer's world between two states: record by record, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from aswiki.domain.changes.fields import FieldChange
from aswiki.domain.changes.words import Piece

Status = Literal["added", "removed", "renamed", "changed", "retired", "restored"]


@dataclass(frozen=True)
class State:
    """One version of a record's file, as read.

    Args:
        path: from the wiki's root.
        fields: front matter, known sections and log entries as plain data.
        prose: the free prose by its heading; the text before the first has an empty one.
        unreadable: why it cannot be read, in a sentence; empty where it can.
    """

    path: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    prose: Mapping[str, str] = field(default_factory=dict)
    unreadable: str = ""

    @property
    def title(self) -> str:
        """The title that it gives itself; empty where it gives none."""
        said = self.fields.get("title")
        return said if isinstance(said, str) else ""

    @property
    def is_retired(self) -> bool:
        """Whether it is a tombstone."""
        return self.fields.get("status") == "retired" and "retired" in self.fields


class PromiseChange(NamedTuple):
    """A promise that was made, settled or opened again; None is no promise on that side."""

    id: str
    what: str
    by: str
    before: str | None
    after: str | None
    due_on: str
    kept_on: str


@dataclass(frozen=True)
class ProseChange:
    """A section, or free prose, that differs.

    Args:
        key: of the section; the heading itself of free prose.
        en: its heading in English.
        zh: in Chinese.
        pieces: the texts word by word.
    """

    key: str
    en: str
    zh: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class RecordChange:
    """One record that differs.

    Args:
        ref: its reference, the new one of a renamed record.
        path: its path from the wiki's root.
        customer: whose it is; None for lessons and products.
        type: its record type.
        status: what became of it as a whole.
        title: the newer title.
        was: the old reference of a renamed record; empty else.
        fields: the facts that differ, in the order of the file.
        log: the entries that were added, as plain data.
        log_removed: the entries that are gone or were altered.
        promises: those made, settled or opened again.
        body: the prose that differs.
        retired: why, by whom and when, of a record that was taken back.
        unreadable: a sentence for each side that cannot be read; nothing else is known then.
    """

    ref: str
    path: str
    customer: str | None
    type: str
    status: Status
    title: str = ""
    was: str = ""
    fields: tuple[FieldChange, ...] = ()
    log: tuple[Mapping[str, Any], ...] = ()
    log_removed: tuple[Mapping[str, Any], ...] = ()
    promises: tuple[PromiseChange, ...] = ()
    body: tuple[ProseChange, ...] = ()
    retired: Mapping[str, Any] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()

    @property
    def is_form_only(self) -> bool:
        """Whether the file differs and what it says does not: order, quotes, comments."""
        said = (self.fields, self.log, self.log_removed, self.promises, self.body, self.unreadable)
        return self.status == "changed" and not any(said)


@dataclass(frozen=True)
class FileChange:
    """A file that is no record: its sizes in bytes, None where it is not there."""

    path: str
    size_before: int | None
    size_after: int | None

    @property
    def status(self) -> Status:
        """Whether it was added, removed or changed."""
        if self.size_before is None:
            return "added"
        return "removed" if self.size_after is None else "changed"


@dataclass(frozen=True)
class Comparison:
    """Two states of a wiki, and what differs.

    Args:
        base: the full name of the older commit.
        head: of the newer one; None for the working folder.
        changes: the records that differ, by customer and reference, those of no customer last.
        files: the other files that differ, by path.
        customers: a slug of a customer among them → the name.
    """

    base: str
    head: str | None
    changes: tuple[RecordChange, ...]
    files: tuple[FileChange, ...] = ()
    customers: Mapping[str, str] = field(default_factory=dict)
