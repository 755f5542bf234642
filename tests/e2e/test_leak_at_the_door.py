"""Rule 8 at the door: what gives something away to a customer is not written or released."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aswiki.cli import frame

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"
FILE = f"customers/{UPLOADS}.md"
COMMIT = ("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qam", "by hand")


def _said(wiki: Path, text: str) -> None:
    """Put a customer text into the record by hand."""
    path = wiki / FILE
    before, heading, after = path.read_text(encoding="utf-8").partition("## 处理过程")
    path.write_text(f"{before}{text}\n\n{heading}{after}", encoding="utf-8")


def _problems(run: Any, *paths: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("validate", *paths, "--json").json["problems"]
    return [problem for problem in found if problem["code"] == "ASW008"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("已恢复，ACME corp 也是。", "ACME corp"),
        ("已和**王**磊确认。", "王**磊"),
        ("请联系老张。", "老张"),
        ("减免 3万元。", "3万元"),
        ("请拨 13900001111。", "13900001111"),
    ],
)
def test_a_text_that_gives_something_away_is_not_written(
    wiki: Path, run: Any, state: Any, text: str, found: str
) -> None:
    before = state(wiki)
    done = run("set", UPLOADS, f"customer_text={text}", "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "invalid-record")
    assert "ASW008" in done.error["message"]
    assert found in done.error["message"]
    assert "scan_ok" in done.error["hint"]
    assert state(wiki) == before


def test_the_reader_is_named_as_they_are(wiki: Path, run: Any) -> None:
    assert run("set", UPLOADS, "customer_text=蓝鲸游戏的上传已恢复。").code == 0
    assert run("validate").code == 0


def test_the_problem_stands_where_the_words_stand(wiki: Path, run: Any) -> None:
    _said(wiki, "已恢复。\n\n感谢王磊，减免 3 元。")
    lines = (wiki / FILE).read_text(encoding="utf-8").splitlines()
    line = lines.index("感谢王磊，减免 3 元。") + 1
    found = _problems(run, FILE)
    assert [(p["line"], p["column"], p["level"]) for p in found] == [
        (line, 3, "error"),
        (line, 9, "error"),
    ]
    assert run("validate", FILE).code == 1
    assert run("commit").code == 1


def test_a_word_at_the_very_beginning_is_found_on_its_line(wiki: Path, run: Any) -> None:
    _said(wiki, "王磊已确认。")
    lines = (wiki / FILE).read_text(encoding="utf-8").splitlines()
    (problem,) = _problems(run, FILE)
    assert (problem["line"], problem["column"]) == (lines.index("王磊已确认。") + 1, 1)


def test_the_hint_lets_honest_words_through(wiki: Path, run: Any) -> None:
    refused = run("set", UPLOADS, "customer_text=王磊已确认。", "--json")
    assert f"aswiki set {UPLOADS} --add" in refused.error["hint"]
    passed = ["--add", 'scan_ok={text: "王磊", by: zhangwei}']
    done = run("set", UPLOADS, "customer_text=王磊已确认。", *passed, "--json")
    assert done.code == 0, done.err
    assert run("validate").code == 0
    assert run("release", UPLOADS, "--to", "customer_tech").code == 0
    shown = run("show", UPLOADS, "--json").json["fields"]["scan_ok"]
    assert shown == [{"text": "王磊", "by": "zhangwei"}]


def test_not_a_leak_lets_a_word_through_everywhere(wiki: Path, run: Any) -> None:
    settings = wiki / "aswiki.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[audiences]\nnot_a_leak = ["王磊"]\n', encoding="utf-8")
    assert run("set", UPLOADS, "customer_text=王磊已确认。").code == 0
    assert run("set", "oss-quota", "customer_text=王磊已确认。").code == 0


def test_rivals_and_words_of_the_settings_stop_a_text(wiki: Path, run: Any) -> None:
    settings = wiki / "aswiki.toml"
    text = settings.read_text(encoding="utf-8")
    told = '[rivals]\nnames = ["青岚云"]\n\n[audiences]\nwords = ["作战室"]\n'
    settings.write_text(f"{text}\n{told}", encoding="utf-8")
    for words in ("比青岚云快。", "在作战室里处理。"):
        assert run("set", UPLOADS, f"customer_text={words}").code == 2


def test_a_leak_that_is_there_already_is_not_released(
    wiki: Path, run: Any, git: Any, state: Any
) -> None:
    _said(wiki, "感谢王磊。")
    git(wiki, *COMMIT)
    before = state(wiki)
    done = run("release", UPLOADS, "--to", "customer_tech", "--json")
    assert (done.code, done.error["code"]) == (2, "invalid-record")
    assert "王磊" in done.error["message"]
    assert state(wiki) == before
    assert run("append", UPLOADS, "继续观察").code == 0
    passed = ["--add", "scan_ok={text: 王磊}"]
    assert run("release", UPLOADS, "--to", "customer_tech", *passed).code == 0


def test_a_release_that_the_audience_keeps_back_warns(wiki: Path, run: Any) -> None:
    run("set", UPLOADS, "customer_text=已恢复。", "audience=team,boss")
    done = run("release", UPLOADS, "--to", "customer_tech", "--json")
    (warning,) = done.json["warnings"]
    assert "The record's audience leaves customer_tech out." in warning


def test_a_section_is_looked_at_when_it_is_released(wiki: Path, run: Any) -> None:
    assert run("set", UPLOADS, "workaround=王磊说换域名").code == 0
    assert _problems(run) == []
    done = run("release", UPLOADS, "--to", "customer_tech", "--field", "workaround", "--json")
    assert (done.code, done.error["code"]) == (2, "invalid-record")


def test_a_wording_is_looked_at_when_it_is_written(wiki: Path, run: Any) -> None:
    wording = "wording=[{audience: customer_biz, text: 王磊已确认}]"
    words = ["log-event", "蓝鲸", "协查", "--kind", "inquiry", "--set", wording]
    done = run(*words, "--json")
    assert (done.code, done.error["code"]) == (2, "invalid-record")
    assert run(*words, "--add", "scan_ok={text: 王磊}").code == 0


def test_the_editor_opens_again_over_a_leak(
    wiki: Path, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(
        "#!/bin/sh\n"
        'if grep -q ASW008 "$1"; then sed -i "s/王磊/贵方/" "$1"\n'
        'else sed -i "s/## 处理过程/王磊已确认。\\n\\n&/" "$1"; fi\n',
        encoding="utf-8",
    )
    editor.chmod(0o755)
    monkeypatch.setenv("GIT_EDITOR", str(editor))
    monkeypatch.setattr(frame, "may_ask", lambda **_words: True)
    done = run("edit", UPLOADS)
    assert done.code == 0, done.err
    assert "贵方已确认。" in (wiki / FILE).read_text(encoding="utf-8")


def test_the_examples_give_nothing_away(examples: Path, run: Any) -> None:
    assert _problems(run) == []
