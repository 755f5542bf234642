"""The commands about our word and our name: promises, accusations and their clearing."""

from __future__ import annotations

from typing import Annotated

import typer

from aswiki.cli.asking import text_of, word_of
from aswiki.cli.frame import RECORD
from aswiki.cli.run import Run
from aswiki.cli.saved import asked, opened, say
from aswiki.lang import N_, _

Text = str | None


def promise(
    run: Run,
    record: Annotated[str, RECORD],
    what: Annotated[Text, typer.Argument(metavar="WHAT", help=N_("What was promised"))] = None,
    promiser: Annotated[
        Text,
        typer.Option(metavar="PERSON/DEPARTMENT", help=N_("Who promised; one of them will do")),
    ] = None,
    due: Annotated[Text, typer.Option(metavar="DATE", help=N_("The day it is due"))] = None,
    kind: Annotated[
        Text, typer.Option(metavar="KIND", help=N_("For instance fix, feature or report"))
    ] = None,
) -> None:
    """Write down a promise.

    It gets the next free id of the record, p1 and so on; --at is the day it was made.

        aswiki promise oss-timeout "A fix soon" --promiser lina/storage --due 2026-10-30
        aswiki promise oss-timeout "下个版本修好" --promiser 老张 --due 下周五 --kind 修复
    """
    from aswiki.wiki import promising

    what = text_of(run, what, _("What was promised?"), "WHAT")
    promiser = text_of(run, promiser, _("Who promised it (person/department)?"), "--promiser")
    saved = promising.promise(
        opened(run), record, what, asked(run), promiser=promiser, due=due, kind=kind
    )
    say(run, saved)


def settle(
    run: Run,
    promise: Annotated[
        str,
        typer.Argument(
            metavar="RECORD#ID",
            help=N_("The promise; without #ID the record's only open one"),
            autocompletion=RECORD.autocompletion,
        ),
    ],
    as_: Annotated[
        Text,
        typer.Option("--as", metavar="OUTCOME", help=N_("kept, late, broken, withdrawn, disputed")),
    ] = None,
    on: Annotated[
        Text, typer.Option(metavar="DATE", help=N_("The day; the same as --at, else today"))
    ] = None,
) -> None:
    """Say what became of a promise.

    What was kept after its due date is stored as late.

        aswiki settle oss-timeout#p1 --as kept --on 2026-10-28
        aswiki settle oss-timeout#p1 --as 未践行
    """
    from aswiki.wiki import promising

    question = _("What became of it?")
    outcome = word_of(run, as_, question, "--as", "promise_status", only=promising.SETTLED)
    say(run, promising.settle(opened(run), promise, asked(run), outcome=outcome, on=on))


def accused(
    run: Run,
    record: Annotated[str, RECORD],
    accuser: Annotated[
        Text, typer.Option(metavar="WHO,WHO", help=N_("Who accuses us, commas between"))
    ] = None,
    allegation: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What we are said to have done"))
    ] = None,
) -> None:
    """Write down that we are accused.

    The event then carries the blame, day by day, until it is cleared.

        aswiki accused oss-timeout --accuser "Their integrator" --allegation "Your upgrade broke it"
        aswiki accused oss-timeout --accuser 集成商 --allegation "是你们升级引起的" --at 10月3日
    """
    from aswiki.wiki import blaming

    accuser = text_of(run, accuser, _("Who accuses us?"), "--accuser")
    allegation = text_of(run, allegation, _("Of what?"), "--allegation")
    saved = blaming.accused(opened(run), record, asked(run), accuser=accuser, allegation=allegation)
    say(run, saved)


def cleared(
    run: Run,
    record: Annotated[str, RECORD],
    statement: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What was said, to the letter"))
    ] = None,
    party: Annotated[
        Text, typer.Option(metavar="PARTY", help=N_("Whose cause it was, for instance customer"))
    ] = None,
    cause: Annotated[Text, typer.Option(metavar="TEXT", help=N_("The true cause"))] = None,
) -> None:
    """Clear a blame by what was said.

    The statement becomes a quote in the log; --by is who said it. Complaints linked to the event
    stop naming a responsible person of ours.

        aswiki cleared oss-timeout --statement "It was our firewall" --party customer --by wanglei
        aswiki cleared oss-timeout --statement "是防火墙策略问题，跟你们没关系" --party 客户侧
    """
    from aswiki.wiki import blaming

    statement = text_of(run, statement, _("What was said, to the letter?"), "--statement")
    party = word_of(run, party, _("Whose cause was it?"), "--party", "root_cause_party")
    saved = blaming.cleared(
        opened(run), record, asked(run), statement=statement, party=party, cause=cause
    )
    say(run, saved)
