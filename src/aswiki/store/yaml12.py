"""YAML 1.2 front matter as plain data: read in one pass over the parser's events, written readably.

PyYAML's own schema is YAML 1.1: it reads ``12:30`` as 750, ``no`` as false, ``1.50`` as a float and
the second of two equal keys in silence. So only its C parser is used; the events it yields are made
into data here, without recursion, and with the refusals (size, depth, aliases, tags) on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml import CSafeLoader
from yaml.reader import ReaderError

from aswiki.lang import N_, _
from aswiki.store.yaml12_dump import Inline, dump, flow
from aswiki.store.yaml12_scalar import PlainInt, meaning, scalar
from aswiki.store.yaml12_tree import DEEPEST, MOST_EVENTS, locate, place

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Inline", "Loaded", "Mistake", "PlainInt", "dump", "flow", "load", "locate", "scalar"]

LARGEST: Final = 4 * 1024 * 1024
MOST_MISTAKES: Final = 100
SYNTAX, REFUSED, DUPLICATE = "ASW111", "ASW112", "ASW113"

_NO_KEY: Final = object()
_DROPPED: Final = object()
_QUOTE: Final = N_("Put the text between quotes.")
_ALIGN: Final = N_("Give the keys of one block the same indentation, in spaces.")
_HINTS: Final = {
    "mapping values are not allowed in this context": N_(
        "Put a text that holds ': ' between quotes, and check the indentation."
    ),
    "found character that cannot start any token": N_(
        "Indent with spaces, not tabs; put a text that starts with @, ` or % between quotes."
    ),
    "could not find expected ':'": N_("Every line needs `key: value`."),
    "did not find expected key": _ALIGN,
    "did not find expected '-' indicator": _ALIGN,
    "did not find expected ',' or ']'": N_("Close the list with ]."),
    "did not find expected ',' or '}'": N_("Close the mapping with }."),
    "found unexpected end of stream": N_("Close the quote."),
    "found unexpected document indicator": N_("Close the quote."),
    "did not find expected alphabetic or numeric character": _QUOTE,
    "found unknown escape character": N_(
        "Between double quotes write \\\\ for a backslash, or use single quotes."
    ),
}
_AT_ITS_START: Final = ("found unexpected end of stream", "found unexpected document indicator")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a YAML text, at a line and column (both from 1) of it."""

    code: str
    line: int
    column: int
    message: str
    hint: str = ""


@dataclass(slots=True)
class Loaded:
    """The data of a YAML text and what is wrong with the text.

    ``stopped`` says that reading ended at a mistake, so that ``data`` is empty; after other
    mistakes the data is whole: of two equal keys the first counts, a key that is no text is left
    out.
    """

    data: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    stopped: bool = False


class _Stop(Exception):
    """Reading ends here, at a mistake."""

    def __init__(self, code: str, index: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.index, self.message, self.hint = code, index, message, hint


def load(text: str, largest: int = LARGEST) -> Loaded:
    """The mapping a YAML 1.2 text holds, with its mistakes; never raises for what it reads.

    Args:
        text: the front matter, or the whole of a YAML file.
        largest: the most characters that are read at all.
    """
    reading = _Reading(text)
    if len(text) > largest:
        message = _("The front matter is larger than {size} characters.").format(size=largest)
        return reading.stopped(REFUSED, 0, message, _("Attach it as a file."))
    try:
        reading.run()
    except _Stop as stop:
        return reading.stopped(stop.code, stop.index, stop.message, stop.hint)
    except UnicodeEncodeError as error:
        return reading.stopped(SYNTAX, error.start, *_forbidden(ord(text[error.start])))
    except ReaderError as error:
        index = len(text.encode()[: error.position].decode(errors="ignore"))
        return reading.stopped(SYNTAX, index, *_forbidden(error.character))
    except yaml.MarkedYAMLError as error:
        return reading.stopped(SYNTAX, *_said(error))
    return Loaded(reading.data, reading.mistakes)


def _forbidden(number: int) -> tuple[str, str]:
    message = _("The character U+{number:04X} may not stand in YAML.").format(number=number)
    return message, _("Delete it, or check the encoding of the file.")


def _said(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    reason = error.problem or ""
    mark = error.context_mark if reason in _AT_ITS_START else None
    mark = mark or error.problem_mark or error.context_mark
    message = _("This is not YAML: {reason}.").format(reason=reason)
    hint = _HINTS.get(reason)
    return mark.index if mark else 0, message, _(hint) if hint else ""


class _Reading:
    """The data as far as it is read: the collection in hand, and those around it."""

    __slots__ = ("data", "documents", "here", "key", "mistakes", "outer", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.data: dict[str, Any] = {}
        self.mistakes: list[Mistake] = []
        self.here: Any = None
        self.key: object = _NO_KEY
        self.outer: list[Any] = []
        self.documents = 0

    def run(self) -> None:
        """Take in every event of the text."""
        steps = _STEPS
        event: Any
        for count, event in enumerate(iter(CSafeLoader(self.text).get_event, None)):
            step = steps.get(type(event))
            if step is not None:
                step(self, event)
            if count > MOST_EVENTS:
                message = _("The front matter holds too many values.")
                raise _Stop(REFUSED, event.start_mark.index, message, _("Attach it as a file."))

    def stopped(self, code: str, index: int, message: str, hint: str) -> Loaded:
        """What is left when reading cannot go on."""
        self.note(code, index, message, hint)
        return Loaded({}, self.mistakes, stopped=True)

    def note(self, code: str, index: int, message: str, hint: str) -> None:
        """Remember a mistake at a character, unless there are plenty."""
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(code, *place(self.text, index), message, hint))

    def document(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        """A document begins: only one may."""
        self.documents += 1
        if self.documents > 1:
            message = _("A second YAML document begins here.")
            hint = _("Front matter is one document; delete the `---` or `...` line.")
            raise _Stop(REFUSED, event.start_mark.index, message, hint)

    def scalar(self, event: Any) -> None:  # noqa: ANN401
        """A single value, or a key."""
        if event.tag is not None or event.anchor is not None:
            self.refuse(event)
        plain = event.implicit[0]
        value = meaning(event.value) if plain else event.value
        here = self.here
        if type(here) is list:
            here.append(value)
        elif here is None:
            if not plain or event.value:
                _no_mapping(event)
        elif self.key is _NO_KEY:
            self.take_key(value, event)
        else:
            if self.key is not _DROPPED:
                here[self.key] = value
            self.key = _NO_KEY

    def take_key(self, value: object, event: Any) -> None:  # noqa: ANN401
        """The key of the pair that begins, dropped with its value if it cannot stand."""
        if type(value) is not str:
            message = _("The key {key} is not a text.").format(key=event.value or "null")
            self.note(REFUSED, event.start_mark.index, message, _("Put the key between quotes."))
            self.key = _DROPPED
        elif value in self.here:
            message = _("The key {key} stands here a second time.").format(key=value)
            hint = _("Keep one of the two; the first counts until then.")
            self.note(DUPLICATE, event.start_mark.index, message, hint)
            self.key = _DROPPED
        else:
            self.key = value

    def open(self, event: Any) -> None:  # noqa: ANN401
        """A mapping or list begins."""
        if event.tag is not None or event.anchor is not None:
            self.refuse(event)
        new: Any = {} if type(event) is yaml.MappingStartEvent else []
        here = self.here
        if here is None:
            if type(new) is list:
                _no_mapping(event)
            self.data = new
        elif type(here) is list:
            here.append(new)
        elif self.key is _NO_KEY:
            message = _("A list or mapping cannot be a key.")
            raise _Stop(REFUSED, event.start_mark.index, message, _(_QUOTE))
        elif self.key is not _DROPPED:
            here[self.key] = new
        self.outer.append(here)
        if len(self.outer) > DEEPEST:
            message = _("The front matter is nested more than {depth} deep.").format(depth=DEEPEST)
            raise _Stop(REFUSED, event.start_mark.index, message, _("Write it flatter."))
        self.here, self.key = new, _NO_KEY

    def close(self, event: Any) -> None:  # noqa: ANN401, ARG002
        """The mapping or list in hand ends."""
        self.here, self.key = self.outer.pop(), _NO_KEY

    def refuse(self, event: Any) -> None:  # noqa: ANN401
        """Stop at an alias, anchor or tag: they are how YAML does more than hold data."""
        message = _("Anchors (&), aliases (*) and tags (!) are not allowed here.")
        raise _Stop(REFUSED, event.start_mark.index, message, _(_QUOTE))


def _no_mapping(event: Any) -> None:  # noqa: ANN401
    message = _("The front matter is not a mapping.")
    raise _Stop(SYNTAX, event.start_mark.index, message, _("Every line needs `key: value`."))


_STEPS: Final[dict[type, Callable[[_Reading, Any], None]]] = {
    yaml.DocumentStartEvent: _Reading.document,
    yaml.ScalarEvent: _Reading.scalar,
    yaml.MappingStartEvent: _Reading.open,
    yaml.SequenceStartEvent: _Reading.open,
    yaml.MappingEndEvent: _Reading.close,
    yaml.SequenceEndEvent: _Reading.close,
    yaml.AliasEvent: _Reading.refuse,
}
