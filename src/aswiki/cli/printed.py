"""Documents handed over: to stdout, to a file, or several into a folder; all of them or none."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aswiki.cli.run import Run
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.wiki.papers.leak_check import Found
    from aswiki.wiki.wiki import Wiki

KINDS = {
    "customer": N_("another customer's name"),
    "contact": N_("a contact's name"),
    "phone": N_("a phone number"),
    "email": N_("an e-mail address"),
    "colleague": N_("a colleague's name"),
    "amount": N_("an amount of money"),
    "rival": N_("another vendor's name"),
    "word": N_("a word that is never said to them"),
}
"""What a leak gives away, by its kind."""

WITH_EVIDENCE = typer.Option(
    "--with-evidence", metavar="FOLDER", help=N_("Write a package of evidence beside it")
)


def form_of(run: Run, format: str) -> str:
    """The form that is asked for; ``--json`` says json.

    Raises:
        BadInput: there is no such form.
    """
    from aswiki.wiki.papers.printing import FORMS, unknown_form

    form = "json" if run.json else format.strip().lower()
    if form not in FORMS:
        raise unknown_form(form)
    return form


def require_place(form: str, out: str | None, number: int) -> None:
    """Refuse what cannot be printed: several documents at once, or what no terminal shows.

    Raises:
        BadInput: ``--out`` is missing, or names a file of another form.
    """
    from aswiki.wiki.papers.printing import BINARY, FORMS

    out = _named(out)
    if out is None and number > 1:
        raise BadInput(
            "several-documents",
            _("These are {n} documents, one a customer, and only one fits here.").format(n=number),
            _("Give the folder they go into: --out FOLDER"),
        )
    if out is None and form in BINARY and sys.stdout.isatty():
        raise BadInput(
            "binary-output",
            _("A terminal cannot show {form}.").format(form=form),
            _("Give the file it goes into: --out FILE"),
        )
    if out is not None and number > 1 and Path(out).is_file():
        raise BadInput(
            "several-documents",
            _("These are {n} documents, and {path} is one file.").format(n=number, path=out),
            _("Give the folder they go into: --out FOLDER"),
        )
    if out is not None and number == 1 and not _is_folder(out):
        ending = Path(out).suffix.lower().removeprefix(".")
        if ending in FORMS and ending != form:
            raise BadInput(
                "other-form",
                _("{path} would hold {form}.").format(path=out, form=form),
                _("Add --format {ending}, or give the file another name.").format(ending=ending),
            )


def _named(out: str | None) -> str | None:
    """Where ``--out`` points; a dash is stdout, as without it."""
    return None if out == "-" else out


def _is_folder(out: str) -> bool:
    return out.endswith("/") or Path(out).is_dir()


def hand_over(run: Run, made: Mapping[str, bytes], form: str, out: str | None) -> None:
    """Print or write the documents, by the name of their file without an ending."""
    out = _named(out)
    if out is not None:
        _write(run, {f"{name}.{form}": raw for name, raw in made.items()}, out)
        return
    (raw,) = made.values()
    if form == "json":
        from json import loads

        run.out.json(loads(raw))
    elif form == "md":
        run.out.markdown(raw.decode())
    else:
        run.out.file(raw)


def give_evidence(run: Run, wiki: Wiki, words: str | None, place: str | None) -> None:
    """Write the package that goes with a document, where one is asked for.

    Args:
        run: this run.
        wiki: the open wiki.
        words: the one customer whom the document is about; None for all.
        place: the package's folder; None where none is asked for.

    Raises:
        BadInput: the folder is there already.
    """
    if place is not None:
        from aswiki.cli.evidence import write_beside

        write_beside(run, wiki, words, place)


def stopped(run: Run, leaked: Sequence[Found]) -> int:
    """Say what stopped the report; nothing of it is printed or written."""
    if run.json:
        run.out.json({"leaks": [one.as_json() for one in leaked]})
    for one in leaked:
        place = " ".join(part for part in (one.ref, one.field) if part)
        if one.kind == "stale_release":
            said = _("{place}: the text was changed after its release.").format(place=place)
        else:
            said = _("{place}: {found} must not reach this reader ({kind}).").format(
                place=place, found=one.found, kind=_(KINDS[one.kind])
            )
        run.out.warning(said)
    run.out.note(
        _(
            "Nothing was written. Rewrite the words, release the text again, or let honest words "
            "through: scan_ok in the record, [audiences] not_a_leak in aswiki.toml."
        )
    )
    return 1


def _write(run: Run, files: Mapping[str, bytes], out: str) -> None:
    """Write each file and print its path; one goes by the name given, several into a folder."""
    from aswiki.store.files import write_atomic, write_into

    into = _is_folder(out) or len(files) > 1
    paths = {Path(out) / name if into else Path(out): raw for name, raw in files.items()}
    for path, raw in paths.items():
        is_device = path.exists() and not path.is_file()
        (write_into if is_device else write_atomic)(path, raw)
    if run.json:
        said = [str(path) for path in paths]
        run.out.json({"path": said[0], "paths": said})
    else:
        run.out.result("\n".join(str(path) for path in paths))
