"""What a commit message says: one final block, and nothing that only looks like it."""

from __future__ import annotations

import pytest

from aswiki.evidence.message import digest, read

SHA = "a" * 64
BLOCK = f"Aswiki-Op: update\nAswiki-Record: acme/profile sha256:{SHA}\nAswiki-Tool: aswiki/1.0\n"


def test_a_block_of_ours_is_read() -> None:
    said = read(f"set(acme): 名称\n\nfrom a.csv\n\n{BLOCK}")
    assert (said.op, said.faults, said.is_ours) == ("update", (), True)
    assert said.names({"acme/profile": SHA})
    assert not said.names({"acme/profile": "b" * 64})
    assert not said.names({})


def test_many_records_are_named_by_their_sum() -> None:
    changed = {f"acme/events/{n}": SHA for n in range(60)}
    total = f"Aswiki-Records: 60 sha256:{digest(changed.items())}"
    said = read(f"x\n\nAswiki-Op: import\n{total}\nAswiki-Tool: aswiki/1.0\n")
    assert said.faults == ()
    assert said.names(changed)
    assert not said.names(dict(list(changed.items())[1:]))


def test_a_plain_message_has_no_block() -> None:
    for text in ("typo\n", "", "x\n\nSigned-off-by: somebody\n"):
        said = read(text)
        assert (said.is_ours, said.faults) == (False, ())


def test_a_trailer_in_the_subject_is_no_block() -> None:
    said = read("Aswiki-Op: anchor\n")
    assert not said.is_ours
    assert said.faults


@pytest.mark.parametrize(
    "text",
    [
        f"x\n\nAswiki-Op: anchor\n\n{BLOCK}",
        f"x\n\nAswiki-Op: retire\n{BLOCK}",
        f"x\n\n{BLOCK}Aswiki-Record: acme/profile sha256:{SHA}\n",
        f"x\n\n{BLOCK}Aswiki-Records: 2 sha256:{SHA}\n",
        f"x\n\n{BLOCK}Aswiki-Approved: yes\n",
        f"x\n\n{BLOCK.replace('update', 'bless')}",
        f"\x1b[31mx\n\n{BLOCK}",
        f"x\u2066y\n\n{BLOCK}",
        "x\n\nAswiki-Op: update\n",
    ],
)
def test_what_no_operation_writes_is_a_fault(text: str) -> None:
    assert read(text).faults


def test_a_host_squash_names_every_operation_in_it() -> None:
    said = read(f"Two (#7)\n\n* one\n\n{BLOCK.replace('update', 'rename')}\n* two\n\n{BLOCK}")
    assert said.is_several
    assert said.operations == {"rename", "update"}
