"""The sums of a bill as one Ibis expression, in words that every engine behind Ibis knows.

Rows that are written plainly are summed here. All others come back as they are, to be read one by
one: what an amount such as ``$1,000.00`` means is not for an engine to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from aswiki.importers.bills.form import AMOUNTS, NAMES, PERIODS, Layout
from aswiki.importers.bills.totals import TOTAL

if TYPE_CHECKING:
    import ibis.expr.types as ir

NUMBER = "decimal(38, 18)"

_WHOLE_DIGITS, _DECIMALS = 12, 18
"""So many that neither a number nor the sum of 100 million leaves the type."""

_SHORT = len("0.") + _DECIMALS
_DIGITS = f"[0-9]{{1,{_WHOLE_DIGITS}}}"
_REST = rf"(?:\.[0-9]{{1,{_DECIMALS}}})?"
PLAIN_NUMBER = f"^(?:-?{_DIGITS}{_REST}|NULL|null|-|)$"
MONEY = rf"^\s*-?[$¥￥]?\s?(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}|{_DIGITS}){_REST}\s*$"
_SIGNS = ("$", "¥", "￥", ",", " ")

PLAIN_DAY = "20__-__-__%"
PLAIN_MONTH = r"^(?:19|20)[0-9]{2}-?(?:0[1-9]|1[0-2])$"
MIDNIGHT = r"^[^ T]*(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
NOTHING = ("", "NULL", "null", "-")
"""How most files write that a cell is empty; compared one by one, which takes least."""

KEYS = (*NAMES, "month", "charge", "unit")
SUMS = ("quantity", *AMOUNTS)


def column(index: int) -> str:
    """What the columns of a bill are called in the table that an engine sees."""
    return f"c{index}"


def aggregated(bill: ir.Table, layout: Layout) -> ir.Table:
    """The sums of the plain rows by all keys, and of their usage by day; the others only counted.

    The columns are ``KEYS``, ``day``, ``rows`` and ``SUMS``, then ``is_plain``. Rows with a day
    hold the effective cost of usage, those without all sums.

    Args:
        bill: all columns as text, called as ``column`` says.
        layout: where the columns are.
    """
    import ibis

    rows = _read(bill, layout)
    keys = (*KEYS, "day", "is_plain")
    fine = rows.group_by(keys).aggregate(
        rows=rows.count(), **{key: rows[key].sum(where=rows["is_plain"]) for key in SUMS}
    )
    months = fine.group_by([*KEYS, "is_plain"]).aggregate(
        rows=fine["rows"].sum(), **{key: fine[key].sum() for key in SUMS}
    )
    months = months.mutate(day=ibis.null("string"))
    days = fine.filter(
        fine["is_plain"],
        fine["day"].notnull(),
        fine["charge"] == "usage",
        fine["effective"].notnull(),
    )
    by_day = days.group_by(
        ["provider", "account", "sub_account", "month", "product", "currency", "day"]
    )
    days = by_day.aggregate(rows=days["rows"].sum(), effective=days["effective"].sum())
    unsaid: dict[str, ir.Value] = {
        key: ibis.null("string") for key in KEYS if key not in days.columns
    }
    unsaid |= {key: ibis.null(NUMBER) for key in SUMS if key not in days.columns}
    days = days.mutate(is_plain=ibis.literal(value=True), **unsaid)
    order = [*KEYS, "day", "rows", *SUMS, "is_plain"]
    return months.select(order).union(days.select(order))


def odd_rows(bill: ir.Table, layout: Layout) -> ir.Table:
    """The rows that are not plain as they are: their place from 0, then all columns in use."""
    import ibis

    used = [column(index) for index in layout.used]
    numbered = bill.select(ibis.row_number().name("place"), *used)
    return numbered.filter(~_is_plain(numbered, layout)).select("place", *used)


def written_dates(bill: ir.Table, layout: Layout) -> ir.Table:
    """How dates are written that begin with their month or day: the four of a row, each once."""
    texts = {key: _said(bill, layout.of(key)).fill_null("") for key in PERIODS}
    rows = bill.select(**texts)
    slashed = reduce(or_, (rows[key].re_search(r"^\s*\d{1,2}[-/.]\d") for key in PERIODS))
    return rows.filter(slashed).distinct()


def _read(bill: ir.Table, layout: Layout) -> ir.Table:
    """Every row with its keys, its day and its numbers, whatever they are where it is not plain."""
    import ibis

    charge = _charge(bill, layout)
    start, end = (_said(bill, layout.of(key)) for key in ("start", "end"))
    quantity, unit = _measure(bill, layout)
    amounts = {key: _number(_said(bill, layout.of(key))) for key in AMOUNTS}
    if layout.infers_effective:
        amounts["effective"] = ibis.ifelse(charge == "usage", amounts["billed"], ibis.null(NUMBER))
    return bill.select(
        **{key: _said(bill, layout.of(key)) for key in NAMES},
        month=_month(_said(bill, (*layout.of("billed_from"), *layout.of("start")))),
        charge=charge,
        unit=unit,
        day=_day(start, end),
        is_plain=_is_plain(bill, layout),
        quantity=_number(quantity),
        **amounts,
    )


def _is_plain(bill: ir.Table, layout: Layout) -> ir.BooleanValue:
    """Whether all that is read of a row is written so that the sums cannot go wrong."""
    import ibis

    yes = ibis.literal(value=True)
    plain = _charge(bill, layout).notnull()
    quantity, _unit = _measure(bill, layout)
    for number in (quantity, *(_said(bill, layout.of(key)) for key in AMOUNTS)):
        plain &= _is_exact(number)
    month = _said(bill, (*layout.of("billed_from"), *layout.of("start")))
    is_month = month.fill_null("").re_search(PLAIN_MONTH)
    plain &= ibis.cases((_is_time(month), yes), else_=is_month)
    for indexes in filter(None, map(layout.of, ("start", "end"))):
        text = _said(bill, indexes)
        plain &= ibis.cases((_is_time(text), yes), else_=_is_nothing(text))
    for index in layout.totals:
        plain &= ~bill[column(index)].fill_null("").re_search(TOTAL)
    return plain


def _said(bill: ir.Table, indexes: Sequence[int]) -> ir.StringValue:
    """What the first of some columns says that says anything."""
    import ibis

    texts = [bill[column(index)] for index in indexes]
    if len(texts) == 1:
        return texts[0]
    said = [ibis.ifelse(_is_nothing(text), ibis.null("string"), text) for text in texts]
    return ibis.coalesce(*said) if said else ibis.null("string")


def _is_time(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a text is a time that is there and begins with its day."""
    return text.like(PLAIN_DAY) & text.try_cast("timestamp").notnull()


def _is_nothing(text: ir.StringValue) -> ir.BooleanValue:
    return text.isnull() | reduce(or_, (text == word for word in NOTHING))


def _number(text: ir.StringValue) -> ir.Value:
    """The number of a text that is plain; signs of money and commas go."""
    import ibis

    bare = reduce(lambda rest, sign: rest.replace(sign, ""), _SIGNS, text.strip())
    return ibis.coalesce(text.try_cast(NUMBER), bare.try_cast(NUMBER))


def _is_exact(text: ir.StringValue) -> ir.BooleanValue:
    """Whether the type holds a number whole, so that neither digits nor the sum can be lost.

    Most are so short that no pattern has to be searched, which is what takes time.
    """
    import ibis

    is_short = (text.length() <= _SHORT) & (text.try_cast(NUMBER).abs() < 10**_WHOLE_DIGITS)
    is_short &= ~(text.contains("e") | text.contains("E"))
    said = text.fill_null("")
    yes = ibis.literal(value=True)
    return ibis.cases(
        (is_short, yes), (said.re_search(PLAIN_NUMBER), yes), else_=said.re_search(MONEY)
    )


def _measure(bill: ir.Table, layout: Layout) -> tuple[ir.StringValue, ir.StringValue]:
    """The first quantity that says something, and its unit."""
    import ibis

    quantity, unit = ibis.null("string"), ibis.null("string")
    for place in reversed(layout.measures):
        own, its_unit = _said(bill, place.quantity), _said(bill, place.unit)
        is_there = ~_is_nothing(own)
        quantity = ibis.ifelse(is_there, own, quantity)
        unit = ibis.ifelse(is_there, its_unit, unit)
    return quantity, unit


def _charge(bill: ir.Table, layout: Layout) -> ir.StringValue:
    import ibis

    indexes = layout.of("charge")
    if not indexes:
        return ibis.literal(layout.form.defaults.get("charge"))
    texts = [bill[column(index)].lower() for index in indexes]
    branches = [
        (reduce(or_, (_has(text, word) for word in one.words for text in texts)), one.charge)
        for one in layout.form.charges
    ]
    default = layout.form.defaults.get("charge")
    is_empty = reduce(and_, map(_is_nothing, texts))
    unsaid = ibis.literal(default) if default else ibis.null("string")
    return ibis.cases(*branches, (is_empty, unsaid), else_=ibis.null("string"))


def _has(text: ir.StringValue, word: str) -> ir.BooleanValue:
    """Whether a word stands in a text; one between bars is all of it."""
    whole = word.strip("|")
    return text == whole if word.startswith("|") and word.endswith("|") else text.contains(word)


def _month(text: ir.StringValue) -> ir.StringValue:
    """``2026-10`` of a text that begins so, or is 202610."""
    import ibis

    compact = text.length() == len("202610")
    return ibis.ifelse(
        compact, text.substr(0, 4) + "-" + text.substr(4, 2), text.substr(0, len("2026-10"))
    )


def _day(start: ir.StringValue, end: ir.StringValue) -> ir.StringValue:
    """The day that holds a period whole, as it stands in the file; null where none does."""
    import ibis

    first, last = start.substr(0, 10), end.substr(0, 10)
    next_day = first.try_cast("date") + ibis.interval(days=1)
    ends_with_it = end.re_search(MIDNIGHT) & (last.try_cast("date") == next_day)
    return ibis.cases((first == last, first), (ends_with_it, first), else_=ibis.null("string"))
