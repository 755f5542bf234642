"""A small wiki in the midst of what no command may touch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aswiki.cli.main import main


@pytest.fixture
def small_wiki(tmp_path: Path, hand_made: Callable[[Path], Path]) -> Path:
    """A wiki of one customer with one record, some folders below the test's own."""
    root = hand_made(tmp_path / "one/two/wiki")
    incident = ["log-incident", "acme", "OSS timeout", "--at", "2026-10-03 14:05"]
    assert main(["-C", str(root), "-q", *incident]) == 0
    return root
