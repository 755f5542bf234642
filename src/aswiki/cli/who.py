"""The command ``who``: whom to ask about a product or a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.progress import Progress
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aswiki.domain.records.product import Product
    from aswiki.wiki.wiki import Wiki

SHOWN_RECORDS = 3


def who(
    run: Run,
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC|PRODUCT", help=N_("A product's name, or any topic"))
    ],
) -> None:
    """Who answers for it or solved it.

    For a product its department, who is on call and the escalation ladder. Then the colleagues who
    acted or decided in resolved events, wrote lessons or helped, with the records that show it.

        aswiki who 对象存储
        aswiki who "主备切换"
    """
    from aswiki.wiki import who as whom

    wiki = opened(run)
    with Progress(_("Reading"), quiet=run.quiet) as progress:
        found = whom.who(wiki, topic, progress)
    for path in found.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if run.json:
        run.out.json(found.as_json())
        return
    called = _called(wiki)
    if found.product is not None:
        run.out.result("\n".join(_lines(found.product, called)))
    headers = [_("Person"), _("Department"), _("Solved"), _("Minutes of help"), _("Records")]
    cells: list[list[object]] = [
        [
            called.get(one.person, one.person),
            called.get(one.department or "", one.department),
            one.solved,
            one.helped_minutes,
            ", ".join(one.records[-SHOWN_RECORDS:]),
        ]
        for one in found.people
    ]
    run.out.table(headers, cells)
    if not cells:
        run.out.note(_("Nobody is on record for it yet."))


def _lines(product: Product, called: Mapping[str, str]) -> list[str]:
    """The product's name, its department, who is on call, and the ladder."""
    owner = product.owner_department or ""
    ladder = sorted(product.escalation, key=lambda rung: rung.level)
    told = [
        (_("Department"), called.get(owner, owner)),
        (_("On call"), product.on_call),
        (_("Escalation"), " → ".join(f"{r.level} {called.get(r.who, r.who)}" for r in ladder)),
    ]
    return [product.title, *(f"  {label}: {said}" for label, said in told if said)]


def _called(wiki: Wiki) -> dict[str, str]:
    """An id or a slug of people.toml → the name."""
    tables = [wiki.people.get(name) for name in ("departments", "people")]
    return {
        str(own): str(said["name"])
        for table in tables
        for own, said in (table.items() if isinstance(table, dict) else ())
        if isinstance(said, dict) and said.get("name")
    }
