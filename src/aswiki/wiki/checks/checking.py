"""One record against the schema and the rules, with all that stands around it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.domain.checks import schema
from aswiki.domain.checks.surroundings import Neighbour, Surroundings
from aswiki.domain.problem import Finding, Problem
from aswiki.errors import AswikiError, BadInput, Unusable
from aswiki.lang import _
from aswiki.store import contents, document
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.domain.readers.secrets import Secrets
    from aswiki.domain.records.common import Record
    from aswiki.domain.sla.claims import Claim
    from aswiki.domain.sla.ground import Page
    from aswiki.domain.spending.series import Series

_DATED = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])-[a-z0-9]+(-[a-z0-9]+)*")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def _list(value: object) -> list[Any]:
    """The list of a file that may hold anything in its place."""
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Checked:
    """One record file with what it says and what is wrong with it."""

    path: str
    record_type: str
    document: document.Document
    fields: dict[str, Any]
    record: Record | None
    problems: list[Problem]
    findings: list[Finding] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """The record's reference."""
        return records.reference(self.path)

    @property
    def is_retired(self) -> bool:
        """Whether it is a tombstone."""
        return schema.is_retired(self.fields)


@dataclass
class Checker:
    """Checks records of one wiki; what several checks need is read once.

    Args:
        wiki: the open wiki.
        due: whether the rules that depend on today are checked too.
        texts: drafts that stand in for files.
        newcomer: the id of a person who is about to be added to people.toml.
    """

    wiki: Wiki
    due: bool = False
    texts: Mapping[str, bytes] = field(default_factory=dict)
    newcomer: str | None = None

    def bytes_of(self, path: str) -> bytes | None:
        """The bytes of a file: a draft's where there is one, else the working folder's."""
        return self.texts[path] if path in self.texts else self.wiki.readable(path)

    def read(self, path: str, raw: bytes) -> Checked:
        """What a file's bytes say, and the violations of the schema."""
        record_type = records.type_of(path) or ""
        doc = document.read(path, raw)
        if doc.split is None:
            return Checked(path, record_type, doc, {}, None, list(doc.problems))
        found = contents.fields(doc, record_type, self.wiki.reading)
        problems = [*doc.problems, *found.problems]
        if any(problem.code in {"ASW111", "ASW112"} for problem in doc.problems):
            return Checked(path, record_type, doc, found.data, None, problems)
        record, findings = schema.read(record_type, found.data, self.wiki.reading)
        problems += [doc.place(finding) for finding in findings]
        return Checked(path, record_type, doc, found.data, record, problems, findings)

    def check(self, path: str, raw: bytes) -> Checked:
        """What a file's bytes say, with every problem of schema, name and rules, sorted."""
        from aswiki.domain.checks import rules

        ahead = self._read_ahead.pop(path, None)
        checked = ahead if ahead and ahead.document.raw == raw else self.read(path, raw)
        checked.problems.extend(self._name(checked))
        record, said = checked.record, {finding.loc[:1] for finding in checked.findings}
        if said and not checked.is_retired:
            reading = self.wiki.reading
            record = schema.read_partly(
                checked.record_type, checked.fields, checked.findings, reading
            )
        if record is not None:
            for finding in rules.findings(record, self._around(checked), due=self.due):
                if not finding.loc or finding.loc[:1] not in said:
                    checked.problems.append(checked.document.place(finding))
        checked.problems.sort()
        return checked

    def _name(self, checked: Checked) -> Iterator[Problem]:
        folder, _slash, name = checked.path.removesuffix(".md").rpartition("/")
        wanted = {"usage": _MONTH, "lessons": _SLUG, "products": _SLUG, "churn": _DATED}
        kind = folder.rpartition("/")[2]
        pattern = wanted.get(kind, _DATED if kind in records.FOLDERS else _SLUG)
        slug = checked.path.split("/")[1] if checked.path.startswith("customers/") else "a"
        if not pattern.fullmatch(name) or not _SLUG.fullmatch(slug):
            yield checked.document.problem(
                "ASW142",
                1,
                1,
                _("The file's name is not one that a record of this folder can have."),
                _("Names are a-z, 0-9 and -, with a date in front where the record has one."),
            )

    @cached_property
    def _people(self) -> Mapping[str, Any]:
        """What people.toml holds; one that cannot be read is a problem of its own."""
        try:
            return self.wiki.people
        except Unusable:
            return {}

    @cached_property
    def departments(self) -> dict[str, str]:
        """A department's slug → its kind."""
        found = self._people.get("departments")
        return {
            str(slug): str(said.get("kind", ""))
            for slug, said in (found.items() if isinstance(found, dict) else ())
            if isinstance(said, dict)
        }

    @cached_property
    def colleagues(self) -> dict[str, str | None]:
        """A colleague's id → their department, where it is known."""
        found = self._people.get("people")
        known: dict[str, str | None] = {
            str(own): said.get("department")
            for own, said in (found.items() if isinstance(found, dict) else ())
            if isinstance(said, dict)
        }
        if self.newcomer is not None:
            known.setdefault(self.newcomer, None)
        return known

    @cached_property
    def products(self) -> dict[str, bool]:
        """Every casefolded name of a product → whether a department owns it."""
        named: dict[str, bool] = {}
        for path in self.wiki.under("products"):
            raw = self.bytes_of(path)
            data = document.read(path, raw).data if raw is not None else {}
            slug = path.removeprefix("products/").removesuffix(".md")
            names = [slug, data.get("title"), *_list(data.get("aliases"))]
            for one in names:
                named[str(one).strip().casefold()] = bool(data.get("owner_department"))
        return named

    def claims_of(self, customer: str) -> Mapping[str, Sequence[Claim]]:
        """The customer's SLA claims that nobody decided, by the incident."""
        from aswiki.domain.sla.claims import claims
        from aswiki.domain.sla.ground import Ground

        if customer not in self._claims:
            wiki, own = self.wiki, self.records_of(customer)
            ground = Ground(own, self._product_pages, wiki.zone, wiki.now(), wiki.workdays())
            self._claims[customer] = claims(ground)
        return self._claims[customer]

    @cached_property
    def _claims(self) -> dict[str, Mapping[str, Sequence[Claim]]]:
        return {}

    @cached_property
    def _product_pages(self) -> Mapping[str, Page]:
        """The pages of products that can be read, by every name."""
        from aswiki.domain.sla.ground import pages

        found = {}
        for path in self.wiki.paths():
            raw = self.bytes_of(path) if records.type_of(path) == "product" else None
            checked = self.read(path, raw) if raw is not None else None
            if checked is not None and checked.record is not None:
                found[checked.ref] = checked.record
        return pages(found)

    def records_of(self, customer: str) -> list[Neighbour]:
        """The records of one customer that can be read."""
        if customer not in self._by_customer:
            found = []
            for path in self.wiki.paths(customer):
                raw = self.bytes_of(path)
                checked = self.read(path, raw) if raw is not None else None
                if checked is not None and checked.record is not None:
                    found.append(Neighbour(checked.ref, checked.record))
            self._by_customer[customer] = found
        return self._by_customer[customer]

    @cached_property
    def _by_customer(self) -> dict[str, list[Neighbour]]:
        return {}

    def spend_of(self, customer: str) -> Series:
        """The usage pages of one customer, with the thresholds of their account level."""
        from aswiki.domain.records.usage import Usage
        from aswiki.domain.spending.series import Series

        if customer not in self._spend:
            pages = {}
            self._read_ahead.clear()
            for path in self._usage_paths(customer):
                raw = self.bytes_of(path)
                checked = self.read(path, raw) if raw is not None else None
                if checked is not None and isinstance(checked.record, Usage):
                    self._read_ahead[path] = checked
                    pages[checked.ref] = checked.record
            limits = self.wiki.limits().of(self._level(customer))
            self._spend[customer] = Series(customer, pages, limits, self.wiki.currency)
        return self._spend[customer]

    def _usage_paths(self, customer: str) -> list[str]:
        drafts = (path for path in self.texts if path.startswith(f"customers/{customer}/"))
        paths = {*self.wiki.paths(customer), *drafts}
        return sorted(path for path in paths if records.type_of(path) == "usage")

    def _level(self, customer: str) -> str | None:
        """The customer's account level by its key."""
        raw = self.bytes_of(f"customers/{customer}/profile.md")
        said = document.read(customer, raw).data.get("account_level") if raw is not None else None
        return self.wiki.vocabulary.key("account_level", str(said))

    @cached_property
    def _spend(self) -> dict[str, Series]:
        return {}

    @cached_property
    def _read_ahead(self) -> dict[str, Checked]:
        """The usage pages that were read for a neighbour's sake, until their own turn comes."""
        return {}

    @cached_property
    def secrets(self) -> Secrets:
        """What no text for a customer may hold."""
        from aswiki.wiki.checks.secrets import secrets

        return secrets(self.wiki, self.bytes_of, self._people)

    @cached_property
    def identities(self) -> frozenset[str]:
        """The names of customers and of their contacts, of two characters or more."""
        names: set[str] = set()
        for slug in self.wiki.customers():
            raw = self.bytes_of(f"customers/{slug}/profile.md")
            data = document.read(slug, raw).data if raw is not None else {}
            contacts = _list(data.get("contacts"))
            people = [c.get("name") for c in contacts if isinstance(c, dict)]
            own = [data.get(key) for key in ("name", "title", "short_name")]
            names.update(str(n) for n in [*own, *people, *_list(data.get("aliases"))] if n)
        return frozenset(name for name in names if len(name) > 1)

    @cached_property
    def _contacts(self) -> Callable[[str], frozenset[str]]:
        @cache
        def contacts(customer: str) -> frozenset[str]:
            raw = self.bytes_of(f"customers/{customer}/profile.md")
            found = document.read(customer, raw).data.get("contacts") if raw is not None else None
            people = found if isinstance(found, list) else []
            return frozenset(str(p["id"]) for p in people if isinstance(p, dict) and p.get("id"))

        return contacts

    def _around(self, checked: Checked) -> Surroundings:
        customer = records.customer_of(checked.ref)
        folder = f"customers/{customer}/" if customer else ""

        def sha256_of(name: str) -> str | None:
            try:
                raw = self.bytes_of(folder + name)
            except BadInput:
                return None
            return None if raw is None else hashlib.sha256(raw).hexdigest()

        def neighbours() -> Iterable[Neighbour]:
            return self.records_of(customer) if customer else ()

        return Surroundings(
            ref=checked.ref,
            people=self.colleagues,
            departments=self.departments,
            contacts=self._contacts(customer) if customer else frozenset(),
            product_is_owned=lambda name: self.products.get(name.strip().casefold()),
            references=self._resolves,
            neighbours=lambda: tuple(neighbours()),
            sha256_of=sha256_of,
            identities=lambda: self.identities,
            secrets=lambda: self.secrets,
            now=self.wiki.now(),
            zone=self.wiki.zone,
            cadence=self.wiki.cadence(),
            claims=lambda: self.claims_of(customer or ""),
            spend=lambda: self.spend_of(customer or ""),
        )

    def _resolves(self, ref: str) -> bool:
        try:
            return records.path_of(ref) in self.texts or self.wiki.exists(ref)
        except BadInput:
            return False


def unsafe(path: str, error: AswikiError) -> Problem:
    """The problem of a file that must not be read for its name or its kind."""
    return Problem(path, 1, 1, "ASW142", "error", error.message, error.hint)


def new_errors(
    before: list[Problem], after: list[Problem], never: Collection[str] = ()
) -> list[Problem]:
    """The errors of a draft that the record did not have before, and those of a code in never."""
    had = {(problem.code, problem.message) for problem in before if problem.code not in never}
    return [p for p in after if p.level == "error" and (p.code, p.message) not in had]


def refuse(problems: list[Problem]) -> BadInput:
    """The error for a draft that cannot be written."""
    first = problems[0]
    more = len(problems) - 1
    where = f"{first.path}:{first.line}:{first.column}: {first.code} {first.message}"
    tail = " " + _("({n} more)").format(n=more) if more else ""
    hint = first.hint or _("Give another value, or leave it out.")
    return BadInput("invalid-record", where + tail, hint)


def finding_error(finding: Finding) -> BadInput:
    """The error for a finding that a command can refuse at the door."""
    return BadInput(finding.code, finding.message, finding.hint)
