"""Customers made from a table: one profile a row, nobody twice, all in one commit."""

from __future__ import annotations

from functools import cache
from typing import Any

from aswiki.domain.lookup import Named
from aswiki.errors import BadInput
from aswiki.importers.columns import TEAM, TEAM_ROLES
from aswiki.importers.entries import Entry
from aswiki.importers.incidents import Rejection
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.creating import Draft, draft_text, slug_of
from aswiki.wiki.drafting import Asked
from aswiki.wiki.imports.tables import Count, Progress, Register, Told, Wanted, finished, source_of
from aswiki.wiki.people import Writer, writer
from aswiki.wiki.saving import Change, Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki


def import_customers(
    wiki: Wiki,
    wanted: Wanted,
    asked: Asked,
    *,
    told: Told = lambda _rejection: None,
    progress: Progress = lambda _done, _total: None,
) -> Saved:
    """Every customer of a table that the wiki does not know yet, in one commit.

    ``Saved.more`` has ``rows``, ``rejected``, ``records``, ``sums`` and ``unmatched``.

    Args:
        wiki: the open wiki.
        wanted: the file and its map.
        asked: ``--set`` and its like go into every profile, ``--by`` into its source.
        told: is given every rejected row, in the file's order.
        progress: is told how many of how many are drafted.

    Raises:
        BadInput: file or map cannot be read; no row could be taken; with ``strict`` one not.
        Unusable: what reads such a file is not installed.
    """
    source = source_of(wiki, wanted, "customers")
    with writing(wiki, dry_run=asked.dry_run):
        batch = _Batch(wiki, asked, writer(wiki))
        for done, row in enumerate(source.rows, start=1):
            if isinstance(row, Rejection):
                batch.rejected.append(row)
            else:
                batch.add(row)
            progress(done, len(source.rows))
        for rejection in batch.rejected:
            told(rejection)
        count = Count(len(source.rows), len(batch.changes), batch.known, len(batch.rejected))
        count.require_some(strict=wanted.strict)
        what = "customer" if count.records == 1 else "customers"
        subject = f"import: {count.records} {what} from {wanted.file.name}"
        saved = save(wiki, batch.all(), Operation("import", subject), dry_run=asked.dry_run)
    return finished(saved, count, [*source.warnings, *source.notes, *batch.warnings()])


class _Batch:
    """The profiles about to be written, drafted and checked one by one."""

    def __init__(self, wiki: Wiki, asked: Asked, who: Writer) -> None:
        self.wiki = wiki
        self.asked = asked
        self.who = who
        self.known = 0
        self.changes: list[Change] = []
        self.rejected: list[Rejection] = []
        self._register = Register(lookup.named_customers(wiki))
        self._entries: dict[str, Entry] = {}
        self._checker = Checker(wiki, newcomer=who.id)
        self._doubtful = 0
        self._person = cache(lambda words: lookup.person(wiki, words))

    def add(self, entry: Entry) -> None:
        """Draft one more customer; one that is there already is counted."""
        try:
            slug = self._slug(entry)
            if slug is not None:
                self._draft(entry, slug)
        except BadInput as wrong:
            self.rejected.append(Rejection(entry.row, entry.name, wrong.message))

    def _slug(self, entry: Entry) -> str | None:
        """The slug of a new customer; None for one that is there already."""
        given = str(entry.fields.get("slug", "")).lower() or None
        same = self._register.find(entry.name) or [s for s in [given] if s in self._register.names]
        if same:
            earlier = self._entries.get(str(same[0]))
            if earlier is not None and not entry.fields.items() <= earlier.fields.items():
                said = _("the same customer stands in row {row} with other facts")
                raise BadInput("twice", said.format(row=earlier.row))
            self.known += 1
            return None
        slug = slug_of(entry.name, given)
        if slug in self._register.names:
            said = _("its slug {slug} belongs to {name}; give it another in a column slug")
            raise BadInput("slug", said.format(slug=slug, name=self._register.names[slug]))
        return slug

    def _draft(self, entry: Entry, slug: str) -> None:
        fields = {"name": entry.name, **self._nested(entry)}
        draft = Draft("profile", slug, entry.name, fields, "profile")
        path, text, _echo = draft_text(self.wiki, draft, self.asked, self.who)
        raw = text.encode()
        problems = self._checker.check(path, raw).problems
        error = next((one for one in problems if one.level == "error"), None)
        if error is not None:
            raise BadInput(error.code, f"{error.code} {error.message} {error.hint}".rstrip())
        self._doubtful += bool(problems)
        self.changes.append(Change(path, None, raw))
        self._entries[slug] = entry
        names = (fields.get("short_name") or "", tuple(fields.get("aliases") or ()))
        self._register.add(Named(slug, entry.name, *names))

    def _nested(self, entry: Entry) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        team = []
        for key, value in entry.fields.items():
            if key.startswith(f"{TEAM}."):
                role = key.removeprefix(f"{TEAM}.")
                team += [{"person": self._person(name), "role": role} for name in value]
            elif key != "slug":
                *steps, last = key.split(".")
                here = fields
                for step in steps:
                    here = here.setdefault(step, {})
                here[last] = self._person(value) if last == "approved_by" else value
        team.sort(key=lambda member: TEAM_ROLES.index(member["role"]))
        return fields | ({TEAM: team} if team else {})

    def all(self) -> list[Change]:
        """Everything to be written; a writer whom people.toml does not know comes along."""
        more = [self.who.change] if self.changes and self.who.change is not None else []
        return [*self.changes, *more]

    def warnings(self) -> list[str]:
        """What the writer should know, one sentence a matter however many profiles have it."""
        said = [self.who.warning] if self.changes and self.who.warning else []
        if self._doubtful:
            sentence = _("New records with warnings: {n}. aswiki validate shows them.")
            said.append(sentence.format(n=self._doubtful))
        return said
