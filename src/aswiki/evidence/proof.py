"""The proof of one record: its leaf and the way from there to the root that an anchor names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aswiki.evidence import merkle

VERSION: Final = "aswiki-proof/v1"
_SHA256 = r"[0-9a-f]{64}"
_NUMBER = r"0|[1-9][0-9]{0,9}"
_HEAD: Final = {
    "salt": _SHA256,
    "sha256": _SHA256,
    "commit": r"[0-9a-f]{40}|[0-9a-f]{64}",
    "path": r"[^\n]{1,1000}",
    "index": _NUMBER,
    "size": _NUMBER,
}
_STEP = re.compile(rf"(left|right): ({_SHA256})")


@dataclass(frozen=True, slots=True)
class RecordProof:
    """What proves one record against the root of an anchor."""

    leaf: merkle.Leaf
    way: merkle.Proof

    def text(self) -> bytes:
        """The proof's bytes: the version, ``key: value`` lines, then the siblings from the leaf up.

        Each sibling is named by the side on which it is joined, so that a shell can follow.
        """
        leaf, way = self.leaf, self.way
        values = (leaf.salt, leaf.sha256, leaf.commit, leaf.path, way.index, way.size)
        head = [f"{key}: {value}" for key, value in zip(_HEAD, values, strict=True)]
        sides = _sides(way.index, way.size)
        steps = [f"{side}: {each.hex()}" for side, each in zip(sides, way.siblings, strict=True)]
        return "".join(f"{line}\n" for line in (VERSION, *head, *steps)).encode()

    def holds(self, record: bytes, root: str) -> bool:
        """Whether these bytes are the record and the way leads from it to the root."""
        import hashlib

        same = hashlib.sha256(record).hexdigest() == self.leaf.sha256
        return same and merkle.check(self.leaf, self.way, root)


def parse(raw: bytes) -> RecordProof | None:
    """The proof of these bytes, or None when they are not exactly one."""
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    values: dict[str, str] = {}
    for (key, form), line in zip(_HEAD.items(), lines[1:], strict=False):
        name, _colon, value = line.partition(": ")
        if name != key or not re.fullmatch(form, value):
            return None
        values[key] = value
    steps = [_STEP.fullmatch(line) for line in lines[1 + len(_HEAD) : -1]]
    if len(values) != len(_HEAD) or not all(steps):
        return None
    leaf = merkle.Leaf(values["path"], values["sha256"], values["commit"], values["salt"])
    siblings = tuple(bytes.fromhex(step[2]) for step in steps if step)
    way = merkle.Proof(int(values["index"]), int(values["size"]), siblings)
    found = RecordProof(leaf, way)
    if not way.index < way.size or len(siblings) != len(_sides(way.index, way.size)):
        return None
    return found if found.text() == raw else None


def _sides(index: int, size: int) -> list[str]:
    """The side on which each sibling stands, from the leaf up."""
    found: list[str] = []
    place, last = index, size - 1
    while last:
        if place % 2:
            found.append("left")
        elif place < last:
            found.append("right")
        place, last = place // 2, last // 2
    return found
