"""Merges: that each holds what its sides wrote, all of it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from aswiki.domain import records
from aswiki.evidence.content import Lost, changed_records
from aswiki.evidence.history import Change, Step, Walk
from aswiki.evidence.verdict import Finding, finding
from aswiki.lang import _


def findings(walk: Walk, lost: Lost) -> Iterator[Finding]:
    """Merges that are not ours, and merges that added or lost something."""
    for step in walk.steps.values():
        if not step.is_merge:
            continue
        if step.said.op == "merge":
            yield from _contents(walk, step)
        else:
            detail = _("The host or plain git merged here; aswiki sync would have said so.")
            yield finding("HOSTMERGE", detail, step.name)
        yield from faults(walk, step, lost)


def faults(walk: Walk, step: Step, lost: Lost) -> Iterator[Finding]:
    """What a merge added or lost; nothing for one that does no more than join its sides."""
    if len(step.commit.parents) != 2:
        yield finding("EVILMERGE", _("It joins more than two sides."), step.name)
        return
    if len(walk.parents(step)) != 2:
        return
    merge = _Merge(walk, step)
    for path in sorted({each.path for side in step.changes for each in side}):
        reason = merge.fault(path, lost)
        if reason:
            yield finding("EVILMERGE", reason, step.name, path)
        if reason and merge.result(path) is None and records.type_of(path) is not None:
            yield finding("DELETED", reason, step.name, path)


def _contents(walk: Walk, step: Step) -> Iterator[Finding]:
    """Whether the message names exactly the records that are as neither side had them."""
    sides = [{each.path for each in side} for side in step.changes]
    both = [each for each in step.own if all(each.path in side for side in sides)]
    changed = changed_records(walk, both)
    if not step.said.names(changed):
        detail = _("Its message does not fit what it changed: {records}").format(
            records=", ".join(sorted({*changed, *step.said.records})[:5])
        )
        yield finding("CONTENT", detail, step.name)


@dataclass(frozen=True)
class _Merge:
    """A merge of two sides, and what each side did since they parted."""

    walk: Walk
    step: Step

    @cached_property
    def _changes(self) -> tuple[dict[str, Change], ...]:
        return tuple({each.path: each for each in side} for side in self.step.changes)

    @cached_property
    def _sides(self) -> tuple[list[Step], list[Step]]:
        first, second = self.step.commit.parents
        return self._only_in(first, second), self._only_in(second, first)

    def _only_in(self, name: str, other: str) -> list[Step]:
        found = (self.walk.steps[commit] for commit in self.walk.only_in(name, other))
        return sorted(found, key=lambda step: step.number)

    @cached_property
    def _touched(self) -> tuple[set[str], ...]:
        return tuple(
            {each.path for step in side for changes in step.changes for each in changes}
            for side in self._sides
        )

    @cached_property
    def _former(self) -> dict[str, str]:
        """The new path of each record that one side gave another name → the one both knew."""
        found: dict[str, str] = {}
        for side in self._sides:
            own: dict[str, str] = {}
            for step in (step for step in side if not step.is_merge):
                names = [
                    [e.path for e in step.own if moved(e) and records.type_of(e.path) is not None]
                    for moved in (_is_gone, _is_new)
                ]
                if len(names[0]) == len(names[1]) == 1:
                    own[names[1][0]] = own.pop(names[0][0], names[0][0])
            found |= {new: old for new, old in own.items() if new != old}
        # two that each side made under one name are two records
        return {new: old for new, old in found.items() if self._was_known(old)}

    def _was_known(self, path: str) -> bool:
        """Whether a path was there where the sides parted."""
        return any(path in self.walk.history.files(commit) for commit in self._partings)

    @cached_property
    def _partings(self) -> set[str]:
        """The commits that both sides have and one of them goes on from."""
        own = [step for side in self._sides for step in side]
        before = {parent.name for step in own for parent in self.walk.parents(step)}
        return before - {step.name for step in own}

    def result(self, path: str) -> str | None:
        """The blob of a path in the merge, None where there is none."""
        change = next(side[path] for side in self._changes if path in side)
        return None if change.is_gone else change.new_id

    def _before(self, number: int, path: str) -> str | None:
        """The blob of a path on one side, under its former name where it has been renamed."""
        change = self._changes[number].get(path)
        if change is None:
            return self.result(path)
        if not change.is_new or path not in self._former:
            return None if change.is_new else change.old_id
        parent = self.step.commit.parents[number]
        return self.walk.history.files(parent).get(self._former[path], ("", None))[1]

    def fault(self, path: str, lost: Lost) -> str:
        """What is wrong with one path of the merge, or an empty text."""
        names = {path, self._former.get(path, path)}
        touching = [number for number in (0, 1) if names & self._touched[number]]
        before = [self._before(number, path) for number in (0, 1)]
        result = self.result(path)
        if not touching:
            return _("Neither side changed this file, yet it is another one.")
        if len(touching) == 1:
            # git takes the side that changed a file as it is
            same = result == before[touching[0]]
            return "" if same else _("One side alone changed this file, yet it is another one.")
        if result is None:
            is_renamed = path in self._former.values()
            return "" if is_renamed else _("What one side still had is gone.")
        sides = [self.walk.history.blob(name) or b"" for name in before if name is not None]
        return wrong(path, self.walk.history.blob(result) or b"", sides, lost)


def wrong(path: str, joined: bytes, sides: Sequence[bytes], lost: Lost) -> str:
    """What keeps these bytes from being a merge of the sides: an added line or a lost entry."""
    foreign = _foreign(joined, sides)
    if foreign or records.type_of(path) is None:
        return foreign
    return next((words for side in sides if (words := lost(path, side, joined))), "")


def _is_gone(change: Change) -> bool:
    return change.is_gone


def _is_new(change: Change) -> bool:
    return change.is_new


def _foreign(joined: bytes, sides: Sequence[bytes]) -> str:
    """Whether there is a line that neither side wrote."""
    known = {line for side in sides for line in side.splitlines()}
    line = next((line for line in joined.splitlines() if line not in known), None)
    if line is None:
        return ""
    return _("It holds a line that neither side wrote: {line}").format(
        line=ascii(line.decode("utf-8", "replace")[:60])
    )
