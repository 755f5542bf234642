"""157 real incidents of a cloud's status page, imported with the packaged map."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aswiki.cli.main import main
from aswiki.wiki.checks.checking import Checker
from aswiki.wiki.wiki import Wiki

FEED = Path(__file__).parents[3] / "shared" / "data" / "incidents" / "gcp-incidents.json"
MONTHS = {
    "2021-07": 9, "2021-08": 24, "2021-09": 12, "2021-10": 15, "2021-11": 18, "2021-12": 3,
    "2022-01": 4, "2022-02": 9, "2022-03": 9, "2022-04": 6, "2022-05": 22, "2022-06": 25,
    "2022-07": 1,
}  # fmt: skip

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FEED.is_file(), reason="../shared/data/incidents is not there"),
]


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wiki"
    profile = folder / "customers" / "acme" / "profile.md"
    profile.parent.mkdir(parents=True)
    profile.write_text("---\ntype: profile\ntitle: Acme\nname: Acme\n---\n")
    settings = '[wiki]\nschema = 1\nname = "w"\nlang = "en"\ntimezone = "UTC"\ncurrency = "USD"\n'
    (folder / "aswiki.toml").write_text(settings)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "a wiki")
    monkeypatch.chdir(folder)
    return folder


def imported(capsys: pytest.CaptureFixture[str]) -> Any:
    words = ("import", "incidents", str(FEED), "--customer", "acme", "--map", "gcp-status")
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_incident_comes_in_whole_once_and_in_one_commit(
    wiki: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = imported(capsys)
    assert (done["rows"], done["rejected"], done["records"]) == (157, 0, 157)
    assert len({item["path"] for item in done["refs"]}) == 157
    assert git(wiki, "rev-list", "--count", "HEAD") == "2"
    assert git(wiki, "status", "--porcelain") == ""
    assert "Aswiki-Records: 157 sha256:" in git(wiki, "log", "-1", "--format=%B")

    feed = {entry["id"]: entry for entry in json.loads(FEED.read_bytes())}
    checker = Checker(Wiki.open(wiki))
    severities = {"high": "P1", "medium": "P2", "low": "P3"}
    months: Counter[str] = Counter()
    for item in done["refs"]:
        checked = checker.check(item["path"], (wiki / item["path"]).read_bytes())
        assert [one for one in checked.problems if one.level == "error"] == []
        fields = checked.fields
        entry = feed.pop(fields["source"]["id"])
        months[fields["started_at"][:7]] += 1
        assert (fields["started_at"], fields["resolved_at"]) == (entry["begin"], entry["end"])
        assert fields["title"] == " ".join(entry["external_desc"].split())
        assert fields["product"] == entry["affected_products"][0]["title"]
        assert (fields["kind"], fields["status"]) == ("incident", "resolved")
        assert fields["severity"] == severities[entry["severity"]]
        assert fields["source"]["system"] == "gcp-status"
        updates = sorted((update["when"], update["text"]) for update in entry["updates"])
        assert [(said["at"].isoformat(), said["text"]) for said in fields["log"]] == updates
        assert {(said["by"], said["kind"]) for said in fields["log"]} == {("gcp-status", "update")}
    assert feed == {}
    assert months == MONTHS

    again = imported(capsys)
    assert (again["rows"], again["records"], again["commit"]) == (157, 0, None)
    assert git(wiki, "rev-list", "--count", "HEAD") == "2"
