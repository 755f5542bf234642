"""A word of its own in every field: a report holds those of the reader's list and no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product as combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aswiki.domain import records
from aswiki.domain.checks.rules import text_sha256
from aswiki.domain.entry import Entry, render
from aswiki.domain.records.common import About, Part, abouts
from aswiki.domain.reports.allowed import allowed
from aswiki.domain.words import VOCABULARIES
from aswiki.render.text import texts_of
from aswiki.wiki.papers.reporting import Asked, Reports, Span, report
from aswiki.wiki.wiki import Wiki

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
READERS = ("boss", "product", "sales", "customer_tech", "customer_biz")
CUSTOMERS = ("customer_tech", "customer_biz")
LANGUAGES = ("zh", "en")
FORMS = ("json", "md", "html", "xlsx", "docx", "pdf")
LETTERS = "bcdghjkmnprsvwz"
CANARY = re.compile(f"[qQ][y{LETTERS}Y{LETTERS.upper()}]{{5}}[xX]")
AMOUNT = re.compile(r"(?<![\d.])7[01]\d{4}(?![\d.])")
OURS, OTHERS = "guan-lan", "zhong-he"
FILE_NAME, OWN = "(file name)", "qynnnnx"
NOT_PLANTED = {"currency", "zone", "sha256", "released_to", "scan_ok"}
"""Keys that hold no words, or words that nobody reads but the leak scan."""

NOT_THEIRS = {"promised", "kept", "broken", "unseen", "price"}
UNTOLD = {"unreleased", "broken", "unseen", "unsanitized", "filed by somebody"}
KEPT_FROM: Mapping[str, set[str]] = {
    "boss": set(),
    "product": {"price", "unsanitized"},
    "sales": {"sensitive", "wish", "no word for sales", "not own", "unsanitized", *NOT_THEIRS},
    "customer_tech": {*UNTOLD, "filed by business"},
    "customer_biz": {*UNTOLD, "filed by tech", "sensitive", "tech alone"},
}
"""Reader → what is special about the records and parts of which they read no word."""

SETTINGS = """\
[wiki]
schema = 1
name = "测试"
lang = "zh"
timezone = "Asia/Shanghai"
currency = "CNY"

[audiences]
show_sla_credit = true
"""
PERSON = '[people.{id}]\nname = "{name}"\ndepartment = "sales-east"\n'
DEPARTMENT = '[departments.{slug}]\nname = "{slug}"\nkind = "rnd"\n'


class Place(NamedTuple):
    """Where a canary sits: a record's type, the dotted key, and what is special about it."""

    type: str
    key: str
    marks: frozenset[str] = frozenset()


@dataclass
class Garden:
    """The canaries that were planted, and the files that hold them."""

    root: Path
    words: dict[str, Place] = field(default_factory=dict)
    amounts: dict[str, Place] = field(default_factory=dict)
    departments: list[str] = field(default_factory=list)
    kinds: set[tuple[str, str | None]] = field(default_factory=set)

    def word(self, place: Place) -> str:
        number, letters = len(self.words) * 577, ""
        for _ in range(5):
            number, rest = divmod(number, len(LETTERS))
            letters += LETTERS[rest]
        self.words[f"q{letters}x"] = place
        return f"q{letters}x"

    def amount(self, place: Place) -> int:
        found = 700_001 + 7 * len(self.amounts)
        self.amounts[str(found)] = place
        return found


@dataclass
class Sower:
    """Fills every field of one record."""

    garden: Garden
    name: str
    said: Mapping[str, Any]
    marks: frozenset[str] = frozenset()

    @property
    def kind(self) -> str | None:
        found = self.said.get("kind")
        return None if found is None else str(found)

    def record(self) -> dict[str, Any]:
        shape = records.model(self.name)
        found = self.part(shape, self.said, "")
        found["type"] = self.name
        for key in ("audience", "released_to", "scan_ok"):
            found.pop(key, None)
            if self.said.get(key):
                found[key] = self.said[key]
        return found

    def part(self, shape: type[Part], said: Mapping[str, Any], path: str) -> dict[str, Any]:
        if "mark" in said:
            own = replace(self, marks=self.marks | ({said["mark"]} if said["mark"] else set()))
            return own.part(shape, {k: v for k, v in said.items() if k != "mark"}, path)
        found = {}
        for key, about in abouts(shape).items():
            if about.kinds and self.kind not in about.kinds:
                continue
            place = f"{path}{key}"
            value = self.value(shape, about, said.get(key, ...), place)
            if value is not None:
                found[key] = value
        return found

    def value(self, shape: type[Part], about: About, said: object, place: str) -> object:
        if said is None:
            return None
        if about.part is not None:
            mine: list[Any] = said if isinstance(said, list) else [{} if said is ... else said]
            parts = [self.part(about.part, each, f"{place}.") for each in mine]
            return parts if about.many else parts[0]
        if said is not ...:
            return said
        found = self.single(shape, about, place)
        return [found] if about.many and found is not None else found

    def single(self, shape: type[Part], about: About, key: str) -> object:
        place = Place(self.name, key, self.marks)
        if about.form == "word":
            return next(iter(VOCABULARIES[about.vocabulary or ""]))
        if about.form == "number":
            info = shape.model_fields[about.attribute]
            return self.garden.amount(place) if is_amount(info.annotation) else 1
        fixed = {"moment": "2026-10-12T10:00:00+08:00", "day": "2026-10-12", "month": "2026-10"}
        if about.form in fixed:
            return fixed[about.form]
        if about.form == "flag" or about.key in {"currency", "sha256", "zone"}:
            return {"currency": "CNY", "zone": "Asia/Shanghai"}.get(about.key)
        word = self.garden.word(place)
        if about.names == "department":
            self.garden.departments.append(word)
        return word


def is_amount(annotation: object) -> bool:
    """Whether a number may be of any size."""
    return "decimal.Decimal" in str(annotation) and "_within" not in str(annotation)


def promise(what: str | None = None, **said: object) -> dict[str, Any]:
    """A promise, open and shown to the customer unless it says otherwise."""
    usual = {"status": "open", "made_on": "2026-10-02", "due_on": "2026-11-20", "kept_on": None}
    return {**usual, "customer_visible": True, "kind": "fix", **said, "mark": what}


PROMISES = [
    promise("promised"),
    promise("kept", status="kept", kept_on="2026-10-20"),
    promise("broken", status="broken", due_on="2026-10-20"),
    promise("unseen", customer_visible=None),
    promise("price", kind="price"),
    promise("own", by={"department": "sales-east"}),
]
LOG = [
    {"kind": "demand", "at": "2026-10-05T10:00:00+08:00"},
    {"kind": "demand", "at": "2026-10-05T11:00:00+08:00", "to": "sales-east"},
    {"kind": "deflection", "at": "2026-10-06T10:00:00+08:00"},
    {"kind": "deflection", "at": "2026-10-06T11:00:00+08:00", "from": "sales-east"},
    {"kind": "customer", "at": "2026-10-20T10:00:00+08:00"},
]
BRIEFLY = {"promises": PROMISES[:1], "log": LOG[-1:]}
"""Of the second record of a kind; the first has them all."""

STARTED, ENDED, AHEAD = (f"2026-{day}T10:00:00+08:00" for day in ("10-03", "10-20", "11-10"))
SLA = {
    "committed_percent": 99.9,
    "tiers": [{"below": 99.9, "at_or_above": 0, "percent_of_fee": 10}],
    "cap_percent": 50,
    "claim_closes": {"days": 30, "months": None, "billing_cycles": None},
}
OPEN: dict[str, Any] = {
    "status": "in_progress",
    "started_at": STARTED,
    "mitigated_at": None,
    "resolved_at": None,
    "closed_at": None,
    "triage": {"class": "old_bug"},
    "blame": {"status": "carried", "accused_at": STARTED, "cleared_at": None},
    "scope": {"claims": [{"stage": "sales_said", "by": "Xie Yi"}, {"stage": "actual"}]},
    "sla": {"excluded_reason": None},
}
DONE: dict[str, Any] = {
    "status": "closed",
    "started_at": STARTED,
    "resolved_at": ENDED,
    "closed_at": ENDED,
    "triage": {"class": "broken_promise"},
    "blame": {"status": "cleared", "accused_at": STARTED, "cleared_at": ENDED, "consent": True},
    "scope": {"claims": [{"stage": "sales_said"}, {"stage": "actual"}]},
    "sla": {"excluded_reason": None},
    "impact": {"unavailable_minutes": 3000},
    "window": {"from": STARTED, "to": ENDED},
    "checklist": [{}, {"done_at": None}],
}
PLANNED = {**OPEN, "status": "new", "started_at": AHEAD, "window": {"from": AHEAD, "to": AHEAD}}
WISH = {"kind": "sales_change_request", "mark": "wish"}
SIGNALS: list[dict[str, Any]] = [
    {"kind": "bargaining", "for_sales": None, "mark": "no word for sales"},
    {"kind": "volume_cut"},
    WISH,
]
ANSWERS = [{"scope": "total", "horizon": None}, {}]
SHARED = {
    "qyhhhhx": Place("event", "product"),
    "QYHHHHX": Place("profile", "contracts.product"),
    "qykkkkx": Place("usage", "lines.product"),
    OWN: Place("note", "sales_sync.sales_person"),
    "qyrrrrx": Place("churn", "root_records"),
}
"""Words that two records have to share; those of a contract and of its incident differ in case."""

CONTACTS = [
    {"side": "customer_tech", "id": "tina", "from": None, "until": None, "stance": "champion"},
    {"side": "customer_biz", "id": "bob", "from": None, "until": "2026-10-30"},
    {"side": "other_vendor", "from": "2026-10-05", "until": None},
]


FILED_BY = {...: "filed by somebody", "tina": "filed by tech", "bob": "filed by business"}


class Seed(NamedTuple):
    """A record to be planted."""

    type: str
    said: Mapping[str, Any] = {}
    mark: str = ""
    name: str = ""
    released: Sequence[str] = CUSTOMERS


def seeds() -> Iterator[Seed]:
    """One customer's records: of every kind, and in every state that a section looks for."""
    yield Seed(
        "profile",
        {
            "contacts": CONTACTS,
            "lifecycle": "at_risk",
            "our_team": [{"role": "sales"}, {}],
            "contracts": [{"sla": SLA}, {"product": "QYHHHHX", "sla": SLA}],
        },
        name="profile",
    )
    yield Seed("architecture", name="architecture")
    for kind in VOCABULARIES["event_kind"]:
        wording = {"wording": [{"audience": reader} for reader in CUSTOMERS]}
        for said in (OPEN, DONE, PLANNED):
            yield Seed("event", {**wording, **said, "kind": kind})
    incident = {**DONE, "kind": "incident"}
    yield Seed("event", {**incident, "product": "oss"}, name="2026-10-03-root")
    yield Seed("event", {**incident, "product": "qyhhhhx"})
    yield Seed("event", {**incident, "sla": {}})
    for kind, status in combinations(VOCABULARIES["visit_kind"], ("held", "planned")):
        at = ENDED if status == "held" else AHEAD
        yield Seed("visit", {"kind": kind, "status": status, "occurred_at": at, "signals": SIGNALS})
    for kind in VOCABULARIES["communication_kind"]:
        yield Seed("communication", {"kind": kind})
    for who, ended in combinations(FILED_BY, (None, ENDED)):
        state = "closed" if ended else "investigating"
        said = {"status": state, "received_at": STARTED, "closed_at": ended, "complainant": who}
        yield Seed("complaint", {**said, "responsible": {"cleared_by": None}}, FILED_BY[who])
    yield Seed("complaint", {"status": "received", "closed_at": None})
    yield Seed("note", {"kind": "feeling"})
    for signal in SIGNALS:
        yield Seed("note", {"kind": "signal", "signal": signal}, "wish" if signal is WISH else "")
    yield Seed("note", {"kind": "sales_sync"}, "not own")
    yield Seed("note", {"kind": "sales_sync", "sales_sync": {"sales_person": OWN}})
    for reason in VOCABULARIES["churn_reason"]:
        both = [{"reason": "service_capability"}, {"reason": "commercial"}]
        roots = [f"{OURS}/events/2026-10-03-root#qyrrrrx"]
        yield Seed("churn", {"reason": reason, "attributions": both, "root_records": roots})
        yield Seed("churn", {"reason": reason, "attributions": both})
    for number, month in enumerate(months()):
        lines = [{"product": "qykkkkx", "charge": "usage", "effective_cost": 9000 - 500 * number}]
        yield Seed("usage", {"period": month, "lines": lines, "swings": ANSWERS}, name=month)
    yield from guarded()


def months() -> list[str]:
    """The thirteen months up to October 2026."""
    return [f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(9, 22)]


def guarded() -> Iterator[Seed]:
    """Records that some readers must not know of, or read no word of."""
    states: list[tuple[str, dict[str, Any], Sequence[str]]] = [
        ("sensitive", {"sensitive": True}, CUSTOMERS),
        ("unreleased", {}, ()),
        ("tech alone", {}, ["customer_tech"]),
        *((f"for {reader}", {"audience": [reader]}, CUSTOMERS) for reader in READERS),
    ]
    told = [
        ("event", {**DONE, "kind": "incident"}),
        ("event", {**DONE, "kind": "critical_event"}),
        ("visit", {"status": "held", "signals": SIGNALS[1:2]}),
        ("complaint", {"status": "received", "closed_at": None, "complainant": "bob"}),
        ("communication", {"kind": "advice"}),
        ("note", {"kind": "signal", "signal": SIGNALS[1]}),
        ("churn", {"reason": "commercial"}),
    ]
    for (mark, said, released), (name, usual) in combinations(states, told):
        yield Seed(name, {**usual, **said}, mark, released=released)


def shared() -> Iterator[Seed]:
    """Products and lessons."""
    yield Seed("product", {"sla": SLA}, name="oss")
    yield Seed("product", {"sla": SLA})
    yield Seed("lesson", {"sanitized": True, "from_records": None})
    yield Seed("lesson", {"sanitized": True})
    yield Seed("lesson", {"sanitized": None, "from_records": None}, "unsanitized")
    foreign = {"sanitized": True, "from_records": [f"{OTHERS}/profile"]}
    yield Seed("lesson", foreign, "others")


def others() -> Iterator[Seed]:
    """A second customer."""
    yield Seed("profile", {"contacts": CONTACTS}, "others", "profile")
    yield Seed("architecture", {}, "others", "architecture")
    yield Seed("event", {**DONE, "kind": "incident", "product": "oss"}, "others")
    yield Seed("communication", {"kind": "advice"}, "others")
    yield Seed(
        "complaint", {"status": "received", "closed_at": None, "complainant": "bob"}, "others"
    )
    yield Seed("note", {"kind": "signal", "signal": {**SIGNALS[1], "mark": None}}, "others")


def plant(garden: Garden, seed: Seed, folder: str) -> None:
    """Write a record of which every field holds a canary, its file's name included."""
    within = next((f for f, kind in records.FOLDERS.items() if kind == seed.type), "")
    path = "/".join(part for part in (folder, within) if part)
    marks = frozenset({seed.mark} - {""})
    name = seed.name or f"2026-10-03-{garden.word(Place(seed.type, FILE_NAME, marks))}"
    file = garden.root / path / f"{name}.md"
    kind = (seed.type, seed.said.get("kind"))
    told = {"promises": PROMISES, "log": LOG} if kind not in garden.kinds else BRIEFLY
    garden.kinds.add(kind)
    said = {**told, **seed.said}
    found = Sower(garden, seed.type, said, marks).record()
    leaves = [
        {"audience": reader, "sha256": text_sha256(found["customer_text"])}
        for reader in seed.released
    ]
    for each in found.get("wording", ()):
        if each["audience"] in seed.released:
            own = {"audience": each["audience"], "field": "wording"}
            leaves.append({**own, "sha256": text_sha256(each["text"])})
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written(seed.type, {**found, "released_to": leaves}), encoding="utf-8")


def written(record_type: str, found: Mapping[str, Any]) -> str:
    """A record's file: JSON within front matter, then its sections."""
    said = abouts(records.model(record_type))
    head = [f"{key}: {json.dumps(value)}" for key, value in found.items() if not said[key].section]
    body = [
        f"## {said[key].zh}\n\n{logged(value) if key == 'log' else value}\n"
        for key, value in found.items()
        if said[key].section
    ]
    return "\n".join(["---", *head, "---", "", *body])


def logged(entries: Sequence[Mapping[str, Any]]) -> str:
    """Log entries as lines."""
    return "\n".join(
        render(
            Entry(
                **{f"{key}_" if key == "from" else key: value for key, value in entry.items()}
                | {"at": datetime.fromisoformat(entry["at"])}
            )
        )
        for entry in entries
    )


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Garden:
    """Every canary in its field."""
    made = Garden(tmp_path_factory.mktemp("garden"), dict(SHARED))
    for seed in seeds():
        plant(made, seed, f"customers/{OURS}")
    for seed in others():
        plant(made, seed, f"customers/{OTHERS}")
    for seed in shared():
        plant(made, seed, f"{seed.type}s")
    people = [PERSON.format(id=OWN, name="Xie Yi")]
    slugs = ("sales-east", *made.departments)
    people += [DEPARTMENT.format(slug=slug) for slug in slugs]
    (made.root / "aswiki.toml").write_text(SETTINGS, encoding="utf-8")
    (made.root / "people.toml").write_text("\n".join(people), encoding="utf-8")
    return made


@dataclass
class Press:
    """Reports and their words, each made once."""

    garden: Garden
    made: dict[str, Reports] = field(default_factory=dict)
    read: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def words(self, reader: str, form: str, language: str) -> str:
        """Every word of a form of the October report, its file's name included."""
        key = (reader, form, language)
        if key not in self.read:
            if reader not in self.made:
                self.made[reader] = reported(self.garden, reader)
            self.read[key] = words(self.made[reader], form, language)
        return self.read[key]

    def found(self, reader: str, form: str = "json", language: str = "en") -> list[Place]:
        """The places of the canaries in it."""
        return places(self.garden, self.words(reader, form, language))


def reported(garden: Garden, reader: str, own: str | None = OWN) -> Reports:
    wiki = Wiki.open(garden.root, lambda: NOW)
    found = report(wiki, Asked(Span(month="2026-10"), [OURS], reader, own))
    assert found.snapshot.origin.skipped == ()
    return found


def words(found: Reports, form: str, language: str) -> str:
    files, leaked = found.formed(form, language)
    assert leaked == []
    ((name, raw),) = files.items()
    return "\n".join([name, *(text for _where, text in texts_of(form, raw))])


def places(garden: Garden, text: str) -> list[Place]:
    return [garden.words[word] for word in dict.fromkeys(CANARY.findall(text))]


@pytest.fixture(scope="module")
def press(garden: Garden) -> Press:
    return Press(garden)


def cases() -> Iterator[Any]:
    for reader, form, language in combinations(READERS, FORMS, LANGUAGES):
        slow = form in {"pdf", "docx"} and language == "en"
        yield pytest.param(reader, form, language, marks=pytest.mark.slow if slow else ())


@pytest.mark.parametrize(("reader", "form", "language"), list(cases()))
def test_exactly_the_canaries_of_the_list_come_out(
    reader: str, form: str, language: str, press: Press
) -> None:
    planted = {(place.type, place.key) for place in press.garden.words.values()}
    listed = {(kind, key) for kind, keys in allowed()[reader].items() for key in keys}
    found = {(place.type, place.key) for place in press.found(reader, form, language)}
    assert {each for each in found if each[1] != FILE_NAME} == listed & planted


@pytest.mark.parametrize("form", FORMS[:4])
@pytest.mark.parametrize("reader", READERS)
def test_no_canary_comes_out_of_a_record_that_the_reader_may_not_read(
    reader: str, form: str, press: Press
) -> None:
    told = {mark for place in press.found(reader, form, "zh") for mark in place.marks}
    narrowed = {f"for {other}" for other in READERS if other != reader}
    assert told & (narrowed | KEPT_FROM[reader] | {"others"}) == set()
    assert f"for {reader}" in told


def test_whatever_is_kept_from_some_reader_is_told_to_another(press: Press) -> None:
    told = {m for reader in READERS for place in press.found(reader) for m in place.marks}
    assert set().union(*KEPT_FROM.values()) <= told


@pytest.mark.parametrize("reader", READERS)
def test_a_file_s_name_goes_where_the_title_may_go_and_never_to_a_customer(
    reader: str, press: Press
) -> None:
    named = {place.type for place in press.found(reader) if place.key == FILE_NAME}
    titled = {each for each in records.TYPES if reader in title_of(each).readers}
    assert named <= (set() if reader in CUSTOMERS else titled)


@pytest.mark.parametrize("reader", READERS)
def test_no_amount_comes_out_that_is_not_on_the_list(reader: str, press: Press) -> None:
    text = press.words(reader, "json", "en")
    found = [press.garden.amounts[each] for each in AMOUNT.findall(text)]
    listed = {(kind, key) for kind, keys in allowed()[reader].items() for key in keys}
    assert {(place.type, place.key) for place in found} <= listed
    assert bool(found) == (reader != "customer_biz")


@pytest.mark.parametrize("reader", ["product", "sales"])
def test_rows_shown_to_their_own_alone_are_left_out_where_nobody_is_named(
    reader: str, garden: Garden
) -> None:
    found = places(garden, words(reported(garden, reader, own=None), "json", "en"))
    told = {mark for place in found for mark in place.marks}
    assert "own" not in told or reader == "product"
    assert ("usage", "title") not in {(place.type, place.key) for place in found}


@pytest.mark.parametrize("reader", READERS)
def test_what_a_section_shows_is_within_what_the_model_lets_the_reader_read(reader: str) -> None:
    beyond = [
        f"{record_type} {key}"
        for record_type, keys in allowed()[reader].items()
        for key in keys
        if not is_readable(record_type, key, reader)
    ]
    assert beyond == []


@pytest.mark.parametrize("record_type", records.TYPES)
def test_every_text_of_every_record_type_is_planted(record_type: str, garden: Garden) -> None:
    planted = {place.key for place in garden.words.values() if place.type == record_type}
    assert set(texts_in(records.model(record_type))) - planted == set()


def title_of(record_type: str) -> About:
    return abouts(records.model(record_type))["title"]


def is_readable(record_type: str, key: str, reader: str) -> bool:
    shape: type[Part] | None = records.model(record_type)
    for step in key.split("."):
        assert shape is not None, key
        about = abouts(shape)[step]
        if reader not in about.readers:
            return False
        shape = about.part
    return True


def texts_in(shape: type[Part], path: str = "") -> Iterator[str]:
    for key, about in abouts(shape).items():
        if key in NOT_PLANTED:
            continue
        if about.part is not None:
            yield from texts_in(about.part, f"{path}{key}.")
        elif about.form in {"text", "code", "text_or_number", "text_or_flag"}:
            yield f"{path}{key}"
