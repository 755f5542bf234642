"""What a commit message says was done: its one final block of trailers, read strictly."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aswiki.lang import _

OPERATIONS = frozenset(
    {
        "create", "update", "append", "close", "retire", "rename", "attach", "import", "anchor",
        "policy", "adopt", "undo", "merge",
    }
)  # fmt: skip

_OURS = re.compile(r"Aswiki-[A-Za-z-]+:")
_LINE = re.compile(r"(Aswiki-[A-Za-z-]+): (.*)")
_RECORD = re.compile(r"(\S+) sha256:([0-9a-f]{64})")
_SUM = re.compile(r"([1-9][0-9]*) sha256:([0-9a-f]{64})")
_ONCE = ("Aswiki-Op", "Aswiki-Records", "Aswiki-Occurred", "Aswiki-Tool")
_SQUASHED = "Squashed commit of the following:"


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says.

    Attributes:
        op: the operation; empty where the message has no block of ours.
        records: each reference with the SHA-256 of its file, of nothing where it went away.
        total: number and hash of so many records that they are not listed, or None.
        occurred: when it happened, as claimed, or None.
        tool: the program that wrote it.
        faults: why it is not one that aswiki writes, as sentences.
        operations: every operation that any line names, also outside the final block.
        is_several: whether it holds several blocks of ours, as a host's squash makes it.
        is_squash: whether it is what ``git merge --squash`` writes.
    """

    op: str = ""
    records: Mapping[str, str] = field(default_factory=dict)
    total: tuple[int, str] | None = None
    occurred: str | None = None
    tool: str = ""
    faults: tuple[str, ...] = ()
    operations: frozenset[str] = frozenset()
    is_several: bool = False
    is_squash: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it ends in a block of ours."""
        return bool(self.op)

    @property
    def is_demo(self) -> bool:
        """Whether it is of the example, whose story plays on days of its own."""
        return self.tool.startswith("aswiki/") and self.tool.endswith(" demo")

    def names(self, changed: Mapping[str, str]) -> bool:
        """Whether exactly these references with these hashes are what it says was changed."""
        if self.total is None:
            return dict(self.records) == dict(changed)
        return not self.records and self.total == (len(changed), digest(changed.items()))


def digest(records: Iterable[tuple[str, str]]) -> str:
    """The hash that stands for many records: of their sorted lines ``ref sha256:…``."""
    lines = sorted(f"{ref} sha256:{sha}\n" for ref, sha in records)
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def read(message: str) -> Said:
    """What the message says, and what in it no operation of ours would write."""
    paragraphs = message.rstrip("\n").split("\n\n")
    lines = paragraphs[-1].split("\n") if len(paragraphs) > 1 else []
    block = [(found[1], found[2]) for line in lines if (found := _LINE.fullmatch(line))]
    above = [line for text in paragraphs[:-1] for line in text.split("\n")]
    loose = [line for line in (above if lines else message.split("\n")) if _OURS.match(line)]
    said = dict(reversed(block))
    op = said.get("Aswiki-Op", "")
    operations = {op}
    if message.count("Aswiki-Op") > 1 or not op:  # a host's squash holds several
        everywhere = (line.strip().partition(": ") for line in message.split("\n"))
        operations = {value.strip() for key, _colon, value in everywhere if key == "Aswiki-Op"}
    faults = [_("A line outside the final block looks like one of it.")] if loose else []
    faults += _block_faults(block, op) if block else []
    if op and not _is_printable(message):
        faults.append(_("It holds signs that steer a terminal or turn the text around."))
    listed = (_RECORD.fullmatch(value) for key, value in block if key == "Aswiki-Record")
    records = {found[1]: found[2] for found in listed if found is not None}
    total = _SUM.fullmatch(said.get("Aswiki-Records", ""))
    return Said(
        op if op in OPERATIONS else "",
        records,
        (int(total[1]), total[2]) if total else None,
        said.get("Aswiki-Occurred"),
        said.get("Aswiki-Tool", ""),
        tuple(faults),
        frozenset(operations),
        any(line.startswith("Aswiki-Op:") for line in loose),
        _SQUASHED in message,
    )


def _block_faults(block: list[tuple[str, str]], op: str) -> list[str]:
    keys = [key for key, _value in block]
    faults = [_("{key} is there twice.").format(key=key) for key in _ONCE if keys.count(key) > 1]
    if op not in OPERATIONS:
        faults.append(_("It names no operation that there is: {op}").format(op=ascii(op)))
    if "Aswiki-Tool" not in keys:
        faults.append(_("It does not say which program wrote it."))
    listed = [value for key, value in block if key == "Aswiki-Record"]
    refs = [value.partition(" ")[0] for value in listed]
    sums = [value for key, value in block if key == "Aswiki-Records"]
    if not all(_RECORD.fullmatch(value) for value in listed) or len(set(refs)) != len(refs):
        faults.append(_("A record is named twice or without its hash."))
    if not all(_SUM.fullmatch(value) for value in sums) or (sums and listed):
        faults.append(_("The sum of its records is not one."))
    unknown = set(keys) - {*_ONCE, "Aswiki-Record"}
    faults += [_("{key} is no line of the block.").format(key=key) for key in sorted(unknown)]
    return faults


def _is_printable(message: str) -> bool:
    return message.replace("\n", "").isprintable()
