"""The folders that travel with the program: templates, examples, import maps."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent
_BELOW = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*")


def folder(name: str) -> Path:
    """A packaged folder, in an installed program and in a checkout alike."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent.parent / name


def template(wiki: Path, name: str) -> Path | None:
    """A template of the wiki's own ``templates/``, else the packaged one; None where neither is.

    A template may name others to include: one that leads out of the folder is nowhere.
    """
    if _BELOW.fullmatch(name) is None:
        return None
    own, place = wiki / "templates", wiki / "templates" / name
    on_the_way = [place, *(above for above in place.parents if above.is_relative_to(own))]
    if place.is_file() and not any(step.is_symlink() for step in on_the_way):
        return place
    place = folder("templates") / name
    return place if place.is_file() else None
