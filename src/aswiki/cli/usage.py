"""Typer's complaints about a command line, as our sentences with the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aswiki.cli.run import missing
from aswiki.errors import BadInput
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer
    from typer.core import TyperArgument, TyperOption

    Param = TyperArgument | TyperOption


def unexpected(words: Sequence[str], path: tuple[str, ...]) -> BadInput:
    """The error for words that are no argument of the command."""
    return BadInput(
        "unexpected-argument",
        _("Too many arguments: {words}").format(words=" ".join(words)),
        _see(path),
    )


def unknown_option(name: str, close: Sequence[str], path: tuple[str, ...]) -> BadInput:
    """The error for an option nobody knows, with the names that come close."""
    hint = _("Did you mean: {names}?").format(names=", ".join(close)) if close else ""
    return BadInput(
        "no-such-option",
        _("There is no option {option}.").format(option=name),
        " ".join(filter(None, (hint, _see(path)))),
    )


def usage_error(
    error: typer.TyperException, path: tuple[str, ...], params: Sequence[Param]
) -> BadInput:
    """The error of ours that says the same in the user's language.

    Typer's classes for these have no public names, so each is known by what it carries.

    Args:
        error: what Typer raised.
        path: the command's words.
        params: what the command takes.
    """
    details: dict[str, Any] = vars(error)
    if "possibilities" in details:
        return unknown_option(details["option_name"], details["possibilities"] or (), path)
    if "option_name" in details:
        return _misused(details["option_name"], path, params)
    param = details.get("param")
    if "param_type" in details and param is not None:
        return missing(_name(param))
    if param is not None:
        return _bad_value(error, param, path)
    return BadInput("usage", error.format_message(), _see(path))


def _misused(option: str, path: tuple[str, ...], params: Sequence[Param]) -> BadInput:
    """A value without a place, or a place without a value."""
    switch = any(option in p.opts and getattr(p, "is_flag", False) for p in params)
    sentence = _("{option} takes no value.") if switch else _("{option} needs a value.")
    return BadInput("missing-value", sentence.format(option=option), _see(path))


def _bad_value(error: typer.TyperException, param: Param, path: tuple[str, ...]) -> BadInput:
    choices = getattr(param.type, "choices", None)
    if not choices:
        return BadInput(
            "bad-value",
            _("{option} does not take that value: {reason}").format(
                option=_name(param), reason=error.message
            ),
            _see(path),
        )
    return BadInput(
        "bad-value",
        _("{option} does not know that value.").format(option=_name(param)),
        _("Choose one of: {choices}").format(choices=", ".join(map(str, choices))),
    )


def _name(param: Param) -> str:
    """The longest name of an option, the metavar of an argument."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or (param.name or "").upper())


def _see(path: tuple[str, ...]) -> str:
    return _("See: {help}").format(help=" ".join(("aswiki", *path, "--help")))
