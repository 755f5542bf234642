"""A small wiki in the midst of what no command may touch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aswiki.cli.main import main

USAGE = """---
type: usage
title: Usage of {month}
period: {month}
lines:
  - {{product: oss, charge: usage, currency: CNY, effective_cost: {cost}}}
---
"""


@pytest.fixture
def small_wiki(tmp_path: Path, hand_made: Callable[[Path], Path]) -> Path:
    """A wiki of one customer, an incident and two months, some folders below the test's own."""
    root = hand_made(tmp_path / "one/two/wiki")
    for month, cost in (("2026-07", 900), ("2026-08", 300)):
        page = root / f"customers/acme/usage/{month}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(USAGE.format(month=month, cost=cost), encoding="utf-8")
    assert main(["-C", str(root), "-q", "commit"]) == 0
    incident = ["log-incident", "acme", "OSS timeout", "--at", "2026-10-03 14:05"]
    assert main(["-C", str(root), "-q", *incident]) == 0
    return root
