"""The one write door: lock, compare, write, commit; all of an operation or nothing of it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.errors import BadInput, Unusable
from aswiki.lang import _
from aswiki.store import files
from aswiki.store.lock import Lock
from aswiki.wiki.proof import signing
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki

if TYPE_CHECKING:
    from aswiki.domain.similar import Alike

MANY_RECORDS = 50
LOCK = "aswiki.lock"
_TRIES = 5


@dataclass(frozen=True)
class Change:
    """A file before and after an operation; None where it is not there. The path is the wiki's."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Operation:
    """What a commit says it did.

    Args:
        op: the word of the Aswiki-Op trailer.
        subject: the first line, for people.
        occurred: when it happened, as claimed, ISO 8601; empty where the record has no such time.
        notes: lines between the subject and the trailers, such as the files of an import.
    """

    op: str
    subject: str
    occurred: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Saved:
    """What a writing use case did.

    Args:
        ref: the record's reference; None where several or none were meant.
        path: its path from the wiki's root.
        commit: the full hash; None for a dry run or when nothing had to be done.
        warnings: sentences for the writer.
        refs: every changed record.
        diff: the unified diff of a dry run.
        echo: what was understood, to be said back: resolved times, defaults taken.
        left: the files that a writer who died left uncommitted, for the next one to name.
        more: what the command's JSON says besides.
        similar: earlier records that are like the new one.
    """

    ref: str | None = None
    path: str | None = None
    commit: str | None = None
    warnings: Sequence[str] = ()
    refs: Sequence[str] = ()
    diff: str | None = None
    echo: Sequence[str] = ()
    left: Sequence[str] = ()
    more: Mapping[str, object] = field(default_factory=dict)
    similar: Sequence[Alike] = ()


@contextmanager
def writing(wiki: Wiki, *, dry_run: bool = False, commits: bool = True) -> Iterator[None]:
    """Hold the wiki's lock, so that what is read inside is what is written upon.

    Args:
        wiki: the open wiki.
        dry_run: whether nothing is written, so that no lock is needed.
        commits: whether a commit will be made, for which the repository must be ready.

    Raises:
        Unusable: the repository is unsafe or busy, or the lock is held past its timeout.
    """
    if dry_run or wiki.lock_depth:
        yield
        return
    repository = wiki.repository
    repository.require_safe()
    if commits:
        repository.require_ready()
    with Lock(repository.git_dir / LOCK) as lock:
        wiki.lock_depth += 1
        try:
            if lock.abandoned:
                repository.clear_dead_locks(lock.abandoned_since)
                wiki.left = _left_behind(wiki)
            yield
        finally:
            wiki.lock_depth -= 1


def _left_behind(wiki: Wiki) -> list[str]:
    """What a writer who died wrote and did not commit; its half-written files go."""
    for place in files.temporaries(wiki.root):
        place.unlink(missing_ok=True)
    ours = {SETTINGS, PEOPLE}
    found = wiki.repository.dirty()
    return [path for path in found if path in ours or records.type_of(path) is not None]


def save(
    wiki: Wiki, changes: Sequence[Change], operation: Operation, *, dry_run: bool = False
) -> Saved:
    """Write the files of an operation and commit them as one commit.

    The first change names the ``ref`` of what comes back.

    Raises:
        Unusable: a file has uncommitted hand edits, the wiki is signed and the writer may not
            sign, or git or the disk refuses; the old bytes are back then.
    """
    meant = [change for change in changes if change.before != change.after]
    refs = [records.reference(c.path) for c in meant if records.type_of(c.path) is not None]
    first = changes[0].path if changes else None
    said = Saved(
        ref=records.reference(first) if first and records.type_of(first) else None,
        path=first,
        refs=refs,
    )
    if dry_run:
        return replace(said, diff="".join(_diff(change) for change in meant))
    if not meant:
        return said
    _require_room(wiki, meant)
    with writing(wiki):
        commit = _commit(wiki, meant, operation)
    return replace(said, commit=commit, left=wiki.left)


def _require_room(wiki: Wiki, changes: Sequence[Change]) -> None:
    """Refuse a link or a file where a folder should be: the names themselves are ours."""
    for change in changes:
        try:
            files.safe_path(wiki.root, change.path)
        except BadInput as error:
            hint = _("Move away what lies there, then try again.")
            raise Unusable("in-the-way", error.message, hint) from error


def save_adopted(
    wiki: Wiki,
    changes: Sequence[Change],
    operation: Operation,
    *,
    beside: Sequence[Change] = (),
    dry_run: bool = False,
) -> Saved:
    """Commit files as they lie in the folder: what a hand wrote is there already.

    Args:
        wiki: the open wiki.
        changes: what the hand changed.
        operation: what the commit says it did.
        beside: what is to be written and committed with it.
        dry_run: whether nothing is written.

    Raises:
        Unusable: git refuses, or the wiki is signed and the writer may not sign.
    """
    meant = [*changes, *beside]
    refs = [records.reference(c.path) for c in changes if records.type_of(c.path) is not None]
    if dry_run:
        return Saved(refs=refs, diff="".join(_diff(change) for change in meant))
    repository = wiki.repository
    with writing(wiki), _on_disk(wiki, beside):
        text = message(wiki, meant, operation)
        blobs = {change.path: change.after for change in meant}
        identity = repository.identity()
        sign = signing.required(wiki, meant, identity)
        head = repository.head()
        commit = repository.commit(blobs, text, identity, wiki.now(), head, sign)
    return Saved(refs=refs, commit=commit)


def _commit(wiki: Wiki, changes: Sequence[Change], operation: Operation) -> str:
    from aswiki.store.git import Raced

    repository = wiki.repository
    identity = repository.identity()
    sign = signing.required(wiki, changes, identity)
    text = message(wiki, changes, operation)
    blobs = {change.path: change.after for change in changes}
    head = repository.head()
    _require_clean(wiki, changes, head)
    with _on_disk(wiki, changes):
        for attempt in range(_TRIES):
            try:
                return repository.commit(blobs, text, identity, wiki.now(), head, sign)
            except Raced:
                if attempt == _TRIES - 1:
                    raise
                head = repository.head()
                _require_clean(wiki, changes, head, on_disk=False)
    raise Unusable("raced", _("Others kept writing."), _("Try again."))


def _require_clean(
    wiki: Wiki, changes: Sequence[Change], head: str | None, *, on_disk: bool = True
) -> None:
    """Refuse to write upon bytes that git does not hold: they would be committed unsaid."""
    paths = [change.path for change in changes]
    committed = wiki.repository.blobs(head, paths) if head else dict.fromkeys(paths)
    for change in changes:
        present = wiki.bytes_of(change.path) if on_disk else change.before
        if not present == committed.get(change.path) == change.before:
            raise _hand_edits(change.path)


def require_committed(wiki: Wiki, path: str, present: bytes | None) -> None:
    """Refuse a file whose bytes git does not hold.

    Raises:
        Unusable: it has uncommitted hand edits.
    """
    head = wiki.repository.head()
    if present != (wiki.repository.blob(head, path) if head else None):
        raise _hand_edits(path)


def _hand_edits(path: str) -> Unusable:
    return Unusable(
        "hand-edits",
        _("{path} has changes that are not committed.").format(path=path),
        _("Take them in with aswiki commit, then try again."),
    )


@contextmanager
def _on_disk(wiki: Wiki, changes: Sequence[Change]) -> Iterator[None]:
    """Write the files, and put the old ones back if what follows fails."""
    places = {change.path: files.safe_path(wiki.root, change.path) for change in changes}
    begun: list[tuple[Change, Path]] = []
    with wiki.repository.desk() as desk:
        try:
            for number, change in enumerate(changes):
                begun.append((change, desk / str(number)))
                files.set_aside(places[change.path], desk / str(number))
                _put(places[change.path], change)
            yield
        except BaseException:
            if not _is_committed(wiki, changes):
                for change, aside in reversed(begun):
                    _put_back(places[change.path], change, aside)
            raise


def _is_committed(wiki: Wiki, changes: Sequence[Change]) -> bool:
    """Whether the ref was written before the interruption came."""
    head = wiki.repository.head()
    if head is None:
        return False
    blobs = wiki.repository.blobs(head, [change.path for change in changes])
    return all(blobs[change.path] == change.after for change in changes)


def _put(place: Path, change: Change) -> None:
    if change.after is None:
        _take_away(place, change.path)
    else:
        files.write_atomic(place, change.after)


def _put_back(place: Path, change: Change, aside: Path) -> None:
    if change.before is None:
        _take_away(place, change.path)
    elif aside.exists():  # a full disk has no room to write it anew
        files.bring_back(aside, place)
    else:
        files.write_atomic(place, change.before)


def _take_away(place: Path, path: str) -> None:
    """Remove a file and the folders of the wiki that it leaves empty."""
    place.unlink(missing_ok=True)
    with suppress(OSError):
        for folder in place.parents[: path.count("/")]:
            folder.rmdir()


def message(wiki: Wiki, changes: Sequence[Change], operation: Operation) -> str:
    """The commit message: a subject for people and one block of trailers."""
    lines = sorted(
        f"{records.reference(c.path)} sha256:{hashlib.sha256(c.after or b'').hexdigest()}"
        for c in changes
        if records.type_of(c.path) is not None
    )
    trailers = [f"Aswiki-Op: {operation.op}"]
    if len(lines) > MANY_RECORDS:
        digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
        trailers.append(f"Aswiki-Records: {len(lines)} sha256:{digest}")
    else:
        trailers += [f"Aswiki-Record: {line}" for line in lines]
    if operation.occurred:
        trailers.append(f"Aswiki-Occurred: {operation.occurred}")
    trailers.append(f"Aswiki-Tool: {wiki.tool}")
    # without a first line git would take the trailers for the subject
    first = subject(operation.subject) or operation.op
    paragraphs = [first, *(["\n".join(map(_line, operation.notes))] if operation.notes else [])]
    return "\n\n".join([*paragraphs, "\n".join(trailers)]) + "\n"


def subject(words: str) -> str:
    """A commit's first line: one line, printable, at most 120 characters."""
    line = _line(words)
    return line if len(line) <= 120 else line[:119] + "…"


def _line(words: str) -> str:
    """The words on one printable line."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _diff(change: Change) -> str:
    """The unified diff of one file; of an attachment its size alone."""
    if records.type_of(change.path) is None and change.path.startswith("customers/"):
        sizes = ["-" if data is None else str(len(data)) for data in (change.before, change.after)]
        return f"{change.path}: {sizes[0]} → {sizes[1]} bytes\n"

    def lines(data: bytes | None) -> list[str]:
        return (data or b"").decode("utf-8", "replace").splitlines(keepends=True)

    old = "/dev/null" if change.before is None else f"a/{change.path}"
    new = "/dev/null" if change.after is None else f"b/{change.path}"
    found = difflib.unified_diff(lines(change.before), lines(change.after), old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in found)


def occurred(value: object) -> str:
    """A time of occurrence as its trailer says it; empty where there is none."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value) if value else ""
