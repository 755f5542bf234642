"""What is missing is asked for on a terminal, with completion; Ctrl-C writes nothing."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ASWIKI = str(Path(sys.executable).with_name("aswiki"))
LIMIT = 30


def at_a_terminal(words: list[str], answers: list[tuple[str, bytes]]) -> tuple[int, str]:
    """The exit code and all that was shown; each answer is typed once its question stands."""
    env = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"}
    child, terminal = pty.fork()
    if child == 0:
        os.execve(ASWIKI, [ASWIKI, "--lang", "en", *words], env)
    shown, left, until = b"", list(answers), time.monotonic() + LIMIT
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            break
        if b"\x1b[6n" in shown:
            shown = shown.replace(b"\x1b[6n", b"")
            os.write(terminal, b"\x1b[1;1R")
        if left and left[0][0] in re.sub(
            r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode("utf-8", "replace")
        ):
            time.sleep(0.3)
            for key in left.pop(0)[1].split(b"|"):
                os.write(terminal, key)
                time.sleep(0.3)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode("utf-8", "replace")


@pytest.mark.parametrize("typed", ["ljyx", "lanjing", "蓝鲸", "lan-jing"])
def test_a_customer_is_completed_by_initials_pinyin_name_or_slug(
    wiki: Path, run: Any, typed: str
) -> None:
    answers = [("Which customer?", typed.encode() + b"|\t|\r"), ("in one line?", b"Slow|\r")]
    answers.append(("What kind of event", b"\x1b[B|\r"))
    code, shown = at_a_terminal(["log-event"], answers)
    assert code == 0, shown
    (row,) = [row for row in run("list", "event", "--json").json if row["title"] == "Slow"]
    assert (row["customer"], row["kind"]) == ("lan-jing-you-xi", "scaling")


def test_ctrl_c_at_any_question_is_130_and_writes_nothing(wiki: Path, state: Any) -> None:
    before = state(wiki)
    questions = [("Which customer?", b"acme|\r"), ("in one line?", b"Visit|\r")]
    questions += [("What kind of visit", b"\r"), ("What was the mood?", b"\r")]
    questions.append(("talked about?", b""))
    for number in range(len(questions)):
        answers = [*questions[:number], (questions[number][0], b"\x03")]
        code, shown = at_a_terminal(["log-visit"], answers)
        assert (code, "Traceback" in shown) == (130, False), (number, shown)
    assert state(wiki) == before


def test_a_promise_is_settled_by_choice(wiki: Path, run: Any) -> None:
    assert run("promise", "acme", "x", "--promiser", "zhangwei").code == 0
    code, shown = at_a_terminal(["settle", "acme"], [("What became of it?", b"\x1b[B|\x1b[B|\r")])
    assert code == 0, shown
    promise = run("show", "acme", "--json").json["fields"]["promises"][0]
    assert promise["status"] == "broken"
