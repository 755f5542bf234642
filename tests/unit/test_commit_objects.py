"""Raw commits as values: strict where git is lenient."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aswiki.errors import BadInput
from aswiki.evidence.objects import parse_commit

TREE, PARENT, OTHER = "1" * 40, "2" * 40, "3" * 40
WHO = "张维 <zhangwei@example.com> 1790000000 +0800"
SIGNATURE = "gpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n"


def raw(head: str = "", *, who: str = WHO, text: str = "记录\n") -> bytes:
    return f"tree {TREE}\nparent {PARENT}\nauthor {who}\ncommitter {who}\n{head}\n{text}".encode()


def test_a_commit_of_ours_is_read_to_the_last_byte() -> None:
    found = parse_commit(raw(SIGNATURE))
    assert (found.tree, found.parents, found.faults) == (TREE, (PARENT,), ())
    assert (found.author.name, found.author.email) == ("张维", "zhangwei@example.com")
    assert found.author.at == datetime.fromtimestamp(1790000000, UTC)
    assert found.author.at.isoformat().endswith("+08:00")
    assert found.signature.splitlines()[1] == "abc"
    assert found.payload == raw()
    assert found.message == "记录\n"


def test_what_is_usual_and_what_is_read_slowly_agree() -> None:
    usual, slow = parse_commit(raw(SIGNATURE)), parse_commit(raw(f"encoding UTF-8\n{SIGNATURE}"))
    assert (usual.signature, usual.author) == (slow.signature, slow.author)
    assert slow.payload == raw("encoding UTF-8\n")
    assert slow.faults == ()


def test_a_merge_has_its_parents_in_order() -> None:
    merge = raw().replace(b"author", f"parent {OTHER}\nauthor".encode(), 1)
    assert parse_commit(merge).parents == (PARENT, OTHER)


@pytest.mark.parametrize(
    "bad",
    [
        raw("x-note y\n"),
        raw("mergetag object 1\n type commit\n"),
        raw(SIGNATURE + SIGNATURE),
        raw("encoding a\nencoding b\n"),
        raw(SIGNATURE + "encoding UTF-8\n"),
        raw("novalue\n"),
        raw(who="Zhang <a@b> 1 +9900"),
        raw(who="Zhang <a@b> 99999999999 +0800"),
        raw(who="Zhang <a@b> -5 +0800"),
        raw(who="Zhang <<a@b>> 5 +0800"),
        raw(text="a\0b\n"),
        raw().replace(b"committer", b"committer\ncommitter", 1),
        raw().replace(b"\n\n", b"\n", 1),
        raw("encoding a\n b\n"),
    ],
)
def test_whatever_git_would_pass_over_is_a_fault(bad: bytes) -> None:
    assert parse_commit(bad).faults


@pytest.mark.parametrize(
    "bad", [b"", b"\n\n", b"tree x\n\n", raw().replace(b"parent 2", b"parent x")]
)
def test_what_is_no_commit_at_all_is_refused(bad: bytes) -> None:
    with pytest.raises(BadInput):
        parse_commit(bad)
