"""An open wiki: its folder, settings, clock and people, and how records are found and read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aswiki import __version__
from aswiki.domain import records
from aswiki.domain.vocabulary import Vocabulary
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.lang import _
from aswiki.store import files

if TYPE_CHECKING:
    from aswiki.domain.dues.pace import Pace
    from aswiki.domain.records.types import Reading
    from aswiki.domain.sla.workdays import Workdays
    from aswiki.domain.spending.swing import Limits
    from aswiki.store.git import Repository

SETTINGS = "aswiki.toml"
PEOPLE = "people.toml"
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, as the machine knows it."""
    return datetime.now(UTC)


@dataclass
class Wiki:
    """A wiki that was opened.

    Args:
        root: the folder of aswiki.toml.
        settings: what aswiki.toml holds.
        clock: the present moment; handed in by the demo and the tests alone.
        tool: what commits name as the writing program.
        lock_depth: how often the lock is held.
        left: the files that a writer who died left uncommitted.
    """

    root: Path
    settings: Mapping[str, Any]
    clock: Clock = system_clock
    tool: str = f"aswiki/{__version__}"
    lock_depth: int = field(default=0, compare=False)
    left: Sequence[str] = field(default=(), compare=False)

    @classmethod
    def open(cls, folder: Path, clock: Clock = system_clock) -> Wiki:
        """The wiki whose aswiki.toml lies in ``folder``.

        Raises:
            Unusable: there is none, or its settings cannot be read.
        """
        path = folder / SETTINGS
        if not path.is_file():
            raise Unusable(
                "no-wiki",
                _("There is no wiki in {folder}.").format(folder=folder),
                _("Make one with aswiki init, or name one with -C."),
            )
        return cls(folder, _toml(path), clock)

    @property
    def _wiki(self) -> Mapping[str, Any]:
        found = self.settings.get("wiki")
        return found if isinstance(found, dict) else {}

    @property
    def language(self) -> str:
        """The language of new files and reports, zh or en."""
        return "zh" if self._wiki.get("lang") == "zh" else "en"

    @property
    def currency(self) -> str:
        """The currency of amounts without one."""
        return str(self._wiki.get("currency", "CNY"))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of times without offset."""
        name = str(self._wiki.get("timezone", "Asia/Shanghai"))
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Unusable(
                "bad-settings",
                _("{file}: there is no time zone {value}.").format(file=SETTINGS, value=name),
                _("Give its IANA name, for instance Asia/Shanghai or UTC."),
            ) from None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The packaged words and those of the settings."""
        added: dict[str, dict[str, tuple[str, str]]] = {}
        for name, words in self._table("vocabulary").items():
            for key, said in words.items() if isinstance(words, dict) else ():
                labels = said if isinstance(said, dict) else {"zh": said}
                pair = (str(labels.get("en", key)), str(labels.get("zh", key)))
                added.setdefault(name, {})[key] = pair
        return Vocabulary(added)

    @cached_property
    def reading(self) -> Reading:
        """What values are read against: the zone and the words."""
        from aswiki.domain.records.types import Reading

        return Reading(self.zone, self.vocabulary)

    @cached_property
    def people(self) -> Mapping[str, Any]:
        """What people.toml holds; empty where there is none."""
        path = self.root / PEOPLE
        return _toml(path) if path.is_file() else {}

    @cached_property
    def repository(self) -> Repository:
        """The git repository that holds the wiki.

        Raises:
            Unusable: no repository holds it.
        """
        from aswiki.store.git import Repository

        found = Repository.find(self.root)
        if found is None:
            raise Unusable(
                "no-repository",
                _("{folder} is in no git repository.").format(folder=self.root),
                _("Run git init there, then aswiki doctor."),
            )
        return found

    def now(self) -> datetime:
        """The present moment in the wiki's zone."""
        return self.clock().astimezone(self.zone)

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self.settings.get(name)
        return found if isinstance(found, dict) else {}

    def cadence(self) -> Mapping[str, int]:
        """The days of ``[cadence]`` after which a part counts as not kept."""
        return {k: v for k, v in self._table("cadence").items() if isinstance(v, int)}

    def limits(self) -> Limits:
        """From where on a swing of spend fires, by ``[thresholds]``."""
        from aswiki.domain.spending.swing import limits

        vocabulary = self.vocabulary
        return limits(self._table("thresholds"), lambda name: vocabulary.key("account_level", name))

    def pace(self) -> Pace:
        """How long a matter may stand still, by ``[clock]``."""
        from aswiki.domain.dues.pace import Pace

        said = self._table("clock")
        keys = ("fast_hours", "slow_days")
        return Pace(**{key: said[key] for key in keys if type(said.get(key)) is int})

    def workdays(self) -> Workdays:
        """The days that are worked, by ``[holidays]``."""
        from aswiki.domain.sla.workdays import Workdays

        said = self._table("holidays")
        return Workdays(_days(said.get("days")), _days(said.get("workdays")))

    def paths(self, customer: str | None = None) -> Iterator[str]:
        """The path of every record file, sorted within its folder."""
        tops = (f"customers/{customer}",) if customer else ("customers", *records.TOP_FOLDERS)
        for top in tops:
            yield from self.under(top)

    def under(self, top: str) -> Iterator[str]:
        """The path of every record file under a folder of the wiki, sorted."""
        folder = self.root / top
        if folder.is_dir() and not folder.is_symlink():
            paths = (f"{top}/{inside}" for inside in files.walk(folder))
            yield from (path for path in paths if records.type_of(path) is not None)

    def customers(self) -> list[str]:
        """The slug of every customer."""
        folder = self.root / "customers"
        if not folder.is_dir():
            return []
        found = (e.name for e in folder.iterdir() if e.is_dir() and not e.is_symlink())
        return sorted(name for name in found if not name.startswith("."))

    def bytes_of(self, path: str) -> bytes | None:
        """The bytes of a file of the working folder, or None where there is none."""
        place = files.safe_path(self.root, path)
        return files.read_bytes(place, 256 * 1024 * 1024) if place.is_file() else None

    def readable(self, path: str) -> bytes | None:
        """The bytes of a file of the working folder, or None where none can be read safely."""
        try:
            return self.bytes_of(path)
        except (BadInput, NotFound, Unusable):
            return None

    def exists(self, ref: str) -> bool:
        """Whether a whole reference names a record."""
        try:
            return files.safe_path(self.root, records.path_of(ref)).is_file()
        except ValueError:
            return False


def _days(listed: object) -> frozenset[date]:
    """The days of a list, as TOML's own or as text; what is none is left out."""
    found = set()
    for day in listed if isinstance(listed, list) else ():
        with suppress(ValueError):
            found.add(date.fromisoformat(str(day)))
    return frozenset(found)


def find_wiki(folder: Path, clock: Clock = system_clock) -> Wiki:
    """The wiki of a folder or of the nearest of its parents.

    Raises:
        Unusable: no wiki is found.
    """
    start = folder.absolute()
    for place in (start, *start.parents):
        if (place / SETTINGS).is_file():
            return Wiki.open(place, clock)
    return Wiki.open(start, clock)


def _toml(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = _("{file} cannot be read: {why}.").format(file=path.name, why=error.strerror)
        raise Unusable("bad-settings", message, _("Mend the file, then try again.")) from error
    return toml_of(path.name, raw)


def toml_of(name: str, raw: bytes) -> dict[str, Any]:
    """What the bytes of a settings file of that name hold.

    Raises:
        Unusable: they are no TOML.
    """
    try:
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = _("{file} is not TOML: {why}.").format(file=name, why=error)
    except UnicodeDecodeError:
        message = _("{file} is not UTF-8.").format(file=name)
    raise Unusable("bad-settings", message, _("Mend the file, then try again."))


def not_found(words: str, near: list[str]) -> NotFound:
    """The error for a name that names no record, or several."""
    if near:
        return NotFound(
            "ambiguous",
            _("{words} could be: {candidates}.").format(words=words, candidates=", ".join(near)),
            _("Give more of the reference."),
        )
    return NotFound(
        "no-record",
        _("There is no record {words}.").format(words=words),
        _("aswiki list shows the references."),
    )
