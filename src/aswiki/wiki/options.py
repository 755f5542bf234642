"""Facts given as options of their own: read as their fields are, into plain data of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aswiki.domain import records
from aswiki.domain.records.common import About, Part, abouts
from aswiki.domain.records.values import Field
from aswiki.errors import BadInput
from aswiki.lang import _, either
from aswiki.wiki.drafting import value_of
from aswiki.wiki.editing import no_word
from aswiki.wiki.wiki import Wiki

_TIMES = frozenset({"moment", "day", "month"})


def facts(
    wiki: Wiki, record_type: str, given: Mapping[str, str | None]
) -> tuple[dict[str, Any], list[str]]:
    """The fields that options give, nested, and the times among them as they were understood.

    Args:
        wiki: the open wiki.
        record_type: the type of the record.
        given: dotted keys and words as typed; empty ones are left out. ``kind`` stands first, so
            that what belongs to another is refused.

    Raises:
        BadInput: a value is none of its field, or the field belongs to another kind.
    """
    shape = records.model(record_type)
    found: dict[str, Any] = {}
    echo: list[str] = []
    kind: str | None = None
    for key, typed in given.items():
        if not typed:
            continue
        steps = key.split(".")
        about = _about(shape, steps)
        _require_kind(abouts(shape)[steps[0]], kind)
        value = _read(wiki, tuple(steps), about, typed)
        if key == "kind":
            kind = _known_kind(wiki, about, str(value))
        here = found
        for step in steps[:-1]:
            here = here.setdefault(step, {})
        here[steps[-1]] = value
        if about.form in _TIMES:
            said = _("{field}: {value}")
            echo.append(said.format(field=either(about.en, about.zh), value=value))
    return _in_order(shape, found), echo


def _known_kind(wiki: Wiki, about: About, kind: str) -> str:
    if about.vocabulary is not None and kind not in wiki.vocabulary.words(about.vocabulary):
        raise no_word(wiki, about.vocabulary, kind)
    return kind


def _in_order(shape: type[Part], data: dict[str, Any]) -> dict[str, Any]:
    """The same data in the model's order, as a new file has it."""
    ordered = {key: data[key] for key in abouts(shape) if key in data}
    for key, value in ordered.items():
        part = abouts(shape)[key].part
        if part is not None and isinstance(value, dict):
            ordered[key] = _in_order(part, value)
    return ordered


def _about(shape: type[Part], steps: list[str]) -> About:
    about = abouts(shape)[steps[0]]
    for step in steps[1:]:
        about = abouts(about.part or Part)[step]
    return about


def _require_kind(about: About, kind: str | None) -> None:
    if kind is not None and about.kinds and kind not in about.kinds:
        raise BadInput(
            "other-kind",
            _("The key {key} belongs to {kinds}, not to {kind}.").format(
                key=about.key, kinds=", ".join(about.kinds), kind=kind
            ),
            _("Leave it out, or give the record another kind."),
        )


def _read(wiki: Wiki, loc: tuple[str, ...], about: About, typed: str) -> object:
    if about.section:
        return typed
    field = Field(loc, about, is_item=False)
    if not about.many:
        return value_of(wiki, field, typed)
    pieces = [piece.strip() for piece in typed.replace("，", ",").split(",")]
    return [value_of(wiki, field, piece, one=True) for piece in pieces if piece]
