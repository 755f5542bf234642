"""Three versions of a text merged line by line, by ``git merge-file``; no repository is needed."""

from __future__ import annotations

from typing import NamedTuple

from aswiki.store.git.runner import Runner
from aswiki.store.process import aside

_BINARY = 255
_MOST_CONFLICTS = 127


class Lines(NamedTuple):
    """The merged bytes and how many conflicts stand in them between markers."""

    content: bytes
    conflicts: int


def merge_lines(base: bytes, ours: bytes, theirs: bytes, size: int) -> Lines | None:
    """The merge of three texts by their lines, or None for bytes that are no text.

    Args:
        base: the version both sides come from, empty where there is none.
        ours: one side's.
        theirs: the other's.
        size: how many characters a conflict marker has.

    Raises:
        Unusable: git is missing, too old or fails.
    """
    with aside({"base": base, "ours": ours, "theirs": theirs}) as folder:
        labels = [word for name in ("ours", "base", "theirs") for word in ("-L", name)]
        words = ("merge-file", "-p", *labels, f"--marker-size={size}", "ours", "base", "theirs")
        runner = Runner(folder, (("merge.conflictStyle", "merge"),))
        answer = runner.read(*words, allowed=(*range(_MOST_CONFLICTS + 1), _BINARY))
    return None if answer.code == _BINARY else Lines(answer.out, answer.code)
