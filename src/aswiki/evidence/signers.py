"""Who may sign: the lines of ``allowed_signers`` and ``admins`` as values, and back."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from aswiki.domain.problem import Problem
from aswiki.evidence import wire
from aswiki.lang import _

SIGNERS = ".aswiki/allowed_signers"
ADMINS = ".aswiki/admins"
GIT, ANCHOR, WITNESS = "git", "aswiki-anchor", "aswiki-witness"
NAMESPACES = (GIT, ANCHOR, WITNESS)
WEAKEST_RSA_BITS = 2048

_OPEN_TO_ALL = (".aswiki/anchors/", ".aswiki/ltv/")
_KINDS = {
    "ssh-ed25519": 2,
    "sk-ssh-ed25519@openssh.com": 3,
    "ecdsa-sha2-nistp256": 3,
    "ecdsa-sha2-nistp384": 3,
    "ecdsa-sha2-nistp521": 3,
    "sk-ecdsa-sha2-nistp256@openssh.com": 4,
    "ssh-rsa": 3,
}
"""How many byte strings a public key of each kind has."""

# what a principal is made of: no blank, quote, comma, wildcard or sign that could steer a terminal
_PRINCIPAL = re.compile(r'[^\s"\',*?!#\\][^\s"\',*?!\\]*')
_LINE = re.compile(
    r"(?P<principal>\S+) (?P<options>[a-z-]+=\S+) (?P<type>[a-z0-9@.-]+) (?P<base64>[\w+/=]+)"
    r"(?: .*)?",
    re.ASCII,
)
_OPTION = re.compile(r'(namespaces|valid-after|valid-before)="([^",=]+(?:,[^",=]+)*)"(?:,(?=.)|$)')
_ENDS = ("valid-after", "valid-before")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(r"(\d{8})(\d{4})?(\d{2})?Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """One line of ``allowed_signers``.

    Attributes:
        principal: the e-mail address whose commits the key may sign.
        namespaces: what it may sign: ``git``, ``aswiki-anchor``, ``aswiki-witness``.
        valid_after: the first second of its window, in UTC; None where it has no beginning.
        valid_before: the last second of its window, in UTC; None where it has no end.
        key_type: the word before the key, such as ``ssh-ed25519``.
        key_base64: the public key.
        line: its line in the file, from 1.
    """

    principal: str
    namespaces: tuple[str, ...]
    valid_after: datetime | None
    valid_before: datetime | None
    key_type: str
    key_base64: str
    line: int = 0

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in the window, both ends in, as ssh-keygen has it."""
        return (self.valid_after is None or self.valid_after <= at) and (
            self.valid_before is None or at <= self.valid_before
        )

    def allows(self, namespace: str, at: datetime) -> bool:
        """Whether the key may sign this at a moment."""
        return namespace in self.namespaces and self.covers(at)

    def text(self) -> str:
        """The line of the file, without its end."""
        options = [f'namespaces="{",".join(self.namespaces)}"']
        window = zip(_ENDS, (self.valid_after, self.valid_before), strict=True)
        options += [f'{name}="{_written(moment)}"' for name, moment in window if moment]
        return f"{self.principal} {','.join(options)} {self.key_type} {self.key_base64}"


def parse(text: str) -> tuple[list[Key], list[Problem]]:
    """The keys of ``allowed_signers``, in order, and what is wrong with the other lines.

    A line that is not understood to the letter allows nobody: no wildcards, no certificates, one
    principal a line and one line a key, namespaces named, windows ending in Z.
    """
    keys: list[Key] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        found = _key(line)
        if isinstance(found, Key) and found.key_base64 in seen:
            found = _("The key stands in line {line} already.").format(line=seen[found.key_base64])
        if isinstance(found, Key):
            seen[found.key_base64] = number
            keys.append(replace(found, line=number))
        else:
            hint = _("Write the file with aswiki key add and aswiki key retire.")
            problems.append(Problem(SIGNERS, number, 1, "signers", "error", found, hint))
    return keys, problems


def admins(text: str) -> frozenset[str]:
    """The principals that may touch policy files: one a line, ``#`` begins a comment line."""
    lines = (line.strip(" \t\r") for line in text.split("\n"))
    return frozenset(line for line in lines if is_principal(line))


def is_principal(words: str) -> bool:
    """Whether the words can be a principal: one word without wildcards, quotes and commas."""
    return words.isprintable() and _PRINCIPAL.fullmatch(words) is not None


def is_policy(path: str) -> bool:
    """Whether only admins may touch a file of the wiki.

    Anchors, their tokens and what belongs to these are not policy: everybody may add to them.
    """
    if path.startswith(_OPEN_TO_ALL):
        return False
    name = path.rpartition("/")[2]
    return path.startswith(".aswiki/") or name == ".gitattributes" or path == "aswiki.toml"


def public_key(text: str) -> tuple[str, str] | None:
    """Kind and base64 of a public key, as in a ``.pub`` file; None for anything else."""
    words = text.strip().split(maxsplit=2)
    return (words[0], words[1]) if len(words) > 1 and is_key(words[0], words[1]) else None


def is_key(key_type: str, key_base64: str) -> bool:
    """Whether this is a whole public key of a kind that may sign here.

    RSA has 2048 bits at least; DSA keys and certificates are none.
    """
    fields = wire.strings(wire.unarmored(key_base64) or b"")
    if not fields or fields[0] != key_type.encode() or len(fields) != _KINDS.get(key_type):
        return False
    if key_type == "ssh-rsa":
        exponent, modulus = (wire.number(field) for field in fields[1:])
        return bool(exponent) and modulus is not None and modulus.bit_length() >= WEAKEST_RSA_BITS
    if "ecdsa" in key_type:
        return fields[1] == key_type.split("@", maxsplit=1)[0].rpartition("-")[2].encode()
    return len(fields[1]) == 32


def fingerprint(key: Key | str) -> str:
    """A key's name as ssh-keygen prints it, ``SHA256:…``; of a Key or of its base64."""
    return _fingerprint(key.key_base64 if isinstance(key, Key) else key)


@lru_cache(maxsize=256)
def _fingerprint(key_base64: str) -> str:
    digest = hashlib.sha256(wire.unarmored(key_base64) or b"").digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _key(line: str) -> Key | str:
    """The key of a line, or what is wrong with the line."""
    found = _LINE.fullmatch(line)
    if found is None:
        return _('The line is not: ADDRESS namespaces="…" KIND KEY')
    options = dict(_options(found["options"]))
    fault = _fault(found["principal"], options, found["type"], found["base64"])
    if fault:
        return fault
    after, before = (_moment(options.get(name)) for name in _ENDS)
    namespaces = tuple(options["namespaces"].split(","))
    return Key(found["principal"], namespaces, after, before, found["type"], found["base64"])


def _fault(
    principal: str, options: Mapping[str, str], key_type: str, key_base64: str
) -> str | None:
    """What is wrong with the parts of a line."""
    if not is_principal(principal):
        return _("A principal is one address without wildcards: {principal}").format(
            principal=ascii(principal)
        )
    if not set(options.get("namespaces", "").split(",")) <= set(NAMESPACES):
        return _("The options are namespaces, of {choices}, and a window.").format(
            choices=", ".join(NAMESPACES)
        )
    after, before = (_moment(options.get(name)) for name in _ENDS)
    if (after is None) is ("valid-after" in options) or (before is None) is (
        "valid-before" in options
    ):
        return _("A window's ends are moments ending in Z, such as 20261003140500Z.")
    if after is not None and before is not None and after >= before:
        return _("The window ends before it begins.")
    if not is_key(key_type, key_base64):
        return _("This is no public key that may sign: {kind}").format(kind=key_type)
    return None


def _options(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of each option; none at all where one is unknown or stands twice."""
    found = list(_OPTION.finditer(text))
    names = {match[1] for match in found}
    if "".join(match[0] for match in found) == text and len(names) == len(found):
        yield from ((match[1], match[2]) for match in found)


def _moment(text: str | None) -> datetime | None:
    """A moment of a window; None where none is given, or what is given is none."""
    found = _MOMENT.fullmatch(text or "")
    if found is None:
        return None
    digits = found[1] + (found[2] or "0000") + (found[3] or "00")
    try:
        moment = datetime.strptime(f"{digits}Z", "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment > _EPOCH else None  # ssh-keygen knows none before


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
