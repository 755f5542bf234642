"""Which customers and records a person means by the few words typed."""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from aswiki.domain.slug import bare, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_FOLDERS = frozenset(
    {"customers", "lessons", "products", "usage", "events", "visits", "complaints"}
    | {"communications", "notes", "churn"}
)
_TIERS = 5


class Named(NamedTuple):
    """The names one customer goes by."""

    slug: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()

    def names(self) -> Iterator[str]:
        """The full name, the short one and the aliases, without empty ones."""
        return filter(None, (self.name, self.short_name, *self.aliases))


def match_customers(words: str, customers: Sequence[Named]) -> list[str]:
    """The slugs of the customers that ``words`` name, in the order given.

    The first of these that fits anyone decides, and all it fits come back: the slug; a name, short
    name or alias without regard to case, width and spaces; the pinyin or initials of the slug, then
    of a name; the beginning of the slug up to a whole word, or of a name.
    """
    folded = _fold(words)
    typed = folded.replace("-", "")
    if not typed:
        return []
    tests: tuple[Callable[[Named], bool], ...] = (
        lambda customer: customer.slug == words.strip().casefold(),
        lambda customer: any(_fold(name) == folded for name in customer.names()),
        lambda customer: typed in spellings(customer.slug),
        lambda customer: typed.isascii() and _sounds_like(typed, customer),
        lambda customer: (
            typed in accumulate(customer.slug.split("-"))
            or any(_fold(name).startswith(folded) for name in customer.names())
        ),
    )
    for test in tests:
        if hits := [customer.slug for customer in customers if test(customer)]:
            return hits
    return []


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sounds_like(typed: str, customer: Named) -> bool:
    return any(typed in spellings(name) for name in {bare(name) for name in customer.names()})


def match_records(
    words: str, refs: Sequence[str], customers_of: Callable[[str], list[str]]
) -> list[str]:
    """The references that ``words`` abbreviate, in the order given, without regard to case.

    The first of these that fits any decides, and all it fits come back: the whole reference; its
    last segment, with or without the date in front; the beginning of that up to a whole word; whole
    words anywhere in it; the beginning of a word anywhere in it. Segments typed before the last
    must be found in order, folders may be left out, and the first may be any name of a customer.

    Args:
        words: what was typed; ``customers/`` in front and ``.md`` behind are allowed.
        refs: every reference of the wiki.
        customers_of: the slugs that a customer's name may mean; asked once, if at all.
    """
    typed = "-".join(words.casefold().split()).removesuffix(".md").removeprefix("./")
    typed = typed.strip("/").removeprefix("customers/")
    *before, last = typed.split("/")
    if not last:
        return []
    heads = _heads(before, customers_of)
    tiers: list[list[str]] = [[] for _tier in range(_TIERS)]
    for ref in refs:
        lower = ref.lower()
        # a plain search refuses nearly all of a large wiki
        if last in lower and (not heads or any(map(lower.__contains__, heads))):
            tier = _tier(typed, before, heads, lower)
            if tier < _TIERS:
                tiers[tier].append(ref)
    return next(filter(None, tiers), [])


def _heads(before: list[str], customers_of: Callable[[str], list[str]]) -> frozenset[str]:
    """What the first segment may be in a reference."""
    if not before:
        return frozenset()
    known = [] if before[0] in _FOLDERS else customers_of(before[0])
    return frozenset((before[0], *known))


def _tier(typed: str, before: list[str], heads: frozenset[str], ref: str) -> int:
    """How well the reference fits, 0 the best, ``_TIERS`` not at all."""
    if ref == typed:
        return 0
    *folders, name = ref.split("/")
    if before and not _in_order(before, heads, folders):
        return _TIERS
    last = typed.rpartition("/")[2]
    undated = _undated(name)
    if last in {name, undated}:
        return 1
    if name.startswith(last + "-") or undated.startswith(last + "-"):
        return 2
    if f"-{last}-" in f"-{name}-":
        return 3
    return 4 if f"-{last}" in f"-{name}" else _TIERS


def _in_order(before: list[str], heads: frozenset[str], folders: list[str]) -> bool:
    left = iter(folders)
    return any(folder in heads for folder in left) and all(part in left for part in before[1:])


def _undated(name: str) -> str:
    dated = name[4:5] == name[7:8] == name[10:11] == "-" and name[:4].isdigit()
    return name[11:] if dated else name
