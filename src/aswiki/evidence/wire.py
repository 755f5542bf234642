"""SSH's wire format: byte strings behind their lengths, as in keys and signatures."""

from __future__ import annotations

import base64
import binascii

_LENGTH = 4


def strings(data: bytes) -> list[bytes] | None:
    """The byte strings that the data consists of; None where they do not fill it exactly.

    Source: RFC 4251, section 5.
    """
    found: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + _LENGTH
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            return None
        found.append(data[start:at])
    return found


def string(data: bytes) -> bytes:
    """The bytes behind their length."""
    return len(data).to_bytes(_LENGTH, "big") + data


def number(data: bytes) -> int | None:
    """A positive whole number in its one shortest form; None for any other bytes."""
    if not data or data[0] & 0x80 or (data[0] == 0 and not data[1:2] >= b"\x80"):
        return None
    return int.from_bytes(data, "big")


def unarmored(text: str) -> bytes | None:
    """What base64 in its one canonical form holds, without a line break; None for any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None
