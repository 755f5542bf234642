"""The commands ``key add``, ``key retire`` and ``key list``: who may sign in the wiki."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aswiki.cli.asking import text_of
from aswiki.cli.run import Run
from aswiki.cli.saved import SHORT, opened, say
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.proof.keys import Row
    from aswiki.wiki.saving import Saved

Text = str | None

STATES = {"valid": N_("valid"), "future": N_("not yet"), "retired": N_("retired")}


def key_add(
    run: Run,
    principal: Annotated[
        Text, typer.Argument(metavar="PRINCIPAL", help=N_("The address of their commits, or who"))
    ] = None,
    public: Annotated[
        Text, typer.Argument(metavar="KEY.pub", help=N_("The file of their public key"))
    ] = None,
    since: Annotated[
        Text, typer.Option("--from", metavar="TIME", help=N_("From when on; from now on if unsaid"))
    ] = None,
    admin: Annotated[
        bool, typer.Option("--admin", help=N_("They may change keys and settings too"))
    ] = False,
) -> None:
    """Let a key sign as somebody.

    Only an admin may, by a commit signed with a key that the wiki allows. In a wiki that is not
    signed yet, your own key begins it: from then on every commit is signed, and you are the first
    admin.

        aswiki key add zhangwei@example.com zhangwei.pub
        aswiki key add 张维 ~/keys/zhangwei.pub --admin
    """
    from aswiki.wiki.proof import keys

    who = text_of(run, principal, _("Whose key?"), "PRINCIPAL")
    path = text_of(run, public, _("Which file holds the public key?"), "KEY.pub")
    start = since if since is not None else run.at
    place = Path(path).expanduser()
    saved = keys.add(opened(run), who, place, since=start, admin=admin, dry_run=run.dry_run)
    _say(run, saved, _("{principal} may sign with {name} · commit {commit}"))


def key_retire(
    run: Run,
    key: Annotated[
        Text,
        typer.Argument(metavar="FINGERPRINT|PRINCIPAL", help=N_("The key, or whose every key")),
    ] = None,
) -> None:
    """Retire a key: its time is over.

    What was signed before stays good; what is signed with it later is found out. Only an admin
    may. --at is the last moment of the key, such as the evening it was lost; now if unsaid.

        aswiki key retire zhangwei@example.com
        aswiki key retire SHA256:pyjB6tZXHXyKQxDBpbGWBWLnkdpHfJo1cMbuRNXJZPE --at 昨天
    """
    from aswiki.wiki.proof import keys

    words = text_of(run, key, _("Which key?"), "FINGERPRINT|PRINCIPAL")
    saved = keys.retire(opened(run), words, at=run.at, dry_run=run.dry_run)
    _say(run, saved, _("{principal} may no longer sign with {name} · commit {commit}"))


def key_list(run: Run) -> None:
    """List the keys that may sign, and that might once.

    JSON: an array with principal, fingerprint, kind, namespaces, valid_after, valid_before, state
    (valid, future, retired) and admin.
    """
    from aswiki.wiki.proof import keys

    rows = keys.listed(opened(run))
    if run.json:
        run.out.json([row.as_json() for row in rows])
        return
    headers = [_("Who"), _("Public key"), _("From"), _("Until"), _("State"), _("Admin")]
    run.out.table(headers, [_cells(row) for row in rows])
    if not rows:
        run.out.note(_("The commits of this wiki are not signed."))


def _cells(row: Row) -> list[object]:
    from aswiki.evidence.signers import fingerprint

    ends = (row.key.valid_after, row.key.valid_before)
    after, before = (f"{moment:%Y-%m-%d %H:%M}Z" if moment else None for moment in ends)
    admin = _("admin") if row.admin else None
    return [row.key.principal, fingerprint(row.key), after, before, _(STATES[row.state]), admin]


def _say(run: Run, saved: Saved, sentence: str) -> None:
    """What was done in a sentence; as any other write where nothing was, or in JSON."""
    if run.json or run.dry_run or saved.commit is None:
        say(run, saved)
        return
    for warning in saved.warnings:
        run.out.warning(warning)
    principal, names = saved.more["principal"], saved.more["fingerprints"]
    name = ", ".join(names) if isinstance(names, list) else names
    run.out.result(sentence.format(principal=principal, name=name, commit=saved.commit[:SHORT]))
