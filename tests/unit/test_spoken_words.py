"""Entries, quotes and words in a record's bytes: what is gone is seen without reading it."""

from __future__ import annotations

import pytest

from aswiki.evidence.words import spoken

RECORD = """\
---
type: event
status: no such status
accepted: {by: wanglei, quote: 验收通过, at: 2026-06-15}
source: {channel: im, verbatim: We lose a sale a minute}
verbatim: |
  第一行
  second line
impact:
  - quote: nobody slept
    by: wanglei
---

## Log

- 2026-06-09 09:30 +08:00 · zhangwei · note: one

  > as they said it
- 2026-06-10 09:30 +08:00 · zhangwei · note: two

Some prose with verbatim: in it.
"""
GONE = ["验收通过", "a minute", "第一行", "second line", "slept", "as they said", "note: two"]


@pytest.mark.parametrize("words", GONE)
def test_whatever_is_altered_of_what_was_said_is_missed(words: str) -> None:
    after = RECORD.replace(words, "fine")
    assert (spoken(RECORD.encode()) - spoken(after.encode())).total() == 1


def test_words_put_under_an_entry_make_it_another_one() -> None:
    after = RECORD.replace("note: one\n", "note: one\n  which did not help\n")
    assert (spoken(RECORD.encode()) - spoken(after.encode())).total() == 1


def test_one_of_two_equal_entries_is_missed() -> None:
    entry = "- 2026-06-10 09:30 +08:00 · zhangwei · note: two\n"
    before = RECORD.replace(entry, entry * 2)
    assert (spoken(before.encode()) - spoken(RECORD.encode())).total() == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("by: wanglei, quote", "by: lina, quote"),
        ("at: 2026-06-15", "at: 2026-06-16"),
        ("no such status", "closed"),
        ("Some prose with verbatim:", "Other prose"),
        ("note: two\n", "note: two\n- 2026-06-11 09:30 +08:00 · zhangwei · note: three\n"),
    ],
)
def test_what_was_not_said_may_change(old: str, new: str) -> None:
    after = RECORD.replace(old, new)
    assert after != RECORD
    assert spoken(RECORD.encode()) <= spoken(after.encode())


def test_a_file_without_front_matter_keeps_its_entries() -> None:
    assert spoken(b"- 2026-06-09 09:30 note: x\n").total() == 1
