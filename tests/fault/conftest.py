"""The wiki for every test that breaks something under it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def wiki(tmp_path: Path, hand_made: Callable[[Path], Path]) -> Path:
    """A wiki of one customer; the writer is not one of its people yet."""
    return hand_made(tmp_path / "wiki")
