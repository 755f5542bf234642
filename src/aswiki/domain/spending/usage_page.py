"""A month's usage page after a bill came in: sources, lines and daily costs, to the last digit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact
from functools import reduce
from typing import Any, NamedTuple

Item = Mapping[str, Any]

LINE_KEY = ("product", "service_category", "region", "charge", "currency", "unit")
LINE_SUMS = ("quantity", "billed_cost", "effective_cost", "list_cost")
DAILY_KEY = ("product", "currency")
_GONE = 0
_EXACT = Context(prec=1000, traps=[Inexact])


class DayCost(NamedTuple):
    """What a product cost on one day."""

    product: str
    currency: str
    day: date
    cost: Decimal


@dataclass(frozen=True)
class Statement:
    """What one file says of one account in one month.

    Args:
        source: the facts of its entry under ``sources``.
        lines: facts of ``LINE_KEY`` and ``LINE_SUMS``; those of one key are summed.
        days: costs by day, where the file has days.
    """

    source: Item
    lines: Sequence[Item]
    days: Sequence[DayCost] = ()

    @property
    def account(self) -> tuple[str, str]:
        """Provider and account, by which a later file replaces it."""
        return account_of(self.source)


@dataclass(frozen=True)
class UsagePage:
    """What a page says after the import.

    Args:
        fields: ``days_covered``, ``sources``, ``lines`` and, where there are days, ``daily``.
        displaced: the names of files whose lines went though none of the new ones takes their
            place.
        outside: how many daily costs lie outside the month, so that no day of it holds them.
    """

    fields: Mapping[str, Any]
    displaced: Sequence[str] = ()
    outside: int = 0


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of those that are there, without trailing zeros; None where none is."""
    found = [amount for amount in amounts if amount is not None]
    if not found:
        return None
    text = format(reduce(_EXACT.add, found), "f")
    return _EXACT.plus(Decimal(text.rstrip("0").rstrip(".") if "." in text else text))


def page(present: Mapping[str, Any], month: str, statements: Sequence[Statement]) -> UsagePage:
    """The page with the statements in place of what it held of their accounts.

    Other sources keep their numbers, lines and days; keys that begin with ``x_`` stay with the
    source, the line and the product they stand at.

    Args:
        present: the page's front matter as it is; empty for a new page.
        month: the page's month, ``2026-10``.
        statements: what the files say of this customer and month.
    """
    sources = _Sources(_items(present.get("sources")), statements)
    lines, daily = _items(present.get("lines")), _items(present.get("daily"))
    costs = {number: _daily(one.days, month) for number, one in sources.placed.items()}
    sums = {number: _lines(one.lines) for number, one in sources.placed.items()}
    days = sources.woven(daily, costs, DAILY_KEY, default=1)
    fields = {
        "days_covered": _days_covered(days, month),
        "sources": sources.entries,
        "lines": sources.woven(lines, sums, LINE_KEY),
        **({"daily": days} if days else {}),
    }
    outside = sum(_index(cost.day, month) is None for one in statements for cost in one.days)
    return UsagePage(fields, sources.displaced, outside)


@dataclass
class _Sources:
    """The entries of ``sources`` with the statements put into them.

    Args:
        present: the entries as they are.
        statements: what comes in.
        entries: what they become.
        placed: the number of each statement, from 1.
        moved: old numbers and what they become.
        displaced: the names of those that go.
    """

    present: Sequence[Any]
    statements: Sequence[Statement]
    entries: list[Any] = field(default_factory=list)
    placed: dict[int, Statement] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    displaced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        taken, others = self._slots()
        accounts = {one.account for one in self.statements}
        for at, entry in enumerate(self.present):
            one = taken.get(at)
            if one is None and account_of(entry) in accounts:
                self.moved[at + 1] = _GONE
                self.displaced.append(str(entry.get("name", at + 1)))
                continue
            self.entries.append(entry if one is None else _entry(one.source, entry))
            self.moved[at + 1] = len(self.entries)
            if one is not None:
                self.placed[len(self.entries)] = one
        for one in others:
            self.entries.append(_entry(one.source))
            self.placed[len(self.entries)] = one

    def _slots(self) -> tuple[dict[int, Statement], list[Statement]]:
        """The places of statements that replace a source, and the statements that are new."""
        taken: dict[int, Statement] = {}
        left = list(self.statements)
        for same in ("sha256", "name", None):
            for one in list(left):
                free = (
                    at
                    for at, entry in enumerate(self.present)
                    if at not in taken
                    and account_of(entry) == one.account
                    and (same is None or entry.get(same) == one.source.get(same))
                )
                at = next(free, None)
                if at is not None:
                    taken[at] = one
                    left.remove(one)
        return taken, left

    def woven(
        self,
        present: Sequence[Any],
        new: Mapping[int, Sequence[Item]],
        key: Sequence[str],
        default: int | None = None,
    ) -> list[Any]:
        """The items of a list with the new ones of each source where its old ones stood.

        Args:
            present: the items as they are.
            new: the items of each source that came in, by its number.
            key: what tells an item from the others of its source.
            default: the source of an item that names none.
        """
        old = {
            (self._now(item, default), *_facts(item, key)): item
            for item in present
            if isinstance(item, Mapping)
        }
        blocks = {
            number: [
                _renewed(old.get((number, *_facts(item, key))), {"source": number, **item})
                for item in items
            ]
            for number, items in new.items()
        }
        found: list[Any] = []
        for item in present:
            number = self._now(item, default)
            if number in self.placed:
                found += blocks.pop(number, ())
            elif number != _GONE:
                found.append(_numbered(item, number, default))
        return [*found, *(item for number in sorted(blocks) for item in blocks[number])]

    def _now(self, item: object, default: int | None) -> int | None:
        """The number an item's source has now; None where it has no source."""
        number = item.get("source", default) if isinstance(item, Mapping) else None
        return self.moved.get(number) if isinstance(number, int) else None


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def account_of(source: object) -> tuple[str, str]:
    """Provider and billing account of an entry of ``sources``."""
    if not isinstance(source, Mapping):
        return ("", "")
    account = source.get("billing_account_id")
    return str(source.get("provider") or ""), str(getattr(account, "text", account or ""))


def _entry(source: Item, present: Item | None = None) -> Item:
    """A source's entry; a file that is there already keeps the name it came in with."""
    entry = {key: value for key, value in source.items() if value is not None}
    if present is not None and present.get("sha256") == source.get("sha256"):
        entry["name"] = present.get("name", entry.get("name"))
    return _renewed(present, entry)


def _renewed(present: Item | None, new: Item) -> Item:
    """The new item with the user's own keys; the present one where it says the same."""
    if present is None:
        return new
    own = {key: value for key, value in present.items() if str(key).startswith("x_")}
    return present if present == {**new, **own} else {**new, **own}


def _facts(item: Item, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(item.get(name) or "") for name in key)


def _numbered(item: object, number: int | None, default: int | None) -> object:
    """The item with its source's number; one that leads to no source goes."""
    if not isinstance(item, Mapping) or item.get("source", default) == number:
        return item
    rest = {key: value for key, value in item.items() if key != "source"}
    return rest if number is None else {"source": number, **rest}


def _lines(lines: Iterable[Item]) -> list[Item]:
    """One line a key, its amounts summed, in the order of the keys."""
    groups: dict[tuple[str, ...], list[Item]] = {}
    for line in lines:
        groups.setdefault(_facts(line, LINE_KEY), []).append(line)
    found: list[Item] = []
    for _key_of, same in sorted(groups.items()):
        sums = {name: total(line.get(name) for line in same) for name in LINE_SUMS}
        facts = {name: same[0].get(name) for name in LINE_KEY} | sums
        found.append({key: value for key, value in facts.items() if value not in (None, "")})
    return found


def _daily(days: Iterable[DayCost], month: str) -> list[Item]:
    """One list of costs a product and currency, in their order, a place for every day."""
    table: dict[tuple[str, str], list[Decimal | None]] = {}
    for one in days:
        at = _index(one.day, month)
        if at is not None:
            costs = table.setdefault((one.product, one.currency), [None] * _length(month))
            costs[at] = total((costs[at], one.cost))
    return [
        {**({"product": product} if product else {}), "currency": currency, "costs": costs}
        for (product, currency), costs in sorted(table.items())
    ]


def _days_covered(daily: Iterable[Any], month: str) -> int:
    """The days that have a cost; where nothing has days, all of the month."""
    covered = {at for item in daily for at in _filled(item)}
    return len(covered) if covered else _length(month)


def _filled(item: object) -> Iterator[int]:
    costs = _items(item.get("costs")) if isinstance(item, Mapping) else ()
    return (at for at, cost in enumerate(costs) if cost is not None)


def _index(day: date, month: str) -> int | None:
    """The place of a day in its month from 0; None for one of another month."""
    return day.day - 1 if day.isoformat()[:7] == month else None


def _length(month: str) -> int:
    year, number = map(int, month.split("-"))
    return monthrange(year, number)[1]
