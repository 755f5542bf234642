"""Fields against a record type's model: a value, or every violation as a finding (ASW1xx)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aswiki.domain.labels import labelled
from aswiki.domain.problem import Finding, Loc
from aswiki.domain.records import model
from aswiki.domain.records.common import About, Part, Record, Tombstone, abouts
from aswiki.domain.records.types import Reading
from aswiki.lang import _

RETIRED = "retired"


def is_retired(fields: Mapping[str, Any]) -> bool:
    """Whether the fields are those of a tombstone."""
    return fields.get("status") == RETIRED and "retired" in fields


def read(
    record_type: str, fields: Mapping[str, Any], reading: Reading
) -> tuple[Record | None, list[Finding]]:
    """The record that the fields say, and what is wrong with them.

    The record is None when anything violates its model, and for a tombstone.
    """
    if is_retired(fields):
        return None, _findings(Tombstone, fields, reading)[1]
    shape = model(record_type)
    record, found = _findings(shape, fields, reading)
    found += _of_other_kinds(shape, fields, reading)
    said = fields.get("type")
    if isinstance(said, str) and _key(reading, "record_type", said) not in (None, record_type):
        message = _("The type is {said}, but the folder is for {meant}.")
        found.append(Finding("ASW126", ("type",), message.format(said=said, meant=record_type)))
    if record is not None and not found:
        found += _needed_by_kind(record)
    return (record if not found else None), found


def read_partly(
    record_type: str, fields: Mapping[str, Any], found: list[Finding], reading: Reading
) -> Record | None:
    """The record without the fields in which something was found; None where it needs them.

    The rules can look at the rest of it, so that all that is wrong is said at once.
    """
    wrong = {finding.loc[0] for finding in found if finding.loc}
    rest = {key: value for key, value in fields.items() if key not in wrong}
    record: Record | None = _findings(model(record_type), rest, reading)[0]
    return record


def read_part(
    shape: type[Part], fields: Mapping[str, Any], reading: Reading
) -> tuple[Part | None, list[Finding]]:
    """The value that a mapping outside the records says, and what is wrong with it."""
    return _findings(shape, fields, reading)


def _findings(
    shape: type[Any], fields: Mapping[str, Any], reading: Reading
) -> tuple[Any, list[Finding]]:
    try:
        return shape.model_validate(dict(fields), context=reading), []
    except ValidationError as error:
        found = [_finding(shape, item) for item in error.errors(include_url=False)]
        return None, list({(item.code, item.loc): item for item in found}.values())


def _finding(shape: type[Part], item: ErrorDetails) -> Finding:
    loc = _loc(item["loc"])
    kind, said = item["type"], item.get("ctx", {})
    if kind == "aswiki":
        return Finding(said["c"], loc, said["message"], said["hint"])
    if kind == "extra_forbidden":
        return _unknown(shape, loc)
    if kind == "missing":
        message = _("{key} is missing.").format(key=loc[-1])
        return Finding("ASW124", loc, message, _("Add a line with it."))
    wanted = {
        "model_type": _("A mapping is expected here, not {value}."),
        "dict_type": _("A mapping is expected here, not {value}."),
        "list_type": _("A list is expected here, not {value}."),
    }.get(kind, _("{value} does not fit here."))
    return Finding("ASW121", loc, wanted.format(value=_shown(item["input"])))


def _unknown(shape: type[Part], loc: Loc) -> Finding:
    """The finding for a key that a record lacks, or that stands as its label."""
    part = _part_at(shape, loc[:-1])
    found = unknown_key(loc, list(abouts(part)) if part is not None else [])
    key = labelled(part, str(loc[-1])) if part is not None else None
    if key is None:
        return found
    hint = _("Write {key}, or let aswiki validate --fix do it.").format(key=key)
    return replace(found, hint=hint)


def unknown_key(loc: Loc, known: list[str]) -> Finding:
    """The finding for a key that is not in the schema, with the nearest one that is."""
    key = str(loc[-1])
    close = get_close_matches(key, known, n=1, cutoff=0.6)
    hint = (
        _("Did you mean {key}?").format(key=close[0])
        if close
        else _("Keys of your own start with x_.")
    )
    return Finding(
        "ASW120", loc, _("The key {key} is not known.").format(key=key), hint, at_key=True
    )


def _loc(loc: tuple[int | str, ...]) -> Loc:
    return tuple(part for part in loc if not _is_branch(part))


def _is_branch(part: int | str) -> bool:
    """Whether pydantic put the name of a union's branch into the place."""
    return isinstance(part, str) and ("[" in part or part in {"str", "int", "decimal", "bool"})


def _shown(value: object) -> str:
    text = type(value).__name__ if isinstance(value, dict | list) else str(value)
    return {"dict": _("a mapping"), "list": _("a list")}.get(text, text[:60])


def _part_at(shape: type[Part], loc: Loc) -> type[Part] | None:
    """The shape of the mapping at a place of a record."""
    found: type[Part] | None = shape
    for part in loc:
        if isinstance(part, str) and found is not None:
            about = abouts(found).get(part)
            found = about.part if about is not None else None
    return found


def _key(reading: Reading, vocabulary: str, spelling: str) -> str | None:
    return reading.vocabulary.key(vocabulary, spelling)


def _of_other_kinds(
    shape: type[Record], fields: Mapping[str, Any], reading: Reading
) -> list[Finding]:
    said = abouts(shape)
    about = said.get("kind")
    kind = fields.get("kind")
    if about is None or about.vocabulary is None or not isinstance(kind, str):
        return []
    key = _key(reading, about.vocabulary, kind)
    if key is None:
        return []
    return [
        Finding(
            "ASW120",
            (name,),
            _("The key {key} belongs to {kinds}, not to {kind}.").format(
                key=name, kinds=", ".join(said[name].kinds), kind=key
            ),
            at_key=True,
        )
        for name, value in fields.items()
        if name in said and value is not None and said[name].kinds and key not in said[name].kinds
    ]


def _needed_by_kind(record: Record) -> list[Finding]:
    if getattr(record, "kind", None) == "incident" and getattr(record, "severity", None) is None:
        message = _("{key} is missing.").format(key="severity")
        return [Finding("ASW124", ("severity",), message, _("Add a line with it."))]
    return []


def missing_whole(shape: type[Part], part: Part, loc: Loc = ()) -> Iterator[tuple[Loc, About]]:
    """Every ``*`` field that a value lacks, at any depth, with where it should stand."""
    kind = getattr(part, "kind", None)
    for key, about in abouts(shape).items():
        value = getattr(part, about.attribute)
        if about.kinds and kind not in about.kinds:
            continue
        if about.whole and (value is None or value == []):
            yield (*loc, key), about
        elif isinstance(value, Part):
            yield from missing_whole(type(value), value, (*loc, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from missing_whole(type(item), item, (*loc, key, index))
