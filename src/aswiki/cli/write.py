"""The writing commands: words to one use case, and what it did to a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aswiki.cli.asking import customer_of
from aswiki.cli.frame import CUSTOMER, RECORD
from aswiki.cli.run import Run, ask
from aswiki.cli.saved import anchored_on, asked, opened, say
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.wiki import Wiki

_WHY = typer.Option(metavar="TEXT", help=N_("The reason; it becomes a log entry"))


def new_customer(
    run: Run,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=N_("The full name"))] = None,
    slug: Annotated[
        str | None, typer.Option(metavar="SLUG", help=N_("The folder's name, else from the name"))
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help=N_("strategic, key, standard, long_tail or trial")),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help=N_("Customer since that day"))
    ] = None,
    industry: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("The industry"))] = None,
) -> None:
    """Add a customer.

    A Chinese name becomes a slug in pinyin. A name that is known already is refused.

        aswiki new-customer "蓝鲸游戏" --level key
    """
    from aswiki.wiki import creating

    wiki = opened(run)
    name = name or ask(run, _("What is the customer's name?"), "NAME")
    fields = {
        "account_level": level,
        "industry": industry,
        "customer_since": _day(run, wiki, since),
    }
    say(run, creating.new_customer(wiki, name, asked(run), own_slug=slug, fields=fields))


def _day(run: Run, wiki: Wiki, words: str | None) -> str | None:
    """The day that the words mean, said back; None for none."""
    from aswiki.domain.times import when

    if not words:
        return None
    day = when.day(words, wiki.now(), wiki.zone).isoformat()
    run.out.note(_("Time: {time}").format(time=day))
    return day


def contact(
    run: Run,
    customer: Annotated[str | None, CUSTOMER] = None,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=N_("The contact's name, or id"))
    ] = None,
    role: Annotated[
        str | None, typer.Option(metavar="ROLE", help=N_("For instance tech_lead or finance"))
    ] = None,
    phone: Annotated[str | None, typer.Option(metavar="PHONE", help=N_("Phone"))] = None,
    email: Annotated[str | None, typer.Option(metavar="EMAIL", help=N_("E-mail"))] = None,
    im: Annotated[str | None, typer.Option(metavar="ID", help=N_("Instant message id"))] = None,
    final: Annotated[
        bool, typer.Option("--final", help=N_("The person who takes the work over in the end"))
    ] = False,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help=N_("Contact until that day"))
    ] = None,
) -> None:
    """Add a customer's contact, or change the one of that name.

    aswiki contact 蓝鲸游戏 王工 --role tech_lead --phone 138-0000-0001 --final
    """
    from aswiki.wiki import contacts

    wiki = opened(run)
    customer = customer_of(run, customer)
    name = name or ask(run, _("What is the contact's name?"), "NAME")
    given: dict[str, Any] = {
        "role": wiki.vocabulary.key("role", role) or role if role else None,
        "phone": phone,
        "email": email,
        "im": im,
        "final_contact": True if final else None,
        "until": _day(run, wiki, until),
    }
    given = {key: value for key, value in given.items() if value is not None}
    say(run, contacts.contact(wiki, customer, name, asked(run), given))


def append(
    run: Run,
    record: Annotated[str, RECORD],
    text: Annotated[str, typer.Argument(metavar="TEXT", help=N_("What happened"))],
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help=N_("note, action, demand, deflection, decision, escalation, customer or update"),
        ),
    ] = "note",
    from_: Annotated[
        str | None, typer.Option("--from", metavar="WHO", help=N_("Who passed the matter on"))
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="WHO", help=N_("To whom"))] = None,
    level: Annotated[
        str | None, typer.Option(metavar="L1..L5", help=N_("Level of the escalation ladder"))
    ] = None,
    quote: Annotated[
        str | None, typer.Option(metavar="TEXT", help=N_("What was said, to the letter"))
    ] = None,
) -> None:
    """Add an entry to a record's log.

    aswiki append oss-timeout "要求 30 分钟内恢复主库" --kind demand --to db-team --level L2
    aswiki append oss-timeout "Told by phone" --kind customer --quote "It was not you."
    """
    from aswiki.wiki import editing

    saved = editing.append(
        opened(run),
        record,
        text,
        asked(run),
        kind=kind,
        from_=from_,
        to=to,
        level=level,
        quote=quote,
    )
    say(run, saved)


def set_(
    run: Run,
    record: Annotated[str, RECORD],
    pairs: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY=VALUE...", help=N_("Fields and their new values")),
    ] = None,
    why: Annotated[str | None, _WHY] = None,
) -> None:
    """Change fields of a record.

    One field changes one line. KEY= clears a field. Lowering a severity, moving a date and changing
    a responsible person need --why.

        aswiki set oss-timeout severity=P2 --why "Only one bucket was affected"
        aswiki set 蓝鲸游戏 credit.owed_amount=12000.50 tags=游戏,重点
    """
    from dataclasses import replace

    from aswiki.wiki import editing

    given = asked(run)
    sets = [*given.sets, *(_pair(text) for text in pairs or [])]
    if not (sets or given.adds or given.removes or given.body or given.editor):
        raise BadInput(
            "missing-argument", _("No field is given."), _("Give one or more KEY=VALUE.")
        )
    say(run, editing.set_fields(opened(run), record, replace(given, sets=sets), why=why))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise BadInput(
            "bad-pair",
            _("{text} is not KEY=VALUE.").format(text=text),
            _("For instance status=resolved."),
        )
    return key.strip(), value


def close(
    run: Run,
    record: Annotated[str, RECORD],
    why: Annotated[str | None, _WHY] = None,
) -> None:
    """Close a record.

    An event gets closed_at, and resolved_at where it has none. A complaint closes only whole: with
    impact, log, responsible person and loss. A planned visit becomes held.

        aswiki close oss-timeout --at 昨晚12点
    """
    from aswiki.wiki import closing

    say(run, closing.close(opened(run), record, asked(run), why=why))


def retire(
    run: Run,
    record: Annotated[str, RECORD],
    why: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("The reason"))] = None,
) -> None:
    """Take a record back, leaving a trace.

    The file is reduced to type, title, time and the reason; its history stays.

        aswiki retire oss-timeout --why "Recorded for the wrong customer"
    """
    from aswiki.wiki import closing

    why = why or ask(run, _("Why is it taken back?"), "--why")
    say(run, closing.retire(opened(run), record, asked(run), why=why))


def commit(
    run: Run,
    message: Annotated[
        str | None, typer.Option("-m", "--message", metavar="TEXT", help=N_("The subject"))
    ] = None,
) -> int:
    """Take in edits made by hand.

    One commit a record. Records with errors, or that lost a log entry or a quote, are refused and
    named; the good ones are committed. Exit 1 when any was refused. A git merge under way is
    finished as one commit, where every line is of one of the sides.

        aswiki commit -m "Notes from the train"
    """
    from aswiki.wiki import adopting

    wiki = opened(run)
    adopted = adopting.commit(wiki, subject=message, dry_run=run.dry_run)
    if adopted.commits:
        anchored_on(run, wiki, "daily")
    if run.json:
        run.out.json(_adopted(run, adopted))
        return int(bool(adopted.refused))
    for warning in adopted.warnings:
        run.out.warning(warning)
    for problem in adopted.refused:
        place = f"{problem.path}:{problem.line}:{problem.column}"
        hint = f" {problem.hint}" if problem.hint else ""
        run.out.result(f"{place}: {problem.code} {problem.message}{hint}")
    if adopted.diff:
        run.out.diff(adopted.diff)
    whats = [_("The merge")] if adopted.is_merge else [*adopted.refs, ", ".join(adopted.paths)]
    for what, made in zip(whats, adopted.commits, strict=False):
        run.out.result(f"{what} · {made[:10]}")
    if not adopted.commits and not adopted.refused and not run.dry_run:
        run.out.note(_("Nothing to do."))
    return int(bool(adopted.refused))


def _adopted(run: Run, adopted: Any) -> Mapping[str, object]:  # noqa: ANN401 - wiki.adopting is lazy
    from aswiki.domain import records

    refs = [{"ref": ref, "path": records.path_of(ref)} for ref in adopted.refs]
    one = refs[0] if len(refs) == 1 else {"ref": None, "path": None}
    return {
        **one,
        "commit": adopted.commits[-1] if adopted.commits else None,
        "warnings": adopted.warnings,
        "refs": refs,
        "commits": adopted.commits,
        "refused": [problem.as_json() for problem in adopted.refused],
        **({"diff": adopted.diff} if run.dry_run else {}),
    }


def undo(
    run: Run,
    revision: Annotated[
        str | None, typer.Argument(metavar="COMMIT", help=N_("The commit; the newest unless said"))
    ] = None,
) -> None:
    """Take a commit back with a new one.

    Facts and prose go back, log entries stay and gain a note that says withdrawn. A record that the
    commit made is retired. Nothing is rewritten.

        aswiki undo 3f2a91c
    """
    from aswiki.wiki import undoing

    say(run, undoing.undo(opened(run), asked(run), revision))
