'''The frame of a command: from a plain function to a parsed, run and explained command line.

A command is a plain function in one of the modules of the table (``commands.py``). Its first
parameter is the ``Run``, never an option; the others are its arguments and options, in English,
marked with ``N_`` and translated here. The shared options are not named: the command's role in the
table brings them. It returns an exit code, or nothing for 0::

    from typing import Annotated

    import typer

    from aswiki.cli.frame import CUSTOMER
    from aswiki.cli.run import Run, ask
    from aswiki.lang import N_, _

    def log_incident(
        run: Run,
        customer: Annotated[str, CUSTOMER],
        title: Annotated[str, typer.Argument(help=N_("What happened, in one line"))],
        severity: Annotated[str | None, typer.Option(metavar="P0..P4", help=N_("How bad"))] = None,
    ) -> int | None:
        """Record an incident.

        The text comes from --body-file, or from the editor with --edit.

            aswiki log-incident acme "OSS timeouts" --severity P1 --at "昨天下午3点"
        """
        from aswiki.wiki import Wiki

        severity = severity or ask(run, _("How bad was it?"), "--severity", SEVERITIES)
        saved = Wiki.at(run.folder()).log_incident(customer, title, severity, body=run.body())
        if run.json:
            run.out.json(saved.as_json())
        else:
            run.out.result(_("Recorded {ref}.").format(ref=saved.ref))
        return None

The help shows the table's one line, then the docstring's further paragraphs up to its first Google
heading; one that is indented is printed as it stands. ``sentences`` gives them to the catalogue.
'''

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from copy import copy
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args, get_origin, get_type_hints

import typer
from typer.models import ParameterInfo

from aswiki import __version__
from aswiki.cli.complete import customers, records
from aswiki.cli.leaf import Leaf, leaf_page
from aswiki.cli.options import HELP_FLAGS, Shared, shared
from aswiki.cli.run import Run, may_ask
from aswiki.cli.usage import unexpected, usage_error
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from aswiki.cli.commands import Command, Role
    from aswiki.cli.help import Page
    from aswiki.cli.out import Out

Function = Callable[..., "int | None"]
_Parameter = inspect.Parameter


def _customer(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return customers(ctx.params.get("wiki"), incomplete)


def _record(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return records(ctx.params.get("wiki"), incomplete)


CUSTOMER = typer.Argument(
    metavar="CUSTOMER", help=N_("A customer's slug, name or pinyin"), autocompletion=_customer
)
"""The argument of a command that is about one customer: ``Annotated[str, CUSTOMER]``."""

CUSTOMER_OPTION = typer.Option(
    "--customer",
    metavar="CUSTOMER",
    help=N_("Only of this customer, by slug, name or pinyin"),
    autocompletion=_customer,
)
"""The option that narrows to one customer."""

RECORD = typer.Argument(
    metavar="RECORD", help=N_("Any clear part of a record's reference"), autocompletion=_record
)
"""The argument of a command that is about one record: ``Annotated[str, RECORD]``."""


def load(entry: Command) -> Function:
    """The function of a command; only its own module is imported."""
    function: Function = getattr(import_module(entry.module), entry.function)
    return function


def build(name: str, entry: Command) -> Leaf:
    """The command as Typer parses it, in the language in use; its callback takes a ``Run``."""
    function = load(entry)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, cls=Leaf, help=_text(entry, function), context_settings=_SETTINGS)(
        _composed(function, entry.role)
    )
    return cast("Leaf", typer.main.get_command(app))


_SETTINGS = {"help_option_names": list(HELP_FLAGS), "allow_extra_args": True}


def execute(path: tuple[str, ...], entry: Command, args: list[str], out: Out) -> int:
    """The exit code of the command, parsed and run.

    Raises:
        AswikiError: wrong usage, or whatever the command raises.
        KeyboardInterrupt: also for an answer that was refused.
    """
    command = build(path[-1], entry)
    try:
        with command.make_context("aswiki " + " ".join(path), list(args), obj=out) as context:
            if context.args:
                raise unexpected(context.args, path)
            code: int | None = command.invoke(context)
            return code or 0
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort as refused:
        raise KeyboardInterrupt from refused
    except typer.TyperException as error:
        raise usage_error(error, path, cast("list[Any]", command.params)) from error


def command_page(path: tuple[str, ...], entry: Command) -> Page:
    """The help page of a command."""
    command = build(path[-1], entry)
    name = "aswiki " + " ".join(path)
    context = command.make_context(name, [], resilient_parsing=True)
    return leaf_page(command, cast("typer.Context", context))


def sentences(entry: Command) -> list[str]:
    """The English sentences of a command's help text, as the catalogue must hold them."""
    return [entry.help, *(p for p in _paragraphs(load(entry)) if not p.startswith(" "))]


def _text(entry: Command, function: Function) -> str:
    told = [_(entry.help)]
    told += [p if p.startswith(" ") else _(p) for p in _paragraphs(function)]
    return "\n\n".join(told)


def _paragraphs(function: Function) -> list[str]:
    """The docstring after its first paragraph, one line each; examples stay as they are, indented.

    An example is known by its first word: a docstring's indentation does not survive everywhere.
    """
    found = []
    for block in inspect.cleandoc(function.__doc__ or "").split("\n\n")[1:]:
        if block.startswith(("Args:", "Raises:", "Returns:", "Source:")):
            break
        lines = [line.strip() for line in block.splitlines()]
        is_example = lines[0].startswith(("aswiki ", "~/"))
        found.append("\n".join(f"    {s}" for s in lines) if is_example else " ".join(lines))
    return found


def _composed(function: Function, role: Role) -> Function:
    """A function of the command's own and the shared options that hands both to the command."""
    own = _own(function)
    options = shared(role)
    extra = [_parameter(option) for option in options]

    def call(ctx: typer.Context, **values: object) -> int | None:
        taken = {option.name: values.pop(option.name) for option in options}
        _agree_on_json(taken, values)
        return function(_run(taken, ctx.obj), **values)

    parameters = [_keyword("ctx", typer.Context), *own, *extra]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # Typer reads it
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call


def _keyword(
    name: str, annotation: object, default: object = inspect.Parameter.empty
) -> _Parameter:
    return _Parameter(name, _Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _own(function: Function) -> list[_Parameter]:
    """The command's own parameters, the run left out, their words translated."""
    hints = get_type_hints(function, localns={"Run": Run}, include_extras=True)
    _run_parameter, *own = inspect.signature(function).parameters.values()
    return [_keyword(p.name, _translated(hints[p.name]), p.default) for p in own]


def _translated(annotation: object) -> object:
    if get_origin(annotation) is not Annotated:
        return annotation
    bare, *notes = get_args(annotation)
    return Annotated[bare, *(_in_language(n) if isinstance(n, ParameterInfo) else n for n in notes)]


def _in_language(info: ParameterInfo) -> ParameterInfo:
    spoken = copy(info)
    for name in ("help", "metavar", "rich_help_panel"):
        words = getattr(info, name)
        setattr(spoken, name, _(words) if words else words)
    return spoken


def _parameter(option: Shared) -> _Parameter:
    """A shared option as a parameter."""
    version = option.name == "version"
    info = typer.Option(
        *option.flags,
        help=_(option.help),
        metavar=option.metavar or None,
        rich_help_panel=_(option.panel),
        is_eager=version,
        callback=_print_version if version else None,
    )
    if not option.metavar:
        return _keyword(option.name, Annotated[bool, info], default=False)
    bare = list[str] if option.many else str
    return _keyword(option.name, Annotated[bare | None, info], default=None)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"aswiki {__version__}")
        raise typer.Exit


def _agree_on_json(taken: dict[str, Any], own: dict[str, object]) -> None:
    """``--json`` and ``--format json`` are the same where there is a format."""
    if "format" not in own:
        return
    chosen = own["format"]
    if taken["json"]:
        own["format"] = type(chosen)("json") if isinstance(chosen, Enum) else "json"
    taken["json"] = own["format"] == "json"


def _run(taken: dict[str, Any], out: Out) -> Run:
    """The shared values as a ``Run``."""
    taken.pop("version")
    wiki = taken.pop("wiki") or os.environ.get("ASWIKI_WIKI")
    out.quiet = taken["quiet"]
    for name, flag in (("sets", "--set"), ("adds", "--add")):
        if name in taken:
            taken[name] = tuple(_pair(flag, word) for word in taken[name] or ())
    if "removes" in taken:
        taken["removes"] = tuple(taken["removes"] or ())
    interactive = may_ask(no_input=taken["no_input"])
    return Run(out=out, wiki=Path(wiki) if wiki else None, interactive=interactive, **taken)


def _pair(flag: str, word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not (equals and key.strip()):
        raise BadInput(
            "bad-assignment",
            _("{option} {word} is not of the form KEY=VALUE.").format(option=flag, word=word),
            _("Example: {example}").format(example=f"{flag} severity=P1"),
        )
    return key.strip(), value
