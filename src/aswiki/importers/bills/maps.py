"""Maps of bills: from TOML to what a bill calls its columns and charges."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from aswiki.errors import BadInput
from aswiki.importers.bills.form import AMOUNTS, CHARGES, FEN, NAMES, Charge, Form, Measure
from aswiki.lang import _

_PLACES = {"month": ("billed_from",), "day": ("start", "end"), "start": ("start",), "end": ("end",)}
"""A map's name of a time → our fields; the day comes before start and end where it is said."""

COLUMNS = (*_PLACES, *NAMES, "charge", "quantity", "unit", *AMOUNTS)
DEFAULTS = (*NAMES, "charge")
SCALES = {"yuan": 0, "fen": FEN}
_TOP = ("scale", "columns", "charges", "defaults")


def form(maps: Sequence[tuple[str, bytes]]) -> Form:
    """The form that maps say together.

    Args:
        maps: names and TOML; what the first says counts first.

    Raises:
        BadInput: one cannot be read, or says what is not understood.
    """
    columns: dict[str, list[str]] = {}
    charges: list[Charge] = []
    defaults: dict[str, str] = {}
    power: int | None = None
    for name, raw in maps:
        map_ = _Map(name, raw)
        for key, headings in map_.columns().items():
            columns.setdefault(key, []).extend(headings)
        charges += map_.charges()
        defaults = map_.defaults() | defaults
        power = map_.power() if power is None else power
    measure = Measure(columns.pop("quantity", []), columns.pop("unit", []))
    return Form(
        _placed(columns),
        [measure],
        charges,
        _("Say in an import map of yours what they are called; docs/imports.md shows how."),
        defaults=defaults,
        power=power or 0,
        is_spread=False,
        has_totals=True,
    )


def _placed(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The columns by our names of fields."""
    placed: dict[str, Sequence[str]] = {
        key: headings for key, headings in columns.items() if key not in _PLACES
    }
    for key in ("month", "day", "start", "end"):
        for field in _PLACES[key]:
            placed[field] = [*placed.get(field, ()), *columns.get(key, ())]
    return placed


class _Map:
    """One map as TOML; what does not fit is raised with its dotted key."""

    def __init__(self, name: str, raw: bytes) -> None:
        self._name = name
        try:
            self._data = tomllib.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise self._wrong("", _("The file is not UTF-8.")) from None
        except tomllib.TOMLDecodeError as error:
            hint = _("Text, and keys that are not a-z, 0-9, - and _, stand in quotes.")
            raise self._wrong("", _("This is not TOML: {why}.").format(why=error), hint) from None
        self._known("", self._data, _TOP)

    def columns(self) -> dict[str, list[str]]:
        """A field → headings."""
        table = self._table("columns")
        self._known("columns.", table, COLUMNS)
        return {key: self._texts(f"columns.{key}", said) for key, said in table.items()}

    def charges(self) -> list[Charge]:
        """What says which charge a row is, in the map's order."""
        found = self._data.get("charges", [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._wrong("charges", _("A table is expected here."), "[[charges]]")
        return [self._charge(f"charges.{n}.", one) for n, one in enumerate(found)]

    def _charge(self, prefix: str, said: Mapping[str, Any]) -> Charge:
        self._known(prefix, said, ("is", "words"))
        charge = said.get("is")
        if charge not in CHARGES:
            choices = _("One of these is expected here: {choices}.").format(
                choices=", ".join(CHARGES)
            )
            raise self._wrong(f"{prefix}is", choices)
        return Charge(
            charge, [word.lower() for word in self._texts(f"{prefix}words", said.get("words"))]
        )

    def defaults(self) -> dict[str, str]:
        """A field → what it is where the bill says nothing."""
        table = self._table("defaults")
        self._known("defaults.", table, DEFAULTS)
        found = {key: self._text(f"defaults.{key}", said) for key, said in table.items()}
        if found.get("charge", CHARGES[0]) not in CHARGES:
            choices = _("One of these is expected here: {choices}.").format(
                choices=", ".join(CHARGES)
            )
            raise self._wrong("defaults.charge", choices)
        return found

    def power(self) -> int | None:
        """The power of ten of the amounts; None where the map does not say."""
        scale = self._data.get("scale")
        if scale is not None and scale not in SCALES:
            choices = _("One of these is expected here: {choices}.").format(
                choices=", ".join(SCALES)
            )
            raise self._wrong("scale", choices)
        return None if scale is None else SCALES[scale]

    def _wrong(self, key: str, what: str, hint: str = "") -> BadInput:
        told = f"{self._name}: {key}: {what}" if key else f"{self._name}: {what}"
        return BadInput("bad-map", told, hint or _("docs/imports.md shows how a map is written."))

    def _table(self, key: str) -> Mapping[str, Any]:
        found = self._data.get(key, {})
        if not isinstance(found, dict):
            raise self._wrong(key, _("A table is expected here."), f"[{key}]")
        return found

    def _known(self, prefix: str, table: Mapping[str, Any], keys: Sequence[str]) -> None:
        for key in table:
            if key not in keys:
                close = get_close_matches(key, keys, n=1)
                hint = _("Did you mean {key}?").format(key=close[0]) if close else ""
                raise self._wrong(prefix + key, _("This key is not known."), hint)

    def _texts(self, key: str, found: object) -> list[str]:
        several = found if isinstance(found, list) else [found]
        return [self._text(key, one) for one in several]

    def _text(self, key: str, found: object) -> str:
        if not isinstance(found, str) or not found.strip():
            raise self._wrong(key, _("A text is expected here."))
        return found
