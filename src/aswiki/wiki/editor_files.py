"""The files that editors read: schemas, settings and snippets, beside what is the user's own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aswiki.domain.editors import merging, settings
from aswiki.domain.editors.front_matter import front_matter
from aswiki.domain.editors.snippets import snippets
from aswiki.domain.json_schema import NAMES
from aswiki.domain.vocabulary import Vocabulary
from aswiki.errors import NotFound
from aswiki.lang import _
from aswiki.store import files

LARGEST = 1024 * 1024
SNIPPETS = ".vscode/aswiki.code-snippets"
TAPLO = ".taplo.toml"
VSCODE_SETTINGS, VSCODE_EXTENSIONS = ".vscode/settings.json", ".vscode/extensions.json"
REMARK, OBSIDIAN = ".remarkrc.json", ".obsidian/types.json"
_SETTINGS = frozenset({SNIPPETS, TAPLO, VSCODE_SETTINGS, VSCODE_EXTENSIONS, REMARK, OBSIDIAN})
_INDENT = re.compile(r"^([ \t]+)\S", re.MULTILINE)


@dataclass(frozen=True)
class Written:
    """What was written, and a sentence for each thing of the user's that was left as it is."""

    paths: Sequence[Path]
    warnings: Sequence[str]


def is_one(path: str) -> bool:
    """Whether a path of the wiki is that of such a file, wherever the schemas were written to."""
    name = path.rpartition("/")[2].removesuffix(".schema.json")
    return path in _SETTINGS or (name in NAMES and path.endswith(".schema.json"))


def write(
    folder: Path, root: Path | None, name: str | None, words: Vocabulary, language: str
) -> Written:
    """Write one ``<name>.schema.json`` a type into a folder, and what editors are to know of them.

    The settings go to the wiki's root, where editors look for them; into the folder itself where
    it is in no wiki. With a ``name`` that one schema is written and nothing else.

    Args:
        folder: made when it is missing.
        root: the wiki's folder; None outside of a wiki.
        name: a record type or settings file; None for all.
        words: the words allowed, a wiki's own included.
        language: zh or en: of headings, and of the label that comes first.

    Raises:
        BadInput: what is in the way is no file, or reached by a link.
        Unusable: a folder cannot be written.
    """
    schemas = {
        each: folder / f"{each}.schema.json" for each in (NAMES if name is None else (name,))
    }
    drafts = {
        path: _text(front_matter(each, language, words), "  ") for each, path in schemas.items()
    }
    warnings: list[str] = []
    if name is None:
        inside = root is not None and folder.resolve().is_relative_to(root.resolve())
        top = root if root is not None and inside else folder
        shown = top if folder.is_absolute() else _relative(top, Path.cwd())
        paths = {each: _relative(path, top).as_posix() for each, path in schemas.items()}
        for each, data, warning in _settings(top.resolve(), paths, words, language):
            if data is not None:
                drafts[shown / each] = data
            if warning:
                warnings.append(warning)
    for path, data in drafts.items():
        files.write_atomic(path, data)
    return Written(list(drafts), warnings)


def _settings(
    root: Path, schemas: dict[str, str], words: Vocabulary, language: str
) -> Iterator[tuple[str, bytes | None, str]]:
    """Each settings file: its path, its new bytes or None where it stays, a warning or nothing."""
    yield SNIPPETS, _text(snippets(language, words), "  "), ""
    wanted = {
        VSCODE_SETTINGS: settings.VSCODE,
        VSCODE_EXTENSIONS: settings.EXTENSIONS,
        REMARK: settings.remark(schemas),
        OBSIDIAN: settings.obsidian_types(),
    }
    for path, value in wanted.items():
        yield path, *_merged(path, _present(root, path), value)
    rules = settings.taplo(schemas).encode()
    there = _present(root, TAPLO)
    said = _("{path} is there already and was left as it is.").format(path=TAPLO)
    yield TAPLO, rules if there is None else None, said if there not in (None, rules) else ""


def _present(root: Path, path: str) -> bytes | None:
    try:
        return files.read_bytes(files.safe_path(root, path), LARGEST)
    except NotFound:
        return None


def _merged(path: str, raw: bytes | None, wanted: settings.Setting) -> tuple[bytes | None, str]:
    if raw is None:
        return _text(wanted, "  "), ""
    present = _mapping(raw)
    if present is None:
        said = _("{path} is no plain JSON (comments, perhaps) and was left as it is.")
        return None, said.format(path=path)
    kept = list(merging.unlike(present, wanted))
    said = _("{path} says something else for {keys}, which was left.")
    warning = said.format(path=path, keys=", ".join(kept)) if kept else ""
    whole = merging.added(present, wanted)
    if whole == present:
        return None, warning
    indent = _INDENT.search(raw.decode("utf-8", "replace"))
    return _text(whole, indent[1] if indent else "  "), warning


def _mapping(raw: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: object, indent: str) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=indent)}\n".encode()


def _relative(path: Path, root: Path) -> Path:
    return Path(os.path.relpath(path.resolve(), root.resolve()))
