"""CODEOWNERS: who is asked to review a customer's records, and who the wiki's settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HANDLE_KEY = "x_handle"
"""The key of a person in people.toml that holds their name at the host, ``@`` included."""

SETTINGS_PATHS = (
    "/.aswiki/", "/.gitattributes", "/.github/", "/.gitlab/", "/aswiki.toml", "/people.toml",
)  # fmt: skip

_HANDLE = re.compile(r"@[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


@dataclass(frozen=True)
class Owner:
    """One who answers for something: what they are called, and at the host; either may be empty."""

    name: str = ""
    handle: str = ""


def owner(id_: str, people: Mapping[str, object]) -> Owner:
    """A person of ``people.toml``, or the words themselves where it knows no such person."""
    said = people.get(id_)
    if not isinstance(said, dict):
        return Owner(_line(id_))
    handle = said.get(HANDLE_KEY)
    good = isinstance(handle, str) and _HANDLE.fullmatch(handle) is not None
    return Owner(_line(str(said.get("name", id_))), str(handle) if good else "")


def setting_lines(admins: Iterable[Owner]) -> str:
    """The lines of what only admins should change."""
    every = list(admins)
    return "\n".join(_rule(path, every) for path in SETTINGS_PATHS)


def customer_lines(owners: Mapping[str, Owner]) -> str:
    """A line a customer, by slug; where there is none yet, one that shows how it is written."""
    if not owners:
        return _rule("/customers/acme/", [])
    return "\n".join(_rule(f"/customers/{slug}/", [each]) for slug, each in owners.items())


def _rule(path: str, owners: Sequence[Owner]) -> str:
    """A rule; a comment that says whom to put there while no owner has a name at the host."""
    handles = list(dict.fromkeys(each.handle for each in owners if each.handle))
    if handles:
        return f"{path} {' '.join(handles)}"
    names = ", ".join(each.name for each in owners if each.name)
    return f"# {path} @…" + (f"  ({names})" if names else "")


def _line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
