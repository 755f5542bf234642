"""A merge that a person made by hand, finished openly: two parents, trailers, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from aswiki.domain import records
from aswiki.domain.problem import Problem
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.evidence import merges
from aswiki.lang import _
from aswiki.wiki.checks import checking
from aswiki.wiki.checks.settings_check import settings_problems
from aswiki.wiki.proof.quarantined import Losses
from aswiki.wiki.saving import Change, Operation, message, writing
from aswiki.wiki.sharing import joining
from aswiki.wiki.sharing.uniting import OP, required
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Wiki

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aswiki.store.git.draft import Put
    from aswiki.store.git.objects import Entry


@dataclass
class Concluded:
    """A finished merge, or what keeps it from being finished.

    Args:
        commit: the full hash; None where something was refused, or nothing was to be written.
        refs: the records that are as neither side has them.
        refused: what a person has to look at.
    """

    commit: str | None = None
    refs: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)


def conclude(wiki: Wiki, *, subject: str | None = None, dry_run: bool = False) -> Concluded:
    """Record the merge that is under way, as the files lie in the folder.

    Every line must be a line of one side, and no log entry of either may be missing: the merge
    would never be proven otherwise. A third version is written by a commit of its own afterwards.

    Raises:
        Unusable: it joins more than two sides, the writer may not sign it, or git refuses.
    """
    repository = wiki.repository
    repository.require_ready(during="merge")
    with writing(wiki, dry_run=dry_run, commits=False):
        head, others = repository.head() or "", repository.merging()
        bases = repository.bases(head, others[0]) if len(others) == 1 else []
        if not bases:
            raise Unusable(
                "odd-merge",
                _("The merge does not join two sides that were together once."),
                _("Give it up, and merge one after the other: git merge --abort"),
            )
        work = _Hand(wiki, (head, others[0]), bases[0])
        found = Concluded(refused=list(work.problems()))
        both = work.both()
        found.refs = [records.reference(c.path) for c in both if records.type_of(c.path)]
        if found.refused or dry_run:
            return found
        operation = Operation(OP, subject or f"merge: {others[0][:10]} by hand")
        found.commit = repository.join(
            work.puts,
            message(wiki, both, operation),
            repository.identity(),
            wiki.now(),
            (head, others[0]),
            sign=required(wiki, both, others[0]),
            during="merge",
        )
        repository.end_merge()
    return found


class _Hand:
    """What the folder holds of the files that a merge touches."""

    def __init__(self, wiki: Wiki, tips: tuple[str, str], base: str) -> None:
        self._wiki = wiki
        self._repository = wiki.repository
        self._tips = tips
        self._base = base
        self._changed = [self._repository.changed(base, tip) for tip in tips]
        touched = {*self._repository.touched_by_merge(), *self._changed[1]}
        self._sides = [self._repository.entries(tip, touched) for tip in tips]
        self._unsafe: list[Problem] = []
        self.puts: dict[str, Put] = {path: self._put(path) for path in sorted(touched)}

    def _put(self, path: str) -> Put:
        """What lies at a path: its bytes, or the side's own entry where these are the same."""
        own = joining.inside(self._wiki, path)
        place = self._repository.top / path
        try:
            if own is not None:
                raw = self._wiki.bytes_of(own)
            else:
                raw = place.read_bytes() if place.is_file() else None
        except (BadInput, NotFound) as error:
            self._unsafe.append(checking.unsafe(own or path, error))
            return None
        name = self._repository.blob_name(raw) if raw is not None else None
        same = (side[path] for side in self._sides if path in side and side[path].id == name)
        return next(same, raw)

    def both(self) -> list[Change]:
        """The wiki's files that are as neither side has them."""
        found = []
        for path, put in self.puts.items():
            own = joining.inside(self._wiki, path)
            is_gone = put is None and all(path in side for side in self._sides)
            if own is not None and (isinstance(put, bytes) or is_gone):
                found.append(Change(own, b"", put if isinstance(put, bytes) else None))
        return found

    def problems(self) -> Iterator[Problem]:
        """What keeps the merge from being one that can be proven."""
        yield from self._unsafe
        for path, put in self.puts.items():
            own = joining.inside(self._wiki, path)
            if own is None:
                continue
            names = {path, self._former.get(path, path)}
            touching = [number for number in (0, 1) if names & self._changed[number].keys()]
            if len(touching) == 2:
                yield from self._of_both(path, own, put)
            elif put != self._sides[touching[0] if touching else 0].get(path):
                said = _("Not both sides changed this file, yet it is another one.")
                hint = _("Take it as it is there, and change it in a commit afterwards.")
                yield _whole(own, said, hint)

    def _of_both(self, path: str, own: str, put: Put) -> Iterator[Problem]:
        """What is wrong with a file that both sides changed."""
        if put is None:
            kept = [side for side in self._sides if path in side]
            if kept and path not in self._former.values():
                hint = _("Bring it back with git checkout HEAD -- FILE, or from the other side.")
                yield _whole(own, _("What one side still had is gone."), hint)
            return
        raw = put if isinstance(put, bytes) else self._bytes(put)
        sides = self._versions(path)
        errors = list(self._errors(own, raw, sides))
        yield from errors
        fault = "" if errors else merges.wrong(own, raw, sides, self._lost)
        if fault:
            hint = _("Take each line from one of the sides; change it in a commit afterwards.")
            yield _whole(own, fault, hint)

    def _errors(self, own: str, raw: bytes, sides: list[bytes]) -> Iterator[Problem]:
        """The errors of a file that neither side had."""
        if own in {PEOPLE, SETTINGS}:
            found = settings_problems(own, raw, self._wiki.reading)
            yield from (problem for problem in found if problem.level == "error")
        elif records.type_of(own) is not None:
            check = self._checker.check
            before = [problem for side in sides for problem in check(own, side).problems]
            yield from checking.new_errors(before, check(own, raw).problems)

    @cached_property
    def _checker(self) -> checking.Checker:
        return checking.Checker(self._wiki)

    @cached_property
    def _lost(self) -> Losses:
        return Losses(self._wiki)

    @cached_property
    def _former(self) -> Mapping[str, str]:
        """The new path of each record that one side renamed → the old one."""
        found = {}
        for tip, changed in zip(self._tips, self._changed, strict=True):
            for path in (path for path, pair in changed.items() if pair.new is None):
                new = joining.renamed(self._wiki, self._base, tip, path)
                if new is not None:
                    found[new] = path
        return found

    def _versions(self, path: str) -> list[bytes]:
        """The bytes of both sides, under the former name where the file has that there."""
        former = self._former.get(path, path)
        entries: list[Entry] = []
        for tip, side in zip(self._tips, self._sides, strict=True):
            known = side if path in side else self._repository.entries(tip, {former})
            entries += [known[name] for name in (path, former) if name in known][:1]
        return [self._bytes(entry) for entry in entries]

    def _bytes(self, entry: Entry) -> bytes:
        return self._repository.bytes_of([entry])[entry.id]


def _whole(path: str, message: str, hint: str) -> Problem:
    return Problem(path, 1, 1, "ASW020", "error", message, hint)
