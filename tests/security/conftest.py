"""A small wiki, made by hand, in the midst of what no command may touch."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aswiki.cli.main import main

SETTINGS = '[wiki]\nschema = 1\nname = "Test"\nlang = "en"\ntimezone = "Asia/Shanghai"\n'
PROFILE = "---\ntype: profile\ntitle: Acme\nname: Acme\n---\n"


@pytest.fixture
def small_wiki(tmp_path: Path) -> Path:
    """A wiki of one customer with one record, some folders below the test's own."""
    root = tmp_path / "one/two/wiki"
    profile = root / "customers/acme/profile.md"
    profile.parent.mkdir(parents=True)
    profile.write_text(PROFILE, encoding="utf-8")
    (root / "aswiki.toml").write_text(SETTINGS, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "start"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    incident = ["log-incident", "acme", "OSS timeout", "--at", "2026-10-03 14:05"]
    assert main(["-C", str(root), "-q", *incident]) == 0
    return root
