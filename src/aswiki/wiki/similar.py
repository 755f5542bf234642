"""The use case ``similar``: earlier events, complaints and lessons that are like a new one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import chain
from typing import Any

from aswiki.domain import records
from aswiki.domain.similar import Alike, Sketch, similar
from aswiki.domain.terms import folded
from aswiki.errors import NotFound
from aswiki.wiki import lookup
from aswiki.wiki.wiki import Wiki

NEWEST = 2000
HEAD_BYTES, LESSON_BYTES = 1024, 4096
_COMPARED = ("events", "complaints")
_LINE = re.compile(r"^(title|product|status):[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_SYMPTOM = re.compile(
    r"^##[ \t]+(?:symptom|症状)\W*$\n(.*?)(?=^## |\Z)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def alike(wiki: Wiki, words: str, limit: int = 10) -> list[Alike]:
    """The records most like the one that the words name, or like the words themselves."""
    try:
        ref = lookup.record(wiki, words)
    except NotFound:
        return like(wiki, words, {}, limit=limit)
    fields = lookup.front_of(wiki, records.path_of(ref))
    return like(wiki, str(fields.get("title", words)), fields, ref=ref, limit=limit)


def like(
    wiki: Wiki, title: str, fields: Mapping[str, Any], *, ref: str = "", limit: int = 3
) -> list[Alike]:
    """The records of all customers most like a title, the best first.

    Args:
        wiki: the open wiki.
        title: what is compared.
        fields: the record's fields; product and impact say more.
        ref: the record's own reference, which is left out.
        limit: how many at most.
    """
    products = _products(wiki)
    impact = fields.get("impact")
    business = impact.get("business") if isinstance(impact, Mapping) else None
    symptom = business or fields.get("customer_impact") or fields.get("symptom") or ""
    product = _names(products, str(fields.get("product") or _product_in(title, products)))
    wanted = Sketch(ref, title, product, str(symptom))
    return similar(wanted, _sketches(wiki, products), limit)


def _products(wiki: Wiki) -> dict[str, frozenset[str]]:
    """Every folded name of a product → all of them."""
    found: dict[str, frozenset[str]] = {}
    for name, place in _files(wiki, "products"):
        data = lookup.front_of(wiki, place)
        aliases = data.get("aliases")
        several = aliases if isinstance(aliases, list) else []
        names = frozenset(
            folded(str(one)).strip()
            for one in (name.removesuffix(".md"), data.get("title"), *several)
            if one
        )
        found |= dict.fromkeys(names, names)
    return found


def _product_in(title: str, products: Mapping[str, frozenset[str]]) -> str:
    """The longest name of a product that a title holds; empty where it holds none."""
    said = folded(title)
    return max((name for name in products if name in said), key=len, default="")


def _names(products: Mapping[str, frozenset[str]], name: str) -> frozenset[str]:
    typed = folded(name).strip()
    return products.get(typed, frozenset({typed} - {""}))


def _sketches(wiki: Wiki, products: Mapping[str, frozenset[str]]) -> Iterator[Sketch]:
    """The newest events and complaints by the day in their names, then the lessons."""
    dated = [
        found
        for customer in wiki.customers()
        for folder in _COMPARED
        for found in _files(wiki, f"customers/{customer}/{folder}")
    ]
    dated.sort(reverse=True)
    names = cache(lambda name: _names(products, name))
    lessons = ((place, LESSON_BYTES) for _name, place in _files(wiki, "lessons"))
    heads = ((place, HEAD_BYTES) for _name, place in dated[:NEWEST])
    for place, size in chain(heads, lessons):
        front, _fence, body = _head(wiki, place, size).partition("\n---")
        said = dict(_LINE.findall(front))
        if "title" not in said or said.get("status") == "retired":
            continue
        symptom = _SYMPTOM.search(body) if size == LESSON_BYTES else None
        yield Sketch(
            records.reference(place),
            _scalar(said["title"]),
            names(_scalar(said.get("product", ""))),
            symptom[1] if symptom else "",
        )


def _files(wiki: Wiki, folder: str) -> list[tuple[str, str]]:
    """Name and path of a folder's record files, links left out."""
    with suppress(OSError), os.scandir(wiki.root / folder) as entries:
        return [
            (entry.name, f"{folder}/{entry.name}")
            for entry in entries
            if entry.name.endswith(".md") and entry.is_file(follow_symlinks=False)
        ]
    return []


def _head(wiki: Wiki, place: str, size: int) -> str:
    """The beginning of a file; what cannot be read is like nothing."""
    with suppress(OSError), open(f"{wiki.root}/{place}", "rb") as file:  # noqa: PTH123 - thousands
        return file.read(size).decode("utf-8-sig", "replace").replace("\r\n", "\n")[4:]
    return ""


def _scalar(text: str) -> str:
    """What a scalar of one line says: good enough to compare."""
    if text[:1] in {'"', "'"} and text[-1:] == text[0] and len(text) > 1:
        return text[1:-1].replace("''", "'").replace('\\"', '"')
    return text.partition(" #")[0].rstrip()
