"""A small wiki, made by hand, for every test that breaks something under it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SETTINGS = '[wiki]\nschema = 1\nname = "Test"\nlang = "en"\ntimezone = "Asia/Shanghai"\n'
PROFILE = "---\ntype: profile\ntitle: Acme\nname: Acme\n---\n"


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    """A wiki of one customer; the writer is not one of its people yet."""
    root = tmp_path / "wiki"
    profile = root / "customers/acme/profile.md"
    profile.parent.mkdir(parents=True)
    profile.write_text(PROFILE, encoding="utf-8")
    (root / "aswiki.toml").write_text(SETTINGS, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "start"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root
