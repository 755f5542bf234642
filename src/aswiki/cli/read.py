"""The reading commands: records listed, one shown, its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aswiki.cli.frame import CUSTOMER_OPTION, RECORD
from aswiki.cli.run import Run
from aswiki.cli.saved import opened
from aswiki.errors import BadInput
from aswiki.lang import N_, _, current

if TYPE_CHECKING:
    from aswiki.wiki.proof.versions import Version
    from aswiki.wiki.wiki import Wiki


def list_(
    run: Run,
    what: Annotated[
        str | None,
        typer.Argument(metavar="TYPE", help=N_("A record type, or customers; all unless said")),
    ] = None,
    customer: Annotated[str | None, CUSTOMER_OPTION] = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help=N_("Only in this status, by key or label"))
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=N_("Only of this kind, by key or label"))
    ] = None,
    owner: Annotated[
        str | None, typer.Option(metavar="PERSON", help=N_("Only of this owner"))
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help=N_("Only from that day on"))
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help=N_("Only up to that day"))
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help=N_("Only with this field; may be repeated")),
    ] = None,
) -> None:
    """List records or customers.

    Customers come with this month's weather, the last month's spend beside its twelve months, open
    P0 and P1, overdue promises and the days since somebody met or heard them; those who need
    attention first. --customer, --owner and --status choose among them too.

        aswiki list event --status in_progress --customer 蓝鲸游戏
        aswiki list customers
    """
    from aswiki.wiki import listing, lookup

    wiki = opened(run)
    person = lookup.person(wiki, owner) if owner else None
    slug = lookup.customer(wiki, customer) if customer else None
    if what is not None and what.casefold() in {"customers", "customer", "客户"}:
        _refuse_for_customers(
            {"--kind": kind, "--since": since, "--until": until, "--where": where}
        )
        from aswiki.cli.portfolio import print_portfolio

        print_portfolio(run, wiki, owner=person, customer=slug, status=status)
        return
    wanted = listing.Wanted(
        record_type=_type(wiki, what) if what else None,
        customer=slug,
        status=status,
        kind=kind,
        owner=person,
        since=_day(wiki, since),
        until=_day(wiki, until),
        where=[listing.where_of(text) for text in where or []],
    )
    found = listing.list_records(wiki, wanted)
    for path in found.skipped:
        run.out.warning(_("{path} cannot be read and was skipped.").format(path=path))
    if run.json:
        run.out.json(found.rows)
    else:
        run.out.table(*_records_table(wiki, found.rows))


def _refuse_for_customers(given: Mapping[str, object]) -> None:
    for option, value in given.items():
        if value:
            raise BadInput(
                "not-for-customers",
                _("{option} is for records, not for customers.").format(option=option),
                _("aswiki list profile takes it."),
            )


def _type(wiki: Wiki, words: str) -> str:
    key = wiki.vocabulary.key("record_type", words)
    if key is None:
        choices = ", ".join(wiki.vocabulary.words("record_type"))
        raise BadInput(
            "unknown-type",
            _("{words} is no record type.").format(words=words),
            _("Choose one of: {choices}.").format(choices=f"{choices}, customers"),
        )
    return key


def _day(wiki: Wiki, words: str | None) -> Any:  # noqa: ANN401 - a date, imported when needed
    from aswiki.domain.times import when

    return when.day(words, wiki.now(), wiki.zone) if words else None


def _records_table(
    wiki: Wiki, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[list[object]]]:
    headers = [_("Reference"), _("Type"), _("Title"), _("Status"), _("Occurred"), _("Owner")]
    statuses = {"event": "event_status", "visit": "visit_status", "complaint": "complaint_status"}

    def label(vocabulary: str | None, key: object) -> object:
        if vocabulary is None or key is None:
            return key
        return wiki.vocabulary.label(vocabulary, str(key), current())

    return headers, [
        [
            row["ref"],
            label("record_type", row["type"]),
            row["title"],
            label(statuses.get(row["type"]), row["status"]),
            (row["occurred"] or "")[:16].replace("T", " "),
            row["owner"],
        ]
        for row in rows
    ]


def show(
    run: Run,
    record: Annotated[str, RECORD],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE|REV", help=N_("As it was known at the end of that day")),
    ] = None,
) -> None:
    """Show a record or a customer.

    aswiki show 蓝鲸游戏/oss-timeout
    aswiki show acme/oss-timeout --as-of 2026-10-05
    """
    from aswiki.render.record import page
    from aswiki.wiki import listing, showing

    wiki = opened(run)
    shown = showing.show(wiki, record, as_of)
    if run.json:
        run.out.json(shown.as_json())
        return
    from aswiki.wiki.proof.versions import versions

    matters, sky = [], ""
    if shown.record_type == "profile" and as_of is None:
        slug = shown.ref.partition("/")[0]
        matters = list(listing.open_matters(wiki, slug))
        sky = _sky(wiki, slug)
    for problem in shown.problems:
        run.out.warning(f"{shown.path}:{problem}")
    told = [version.sentence() for version in versions(wiki, shown.history)]
    run.out.markdown(page(shown, wiki.vocabulary, current(), matters, sky, told))


def _sky(wiki: Wiki, customer: str) -> str:
    """The customer's weather of the month that runs, in one line."""
    from aswiki.cli.weather import sentence
    from aswiki.wiki.weather import weather

    return "".join(sentence(wiki, one) for one in weather(wiki, customer=customer).found)


def history(run: Run, record: Annotated[str, RECORD]) -> None:
    """Who changed a record, and when.

    aswiki history oss-timeout
    """
    from aswiki.wiki import showing

    wiki = opened(run)
    rows = showing.history(wiki, record)
    if run.json:
        run.out.json(rows)
        return
    from aswiki.wiki.proof.versions import versions

    headers = [_("Commit"), _("Recorded"), _("By"), _("Operation"), _("Subject")]
    headers += [_("Claimed"), _("Days late"), _("Written between"), _("Key")]
    cells = [_version(version) for version in versions(wiki, rows)]
    # columns that say nothing of any version are left out
    kept = [at for at in range(len(headers)) if at < 5 or any(row[at] for row in cells)]
    run.out.table([headers[at] for at in kept], [[row[at] for at in kept] for row in cells])


def _version(version: Version) -> list[object]:
    """The cells of one version: what it says of itself, then what is proven."""
    row = version.row
    recorded, claimed = (str(row[key] or "")[:16].replace("T", " ") for key in ("at", "occurred"))
    own = [row["commit"][:10], recorded, row["by"], row["op"], row["subject"]]
    return [*own, claimed, version.late_days, version.between(), version.key]
