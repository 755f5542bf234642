"""One commit, built object by object, so that no filter, hook or work tree has a say in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aswiki.errors import BadInput, Defect, Unusable
from aswiki.lang import _
from aswiki.store.git import index, objects
from aswiki.store.git.draft import Raced
from aswiki.store.git.objects import PLAIN, Entry
from aswiki.store.git.reading import contents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aswiki.store.git.draft import Draft, Put
    from aswiki.store.git.index import Index
    from aswiki.store.git.objects import Folder
    from aswiki.store.git.runner import Runner

MANY = 100  # from so many blobs on they go into one pack: one sync to the disk, not one each

Entries = dict[str, Entry | None]
Behind = Callable[[], Entries]


@dataclass(frozen=True, slots=True)
class Plan:
    """The objects a draft needs.

    Attributes:
        entries: the object of each path that the index is to hold anew, None where it goes away.
        blobs: the new blobs by name.
        trees: the new folders by the name of their tree, the deepest first.
        root: the name of the topmost tree.
    """

    entries: Entries
    blobs: dict[str, bytes]
    trees: dict[str, Folder]
    root: str


def commit(runner: Runner, git_dir: Path, draft: Draft, behind: Behind) -> str:
    """Record the draft on the branch of HEAD and refresh the user's index; its full name.

    Args:
        runner: git at the top of the work tree.
        git_dir: the git folder of the work tree.
        draft: what to record.
        behind: the entries of the index that a writer that died left behind.

    Raises:
        Raced: HEAD is not at the draft's parent.
        BadInput: a path cannot be in a commit, or nothing would change.
        Unusable: git refuses; nothing was recorded.
    """
    with index.held(git_dir) as held:
        plan = _plan(runner, draft)
        if len(plan.blobs) < MANY:
            _store_loose(runner, held, plan)
        else:
            _store_packed(runner, plan, draft.algorithm)
        name = _store_commit(runner, draft, plan.root)
        held.prepare(runner, (behind() if held.healed else {}) | plan.entries)
        _advance(runner, name, draft.parent, draft.subject)
        held.publish()
    return name


def move(
    runner: Runner, git_dir: Path, new: str, old: str, entries: Entries, behind: Behind
) -> None:
    """Put the branch of HEAD from one commit on another, and refresh the user's index.

    Args:
        runner: git at the top of the work tree.
        git_dir: the git folder of the work tree.
        new: the commit to go to, which is there.
        old: the commit the branch is at.
        entries: what the index is to hold for each path that differs between the two.
        behind: the entries of the index that a writer that died left behind.

    Raises:
        Raced: HEAD is not at the old commit.
        Unusable: git refuses; nothing has moved.
    """
    with index.held(git_dir) as held:
        held.prepare(runner, (behind() if held.healed else {}) | entries)
        _advance(runner, new, old, "sync")
        held.publish()


def heal(runner: Runner, git_dir: Path, behind: Behind) -> bool:
    """Refresh the index where a writer died between its commit and that; whether one had."""
    with index.held(git_dir) as held:
        if held.healed:
            held.prepare(runner, behind())
            held.publish()
        return held.healed


def _plan(runner: Runner, draft: Draft) -> Plan:
    folders = objects.folders_on_the_way(draft.changes)
    base = draft.parent or "HEAD"
    names = [f"{base}:{folder}" if folder else f"{base}^{{tree}}" for folder in folders]
    head, *found = contents(runner, ["HEAD", *names])
    if (head.id if head else None) != draft.parent:
        raise _raced()
    before: dict[str, Folder] = {}
    for folder, tree in zip(folders, found, strict=True):
        is_tree = tree is not None and tree.kind == "tree"
        before[folder] = objects.parse_tree(tree.data, draft.algorithm) if tree and is_tree else {}
    entries: Entries = {}
    same: Entries = {}
    blobs: dict[str, bytes] = {}
    for path, put in draft.changes.items():
        entry = _entry(put, draft.algorithm)
        if not objects.differs(before, path, entry):
            same[path] = entry
            continue
        entries[path] = entry
        if entry and isinstance(put, bytes):
            blobs[entry.id] = put
    if not entries and draft.other is None:
        raise BadInput(
            "nothing-to-commit",
            _("The last commit already holds exactly this."),
            _("There is nothing left to do."),
        )
    after = objects.rewritten(before, entries, draft.algorithm)
    trees = {tree: folder for path, (tree, folder) in after.items() if folder or not path}
    # of what a merge settled on our own version, the index may still hold the conflict
    settled = same if draft.other is not None else {}
    return Plan(settled | entries, blobs, trees, after[""][0])


def _entry(put: Put, algorithm: str) -> Entry | None:
    if isinstance(put, bytes):
        return Entry(PLAIN, objects.object_id("blob", put, algorithm))
    return put


def _store_loose(runner: Runner, held: Index, plan: Plan) -> None:
    if len(plan.blobs) == 1:
        (data,) = plan.blobs.values()
        answer = runner.write("hash-object", "-w", "--no-filters", "--stdin", stdin=data)
        _require_same(answer.out, plan.blobs)
    elif plan.blobs:
        names = b"".join(held.put(blob, data).encode() + b"\n" for blob, data in plan.blobs.items())
        answer = runner.write("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=names)
        _require_same(answer.out, plan.blobs)
    lines = b"".join(objects.tree_lines(folder) + b"\0" for folder in plan.trees.values())
    answer = runner.write("mktree", "-z", "--batch", "--missing", stdin=lines)
    _require_same(answer.out, plan.trees)


def _store_packed(runner: Runner, plan: Plan, algorithm: str) -> None:
    whole = {blob: ("blob", data) for blob, data in plan.blobs.items()}
    for tree, folder in plan.trees.items():
        whole[tree] = ("tree", objects.tree_bytes(folder))
    data = objects.pack(whole.values(), len(whole), algorithm)
    runner.write("index-pack", "--stdin", "--strict", stdin=data)


def _store_commit(runner: Runner, draft: Draft, tree: str) -> str:
    """Make the commit object and make sure that it is the one meant; its name."""
    parents = [word for each in draft.parents for word in ("-p", each)]
    signing = ["-c", "gpg.format=ssh", "commit-tree", "-S"] if draft.signed else ["commit-tree"]
    arguments = [*signing, *parents, tree]
    answer = runner.write(*arguments, stdin=draft.message.encode(), extra=draft.variables)
    name = answer.out.decode().strip()
    if name != objects.object_id("commit", draft.commit_bytes(tree), draft.algorithm):
        _require_meant(runner, draft, tree, name)
    return name


def _require_meant(runner: Runner, draft: Draft, tree: str, name: str) -> None:
    """Read a commit back that is signed, or whose author's name git has tidied."""
    (written,) = contents(runner, [name])
    header, _blank, text = written.data.partition(b"\n\n") if written else (b"", b"", b"")
    lines = header.decode("utf-8", "replace").split("\n")
    links = [line for line in lines if line.startswith(("tree ", "parent "))]
    meant = [f"tree {tree}", *(f"parent {each}" for each in draft.parents)]
    is_signed = any(line.startswith("gpgsig") for line in lines)
    if links != meant or text != draft.message.encode() or is_signed != draft.signed:
        raise Defect("wrong-commit", _("Git wrote another commit than the one that was meant."))


def _advance(runner: Runner, name: str, parent: str | None, subject: str) -> None:
    """Move the branch of HEAD from a commit (None: an unborn branch) to the new one, or raise."""
    old = parent or "0" * len(name)
    try:
        runner.write("update-ref", "-m", f"aswiki: {subject}", "HEAD", name, old)
    except Unusable as error:
        (head,) = contents(runner, ["HEAD"])
        found = head.id if head else None
        if found == name:
            return
        if found != parent:
            raise _raced() from error
        raise


def _require_same(answered: bytes, expected: Iterable[str]) -> None:
    if answered.decode().split() != list(expected):
        raise Defect("wrong-object", _("Git named an object otherwise than expected."))


def _raced() -> Raced:
    return Raced(
        "raced",
        _("Another commit came in between."),
        _("Nothing was written; try again."),
    )
