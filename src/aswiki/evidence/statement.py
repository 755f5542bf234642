"""The statement of an anchor: numbered, chained, and the same bytes wherever it is written."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aswiki.errors import BadInput
from aswiki.lang import _

VERSION: Final = "aswiki-anchor/v1"
RECEIPT: Final = "aswiki-receipt"
FOLDER: Final = ".aswiki/anchors/"
CHAINS: Final = ".aswiki/ltv/"
NONE: Final = "0" * 64
"""The ``prev`` of the first statement, which has none before it."""

_OBJECT = r"[0-9a-f]{40}|[0-9a-f]{64}"
_SHA256 = r"[0-9a-f]{64}"
_NUMBER = r"0|[1-9][0-9]{0,15}"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})"
_KEYS: Final = {
    "repo-id": _OBJECT,
    "seq": r"[1-9][0-9]{0,5}",
    "prev": _SHA256,
    "ref": r"refs/heads/[!-~]{1,200}",
    "commit": _OBJECT,
    "commits": _NUMBER,
    "objects-sha256": _SHA256,
    "records-root": _SHA256,
    "records-count": _NUMBER,
    "keys-sha256": _SHA256,
    "created": _TIME,
    "signer": r"[!-~\u00a1-\U0010ffff]{1,200}",
}
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Statement:
    """What an anchor says, in the order of its lines.

    Attributes:
        repo_id: the repository's first commit, that which has no parent on the first-parent line.
        seq: the anchor's number, from 1.
        prev: the SHA-256 of the statement before it; 64 zeros for the first.
        ref: the full name of the main ref.
        commit: the head when the statement was made.
        commits: how many commits lead to it, itself among them.
        objects_sha256: over every object that the commit reaches and the one before did not.
        records_root: the Merkle root over the records of that commit.
        records_count: how many they are.
        keys_sha256: of ``.aswiki/allowed_signers`` in that commit; of nothing where it has none.
        created: when it was made, as its maker says; ISO 8601 with offset.
        signer: the principal who signs it.
    """

    repo_id: str
    seq: int
    prev: str
    ref: str
    commit: str
    commits: int
    objects_sha256: str
    records_root: str
    records_count: int
    keys_sha256: str
    created: str
    signer: str

    def text(self) -> bytes:
        """The statement's bytes: the version, then one ``key: value`` line each, UTF-8 and LF."""
        values = (
            self.repo_id,
            self.seq,
            self.prev,
            self.ref,
            self.commit,
            self.commits,
            self.objects_sha256,
            self.records_root,
            self.records_count,
            self.keys_sha256,
            self.created,
            self.signer,
        )
        lines = [f"{key}: {value}" for key, value in zip(_KEYS, values, strict=True)]
        return "".join(f"{line}\n" for line in (VERSION, *lines)).encode()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, which the next statement and the receipt name."""
        return hashlib.sha256(self.text()).hexdigest()

    @property
    def receipt(self) -> str:
        """The line that is handed out: what ``--expect-anchor`` takes."""
        return f"{RECEIPT} v1 {self.repo_id} {self.seq} {self.sha256} {self.created}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody outside holds of an anchor; the hash alone when nothing else was kept."""

    sha256: str
    repo_id: str | None = None
    seq: int | None = None
    created: str | None = None


def parse(raw: bytes) -> Statement | None:
    """The statement of these bytes, or None when they are not exactly one."""
    if len(raw) > _LONGEST:
        return None
    try:
        first, *lines, last = raw.decode("utf-8").split("\n")
    except (UnicodeDecodeError, ValueError):
        return None
    if first != VERSION or last or len(lines) != len(_KEYS):
        return None
    values: dict[str, str] = {}
    for (key, form), line in zip(_KEYS.items(), lines, strict=True):
        name, _colon, value = line.partition(": ")
        if name != key or not re.fullmatch(form, value):
            return None
        values[key] = value
    return None if _moment(values["created"]) is None else _statement(values)


def path(seq: int, ending: str) -> str:
    """Where a file of an anchor lies, for instance ``path(42, "txt")``."""
    return f"{FOLDER}{seq:06}.{ending}"


def place(path: str) -> tuple[int, str] | None:
    """The number and ending of an anchor's file; None for a path that is none."""
    found = re.fullmatch(re.escape(FOLDER) + r"([0-9]{6})\.([a-z0-9.-]+)", path)
    return (int(found[1]), found[2]) if found else None


def receipt(words: str) -> Receipt:
    """What a receipt says, given whole or as its hash alone.

    Raises:
        BadInput: code ``bad-receipt``.
    """
    parts = words.split()
    if len(parts) == 1 and re.fullmatch(_SHA256, parts[0]):
        return Receipt(parts[0])
    forms = (RECEIPT, "v1", _OBJECT, _KEYS["seq"], _SHA256, _TIME)
    whole = len(parts) == len(forms)
    if whole and all(re.fullmatch(f, p) for f, p in zip(forms, parts, strict=True)):
        return Receipt(parts[4], parts[2], int(parts[3]), parts[5])
    raise BadInput(
        "bad-receipt",
        _("{words} is not a receipt.").format(words=ascii(words)),
        _("Give the line that `aswiki receipt` prints, or the 64 hex digits in it."),
    )


def _statement(values: dict[str, str]) -> Statement:
    return Statement(
        repo_id=values["repo-id"],
        seq=int(values["seq"]),
        prev=values["prev"],
        ref=values["ref"],
        commit=values["commit"],
        commits=int(values["commits"]),
        objects_sha256=values["objects-sha256"],
        records_root=values["records-root"],
        records_count=int(values["records-count"]),
        keys_sha256=values["keys-sha256"],
        created=values["created"],
        signer=values["signer"],
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
