"""What the leak scan looks for in one wiki, read from its profiles and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aswiki.domain.readers.secrets import secrets_of
from aswiki.store import document

if TYPE_CHECKING:
    from aswiki.domain.readers.secrets import Secrets
    from aswiki.wiki.wiki import Wiki

_KEYS = ("name", "title", "short_name", "aliases", "contacts")


def secrets(
    wiki: Wiki, bytes_of: Callable[[str], bytes | None], people: Mapping[str, Any]
) -> Secrets:
    """Everything that no text for a customer may hold, by the files as they are now.

    Args:
        wiki: the open wiki.
        bytes_of: the bytes of a file, a draft's before the working folder's.
        people: what people.toml holds.
    """
    profiles: dict[str, Mapping[str, Any]] = {}
    for slug in wiki.customers():
        raw = bytes_of(f"customers/{slug}/profile.md")
        profiles[slug] = _profile(raw) if raw is not None else {}
    return secrets_of(profiles, people, wiki.settings)


@lru_cache(maxsize=8192)
def _profile(raw: bytes) -> Mapping[str, Any]:
    """What a profile says of names and people; a command checks a record before and after."""
    data = document.read("profile.md", raw).data
    return {key: data[key] for key in _KEYS if key in data}
