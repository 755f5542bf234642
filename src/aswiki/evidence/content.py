"""What commits changed against what they say: records, their entries, and who wrote beside us."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

from aswiki.domain import records
from aswiki.evidence.history import Change, Step, Walk
from aswiki.evidence.verdict import Finding, finding
from aswiki.lang import _

Lost = Callable[[str, bytes, bytes], str]
"""Path, bytes before and after → what log entry or words are gone, as a sentence; else empty."""

NOTHING = hashlib.sha256(b"").hexdigest()

_FIELD = re.compile(rb"[a-z][a-z0-9_]*: [^\s|>{\[&*!\"'#-][^\n]*")
_KEPT_WORDS = re.compile(rb"verbatim|quote|log")
_FENCE = b"---\n"


def findings(walk: Walk, lost: Lost) -> Iterator[Finding]:
    """What commits other than merges changed without saying so, or lost."""
    for step in walk.steps.values():
        if step.is_merge:
            continue
        yield from _written_by(walk, step)
        yield from _contents(walk, step)
        yield from vanished(walk, step, step.own)
        yield from _losses(walk, step, lost)


def _written_by(walk: Walk, step: Step) -> Iterator[Finding]:
    if step.is_recommitted:
        detail = _("A host's squash or rebase, or a rebase by hand, made this commit anew.")
        yield finding("RECOMMITTED", detail, step.name)
    elif not step.said.is_ours and (step.own or not walk.history.prefix):
        detail = _("It has no block of aswiki's: {subject}").format(
            subject=step.commit.message.partition("\n")[0][:80]
        )
        yield finding("OUTSIDE", detail, step.name)


def _contents(walk: Walk, step: Step) -> Iterator[Finding]:
    """Whether exactly the named records changed, to exactly the named content."""
    by_host = step.commit.author.email != step.commit.committer.email
    if not step.said.is_ours or step.said.is_several or (step.is_recommitted and by_host):
        return
    changed = changed_records(walk, step.own)
    if step.said.names(changed):
        return
    wrong = sorted(
        ref
        for ref in {*changed, *step.said.records}
        if changed.get(ref) != step.said.records.get(ref)
    )
    shown = ", ".join(wrong[:5]) if step.said.total is None else str(len(changed))
    detail = _("Its message does not fit what it changed: {records}").format(records=shown)
    path = records.path_of(wrong[0]) if wrong and step.said.total is None else None
    yield finding("CONTENT", detail, step.name, path)


def changed_records(walk: Walk, changes: Sequence[Change]) -> dict[str, str]:
    """Each changed record's reference and the hash of its new content, of nothing where it went."""
    found = [each for each in changes if records.type_of(each.path) is not None]
    hashes = walk.history.digests([each.new_id for each in found if not each.is_gone])
    return {
        records.reference(each.path): NOTHING if each.is_gone else hashes.get(each.new_id, "")
        for each in found
    }


def vanished(walk: Walk, step: Step, changes: Sequence[Change]) -> Iterator[Finding]:
    """Records that went away otherwise than by a new name."""
    gone = [each for each in changes if each.is_gone and records.type_of(each.path) is not None]
    if not gone:
        return
    may = bool(step.said.operations & {"rename", "undo"})
    new = [each for each in changes if each.is_new and records.type_of(each.path) is not None]
    left = list(new) if may else []
    for each in gone:
        heir = next((one for one in left if _is_same(walk, each, one)), None)
        if heir is not None:
            left.remove(heir)
            continue
        detail = _("The record is gone and left no tombstone.")
        yield finding("DELETED", detail, step.name, each.path)


def _is_same(walk: Walk, old: Change, new: Change) -> bool:
    """Whether a record lives on under another name: its text after the front matter is the same."""
    if records.type_of(old.path) != records.type_of(new.path):
        return False
    before, after = walk.history.blob(old.old_id), walk.history.blob(new.new_id)
    return before is not None and after is not None and _body(before) == _body(after)


def _losses(walk: Walk, step: Step, lost: Lost) -> Iterator[Finding]:
    for each in step.own:
        if each.is_new or each.is_gone or records.type_of(each.path) is None:
            continue
        before, after = walk.history.blob(each.old_id), walk.history.blob(each.new_id)
        if before is None or after is None or is_plainly_kept(before, after):
            continue
        words = lost(each.path, before, after)
        if words:
            yield finding("DELETED", words, step.name, each.path)


def is_plainly_kept(before: bytes, after: bytes) -> bool:
    """Whether only simple fields differ, or lines came at the end: nothing said can be lost.

    False means no more than that a closer look is needed.
    """
    old_front, old_body = _parts(before)
    new_front, new_body = _parts(after)
    if not new_body.startswith(old_body) or not _is_item(new_body[len(old_body) :]):
        return False
    removed, added = _middle(old_front, new_front)
    lines = [*removed.splitlines(), *added.splitlines()]
    return all(_FIELD.fullmatch(line) and not _KEPT_WORDS.search(line) for line in lines)


def _is_item(tail: bytes) -> bool:
    """Whether what came at the end begins an entry of its own."""
    return not tail or tail.lstrip(b"\n").startswith((b"- ", b"## "))


def _middle(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """The lines of each side between the lines both begin and end with."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    most = min(len(before), len(after)) - start
    while end < most and before[-1 - end] == after[-1 - end]:
        end += 1
    return (
        b"".join(before[start : len(before) - end]),
        b"".join(after[start : len(after) - end]),
    )


def _parts(raw: bytes) -> tuple[bytes, bytes]:
    """Front matter and body of a file's bytes."""
    front, fence, body = raw.removeprefix(_FENCE).partition(b"\n" + _FENCE)
    return (front, body) if raw.startswith(_FENCE) and fence else (b"", raw)


def _body(raw: bytes) -> bytes:
    return _parts(raw)[1]
