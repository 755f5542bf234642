"""Two hands on one record: the merge holds what each did, or marks what it cannot join."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aswiki.domain import log
from aswiki.domain.entry import Entry, content, render
from aswiki.domain.vocabulary import DEFAULT
from aswiki.store import conflicts, document, frontmatter, sections
from aswiki.store.frontmatter_edit import Add, Edit, Put, Remove, edit
from aswiki.store.yaml12 import dump
from aswiki.wiki.sharing.merging import Merged, merged
from aswiki.wiki.wiki import Wiki

PATH = "customers/acme/events/2026-10-03-oss-timeout.md"
KINDS = DEFAULT.spellings("log_kind")
SHANGHAI = timezone(timedelta(hours=8))
FACTS = ("severity", "status", "product", "environment", "purpose", "owner", "detected_at")
PROSE = {"root_cause": "Root cause", "background": "背景", "customer_text": "Customer text"}
TEXTS = st.sampled_from(
    [
        "P0",
        "P1",
        "已恢复",
        "对象存储",
        "生产环境: 华东",
        "it's",
        "a # b",
        "no",
        "12:30",
        "- x",
        "张维",
    ]
)
LINES = st.sampled_from(["一行中文。", "A line.", "- a point", "### deeper", "`code`", "> said"])
NOTES = "第一行\n\nsecond line\n\n第三行\n\nfourth line\n\n第五行"

Hand = Callable[[str], str]


class Case(NamedTuple):
    """A record as both found it and as each left it."""

    base: bytes
    ours: bytes
    theirs: bytes


def in_front(*edits: Edit) -> Hand:
    """A hand that makes these changes in the front matter."""

    def changed(text: str) -> str:
        split = frontmatter.split(text)
        assert split is not None
        front = edit(split.front, [e for e in edits if can(split.front, e)])
        return text[: split.front_start] + front + text[split.front_end :]

    return changed


def can(front: str, change: Edit) -> bool:
    here: Any = document.read("x.md", f"---\n{front}---\n".encode()).data
    if not isinstance(change, Remove):
        return True
    for step in change.path:
        try:
            here = here[step]
        except (KeyError, IndexError):
            return False
    return True


def in_body(change: Callable[[str], str]) -> Hand:
    def changed(text: str) -> str:
        split = frontmatter.split(text)
        assert split is not None
        return text[: len(text) - len(split.body)] + change(split.body)

    return changed


def logging(entry: Entry) -> Hand:
    def appended(body: str) -> str:
        found = next((s for s in sections.split(body) if s.heading == "处理过程"), None)
        if found is None:
            return body
        whole = log.insert(body[found.start : found.end], entry, UTC, KINDS)
        return body[: found.start] + whole + body[found.end :]

    return in_body(appended)


def unlogging(number: int) -> Hand:
    """A hand that deletes an entry, which nobody may."""

    def removed(body: str) -> str:
        found = next((s for s in sections.split(body) if s.heading == "处理过程"), None)
        if found is None:
            return body
        lines = body[found.start : found.end].split("\n")
        entries = log.parse("\n".join(lines), UTC, KINDS).entries
        if not entries:
            return body
        entry = entries[number % len(entries)]
        del lines[entry.line - 1 : entry.end_line]
        return body[: found.start] + "\n".join(lines) + body[found.end :]

    return in_body(removed)


def promise(number: int, what: str, status: str) -> Hand:
    """A hand that changes a promise, or makes it."""

    def changed(text: str) -> str:
        known = document.read("x.md", text.encode()).data.get("promises") or []
        own = f"p{number}"
        for at, one in enumerate(known):
            if one["id"] == own:
                return in_front(Put(("promises", at, "status"), status))(text)
        return in_front(Add(("promises",), {"id": own, "what": what, "status": status}))(text)

    return changed


def tagged(tag: str) -> Hand:
    def changed(text: str) -> str:
        tags = document.read("x.md", text.encode()).data.get("tags") or []
        if tag in tags:
            return in_front(Remove(("tags", tags.index(tag))))(text)
        return in_front(Add(("tags",), tag))(text)

    return changed


def with_comment(text: str) -> str:
    return text.replace("\nseverity:", "\n# 谁定的级别\nseverity:", 1)


def without_section(heading: str) -> Hand:
    def changed(body: str) -> str:
        found = next((s for s in sections.split(body) if s.heading == heading), None)
        if found is None:
            return body
        start = body.rindex("## ", 0, found.start)
        return body[:start] + body[found.end :]

    return in_body(changed)


entries = st.builds(
    Entry,
    at=st.datetimes(datetime(2026, 10, 3), datetime(2026, 10, 4), timezones=st.just(SHANGHAI)).map(  # noqa: DTZ001 - hypothesis adds the zone
        lambda at: at.replace(minute=at.minute // 20 * 20, second=0, microsecond=0)
    ),
    by=st.sampled_from(["zhangwei", "lina"]),
    kind=st.sampled_from(["note", "action", "customer"]),
    text=st.sampled_from(["重启了节点", "rolled back", "two\nlines", "等研发"]),
    quote=st.none() | st.sampled_from(["好了\n谢谢", "It works."]),
)
prose = st.lists(LINES, max_size=3).map("\n".join)
hands: st.SearchStrategy[Hand] = st.one_of(
    entries.map(logging),
    entries.map(logging),
    st.integers(0, 5).map(unlogging),
    st.builds(lambda key, value: in_front(Put((key,), value)), st.sampled_from(FACTS), TEXTS),
    st.sampled_from(FACTS).map(lambda key: in_front(Remove((key,)))),
    st.builds(
        lambda key, value: in_front(Put(("impact", key), value)),
        st.sampled_from(["business", "resources"]),
        TEXTS,
    ),
    st.builds(
        lambda key, value: in_front(Put(("source", key), value)),
        st.sampled_from(["channel", "said_by", "verbatim"]),
        TEXTS,
    ),
    st.just(in_front(Remove(("source", "verbatim")))),
    st.sampled_from(["存储", "timeout", "a, b", "新"]).map(tagged),
    st.builds(promise, st.integers(1, 3), TEXTS, st.sampled_from(["open", "kept", "late"])),
    st.builds(
        lambda key, text: in_body(lambda body: sections.put(body, [PROSE[key]], PROSE[key], text)),
        st.sampled_from(sorted(PROSE)),
        prose,
    ),
    st.builds(
        lambda old, new: lambda text: text.replace(f"\n{old}\n", f"\n{new}\n"),
        st.sampled_from(NOTES.split("\n\n")),
        LINES,
    ),
    LINES.map(lambda line: in_body(lambda body: f"\n{line}\n{body}")),
    st.sampled_from(["我的笔记", "Root cause", "处理过程"]).map(without_section),
    st.just(with_comment),
)


@st.composite
def records(draw: st.DrawFn) -> str:
    """A record as it may stand before the two hands come."""
    data: dict[str, Any] = {"type": "event", "title": "OSS 上传超时", "kind": "incident"}
    data["severity"] = "P1"
    data |= {key: draw(TEXTS) for key in FACTS[1:] if draw(st.booleans())}
    if draw(st.booleans()):
        data["impact"] = {"business": "上传", "users_percent": 10}
        data["promises"] = [{"id": "p1", "what": "恢复", "status": "open"}]
    if draw(st.booleans()):
        data["source"] = {"channel": "phone", "verbatim": "快不行了"}
    text = f"---\n{dump(data)}"
    text += draw(st.sampled_from(["", "tags: [存储, 超时]\n", "tags:\n  - 存储\n  - timeout\n"]))
    text += "---\n\n## 处理过程\n\n"
    early = draw(st.lists(entries, max_size=3, unique_by=content))
    text += "".join(f"{render(e)}\n" for e in sorted(early, key=lambda e: e.at))
    if draw(st.booleans()):
        text += "\n## Root cause\n\n未知。\n"
    return text + f"\n## 我的笔记\n\n{NOTES}\n"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    base = draw(records())
    sides = []
    for _side in range(2):
        text = base
        for hand in draw(st.lists(hands, min_size=1, max_size=5)):
            text = hand(text)
        sides.append(text)
    raw = [text.encode() for text in (base, *sides)]
    if draw(st.integers(0, 9)) == 0:
        raw[1] = b"\xef\xbb\xbf" + raw[1].replace(b"\n", b"\r\n")
    return Case(*raw)


def entries_of(text: str) -> Counter[object]:
    found = (s for s in sections.split(text) if s.heading == "处理过程")
    return Counter(
        content(entry)
        for section in found
        for entry in log.parse(text[section.start : section.end], UTC, KINDS).entries
    )


def fields(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every scalar of a record by its path, items of lists by their ids or themselves."""
    if isinstance(data, dict):
        for key, part in data.items():
            yield from fields(part, (*path, str(key)))
    elif isinstance(data, list):
        for item in data:
            own = item["id"] if isinstance(item, dict) else str(item)
            yield from fields(item, (*path, own))
    else:
        yield path, str(data)


def values(raw: bytes) -> dict[tuple[str, ...], str]:
    """All that a record says but its log: fields, and the text under each heading."""
    read = document.read(PATH, raw)
    assert read.split is not None, raw.decode()
    found = dict(fields(dict(read.data)))
    for section in sections.split(read.body):
        if section.text and section.heading not in (None, "处理过程", "我的笔记"):
            found[("##", section.heading or "")] = section.text
    return found


def require_whole(case: Case, found: Merged) -> None:
    """The merge has every entry, and each field as the side that changed it; or it is marked."""
    text = document.read(PATH, found.content).text
    sides = [document.read(PATH, raw).text for raw in (case.ours, case.theirs)]
    counts = [entries_of(side) for side in sides]
    if "处理过程" not in found.conflicts:
        views = [conflicts.resolved(text, side) for side in ("ours", "theirs")]
        assert all(entries_of(view) == counts[0] | counts[1] for view in views), text
    problems = document.read(PATH, found.content).problems
    if not found.conflicts:
        assert [p for p in problems if p.level == "error"] == [], text
        require_each_change(case, values(found.content))
        known = {line for side in sides for line in side.splitlines()}
        new = {line for line in text.splitlines() if line not in known}
        assert new == set(found.written)
        assert all(line.startswith("tags: [") for line in new), new
        return
    assert {p.code for p in problems if p.level == "error"} == {"ASW114"}, text
    for side in ("ours", "theirs"):
        own = values(case.ours if side == "ours" else case.theirs)
        base = values(case.base)
        view = values(conflicts.resolved(text, side).encode())
        for path, value in own.items():
            if base.get(path) != value:
                assert view.get(path) == value, (side, path, text)


def require_each_change(case: Case, result: dict[tuple[str, ...], str]) -> None:
    base, ours, theirs = map(values, case)
    for path in {*base, *ours, *theirs, *result}:
        before, own, other = base.get(path), ours.get(path), theirs.get(path)
        wanted = own if other == before else other if own in (before, other) else "?"
        if path[-1] == "verbatim" and own != other and None in (own, other):
            wanted = own or other  # what somebody said stays
        assert result.get(path) == wanted, (path, before, own, other)


COMMON = settings(deadline=None, suppress_health_check=list(HealthCheck))


def both_ways(case: Case) -> None:
    if case.base in case[1:]:
        return  # nothing to merge; a test of its own looks at it
    here = merged(PATH, *case)
    require_whole(case, here)
    there = merged(PATH, case.base, case.theirs, case.ours)
    require_whole(Case(case.base, case.theirs, case.ours), there)
    assert bool(here.conflicts) == bool(there.conflicts)
    if not here.conflicts:
        bodies = [document.read(PATH, each.content).text for each in (here, there)]
        assert entries_of(bodies[0]) == entries_of(bodies[1])
        assert values(here.content) == values(there.content)


@given(cases())
@settings(COMMON, max_examples=100)
def test_two_hands_on_one_record_lose_nothing(case: Case) -> None:
    both_ways(case)


@pytest.mark.torture
@given(cases())
@settings(COMMON, max_examples=2000)
def test_two_hands_on_one_record_lose_nothing_however_often(case: Case) -> None:
    both_ways(case)


@given(cases())
@settings(COMMON, max_examples=30)
def test_a_side_that_did_nothing_changes_nothing(case: Case) -> None:
    assert merged(PATH, case.base, case.ours, case.base).content == case.ours
    assert merged(PATH, case.base, case.base, case.theirs).content == case.theirs
    assert merged(PATH, case.base, case.ours, case.ours).content == case.ours


@given(cases())
@settings(COMMON, max_examples=30)
def test_two_who_made_the_same_record_lose_no_entry(case: Case) -> None:
    found = merged(PATH, None, case.ours, case.theirs)
    text = document.read(PATH, found.content).text
    sides = [document.read(PATH, raw).text for raw in (case.ours, case.theirs)]
    union = entries_of(sides[0]) | entries_of(sides[1])
    for side in ("ours", "theirs"):
        assert entries_of(conflicts.resolved(text, side)) == union


def in_git(folder: Path, *words: str, allowed: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in allowed, done.stdout + done.stderr


def require_the_same_of_git(folder: Path, some: list[Case]) -> None:
    """Git, told of the driver, leaves in its work tree what the merge of three texts is."""
    paths = [f"customers/acme/events/2026-10-03-case-{n}.md" for n in range(len(some))]
    driver = f"{sys.executable} -m aswiki merge-driver %O %A %B %L %P"
    (folder / "customers/acme/events").mkdir(parents=True)
    (folder / "aswiki.toml").write_text('[wiki]\nschema = 1\nlang = "zh"\n', encoding="utf-8")
    (folder / ".gitattributes").write_text("*.md merge=aswiki\n", encoding="utf-8")
    in_git(folder, "init", "--quiet", "-b", "main")
    in_git(folder, "config", "merge.aswiki.driver", driver)
    for branch, side in (("main", 0), ("theirs", 2), ("ours", 1)):
        if side:
            in_git(folder, "checkout", "--quiet", "-b", branch, "main")
        for path, case in zip(paths, some, strict=True):
            (folder / path).write_bytes(case[side])
        in_git(folder, "add", ".")
        in_git(folder, "commit", "--quiet", "--allow-empty", "-m", branch)
    in_git(folder, "merge", "--no-edit", "theirs", allowed=(0, 1))
    wiki = Wiki.open(folder)
    for path, case in zip(paths, some, strict=True):
        wanted = merged(path, *case, wiki=wiki)
        assert (folder / path).read_bytes() == wanted.content


@pytest.fixture
def to_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets git, which runs the driver, find this very source."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))


@pytest.mark.usefixtures("to_ours")
@given(some=st.lists(cases(), min_size=4, max_size=4))
@settings(COMMON, max_examples=2, phases=[Phase.generate])
def test_git_merges_with_the_driver_as_the_texts_merge(
    some: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> None:
    require_the_same_of_git(tmp_path_factory.mktemp("git"), some)


@pytest.mark.torture
@pytest.mark.usefixtures("to_ours")
@given(some=st.lists(cases(), min_size=20, max_size=20))
@settings(COMMON, max_examples=10, phases=[Phase.generate])
def test_git_merges_with_the_driver_as_the_texts_merge_however_often(
    some: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> None:
    require_the_same_of_git(tmp_path_factory.mktemp("git"), some)
