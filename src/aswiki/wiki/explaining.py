"""The use case ``explain``: why the spend of a month swung, written on its usage page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aswiki.domain.records.usage import Usage
from aswiki.domain.spending.swing import HORIZONS, TOTAL, TOTALS, Swing, answered
from aswiki.domain.times import when
from aswiki.errors import BadInput, NotFound
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Add, Edit, Put
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, by_of, with_edits
from aswiki.wiki.editing import no_word
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved
from aswiki.wiki.wiki import Wiki

_ITEM = ("scope", "horizon", "feedback", "explanation", "by", "related")


def explain(
    wiki: Wiki,
    customer: str,
    asked: Asked,
    *,
    month: str,
    feedback: str,
    text: str,
    scope: str | None = None,
    horizon: str | None = None,
    related: str | None = None,
) -> Saved:
    """Answer the swings of a month that fired.

    Without a scope and a horizon those that nobody has answered; with one of them all that it
    names, where a new answer takes the place of the old one.

    Args:
        wiki: the open wiki.
        customer: as typed.
        asked: the shared options.
        month: as typed.
        feedback: planned, confirmed or false_alarm, by key or label.
        text: why.
        scope: ``total`` or a product.
        horizon: week, short, middle or long, by key or label.
        related: a record that says more, as typed.

    Raises:
        BadInput: an unknown word, or nothing fired that is not answered.
        NotFound: no such customer or record, or no usage page of that month.
    """
    word = wiki.vocabulary.key("feedback", feedback)
    if word is None:
        raise no_word(wiki, "feedback", feedback)
    at = wiki.vocabulary.key("horizon", horizon) if horizon is not None else None
    if horizon is not None and at not in HORIZONS:
        raise no_word(wiki, "horizon", horizon)
    if not text.strip():
        raise BadInput("empty-text", _("The explanation is empty."), _("Say why it swung."))
    own = lookup.customer(wiki, customer)
    key = when.month(month, wiki.now(), wiki.zone)
    ref = f"{own}/usage/{key}"
    if not wiki.exists(ref):
        raise _no_page(own, key)
    said = {
        "feedback": word,
        "explanation": text.strip(),
        "related": lookup.record(wiki, related) if related is not None else None,
    }

    def edit(before: checking.Checked, who: str) -> str:
        meant = _fired(_on_page(wiki, own, key, ref), own, key, scope, at)
        item = {**said, "by": by_of(wiki, asked, who)}
        return with_edits(before.document.text, _answers(before, meant, item))

    return revise(wiki, ref, asked, Revision("update", "explain", edit))


def _on_page(wiki: Wiki, customer: str, key: str, ref: str) -> list[Swing]:
    series = checking.Checker(wiki).spend_of(customer)
    return [swing for swing in series.swings(key) if swing.ref == ref]


def _fired(
    found: Sequence[Swing], customer: str, key: str, scope: str | None, horizon: str | None
) -> list[Swing]:
    """The swings that an answer is meant for."""
    folded = scope.strip().casefold() if scope is not None else None
    wanted = TOTAL if folded in TOTALS else folded
    fired = [
        one
        for one in found
        if one.fired and wanted in {None, one.scope.casefold()} and horizon in {None, one.horizon}
    ]
    if not fired:
        raise BadInput(
            "nothing-fired",
            _("Nothing of {customer} fired in {month} that this could explain.").format(
                customer=customer, month=key
            ),
            _("aswiki swings --month {month} --customer {customer} --all shows it.").format(
                customer=customer, month=key
            ),
        )
    if scope is not None or horizon is not None:
        return fired
    waiting = [one for one in fired if one.is_unexplained]
    if not waiting:
        raise BadInput(
            "all-explained",
            _("Every swing of {customer} in {month} is explained.").format(
                customer=customer, month=key
            ),
            _("Name one with --scope to explain it anew."),
        )
    return waiting


def _answers(
    before: checking.Checked, meant: Sequence[Swing], item: Mapping[str, Any]
) -> list[Edit]:
    """An item for each swing, in the place of the former answer to just that one."""
    record = before.record
    had = [answered(one) for one in record.swings] if isinstance(record, Usage) else []
    edits: list[Edit] = []
    # in two currencies a product may swing twice: one answer is for both
    for scope, horizon in dict.fromkeys((one.scope, one.horizon) for one in meant):
        said = {"scope": scope, "horizon": horizon, **item}
        value = {key: said[key] for key in _ITEM if said.get(key) is not None}
        place = (scope.casefold(), horizon)
        if place in had:
            last = len(had) - 1 - had[::-1].index(place)
            edits.append(Put(("swings", last), value))
        else:
            edits.append(Add(("swings",), value))
    return edits


def _no_page(customer: str, month: str) -> NotFound:
    return NotFound(
        "no-usage",
        _("There is no usage page of {customer} for {month}.").format(
            customer=customer, month=month
        ),
        _("aswiki usage {customer} shows the months there are.").format(customer=customer),
    )
