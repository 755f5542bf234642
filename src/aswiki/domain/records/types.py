"""The kinds of value a field can hold, each with a sentence for what it cannot read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, ValidationInfo, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from aswiki.domain.records.moments import moment
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.domain.words import VOCABULARIES
from aswiki.lang import _, either

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f]")


@dataclass(frozen=True)
class Reading:
    """What a value is read against: the wiki's zone for times without offset, and its words."""

    zone: tzinfo = UTC
    vocabulary: Vocabulary = DEFAULT


def reading_of(info: ValidationInfo) -> Reading:
    """The ``Reading`` handed to the validation, or the default one."""
    return info.context if isinstance(info.context, Reading) else Reading()


def wrong(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """An error that carries one of our codes and an already worded sentence."""
    return PydanticCustomError("aswiki", "{message}", {"c": code, "message": message, "hint": hint})


def shown(value: object) -> str:
    """A value as a user would recognise it, cut to a line."""
    text = str(value).replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "..."


def _text(value: object) -> object:
    if not isinstance(value, str):
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        hint = _("Put it in quotes: it reads as a number.") if number else ""
        raise wrong(
            "ASW121", _("Text is expected here, not {value}.").format(value=shown(value)), hint
        )
    if _CONTROL.search(value):
        raise wrong("ASW127", _("The text holds a control character."), _("Take it out."))
    return unicodedata.normalize("NFC", value)


def _one_line(value: object) -> object:
    text = str(_text(value))
    if "\n" in text or not text.strip():
        raise wrong(
            "ASW127",
            _("A title is one line that is not empty."),
            _("Put the rest into the text below."),
        )
    return text


def _code(value: object) -> object:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(getattr(value, "text", value))
    return _text(value)


def _text_or_number(value: object) -> object:
    return value if isinstance(value, int | Decimal) else _text(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong(
            "ASW121",
            _("A number is expected here, not {value}.").format(value=shown(value)),
            _("Write it without quotes, unit or thousands separator, for instance 1234.50."),
        )
    number = Decimal(value)
    if not number.is_finite():
        raise wrong("ASW125", _("A number must be finite."))
    return number


def _whole(value: object) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise wrong(
            "ASW121", _("A whole number is expected here, not {value}.").format(value=value)
        )
    return int(number)


def _within(low: int, high: int | None) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:  # noqa: ANN401 - an int or a Decimal comes back as it came
        if value < low or (high is not None and value > high):
            limits = (
                _("from {low} to {high}").format(low=low, high=high)
                if high is not None
                else _("{low} or more").format(low=low)
            )
            raise wrong(
                "ASW125",
                _("The number must be {limits}, not {value}.").format(limits=limits, value=value),
            )
        return value

    return check


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise wrong(
            "ASW121", _("true or false is expected here, not {value}.").format(value=shown(value))
        )
    return value


def _moment(value: object, info: ValidationInfo) -> datetime | date:
    if isinstance(value, datetime | date):
        return value
    read = moment(value, reading_of(info).zone) if isinstance(value, str) else None
    if read is None:
        raise wrong(
            "ASW123",
            _("{value} is not a time.").format(value=shown(value)),
            _("Write it like 2026-10-03T14:05:00+08:00, or 2026-10-03 where the hour is unknown."),
        )
    return read


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise wrong(
        "ASW123",
        _("{value} is not a date.").format(value=shown(value)),
        _("Write it like 2026-10-03."),
    )


def _month(value: object) -> str:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return value
    raise wrong(
        "ASW123",
        _("{value} is not a month.").format(value=shown(value)),
        _("Write it like 2026-10."),
    )


def _currency(value: object) -> str:
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    raise wrong(
        "ASW121",
        _("{value} is not a currency.").format(value=shown(value)),
        _("Write its three letters, for instance CNY or USD."),
    )


@dataclass(frozen=True)
class Word:
    """A value out of one vocabulary; a label in any language is read as its key."""

    vocabulary: str

    def read(self, value: object, info: ValidationInfo) -> str:
        """The key for a key or label; an error with the choices for anything else."""
        words = reading_of(info).vocabulary
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
        key = words.key(self.vocabulary, text) if text is not None else None
        if key is None:
            choices = ", ".join(
                either(key, f"{key} {pair[1]}" if pair[1] != key else key)
                for key, pair in words.words(self.vocabulary).items()
            )
            raise wrong(
                "ASW122",
                _("{value} is not one of the words allowed here.").format(value=shown(value)),
                _("Choose one of: {choices}.").format(choices=choices),
            )
        return key

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(
            self.read, core_schema.str_schema(), metadata={"vocabulary": self.vocabulary}
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: object
    ) -> dict[str, object]:
        words = VOCABULARIES[self.vocabulary]
        return {
            "type": "string",
            "enum": list(words),
            "x-labels": {key: {"en": en, "zh": zh} for key, (en, zh) in words.items()},
        }


@dataclass(frozen=True)
class Form:
    """How a value typed on a command line is read, by the name of its kind."""

    name: str


@dataclass(frozen=True)
class Names:
    """What a text names: a ``person``, a ``department``, a ``ref`` or a ``product``."""

    what: str


Text = Annotated[str, BeforeValidator(_text), Form("text")]
Line = Annotated[str, BeforeValidator(_one_line), Form("text")]
Code = Annotated[str, BeforeValidator(_code), Form("code")]
TextOrNumber = Annotated[
    str | int | Decimal,
    BeforeValidator(_text_or_number),
    WithJsonSchema({"type": ["string", "number"]}),
    Form("text_or_number"),
]
TextOrFlag = Annotated[
    str | bool, WithJsonSchema({"type": ["string", "boolean"]}), Form("text_or_flag")
]
Flag = Annotated[bool, BeforeValidator(_flag), Form("flag")]
Amount = Annotated[
    Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"}), Form("number")
]
Hours = Annotated[
    Decimal,
    BeforeValidator(_within(0, None)),
    BeforeValidator(_number),
    WithJsonSchema({"type": "number", "minimum": 0}),
    Form("number"),
]
Percent = Annotated[
    Decimal,
    BeforeValidator(_within(0, 100)),
    BeforeValidator(_number),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
    Form("number"),
]
Count = Annotated[
    int, BeforeValidator(_within(0, None)), BeforeValidator(_whole), Field(ge=0), Form("number")
]
Rating = Annotated[
    int, BeforeValidator(_within(1, 5)), BeforeValidator(_whole), Field(ge=1, le=5), Form("number")
]
Sentiment = Annotated[
    int,
    BeforeValidator(_within(-2, 2)),
    BeforeValidator(_whole),
    Field(ge=-2, le=2),
    Form("number"),
]
Moment = Annotated[
    datetime | date,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "x-bare-date": True}),
    Form("moment"),
]
Day = Annotated[
    date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"}), Form("day")
]
Month = Annotated[
    str,
    BeforeValidator(_month),
    WithJsonSchema({"type": "string", "pattern": _MONTH.pattern}),
    Form("month"),
]
Currency = Annotated[
    str,
    BeforeValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": "[A-Z]{3}"}),
    Form("text"),
]
Person = Annotated[Text, Names("person")]
Department = Annotated[Text, Names("department")]
Ref = Annotated[Text, Names("ref")]
ProductName = Annotated[Text, Names("product")]
Section = Text


def names_of(metadata: list[object]) -> str | None:
    """What a field's text names, from its annotation's metadata; None where it names nothing."""
    return next((item.what for item in metadata if isinstance(item, Names)), None)


READERS: Mapping[str, str] = {
    "b": "boss",
    "p": "product",
    "s": "sales",
    "t": "customer_tech",
    "c": "customer_biz",
}


def fact(
    zh: str,
    *,
    en: str = "",
    readers: str = "b",
    source: str = "",
    required: bool = False,
    whole: bool = False,
    section: bool = False,
    many: bool = False,
    kinds: tuple[str, ...] = (),
    alias: str | None = None,
) -> Any:  # noqa: ANN401 - pydantic's own Field is typed so, for use as a default
    """A field's default with what is said about it.

    Args:
        zh: its Chinese label (a section's Chinese heading).
        en: its English label; empty: the key with spaces.
        readers: who may read it, of ``READERS``' letters; deny by default beyond the boss.
        source: the numbered needs it answers.
        required: an error without it.
        whole: ``*``: the record is not whole without it.
        section: ``§``: prose under a heading of the body.
        many: a list, empty when absent.
        kinds: the kinds of the record that know it; empty: all.
        alias: its key in the file, where Python cannot spell it.
    """
    about: dict[str, Any] = {
        "x-zh": zh,
        "x-en": en,
        "x-readers": [READERS[letter] for letter in readers],
        "x-source": source,
        "x-whole": whole,
        "x-section": section,
        "x-kinds": list(kinds),
    }
    if required:
        return Field(..., alias=alias, json_schema_extra=about)
    if many:
        return Field(default_factory=list, alias=alias, json_schema_extra=about)
    return Field(None, alias=alias, json_schema_extra=about)
