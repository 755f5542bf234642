"""The installed command at a terminal: an incident asked for, its draft in an editor, Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ASWIKI = str(Path(sys.executable).with_name("aswiki"))
PATIENCE = 60
QUIET = 0.4
DRAFT = ["log-incident", "acme", "Uploads hang", "--edit"]
CUSTOMER, TITLE = "Which customer?", "What happened, in one line?"
COLOUR = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
WHERE = b"\x1b[6n"


class Terminal:
    """A command at a terminal of its own, which answers where the cursor is."""

    def __init__(self, words: list[str], **env: str) -> None:
        self.master, slave = pty.openpty()
        self.shown = ""
        self.child = subprocess.Popen(
            [ASWIKI, "--lang", "en", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", **env},
            start_new_session=True,
        )
        os.close(slave)

    def until(self, text: str) -> None:
        """Read on until the text has been shown since the last call."""
        give_up = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < give_up, (text, self.shown)
            assert self._read(1) or self.child.poll() is None, (text, self.shown)
        self.shown = self.shown.partition(text)[2]

    def type(self, keys: str) -> None:
        """Type once the screen stands still."""
        while self._read(QUIET):
            pass
        os.write(self.master, keys.encode())

    def ended(self) -> int:
        """The exit code; what was shown since the last ``until`` stays in ``shown``."""
        give_up = time.monotonic() + PATIENCE
        while self.child.poll() is None or self._read(0):
            assert time.monotonic() < give_up, self.shown
            self._read(0.1)
        return self.child.returncode

    def close(self) -> None:
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        os.close(self.master)

    def _read(self, patience: float) -> bool:
        """Whether there was anything to read."""
        if not select.select([self.master], [], [], patience)[0]:
            return False
        try:
            raw = os.read(self.master, 65536)
        except OSError:  # Linux's word for the other end being closed
            return False
        for _question in range(raw.count(WHERE)):
            os.write(self.master, b"\x1b[1;1R")
        self.shown += COLOUR.sub("", raw.decode("utf-8", "replace"))
        return bool(raw)


@pytest.fixture
def sit() -> Iterator[Callable[..., Terminal]]:
    """Starts commands at terminals; none outlives the test."""
    started: list[Terminal] = []

    def down(words: list[str], **env: str) -> Terminal:
        started.append(Terminal(words, **env))
        return started[-1]

    yield down
    for one in started:
        one.close()


@pytest.fixture
def hand(tmp_path: Path) -> Callable[[str], str]:
    """An editor that runs a line of shell on the file ``$1``."""

    def that(script: str) -> str:
        place = tmp_path / "hand.sh"
        place.write_text(f"#!/bin/sh\nset -e\n{script}\n", encoding="utf-8")
        place.chmod(0o755)
        return str(place)

    return that


@pytest.mark.parametrize("typed", ["lan-jing", "蓝鲸", "lanjing"])
def test_an_incident_is_asked_for_and_its_customer_completed(
    wiki: Path, run: Any, sit: Any, typed: str
) -> None:
    seat = sit(["log-incident"])
    seat.until(CUSTOMER)
    seat.type(typed)
    seat.until("lan-jing-you-xi")
    seat.type("\t")
    seat.type("\r")
    seat.until(TITLE)
    seat.type("登录很慢\r")
    assert seat.ended() == 0, seat.shown
    (row,) = [row for row in run("list", "event", "--json").json if row["title"] == "登录很慢"]
    assert (row["customer"], row["kind"]) == ("lan-jing-you-xi", "incident")


def test_ctrl_c_at_each_question_of_an_incident_is_130_and_writes_nothing(
    wiki: Path, state: Any, sit: Any
) -> None:
    before = state(wiki)
    for answers in ([], [(CUSTOMER, "acme\r")]):
        seat = sit(["log-incident"])
        for question, keys in answers:
            seat.until(question)
            seat.type(keys)
        seat.until(TITLE if answers else CUSTOMER)
        seat.type("\x03")
        assert (seat.ended(), "Traceback" in seat.shown) == (130, False), seat.shown
    assert state(wiki) == before


@pytest.mark.parametrize("script", ["true", ': > "$1"'])
def test_a_draft_that_comes_back_unchanged_or_empty_is_given_up(
    wiki: Path, state: Any, sit: Any, hand: Any, script: str
) -> None:
    before = state(wiki)
    seat = sit(DRAFT, GIT_EDITOR=hand(script))
    seat.until("The text came back empty or unchanged, so nothing was written.")
    assert seat.ended() == 2
    assert state(wiki) == before


def test_an_invalid_draft_comes_back_with_its_problems_on_top_and_is_mended(
    wiki: Path, run: Any, sit: Any, hand: Any, tmp_path: Path
) -> None:
    shown = tmp_path / "second-round"
    editor = hand(
        'if grep -q "^#! " "$1"; then\n'
        f'  cp "$1" {shown}; sed -i "s/^severity: .*/severity: P0/" "$1"\n'
        "else\n"
        '  sed -i "s/^severity: .*/severity: huge/" "$1"\n'
        "fi"
    )
    seat = sit(DRAFT, GIT_EDITOR=editor)
    assert seat.ended() == 0, seat.shown
    top = shown.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"#! \d+:\d+: ASW\d{3} .*huge", top), top
    written = run("show", "uploads-hang", "--json").json
    assert written["fields"]["severity"] == "P0"
    assert "#! " not in (wiki / written["path"]).read_text(encoding="utf-8")
