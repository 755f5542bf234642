"""The log for any entry: what is written is read back, and an insertion touches no other line."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aswiki.domain.log import Entry, insert, parse, render, safe, same
from aswiki.store.sections import split

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEYS = ("note", "action", "demand", "deflection", "decision", "escalation", "customer", "update")
KINDS = {key: key for key in KEYS} | {"备注": "note", "处置": "action", "要求": "demand"}

words = st.text(
    st.one_of(
        st.sampled_from('ab中文 \u3000:：·・|→->"\\()（）L2#`~_*+\t!<>'),
        st.characters(blacklist_categories=("Cc", "Cs")),
    ),
    max_size=12,
)
pieces = st.sampled_from(
    [
        "",
        "> ",
        ">",
        "\\> ",
        "\\\\>",
        "- ",
        "## ",
        "```",
        "~~~",
        "  ",
        "   ",
        "\t",
        "<!-- ",
        "| ",
        "1. ",
    ]
)
lines = st.builds("{}{}{}".format, pieces, words, st.sampled_from(["", " ", "  ", "\t"]))
prose = st.lists(lines, max_size=6).map("\n".join)
names = st.one_of(st.sampled_from(["zhangwei", "db-team", "张·伟"]), words)
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2090, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.one_of(offsets, st.sampled_from([SHANGHAI, ZoneInfo("America/New_York")])),
)
entries = st.builds(
    Entry,
    at=times,
    seconds=st.booleans(),
    by=names.filter(str.strip),
    kind=st.sampled_from(KEYS),
    from_=st.none() | names,
    to=st.none() | names,
    level=st.none() | st.sampled_from(["L1", "L2", "l3", "L4", "L5"]),
    text=prose,
    quote=st.none() | prose,
)
hand_lines = st.one_of(
    lines,
    lines.map("  {}".format),
    entries.map(render),
    st.sampled_from(["- ", "* x", "<!-- a -->", "-->", "```", "  ```", "", "<!--"]),
)
logs = st.lists(hand_lines, max_size=8).map("\n".join)


@given(entries)
def test_an_entry_that_is_written_is_read_back(entry: Entry) -> None:
    log = parse(render(entry), SHANGHAI, KINDS)
    assert log.loose == []
    assert log.entries == [safe(entry)]
    assert same(log.entries[0], safe(entry))
    assert log.entries[0].at.utcoffset() == entry.at.utcoffset()
    assert log.entries[0].span == (1, render(entry).count("\n") + 1)


@given(entries)
def test_what_is_made_safe_stays_as_it_is_and_keeps_the_quote_to_the_letter(entry: Entry) -> None:
    plain = safe(entry)
    assert safe(plain) == plain
    assert render(plain) == render(entry)
    assert same(plain, Entry(**{name: getattr(plain, name) for name in Entry.__slots__}))


@given(logs, entries)
def test_an_insertion_adds_the_entrys_lines_and_changes_nothing_else(
    old: str, entry: Entry
) -> None:
    before = parse(old, SHANGHAI, KINDS)
    if before.unclosed:
        return
    new = insert(old, entry, SHANGHAI, KINDS)
    after = parse(new, SHANGHAI, KINDS)
    position, added = _insertion(old.split("\n"), new.split("\n"), render(entry).split("\n"))
    assert added == render(entry).split("\n"), position
    assert [loose.text for loose in after.loose] == [loose.text for loose in before.loose]
    assert Counter(map(render, after.entries)) == Counter(
        [*map(render, before.entries), render(entry)]
    )
    later = [known.at for known in before.entries if known.at > safe(entry).at]
    rank = after.entries.index(safe(entry))
    assert not later or rank <= len(before.entries) - len(later)


def _insertion(old: list[str], new: list[str], lines: list[str]) -> tuple[int, list[str]]:
    """Where ``lines`` stand in ``new`` so that the rest is ``old``, but for a last line break."""
    for position in range(len(new) - len(lines) + 1):
        rest = new[:position] + new[position + len(lines) :]
        if new[position : position + len(lines)] == lines and rest in (old, [*old, ""]):
            return position, new[position : position + len(lines)]
    return -1, []


@given(st.lists(entries, max_size=6))
def test_a_log_that_is_only_inserted_into_is_in_order_and_without_warnings(
    given_entries: list[Entry],
) -> None:
    text = ""
    for entry in given_entries:
        text = insert(text, entry, SHANGHAI, KINDS)
    log = parse(text, SHANGHAI, KINDS)
    assert log.entries == sorted(map(safe, given_entries), key=lambda entry: entry.at)
    assert {mistake.code for mistake in log.mistakes} <= {"ASW133"}


@given(st.text(), entries)
def test_any_text_at_all_is_read_without_failing(text: str, entry: Entry) -> None:
    parse(text, SHANGHAI, KINDS)
    parse(render(entry)[: len(text) * 3], SHANGHAI, KINDS)


@given(st.lists(entries, min_size=1, max_size=3))
def test_no_entry_reaches_out_of_its_section(given_entries: list[Entry]) -> None:
    body = "text\n\n## 处理过程\n\n## 根因\n\n磁盘满\n"
    for entry in given_entries:
        section = split(body)[1]
        log = insert(body[section.start : section.end], entry, SHANGHAI, KINDS)
        body = body[: section.start] + log + body[section.end :]
    free, log_section, cause = split(body)
    assert (free.text, cause.heading, cause.text) == ("text", "根因", "磁盘满")
    assert len(parse(log_section.text, SHANGHAI, KINDS).entries) == len(given_entries)
