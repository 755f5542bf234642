"""What is printed: streams, tables, colour, and nothing untrusted raw."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import PurePosixPath

import pytest
from rich.cells import cell_len

from aswiki.cli.out import Out
from aswiki.errors import Defect
from aswiki.render.plain import json_text, visible

HOSTILE = "a\x1b[2Jb\u202ec\r\x07\x9b\u2028"
SHOWN = r"a\x1b[2Jb\u202ec\x0d\x07\x9b\u2028"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


def test_signs_that_steer_a_terminal_are_written_out() -> None:
    assert visible(HOSTILE) == SHOWN
    assert visible("一行\n\t二行 🐋 [bold]") == "一行\n\t二行 🐋 [bold]"
    assert visible("a\nb\tc", keep="") == r"a\x0ab\x09c"
    assert visible("\udc80") == r"\udc80"


def test_results_go_to_stdout_and_all_else_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    out = Out()
    out.result("结果" + HOSTILE)
    out.note("note" + HOSTILE)
    out.warning("look" + HOSTILE)
    out.error("bad", "sentence" + HOSTILE, "next" + HOSTILE)
    said = capsys.readouterr()
    assert said.out == f"结果{SHOWN}\n"
    assert said.err.splitlines()[0] == f"note{SHOWN}"
    assert said.err.count(SHOWN) == 4
    assert "\x1b" not in said.err


def test_quiet_leaves_warnings_and_errors(capsys: pytest.CaptureFixture[str]) -> None:
    out = Out(quiet=True)
    out.note("unsaid")
    out.warning("said")
    assert capsys.readouterr().err == "Warning: said\n"


def test_json_keeps_the_data_and_stays_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"名": HOSTILE, "amount": Decimal("1E+3"), "on": date(2026, 10, 3), "t": (1, None)}
    out = Out()
    out.json({**document, "at": datetime(2026, 10, 3, 14, 5, tzinfo=UTC), "p": PurePosixPath("x")})
    text = capsys.readouterr().out
    assert text.endswith("}\n")
    assert "名" in text
    assert visible(text) == text
    assert json.loads(text) == {
        "名": HOSTILE,
        "amount": "1000",
        "on": "2026-10-03",
        "t": [1, None],
        "at": "2026-10-03T14:05:00+00:00",
        "p": "x",
    }


def test_json_refuses_what_it_has_no_form_for() -> None:
    with pytest.raises(TypeError, match="object"):
        json_text(object())
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))


def test_json_is_held_until_the_exit_code_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    for code, printed in ((0, "[]\n"), (1, "[]\n"), (5, "[]\n"), (2, ""), (70, ""), (130, "")):
        out = Out(json=True)
        out.json([])
        assert capsys.readouterr().out == ""
        out.release(code)
        assert capsys.readouterr().out == printed


def test_a_second_document_is_a_defect() -> None:
    out = Out(json=True)
    out.json([])
    with pytest.raises(Defect):
        out.json([])


def test_a_table_in_a_pipe_is_tabs_without_headers(capsys: pytest.CaptureFixture[str]) -> None:
    Out().table(["客户", "标题"], [["acme", "a\tb\nc\x1b"], ["蓝鲸", None], ["x", 3]])
    assert capsys.readouterr().out == "acme\ta\\x09b\\x0ac\\x1b\n蓝鲸\t\nx\t3\n"


def test_a_table_on_a_terminal_lines_up_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    Out().table(
        ["Customer", "Title"], [["蓝鲸科技", "[bold]x[/bold]"], ["acme", "对象存储超时" * 9]]
    )
    lines = terminal.getvalue().splitlines()
    assert lines[1].startswith("蓝鲸科技  [bold]x[/bold]")
    starts = [cell_len(line[: line.index(word)]) for line, word in zip(lines, TITLES, strict=False)]
    assert len(set(starts)) == 1
    assert max(map(cell_len, lines)) <= 60
    assert "\x1b" not in terminal.getvalue()
    assert "".join(lines).count("超时") == 9


def test_figures_on_a_narrow_terminal_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    headers = ["产品", "Spend", "赔付", "Claim closes on", "Change", "Currency"]
    row = ["Container Service of the far east", "-137,556.08", "480.00 EUR", "2026-12-15"]
    Out().table(headers, [[*row, "+124.4%*", "USD"], ["对象存储" * 5, "8", "", "", "0.0%", "USD"]])
    lines = terminal.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 60
    for figure in (*row[1:], "+124.4%*"):
        assert sum(figure in line for line in lines) == 1, figure


def test_a_terminal_too_narrow_for_its_figures_loses_none_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = at_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    Out().table(["a", "b", "c"], [["1" * 30, "2" * 30, "3" * 30]])
    assert [terminal.getvalue().count(digit) for digit in "123"] == [30, 30, 30]


TITLES = ("Title", "[bold]", "对象")


def test_an_empty_table_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    Out().table(["Customer"], [])
    assert terminal.getvalue() == ""


DIFF = "--- a\n+++ b\n@@ -1 +1 @@\n-旧\x1b\n+新\n same\n"


def test_a_diff_is_coloured_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)
    Out().diff(DIFF)
    assert "\x1b[32m+新\x1b[0m\n same\n" in terminal.getvalue()
    assert "\x1b[31m-旧\\x1b\x1b[0m\n" in terminal.getvalue()
    monkeypatch.setattr(sys, "stdout", plain := io.StringIO())
    Out().diff(DIFF)
    assert plain.getvalue() == DIFF.replace("\x1b", r"\x1b")


def test_markdown_is_laid_out_on_a_terminal_and_untouched_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = at_terminal(monkeypatch)
    text = "# 月报\n\n**重要** [link](https://example.com) [red]x\n"
    Out().markdown(text)
    assert "月报" in terminal.getvalue()
    assert "[red]x" in terminal.getvalue()
    assert "**" not in terminal.getvalue()
    assert "\x1b]8" not in terminal.getvalue()
    terminal.truncate(0)
    monkeypatch.setenv("NO_COLOR", "1")
    Out().markdown(text)
    assert terminal.getvalue().strip("\x00") == text
