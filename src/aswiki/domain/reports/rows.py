"""What the rows of several sections share: parts of what is seen, departments, whose product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aswiki.domain.readers import audience
from aswiki.domain.records.product import Product
from aswiki.domain.reports.sight import Sight
from aswiki.domain.terms import folded
from aswiki.domain.who import product_names


def inner(seen: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A part of what is seen of a record, empty where nothing of it is."""
    found = seen.get(key)
    return found if isinstance(found, Mapping) else {}


def departments(sight: Sight, names: Iterable[str | None]) -> list[str]:
    """The departments of ours among names, each once; a colleague stands for theirs.

    Words that are neither are left out: they may be anything.
    """
    ground = sight.ground
    own = (ground.names.get(name.strip().casefold(), name) for name in names if name)
    named = (ground.colleagues.get(one) or one for one in own)
    return [one for one in dict.fromkeys(named) if one in ground.departments]


def owner_department(sight: Sight, product: str | None) -> str | None:
    """The department that answers for a product, where the reader may know it.

    The product is named by slug, title or alias, whatever their case.
    """
    typed = folded(product or "").strip()
    for ref, page in sight.ground.shared.items():
        if isinstance(page, Product) and typed in product_names(ref, page):
            owner = audience.readable(page, sight.reader).get("owner_department")
            return owner if isinstance(owner, str) else None
    return None
