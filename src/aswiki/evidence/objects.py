"""A commit object's raw bytes as a value, read strictly: what git would pass over is a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from aswiki.errors import BadInput
from aswiki.lang import _

# ten digits reach the year 2286; more are no date that anybody meant
_PERSON = re.compile(
    rb"(?P<name>[^<>\n\0]*) <(?P<email>[^<>\n\0]*)> (?P<seconds>0|[1-9][0-9]{0,9}) "
    rb"(?P<sign>[+-])(?P<hours>[0-9]{2})(?P<minutes>[0-9]{2})"
)
_NAME = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
_USUAL = re.compile(
    rb"tree ([0-9a-f]{40}(?:[0-9a-f]{24})?)\n(?:parent ([0-9a-f]{40}(?:[0-9a-f]{24})?)\n)?"
    rb"author ([^\n]+)\ncommitter ([^\n]+)"
    rb"(?:\ngpgsig ([^\n]+(?:\n [^\n]*)*))?"
)
"""What nearly every header looks like: one parent, no encoding."""

_ORDER = (b"tree", b"parent", b"author", b"committer", b"encoding", b"gpgsig")
_MANY = b"parent"
_NEEDED = (b"tree", b"author", b"committer")


@dataclass(frozen=True, slots=True)
class Person:
    """Who and when, as an author or committer header says it.

    Attributes:
        name: the name.
        email: the address, without its brackets.
        at: the moment, with the offset written there.
    """

    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommitObject:
    """One commit as its bytes say it.

    Attributes:
        tree: the full name of its tree.
        parents: full names, the first parent first.
        author: who made it.
        committer: who recorded it.
        signature: the armored signature, or an empty text.
        payload: the bytes that a signature covers: all but the signature's own header.
        message: the message, lossless where it is UTF-8.
        faults: what a strict reader objects to, as sentences; empty for a commit like ours.
    """

    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    signature: str
    payload: bytes
    message: str
    faults: tuple[str, ...] = ()


def parse_commit(raw: bytes) -> CommitObject:
    """The commit of these bytes.

    Raises:
        BadInput: code ``malformed-commit``; they are so far from a commit that nothing can be read.
    """
    header, blank, message = raw.partition(b"\n\n")
    usual = _USUAL.fullmatch(header) if blank and b"\0" not in raw else None
    if usual is not None:
        return _usual(usual, header, message)
    fields, faults = _fields(header)
    if not blank:
        faults.append(_("The message is missing."))
    first = dict(reversed(fields))
    if not all(key in first for key in _NEEDED) or not _NAME.fullmatch(first[b"tree"]):
        raise _malformed()
    faults += _order_faults([key for key, _value in fields])
    parents = [value for key, value in fields if key == b"parent"]
    if not all(_NAME.fullmatch(name) for name in parents):
        raise _malformed()
    author, committer = (_person(first[key], faults) for key in (b"author", b"committer"))
    if b"\0" in raw:
        faults.append(_("There is a NUL byte in it."))
    signature = first.get(b"gpgsig", first.get(b"gpgsig-sha256", b""))
    return CommitObject(
        first[b"tree"].decode(),
        tuple(name.decode() for name in parents),
        author,
        committer,
        signature.decode("ascii", "replace"),
        _payload(header) + blank + message,
        message.decode("utf-8", "surrogateescape"),
        tuple(faults),
    )


def _usual(found: re.Match[bytes], header: bytes, message: bytes) -> CommitObject:
    """The commit of a header as nearly all are, read in one step."""
    tree, parent, author, committer, signature = found.groups(b"")
    faults: list[str] = []
    start = found.start(5) - len("\ngpgsig ") if signature else len(header)
    who = _person(author, faults)
    return CommitObject(
        tree.decode(),
        (parent.decode(),) if parent else (),
        who,
        who if committer == author and not faults else _person(committer, faults),
        signature.replace(b"\n ", b"\n").decode("ascii", "replace"),
        header[:start] + b"\n\n" + message,
        message.decode("utf-8", "surrogateescape"),
        tuple(faults),
    )


def _fields(header: bytes) -> tuple[list[tuple[bytes, bytes]], list[str]]:
    """The header's keys and values in order; a line that begins with a blank continues one."""
    fields: list[tuple[bytes, bytes]] = []
    faults: list[str] = []
    for line in header.split(b"\n"):
        key, space, value = line.partition(b" ")
        if key == b"" and fields:
            if not fields[-1][0].startswith(b"gpgsig"):
                faults.append(_("A header other than the signature has several lines."))
            fields[-1] = (fields[-1][0], fields[-1][1] + b"\n" + value)
        else:
            if not space:
                faults.append(_("A header has no value."))
            fields.append((key, value))
    return fields, faults


def _order_faults(keys: list[bytes]) -> list[str]:
    """Headers that are unknown, doubled or out of their order."""
    # a repository with SHA-256 names keeps its signature under a longer key
    plain = [b"gpgsig" if key == b"gpgsig-sha256" else key for key in keys]
    faults = [
        _("The header {key} does not belong there.").format(key=ascii(key.decode("latin-1")))
        for key in plain
        if key not in _ORDER
    ]
    faults += [
        _("The header {key} is there twice.").format(key=key.decode())
        for key in _ORDER
        if key != _MANY and plain.count(key) > 1
    ]
    known = [_ORDER.index(key) for key in plain if key in _ORDER]
    if known != sorted(known):
        faults.append(_("The headers are out of order."))
    return faults


def _person(value: bytes, faults: list[str]) -> Person:
    found = _PERSON.fullmatch(value)
    if found is None:
        faults.append(_("A name or a date is not one that git writes."))
        return Person("", "", datetime.fromtimestamp(0, UTC))
    name, email = (found[key].decode("utf-8", "replace") for key in ("name", "email"))
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    if offset > timedelta(hours=14):
        faults.append(_("A date is of no time zone that there is."))
        offset = timedelta()
    zone = timezone(-offset if found["sign"] == b"-" else offset)
    return Person(name, email, datetime.fromtimestamp(int(found["seconds"]), zone))


def _payload(header: bytes) -> bytes:
    """The header without its signature, as it was when it was signed."""
    if b"gpgsig" not in header:
        return header
    kept: list[bytes] = []
    within = False
    for line in header.split(b"\n"):
        within = line.startswith((b"gpgsig ", b"gpgsig-sha256 ")) or (within and line[:1] == b" ")
        if not within:
            kept.append(line)
    return b"\n".join(kept)


def _malformed() -> BadInput:
    return BadInput("malformed-commit", _("An object that should be a commit is none."))
