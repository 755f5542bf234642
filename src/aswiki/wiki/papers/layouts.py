"""The templates of a wiki, its own before the packaged ones, and what keys and ids are called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.domain.records.profile import Profile
from aswiki.errors import Unusable
from aswiki.lang import _
from aswiki.store import files, packaged

if TYPE_CHECKING:
    from aswiki.domain.records.common import Record
    from aswiki.render.markdown import Layouts, Template
    from aswiki.wiki.wiki import Wiki

LARGEST_TEMPLATE = 1024 * 1024


def layouts(wiki: Wiki, language: str, records: Mapping[str, Mapping[str, Record]]) -> Layouts:
    """The templates for reports in a language; templates of the wiki's own run in a sandbox.

    Args:
        wiki: the open wiki.
        language: zh or en.
        records: a customer's slug → their records by reference, for the names of contacts.
    """
    from aswiki.render.markdown import Layouts, Names, Template

    own = wiki.root / "templates"

    def find(name: str) -> Template | None:
        path = packaged.template(wiki.root, name)
        if path is None:
            return None
        return Template(name, _text(name, path), trusted=not path.is_relative_to(own))

    names = Names(
        language=language,
        zone=wiki.zone,
        vocabulary=wiki.vocabulary,
        people=_called(wiki.people.get("people")),
        departments=_called(wiki.people.get("departments")),
        contacts={slug: _contacts(slug, mine) for slug, mine in records.items()},
    )
    return Layouts(find, names, trusted=not (own / "reports").exists())


def _contacts(customer: str, records: Mapping[str, Record]) -> dict[str, str]:
    profile = records.get(f"{customer}/profile")
    contacts = profile.contacts if isinstance(profile, Profile) else []
    return {contact.id: contact.name for contact in contacts if contact.id}


def _called(table: object) -> dict[str, str]:
    """The names that people.toml gives to ids or slugs."""
    return {
        str(own): str(said["name"])
        for own, said in (table.items() if isinstance(table, dict) else ())
        if isinstance(said, dict) and said.get("name")
    }


def _text(name: str, path: Path) -> str:
    try:
        return files.read_bytes(path, LARGEST_TEMPLATE).decode()
    except UnicodeDecodeError as error:
        raise Unusable(
            "bad-template",
            _("The template {name} is not UTF-8.").format(name=name),
            _("Save it as UTF-8."),
        ) from error
