"""What editors are set to in a wiki: whose schema is which, how Markdown is typed, properties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from aswiki.domain.editors.front_matter import files_of
from aswiki.domain.json_schema import SETTINGS, shape_of
from aswiki.domain.records import TYPES
from aswiki.domain.records.common import About, abouts

Setting = dict[str, object]

VSCODE: Setting = {
    "files.encoding": "utf8",
    "files.eol": "\n",
    "[markdown]": {
        # without it no snippet is offered in Markdown while one types
        "editor.quickSuggestions": {"comments": "off", "strings": "off", "other": "on"},
        "editor.snippetSuggestions": "top",
    },
    "remark.requireConfig": True,
}
"""``.vscode/settings.json``."""

EXTENSIONS: Setting = {
    "recommendations": ["unifiedjs.vscode-remark", "tamasfe.even-better-toml"],
}
"""``.vscode/extensions.json``."""

_PROPERTY = {"flag": "checkbox", "day": "date", "number": "number"}


def remark(schemas: Mapping[str, str]) -> Setting:
    """``.remarkrc.json``: the schema of each file's front matter.

    Args:
        schemas: a record type's key to the path of its schema from the wiki's root.
    """
    of_records = {name: path for name, path in schemas.items() if name in TYPES}
    globs = {f"./{path}": [f"./{files_of(name)}"] for name, path in of_records.items()}
    own: list[object] = ["remark-lint-frontmatter-schema", {"schemas": globs}]
    return {"plugins": ["remark-frontmatter", own]}


def taplo(schemas: Mapping[str, str]) -> str:
    """``.taplo.toml``: the schemas of the settings files, for every editor that asks taplo.

    Args:
        schemas: a settings file's name to the path of its schema from the wiki's root.
    """
    rules = [
        f'[[rule]]\ninclude = ["{name}"]\n\n[rule.schema]\nenabled = true\n'
        f"path = {json.dumps(f'./{path}', ensure_ascii=False)}\n"
        for name, path in schemas.items()
        if name in SETTINGS
    ]
    return "\n".join(rules)


def obsidian_types() -> Setting:
    """``.obsidian/types.json``: the type of each property that Obsidian can show.

    A time with its offset is text: as a date and time Obsidian would write it without. A key that
    is a mapping somewhere has no type, nor has one that record types understand differently.
    """
    found: dict[str, set[str | None]] = {}
    for name in TYPES:
        for about in _facts(abouts(shape_of(name)).values()):
            found.setdefault(about.key, set()).add(_property(about))
    types = {key: only for key, kinds in found.items() if len(kinds) == 1 for only in kinds if only}
    return {"types": {**types, "tags": "tags", "aliases": "aliases"}}


def _facts(said: Iterable[About]) -> Iterable[About]:
    return (about for about in said if not about.section)


def _property(about: About) -> str | None:
    if about.part is not None:
        return None
    if about.many:
        return "multitext"
    return _PROPERTY.get(about.form, "text")
