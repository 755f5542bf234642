"""What an import adds to a customer's events: new drafts, checked, beside what is there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from aswiki.domain import records
from aswiki.domain.checks.schema import is_retired
from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.records.common import abouts
from aswiki.domain.slug import slug, unique
from aswiki.errors import BadInput
from aswiki.importers.incidents import Incident, Rejection
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.creating import Draft, draft_text
from aswiki.wiki.drafting import Asked, edited
from aswiki.wiki.people import Writer
from aswiki.wiki.saving import Change
from aswiki.wiki.wiki import Wiki

DAY_LENGTH = len("2026-10-03")


@dataclass
class Known:
    """What the customer's events hold already."""

    wiki: Wiki
    customer: str
    system: str
    names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _ids: set[str] = field(default_factory=set)
    _retired: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.wiki.paths(self.customer):
            if records.type_of(path) != "event":
                continue
            stem = path.rpartition("/")[2].removesuffix(".md")
            self.names[stem[:DAY_LENGTH]].add(stem[DAY_LENGTH + 1 :])
            front = lookup.front_of(self.wiki, path)
            source = front.get("source")
            if is_retired(front):
                what = (str(front.get("title")), str(front.get("started_at")))
                self._retired.setdefault(what, []).append(path)
            elif isinstance(source, dict) and source.get("system") == self.system:
                self._ids.add(str(source.get("id")))

    def holds(self, incident: Incident) -> bool:
        """Whether it was imported before and not undone.

        A tombstone keeps title and time but no source: what was retired stays away by these.
        """
        paths = self._retired.get((incident.title, str(incident.fields["started_at"])), ())
        return incident.id in self._ids or any(path not in self._undone for path in paths)

    @cached_property
    def _undone(self) -> set[str]:
        repository = self.wiki.repository
        commits = repository.history(f"customers/{self.customer}/events")
        undone = [commit.hash for commit in commits if commit.op == "undo"]
        return {path for name in undone for _status, path in repository.changed_paths(name)}


class Batch:
    """The files about to be written, drafted and checked one by one."""

    def __init__(
        self,
        wiki: Wiki,
        customer: str,
        asked: Asked,
        who: Writer,
        names: defaultdict[str, set[str]],
    ) -> None:
        self.wiki = wiki
        self.customer = customer
        self.asked = asked
        self.who = who
        self.changes: list[Change] = []
        self.rejected: list[Rejection] = []
        self._names = names
        self._checker = Checker(wiki)
        self._doubtful = 0
        self._unweighed = 0

    def add(self, incident: Incident) -> None:
        """Draft one more record; one that would not be valid is rejected."""
        day, name = self._name(incident)
        draft = Draft(
            "event", self.customer, incident.title, self._fields(incident), f"events/{day}-{name}"
        )
        try:
            body = self._headings(incident)
            path, text, _echo = draft_text(self.wiki, draft, Asked(body=body), self.who)
        except BadInput as wrong:
            self._reject(incident, wrong.message)
            return
        kind = str(incident.fields.get("kind"))
        text = edited(self.wiki, text, "event", replace(self.asked, body=None), kind=kind)
        raw = text.encode()
        checked = self._checker.check(path, raw)
        error = next((one for one in checked.problems if one.level == "error"), None)
        if error is not None:
            self._reject(incident, f"{error.code} {error.message}")
            return
        self._names[day].add(name)
        self._doubtful += bool(checked.problems)
        self._unweighed += kind == "incident" and "severity" not in incident.fields
        self.changes.append(Change(path, None, raw))

    def warnings(self) -> Sequence[str]:
        """What the writer should know, one sentence a matter however many records have it."""
        said = [self.who.warning] if self.changes and self.who.warning else []
        if self._unweighed:
            sentence = _("Without a severity in the file, and so taken as P3: {n}.")
            said.append(sentence.format(n=self._unweighed))
        if self._doubtful:
            sentence = _("New records with warnings: {n}. aswiki validate shows them.")
            said.append(sentence.format(n=self._doubtful))
        return said

    def _name(self, incident: Incident) -> tuple[str, str]:
        """The day in the wiki's zone and the words of the file's name."""
        zone = self.wiki.zone
        day = start_of(incident.started_at, zone).astimezone(zone).date().isoformat()
        words = slug(incident.title) or slug(str(incident.fields.get("kind"))) or "event"
        return day, unique(words, self._names[day])

    def _headings(self, incident: Incident) -> str:
        """The headings of the sections the file fills, in our order; the log's comes last."""
        known = abouts(records.model("event")).values()
        filled = [one for one in known if one.section and incident.fields.get(one.key)]
        names = (one.headings()[self.wiki.language == "zh"] for one in filled if one.key != "log")
        return "\n\n".join(f"## {name}" for name in names)

    def _fields(self, incident: Incident) -> dict[str, object]:
        fields = dict(incident.fields)
        if self.asked.by is not None:
            said_by = lookup.person(self.wiki, self.asked.by)
            fields["source"] = {"said_by": said_by, **incident.fields["source"]}
        return fields

    def _reject(self, incident: Incident, reason: str) -> None:
        self.rejected.append(Rejection(incident.row, incident.id, reason))
