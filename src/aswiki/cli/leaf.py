"""A command as Typer parses it, and the help page made from its parameters."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperCommand, TyperOption

from aswiki.cli.help import HELP_TEXT, Page, Section, rendered
from aswiki.cli.options import EVERYWHERE, HELP_FLAGS, WRITING
from aswiki.cli.out import Out
from aswiki.lang import _

if TYPE_CHECKING:
    import typer


class Leaf(TyperCommand):
    """A command whose help is one of our pages, in two widths and two languages."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override] # Typer's Context is the one it makes
        """The page as text; Typer prints it for ``--help``."""
        return rendered(leaf_page(self, ctx), Out()).rstrip("\n")


def leaf_page(command: TyperCommand, context: typer.Context) -> Page:
    """The help page of a parsed command: its arguments, its options, then the shared ones."""
    sections: dict[str, list[tuple[str, str]]] = {_("Arguments"): [], _("Options"): []}
    sections |= {_(WRITING): [], _(EVERYWHERE): []}
    usage = [context.command_path]
    for param in command.get_params(context):
        if not isinstance(param, TyperArgument | TyperOption) or param.hidden:
            continue
        if isinstance(param, TyperArgument):
            usage.append(_bracketed(param))
        sections.setdefault(_title(param), []).append((_term(param), _meaning(param)))
    listed = [Section(title, rows) for title, rows in sections.items() if rows]
    return Page(" ".join([*usage, "[OPTIONS]"]), command.help or "", listed)


def _title(param: TyperArgument | TyperOption) -> str:
    if isinstance(param, TyperArgument):
        return _("Arguments")
    return param.rich_help_panel or (_(EVERYWHERE) if _asks_for_help(param) else _("Options"))


def _asks_for_help(param: TyperArgument | TyperOption) -> bool:
    """Whether it is Typer's own ``--help``, whose sentence Typer does not translate."""
    return set(param.opts) <= set(HELP_FLAGS)


def _bracketed(param: TyperArgument) -> str:
    word = _metavar(param) + ("..." if param.nargs == -1 else "")
    return word if param.required else f"[{word}]"


def _metavar(param: TyperArgument | TyperOption) -> str:
    """The word that stands for the value: given, else the choices, else the name in capitals."""
    choices = getattr(param.type, "choices", None)
    name = (param.name or "").upper().replace("_", "-")
    return param.metavar or (f"{'|'.join(map(str, choices))}" if choices else name)


def _term(param: TyperArgument | TyperOption) -> str:
    if isinstance(param, TyperArgument):
        return _metavar(param)
    names = ", ".join(sorted(param.opts, key=len))
    if param.is_flag:
        return names + "".join(f" / {other}" for other in param.secondary_opts)
    return f"{names} {_metavar(param)}"


def _meaning(param: TyperArgument | TyperOption) -> str:
    notes = [_(HELP_TEXT) if _asks_for_help(param) else param.help or ""]
    if isinstance(param, TyperOption) and param.required:
        notes.append(_("[required]"))
    shown = param.show_default and param.default not in (None, False, (), [], "")
    if shown:
        default = param.default.value if isinstance(param.default, Enum) else param.default
        notes.append(_("[default: {value}]").format(value=default))
    return " ".join(filter(None, notes))
