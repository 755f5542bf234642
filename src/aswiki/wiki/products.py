"""Products: what we sell, and which department answers for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from aswiki.domain.slug import RESERVED, is_slug, slug
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import files
from aswiki.wiki import lookup
from aswiki.wiki.creating import Draft, create
from aswiki.wiki.drafting import Asked
from aswiki.wiki.people import writer
from aswiki.wiki.saving import Saved, writing
from aswiki.wiki.wiki import Wiki


def new_product(
    wiki: Wiki,
    name: str,
    asked: Asked,
    *,
    own_slug: str | None = None,
    owner_department: str | None = None,
) -> Saved:
    """A new product.

    Raises:
        BadInput: the name is empty, known already as a product's slug, title or alias, or gives no
            slug.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise BadInput("bad-name", _("The product's name is empty."), _("Give a name."))
    if own_slug is not None and (not is_slug(own_slug) or own_slug in RESERVED):
        raise BadInput(
            "bad-slug",
            _("{slug} cannot be a slug.").format(slug=own_slug),
            _("A slug is a-z, 0-9 and -, at most 60 characters, and no reserved word."),
        )
    chosen = own_slug or slug(name)
    if not chosen or chosen in RESERVED:
        raise BadInput(
            "no-slug",
            _("The name {name} gives no slug.").format(name=name),
            _("Give one with --slug."),
        )
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        _require_new(wiki, {name.casefold(), chosen})
        fields = {"owner_department": owner_department}
        return create(wiki, Draft("product", None, name, fields, chosen), asked, writer(wiki))


def _require_new(wiki: Wiki, names: set[str]) -> None:
    folder = wiki.root / "products"
    for file in files.walk(folder) if folder.is_dir() else ():
        data = lookup.front_of(wiki, f"products/{file}")
        own = file.removesuffix(".md")
        if names & _names(own, data):
            raise BadInput(
                "product-exists",
                _("There is a product {slug} already: {name}.").format(
                    slug=own, name=data.get("title", own)
                ),
                _("Another name for it is an alias: aswiki set products/{slug} aliases=…").format(
                    slug=own
                ),
            )


def _names(own: str, data: Mapping[str, Any]) -> set[str]:
    aliases = data.get("aliases")
    names = [own, data.get("title", own), *(aliases if isinstance(aliases, list) else [])]
    return {str(name).strip().casefold() for name in names}
