"""Golden files: what is rendered, compared with what is kept; rewritten with --update-golden."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        dest="update_golden",
        help="write the golden files anew and delete those that nothing uses",
    )


@dataclass(frozen=True)
class Golden:
    """The golden files of one test module, in the folder named after it."""

    folder: Path
    update: bool

    def check(self, name: str, text: str) -> None:
        path = self.folder / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"{path} is missing: pytest tests/golden --update-golden"
        assert text == path.read_bytes().decode()

    def check_none_is_unused(self, names: set[str]) -> None:
        found = {path.name for path in self.folder.iterdir()}
        if self.update:
            for name in found - names:
                (self.folder / name).unlink()
            found &= names
        assert found == names


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The golden files of ``test_reports.py`` lie in ``reports/``."""
    folder = request.path.parent / request.path.stem.removeprefix("test_")
    return Golden(folder, bool(request.config.getoption("update_golden", default=False)))
