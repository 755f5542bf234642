"""The folders that travel with the program: templates, examples, import maps."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """A packaged folder, in an installed program and in a checkout alike."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent.parent / name


def template(wiki: Path, name: str) -> Path | None:
    """A template of the wiki's own ``templates/``, else the packaged one; None where neither is."""
    for place in (wiki / "templates" / name, folder("templates") / name):
        if place.is_file() and not place.is_symlink():
            return place
    return None
