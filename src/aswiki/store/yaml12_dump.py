"""Plain data as readable YAML: block style for a file, flow style for one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.yaml12_scalar import is_raw, scalar

WIDTH: Final = 80
"""A flat mapping in a list stands on one line up to here."""
LONGEST_KEY: Final = 1000
"""YAML readers give up on a key of more than 1,024 characters."""


class Inline(dict[str, Any]):
    """A mapping that is written on one line however long it gets, one a line in a list."""


def dump(data: Mapping[str, Any]) -> str:
    """The front matter of a new file: keys in the given order, nothing folded.

    Lists stand under their key, indented by two. The items of a list of flat, short mappings, and
    every ``Inline``, take one line each.
    """
    return pairs(data, 0)


def flow(value: object, *, style: str = "") -> str:
    """The value on one line, as it may stand inside other brackets.

    Args:
        value: plain data.
        style: the quotes to prefer where the value is a single text.
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if is_sequence(value):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value, in_flow=True, style=style)


def pairs(data: Mapping[str, Any], indent: int) -> str:
    """The lines of a block mapping at that indentation, each with its newline."""
    pad = " " * indent
    return "".join(f"{pad}{key_text(key)}:{after(data[key], indent)}" for key in data)


def items(values: Sequence[Any], indent: int) -> str:
    """The lines of a block sequence at that indentation, each with its newline."""
    inline = all(_is_short(value, indent) for value in values)
    return "".join(item(value, indent, inline=inline) for value in values)


def item(value: object, indent: int, *, inline: bool = False, style: str = "") -> str:
    """The lines of one list item, its dash at that indentation.

    Args:
        value: plain data.
        indent: the column of the dash, from 0.
        inline: write a mapping on one line, as its siblings are.
        style: the quotes to prefer where the value is a single text.
    """
    pad = " " * indent
    if is_collection(value) and value and not inline and not isinstance(value, Inline):
        return f"{pad}- {block(value, indent + 2)[indent + 2 :]}"
    if is_collection(value):
        return f"{pad}- {flow(value)}\n"
    return f"{pad}-{after(value, indent, style=style)}"


def block(value: object, indent: int) -> str:
    """The lines of a mapping or list that is not empty, at that indentation."""
    if isinstance(value, Mapping):
        return pairs(value, indent)
    return items(value, indent) if is_sequence(value) else ""


def after(value: object, indent: int, *, style: str = "") -> str:
    """What follows ``key:`` or ``-`` of that indentation, up to and with the last newline."""
    if is_collection(value) and value and not isinstance(value, Inline):
        return "\n" + block(value, indent + 2)
    if isinstance(value, str) and is_literal(value):
        return f" {literal(value, indent + 2)}"
    return f" {flow(value) if is_collection(value) else scalar(value, style=style)}\n"


def literal(text: str, indent: int) -> str:
    """The text as a literal block, from its ``|`` to its last newline; only if ``is_literal``."""
    pad = " " * indent
    sign = "|" if text.endswith("\n") else "|-"
    lines = text.removesuffix("\n").split("\n")
    return f"{sign}\n" + "".join(f"{pad}{line}\n" if line else "\n" for line in lines)


def is_literal(text: str) -> bool:
    """Whether a text of several lines keeps every character as a literal block."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and not text[0].isspace()
        and not text.endswith("\n\n")
        and all(is_raw(line) and (line == "" or line.strip() != "") for line in lines)
    )


def key_text(key: str) -> str:
    """The text of a key, quoted where it must be."""
    text = scalar(key, in_flow=True)
    if len(text) > LONGEST_KEY:
        raise BadInput(
            "key-too-long",
            _("A key may have at most {most} characters.").format(most=LONGEST_KEY),
            _("Use a short key and put the text into the value."),
        )
    return text


def is_collection(value: object) -> bool:
    """Whether the value is a mapping or a list."""
    return isinstance(value, Mapping) or is_sequence(value)


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether the value is a list or a tuple."""
    return isinstance(value, list | tuple)


def _is_short(value: object, indent: int) -> bool:
    if isinstance(value, Inline):
        return True
    if not isinstance(value, Mapping) or any(is_collection(part) for part in value.values()):
        return False
    return indent + 2 + len(flow(value)) <= WIDTH
