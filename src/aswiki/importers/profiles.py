"""Import maps: how the records of a foreign file become ours, read from TOML and checked whole."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aswiki.domain import records
from aswiki.domain.records import values
from aswiki.domain.records.types import Reading
from aswiki.errors import BadInput
from aswiki.importers.foreign import Layout
from aswiki.lang import _

FORMATS = ("json", "jsonl", "csv")
CLEANINGS = ("controls", "html")
NEEDED = ("title", "started_at")
"""What a record cannot be made without, and is never guessed."""

_RULE = ("from", "value", "map", "present", "default", "required")
_LOG = ("from", "at", "by", "kind", "text")
_TOP = (
    "format", "records", "delimiter", "times", "timezone", "clean", "source", "fields", "log",
)  # fmt: skip
Rebuke = Callable[[str, str, str], BadInput]


@dataclass(frozen=True)
class Rule:
    """Where one value comes from and what becomes of it.

    Args:
        paths: dotted paths into a record of the file; the first that holds something counts.
        value: a constant, written whatever the file says.
        words: a word of the file, casefolded → what is written for it; empty: as it is.
        present: written in place of whatever is found.
        default: written where nothing is found.
        required: whether a record of the file in which nothing is found is refused.
    """

    paths: tuple[str, ...] = ()
    value: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    present: str | None = None
    default: str | None = None
    required: bool = False


@dataclass(frozen=True)
class LogRules:
    """How log entries are made: ``path`` leads to the list of them, empty for the record itself."""

    path: str
    at: Rule
    by: Rule
    kind: Rule
    text: Rule


@dataclass(frozen=True)
class Profile:
    """A whole import map.

    Args:
        layout: how the file holds its records; its format is one of ``FORMATS``.
        times: how times are written: ``iso``, ``unix``, ``unix_ms`` or patterns of strptime.
        zone: the zone of times without offset; None: the wiki's.
        clean: which of ``CLEANINGS`` every text goes through.
        system: the name of the system the file comes from.
        id: what names a record in that system.
        fields: a field of an event with the rule for its value.
        log: how log entries are made, if at all.
    """

    layout: Layout
    times: tuple[str, ...]
    zone: ZoneInfo | None
    clean: frozenset[str]
    system: str
    id: Rule
    fields: Sequence[tuple[values.Field, Rule]]
    log: LogRules | None


def read(file: str, raw: bytes, reading: Reading) -> Profile:
    """The import map that a TOML file says; ``file`` is its name in errors.

    Raises:
        BadInput: ``bad-map``, naming file and key.
    """

    def wrong(key: str, what: str, hint: str = "") -> BadInput:
        told = f"{file}: {key}: {what}" if key else f"{file}: {what}"
        return BadInput("bad-map", told, hint or _("docs/imports.md shows how a map is written."))

    try:
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise wrong("", _("The file is not UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        hint = _("Text, and keys that are not a-z, 0-9, - and _, stand in quotes.")
        raise wrong("", _("This is not TOML: {why}.").format(why=error), hint) from None
    return _Reader(data, reading, wrong).profile()


class _Reader:
    """Reads the keys of one map; what does not fit is raised with its dotted key."""

    def __init__(self, data: Mapping[str, Any], reading: Reading, wrong: Rebuke) -> None:
        self.data = data
        self.reading = reading
        self.wrong = wrong

    def profile(self) -> Profile:
        self.known("", self.data, _TOP)
        source = self.table("source", ("system", "id"))
        return Profile(
            layout=Layout(
                self.choice("format", self.text("format", self.data.get("format")), FORMATS),
                self.text("records", self.data.get("records", ""), empty=True),
                self.delimiter(),
            ),
            times=self.times(),
            zone=self.zone(),
            clean=frozenset(self.choice("clean", c, CLEANINGS) for c in self.texts("clean")),
            system=self.text("source.system", source.get("system")),
            id=self.rule("source.id", source.get("id")),
            fields=self.fields(),
            log=self.log() if "log" in self.data else None,
        )

    def known(self, prefix: str, table: Mapping[str, Any], keys: Sequence[str]) -> None:
        for key in table:
            if key not in keys:
                close = get_close_matches(key, keys, n=1)
                hint = _("Did you mean {key}?").format(key=close[0]) if close else ""
                raise self.wrong(prefix + key, _("This key is not known."), hint)

    def table(self, key: str, keys: Sequence[str] | None = None) -> Mapping[str, Any]:
        found = self.data.get(key)
        if not isinstance(found, dict):
            raise self.wrong(key, _("The table is missing."), f"[{key}]")
        if keys is not None:
            self.known(f"{key}.", found, keys)
        return found

    def text(self, key: str, found: object, *, empty: bool = False) -> str:
        if not isinstance(found, str) or not (empty or found.strip()):
            raise self.wrong(key, _("A text is expected here."), "")
        return found

    def texts(self, key: str) -> list[str]:
        found = self.data.get(key, [])
        several = found if isinstance(found, list) else [found]
        return [self.text(key, one) for one in several]

    def choice(self, key: str, found: str, choices: Sequence[str]) -> str:
        if found not in choices:
            hint = _("Choose one of: {choices}.").format(choices=", ".join(choices))
            raise self.wrong(key, _("{value} is not possible here.").format(value=found), hint)
        return found

    def delimiter(self) -> str:
        found = self.text("delimiter", self.data.get("delimiter", ","), empty=True)
        if len(found) != 1 or found in '"\r\n':
            raise self.wrong("delimiter", _("One character is expected here."), "")
        return found

    def times(self) -> tuple[str, ...]:
        found = tuple(self.texts("times")) or ("iso",)
        for form in found:
            if form not in {"iso", "unix", "unix_ms"} and "%Y" not in form:
                what = _("{value} is neither iso, unix, unix_ms nor a pattern with %Y.")
                raise self.wrong("times", what.format(value=form), 'times = ["%Y/%m/%d %H:%M"]')
        return found

    def zone(self) -> ZoneInfo | None:
        if "timezone" not in self.data:
            return None
        name = self.text("timezone", self.data["timezone"])
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            what = _("There is no time zone {value}.").format(value=name)
            raise self.wrong("timezone", what, "Asia/Shanghai, UTC") from None

    def fields(self) -> list[tuple[values.Field, Rule]]:
        table = self.table("fields")
        for key in NEEDED:
            if key not in table:
                raise self.wrong(f"fields.{key}", _("No record is made without it."), "")
        rules = {
            key: self.rule(f"fields.{key}", said, key in NEEDED) for key, said in table.items()
        }
        rules.setdefault("kind", Rule(value="incident"))
        return [(self.field(key, rules["kind"].value), rule) for key, rule in rules.items()]

    def field(self, key: str, kind: str | None) -> values.Field:
        spelled = self.reading.vocabulary.key("event_kind", kind) if kind else None
        try:
            found = values.find(records.model("event"), key, spelled)
        except BadInput as error:
            raise self.wrong(f"fields.{key}", error.message, error.hint) from None
        if found.about.part is not None or found.loc[0] in {"type", "source"}:
            what = _("This cannot be filled from a map.")
            raise self.wrong(
                f"fields.{key}", what, _("Name a single value, such as impact.business.")
            )
        return found

    def rule(self, key: str, said: object, required: bool = False) -> Rule:
        table = said if isinstance(said, dict) else {"from": said}
        self.known(f"{key}.", table, _RULE)
        words = table.get("map", {})
        if not isinstance(words, dict):
            raise self.wrong(f"{key}.map", _("A table is expected here."), '{ high = "P1" }')
        constants = {
            name: self.constant(f"{key}.{name}", table[name]) if name in table else None
            for name in ("value", "present", "default")
        }
        if constants["value"] is None and "from" not in table:
            raise self.wrong(key, _("Neither from nor value says where it comes from."), "")
        if not isinstance(needed := table.get("required", required), bool):
            raise self.wrong(f"{key}.required", _("true or false is expected here."), "")
        return Rule(
            paths=self.paths(f"{key}.from", table["from"]) if "from" in table else (),
            words={
                str(word).casefold(): self.constant(f"{key}.map.{word}", meant)
                for word, meant in words.items()
            },
            required=needed,
            **constants,
        )

    def paths(self, key: str, said: object) -> tuple[str, ...]:
        several = said if isinstance(said, list) and said else [said]
        return tuple(self.text(key.removesuffix(".from"), one) for one in several)

    def constant(self, key: str, said: object) -> str:
        if isinstance(said, bool):
            return str(said).lower()
        return str(said) if isinstance(said, int) else self.text(key, said)

    def log(self) -> LogRules:
        table = self.table("log", _LOG)
        rules = {name: self.rule(f"log.{name}", table.get(name)) for name in ("at", "text")}
        by = self.rule("log.by", table.get("by", {"value": self.data["source"]["system"]}))
        kind = self.rule("log.kind", table.get("kind", {"value": "update"}))
        for name, word in {"value": kind.value, "default": kind.default, **kind.words}.items():
            if word is not None and not self.reading.vocabulary.key("log_kind", word):
                what = _("{value} is no kind of log entry.").format(value=word)
                raise self.wrong("log.kind" if name == "value" else f"log.kind.{name}", what, "")
        path = self.text("log.from", table.get("from", ""), empty=True)
        return LogRules(path, by=by, kind=kind, **rules)
