"""``validate``: every planted mistake at its line and column; the examples without an error."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

EVENTS = "customers/acme/events/"
EVENT = "---\ntype: event\ntitle: x\nkind: question\nstarted_at: 2026-10-01\n"
INCIDENT = EVENT.replace("question", "incident\nseverity: P3")
COMPLAINT = (
    "---\ntype: complaint\ntitle: x\ncategory: price\nstatus: closed\n"
    "received_at: 2026-10-01\nclosed_at: 2026-10-02\n---\n"
)
VISIT = (
    "---\ntype: visit\ntitle: x\nkind: monthly\nstatus: planned\noccurred_at: 2026-11-01\n"
    "feelings:\n  - said_by: 王磊\n    about: 响应\n    purpose: 选型\n    verbatim: 慢\n---\n"
)
CHURN = (
    "---\ntype: churn\ntitle: x\nperiod: 2026-10\namount_per_month: 1\ncurrency: CNY\n"
    "reason: undetermined\nsub_reason: 性价比\n---\n"
)
SHARES = (
    "---\ntype: architecture\ntitle: x\n"
    "vendor_shares: [{provider: a, percent: 60}, {provider: b, percent: 60}]\n---\n"
)
BOMB = (
    "---\na: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
    "c: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n---\n"
)
Mistake = tuple[str, int, int]
MISTAKES: dict[str, tuple[str, str, list[Mistake]]] = {
    "an unknown key": (EVENTS, EVENT + "severty: P1\n---\n", [("ASW120", 6, 1)]),
    "an unknown key inside": (
        EVENTS,
        INCIDENT + "impact: {busines: x}\n---\n",
        [("ASW120", 7, 10)],
    ),
    "a wrong type": (EVENTS, EVENT + "tags: 5\n---\n", [("ASW121", 6, 7)]),
    "text where a number stands": (
        EVENTS,
        EVENT + "hours: {work: many}\n---\n",
        [("ASW121", 6, 15)],
    ),
    "a word out of the vocabulary": (EVENTS, EVENT + "status: nwe\n---\n", [("ASW122", 6, 9)]),
    "a day that is not": (EVENTS, EVENT + "resolved_at: 2026-02-30\n---\n", [("ASW123", 6, 14)]),
    "a missing key": (EVENTS, "---\ntype: event\nkind: question\n---\n", [("ASW124", 1, 1)]),
    "a percentage of 120": (
        EVENTS,
        INCIDENT + "impact: {users_percent: 120}\n---\n",
        [("ASW125", 7, 25)],
    ),
    "a duplicate key": (EVENTS, EVENT + "title: y\n---\n", [("ASW113", 6, 1)]),
    "the type of another folder": (
        EVENTS,
        EVENT.replace("type: event", "type: visit") + "---\n",
        [("ASW126", 2, 7)],
    ),
    "a title of two lines": (
        EVENTS,
        EVENT.replace("title: x", "title: |\n  a\n  b") + "---\n",
        [("ASW127", 3, 8)],
    ),
    "a key of another kind": (EVENTS, EVENT + "severity: P1\n---\n", [("ASW120", 6, 1)]),
    "an alias bomb": (EVENTS, BOMB, [("ASW112", 2, 4)]),
    "30,000 brackets": (EVENTS, f"---\na: {'[' * 30_000}\n---\n", [("ASW112", 2, 27)]),
    "a list never closed": (EVENTS, EVENT + "tags: [a\n---\n", [("ASW111", 7, 1)]),
    "no front matter": (EVENTS, "只有字\n", [("ASW110", 1, 1)]),
    "front matter never closed": (EVENTS, EVENT, [("ASW110", 1, 1)]),
    "a heading twice": (
        EVENTS,
        EVENT + "---\n\n## Background\n\na\n\n## 背景：\n\nb\n",
        [("ASW130", 12, 1)],
    ),
    "a log line that is none": (
        EVENTS,
        EVENT + "---\n\n## Log\n- 2026-10-01 bogus\n",
        [("ASW131", 9, 3)],
    ),
    "a log entry without a time": (
        EVENTS,
        EVENT + "---\n## Log\n\n- 昨天: x\n",
        [("ASW131", 9, 3)],
    ),
    "a deflection without sides": (
        EVENTS,
        EVENT + "---\n## Log\n- 2026-10-01 14:05 | 张 | 推诿：不归我\n",
        [("ASW133", 8, 26)],
    ),
    "a reference to nothing": (
        EVENTS,
        EVENT + "related: [{ref: acme/nothing, how: caused_by}]\n---\n",
        [("ASW016", 6, 17)],
    ),
    "times out of order": (
        EVENTS,
        EVENT + "resolved_at: 2026-09-30\n---\n",
        [("ASW017", 6, 14)],
    ),
    "closed without closed_at": (EVENTS, EVENT + "status: closed\n---\n", [("ASW017", 6, 9)]),
    "closed without a triage": (
        EVENTS,
        INCIDENT + "status: closed\nclosed_at: 2026-10-02\n---\n",
        [("ASW140", 1, 1)],
    ),
    "evidence that is not there": (
        EVENTS,
        EVENT + "evidence:\n  - file: files/no.txt\n    sha256: ab\n---\n",
        [("ASW012", 7, 11)],
    ),
    "evidence that was changed": (
        EVENTS,
        EVENT + "evidence: [{file: files/photo.txt, sha256: ab}]\n---\n",
        [("ASW012", 6, 19)],
    ),
    "a complaint closed before it is whole": (
        "customers/acme/complaints/",
        COMPLAINT,
        [("ASW002", 1, 1)] * 4,
    ),
    "a feeling without environment": (
        "customers/acme/visits/",
        VISIT,
        [("ASW001", 8, 5)],
    ),
    "a promise id twice": (
        EVENTS,
        EVENT + "promises:\n  - {id: p1, what: a}\n  - {id: p1, what: b}\n---\n",
        [("ASW143", 8, 10)],
    ),
    "a technical decision of after-sales": (
        EVENTS,
        EVENT + "technical_decision_by: [db-team, after-sales]\n---\n",
        [("ASW004", 6, 34)],
    ),
    "price is commercial": (
        "customers/acme/churn/",
        CHURN,
        [("ASW006", 7, 9)],
    ),
    "shares above a hundred": (
        "customers/acme/",
        SHARES,
        [("ASW125", 4, 16)],
    ),
    "a release that lost its text": (
        EVENTS,
        EVENT + "released_to:\n  - audience: customer_tech\n    sha256: ab\n---\n",
        [("ASW009", 8, 13)],
    ),
    "two things that do not touch": (
        EVENTS,
        EVENT + "status: nwe\nseverty: P1\n---\n\n## Log\n- x\n",
        [("ASW122", 6, 9), ("ASW120", 7, 1), ("ASW131", 11, 3)],
    ),
    "a mistake of the schema and one of the rules": (
        EVENTS,
        EVENT + "status: nwe\nresolved_at: 2026-09-30\nrelated: [{ref: a/b, how: corrects}]\n---\n",
        [("ASW122", 6, 9), ("ASW017", 7, 14), ("ASW016", 8, 17)],
    ),
    "a wrong field that a rule needs": (
        "customers/acme/complaints/",
        COMPLAINT.removesuffix("---\n") + "customer_loss: 5\n---\n",
        [("ASW002", 1, 1)] * 3 + [("ASW121", 8, 16)],
    ),
}


def _plant(wiki: Path, folder: str, text: str, name: str = "2026-10-01-planted.md") -> str:
    path = folder + ("architecture.md" if folder == "customers/acme/" else name)
    (wiki / path).parent.mkdir(parents=True, exist_ok=True)
    (wiki / path).write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found_at_its_place(wiki: Path, run: Any, mistake: str) -> None:
    folder, text, places = MISTAKES[mistake]
    (wiki / "customers/acme/files").mkdir()
    (wiki / "customers/acme/files/photo.txt").write_text("photo")
    path = _plant(wiki, folder, text)
    done = run("validate", "--format", "json")
    assert done.code == 1
    errors = [p for p in done.json["problems"] if p["level"] == "error"]
    assert [(p["code"], p["line"], p["column"]) for p in errors] == places
    assert {p["path"] for p in errors} == {path}
    assert all(p["message"] and "\n" not in p["message"] for p in errors)
    assert list(errors[0]) == ["code", "level", "path", "line", "column", "message", "hint"]
    told = run("validate")
    assert told.code == 1
    for p in errors:
        assert f"{path}:{p['line']}:{p['column']}: {p['code']} {p['message']}" in told.out


def test_all_of_them_at_once_are_all_found(wiki: Path, run: Any) -> None:
    wanted = 0
    for number, (folder, text, places) in enumerate(MISTAKES.values(), start=10):
        if folder == "customers/acme/":
            continue
        _plant(wiki, folder, text, f"2026-10-{number % 20 + 10}-m{number}.md")
        wanted += len(places)
    done = run("validate", "--json")
    assert done.code == 1
    assert len([p for p in done.json["problems"] if p["level"] == "error"]) == wanted
    assert done.json["checked"] == 7 + len(MISTAKES) - 1


@pytest.mark.parametrize(
    ("file", "text", "code", "line", "column"),
    [
        ("aswiki.toml", "[wiki\n", "ASW111", 1, 6),
        ("aswiki.toml", "[wiki]\nschema = 1\nlnag = 'zh'\n", "ASW120", 3, 1),
        ("aswiki.toml", "[wiki]\nschema = 2\n", "ASW150", 2, 10),
        ("aswiki.toml", "[wiki]\nschema = 1\ntimezone = 'Mars'\n", "ASW150", 3, 12),
        ("aswiki.toml", "[wiki]\nschema = 1\n[vocabluary]\n", "ASW120", 3, 2),
        ("aswiki.toml", "[wiki]\nschema = 1\n[cadence]\nprofile = 'x'\n", "ASW121", 4, 11),
        ("people.toml", "[people\n", "ASW111", 1, 8),
        ("people.toml", "[people.a]\nnmae = 'x'\nname = 'y'\n", "ASW120", 2, 1),
        ("people.toml", "[people.a]\nrole = 'x'\nname = 'y'\n", "ASW122", 2, 8),
        ("people.toml", "[departments.a]\nname = 5\n", "ASW121", 2, 8),
    ],
)
def test_a_mistake_in_the_settings_is_found_at_its_place(
    wiki: Path, run: Any, file: str, text: str, code: str, line: int, column: int
) -> None:
    (wiki / file).write_text(text)
    done = run("validate", "--json")
    assert done.code == 1, done.err
    found = [p for p in done.json["problems"] if p["level"] == "error"]
    assert [(p["path"], p["code"], p["line"]) for p in found] == [(file, code, line)]
    assert found[0]["column"] == column


def test_the_examples_have_no_error(examples: Path, run: Any) -> None:
    done = run("validate", "--json")
    assert done.code == 0
    assert [p for p in done.json["problems"] if p["level"] == "error"] == []
    files = [p for p in examples.rglob("*.md") if ".git" not in p.parts]
    assert done.json["checked"] == len(files) + 2


def test_a_good_wiki_is_exit_0_and_warnings_count_only_with_strict(wiki: Path, run: Any) -> None:
    assert run("validate", "--strict").code == 0
    _plant(wiki, EVENTS, EVENT + "product: CDN\n---\n")
    done = run("validate", "--json")
    assert (done.code, [p["code"] for p in done.json["problems"]]) == (0, ["ASW018"])
    assert run("validate", "--strict").code == 1


def test_only_what_is_named_is_checked(wiki: Path, run: Any, monkeypatch: Any) -> None:
    _plant(wiki, EVENTS, "nothing")
    assert run("validate", "customers/lan-jing-you-xi").code == 0
    assert run("validate", EVENTS + "2026-10-01-planted.md").code == 1
    monkeypatch.chdir(wiki / "customers")
    assert run("validate", "acme", "--json").json["checked"] == 3
    assert run("validate", "lan-jing-you-xi", "--json").json["checked"] == 2


def test_due_looks_for_what_depends_on_today(wiki: Path, run: Any) -> None:
    plain = {p["code"] for p in run("validate", "--json").json["problems"]}
    due = {p["code"] for p in run("validate", "--due", "--json").json["problems"]}
    assert plain == set()
    assert due == {"ASW003", "ASW019"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ((EVENT + "---\n背景\n").replace("\n", "\r\n").encode(), "ASW104"),
        (b"\xef\xbb\xbf" + (EVENT + "---\n背景\n").encode(), "ASW103"),
        ((EVENT + "---\n背景与影响\n").encode("gb18030"), "ASW102"),
        ((EVENT + "---\ncafe\u0301\n").encode(), "ASW105"),
    ],
)
def test_fix_writes_odd_encodings_anew_and_stages_nothing(
    wiki: Path, run: Any, git: Any, raw: bytes, code: str
) -> None:
    path = wiki / EVENTS / "2026-10-01-planted.md"
    path.write_bytes(raw)
    git(wiki, "add", ".")
    git(wiki, "commit", "-qm", "typed")
    assert [p["code"] for p in run("validate", "--json").json["problems"]] == [code]
    assert run("validate", "--fix").code == 0
    text = path.read_bytes().decode()
    assert "\r" not in text
    assert text.startswith("---\n")
    assert run("validate", "--json").json["problems"] == []
    assert git(wiki, "status", "--porcelain") == f" M {EVENTS}2026-10-01-planted.md\n"


def test_a_folder_of_a_wrong_name_is_found(wiki: Path, run: Any) -> None:
    _plant(wiki, EVENTS, EVENT + "---\n", "No Date.md")
    found = run("validate", "--json").json["problems"]
    assert [(p["code"], p["line"], p["column"]) for p in found] == [("ASW142", 1, 1)]


def test_a_profile_of_wrong_shapes_does_not_stop_the_others(wiki: Path, run: Any) -> None:
    profile = wiki / "customers/acme/profile.md"
    profile.write_text("---\ntype: profile\ntitle: x\naliases: 5\ncontacts: {a: 1}\n---\n")
    (wiki / "lessons").mkdir()
    (wiki / "lessons/l.md").write_text("---\ntype: lesson\ntitle: x\nsanitized: true\n---\n")
    (wiki / "products/p.md").write_text("---\ntype: product\ntitle: [a]\naliases: 7\n---\n")
    _plant(wiki, EVENTS, EVENT + "product: P\nowner: nobody-known\n---\n")
    done = run("validate", "--json")
    assert done.code == 1, done.err
    assert {"ASW121", "ASW140", "ASW018", "ASW141"} <= {p["code"] for p in done.json["problems"]}


def test_validate_writes_nothing(wiki: Path, run: Any, state: Any) -> None:
    _plant(wiki, EVENTS, EVENT + "status: nwe\n---\n")
    before = state(wiki)
    assert run("validate").code == 1
    assert run("validate", "--due", "--strict", "--json").code == 1
    assert state(wiki) == before


def test_a_format_nobody_knows_is_refused(wiki: Path, run: Any) -> None:
    done = run("validate", "--format", "xml")
    assert (done.code, done.out) == (2, "")
    assert "text, md, json, github, gitlab, sarif, rdjson" in done.err


def test_it_works_without_a_repository(wiki: Path, run: Any) -> None:
    (wiki / ".git").rename(wiki.parent / "elsewhere")
    assert run("validate").code == 0
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run(["git", "rev-parse"], cwd=wiki, check=True, capture_output=True)
