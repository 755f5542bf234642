"""The wheel: what is in it, and that it works bare, outside of the checkout."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGED = {"src/aswiki": "aswiki", "templates": "aswiki/templates", "examples": "aswiki/examples"}

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def wheel_in(folder: Path) -> Path:
    [wheel] = folder.glob("*.whl")
    return wheel


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def packaged() -> set[str]:
    """Every file of the checkout that belongs into the wheel, by its name there."""
    return {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in PACKAGED.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_program_with_what_it_reads_and_nothing_else(built: Path) -> None:
    names = names_in(wheel_in(built))
    assert {name for name in names if ".dist-info/" not in name} == packaged()
    assert {
        "aswiki/py.typed",
        "aswiki/examples/people.toml",
        "aswiki/importers/maps/gcp-status.toml",
        "aswiki/lang/locale/zh/LC_MESSAGES/aswiki.mo",
        "aswiki/templates/reports/report.zh.md.j2",
    } <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_of_the_checkout_is_the_wheel_of_the_source_distribution(
    built: Path, tmp_path: Path
) -> None:
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path)
    run(*command, ROOT, cwd=tmp_path)
    assert names_in(wheel_in(tmp_path)) == names_in(wheel_in(built))


def required(wheel: Path) -> Iterator[importlib.metadata.Distribution]:
    """The installed distributions the wheel asks for, and those they ask for; no extras."""
    [metadata] = (name for name in names_in(wheel) if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(metadata).decode()
    wanted = importlib.metadata.PathDistribution.from_name
    lines = [line[15:] for line in text.splitlines() if line.startswith("Requires-Dist: ")]
    seen: set[str] = set()
    while lines:
        requirement = Requirement(lines.pop())
        marker = requirement.marker
        if requirement.name in seen or (marker and not marker.evaluate({"extra": ""})):
            continue
        seen.add(requirement.name)
        found = wanted(requirement.name)
        lines += found.requires or []
        yield found


def bare(wheel: Path, folder: Path) -> Path:
    """The program installed into a new environment that has its dependencies and nothing more."""
    venv.create(folder, with_pip=False)
    [site] = folder.glob("lib/python*/site-packages")
    for distribution in required(wheel):
        tops = {file.parts[0] for file in distribution.files or () if file.parts[0] != ".."}
        for top in tops - {"__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(str(distribution.locate_file(top)))
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install")
    run(*pip, "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    return folder / "bin" / "aswiki"


def test_a_bare_install_works_outside_of_the_checkout(built: Path, tmp_path: Path) -> None:
    aswiki = bare(wheel_in(built), tmp_path / "venv")
    where = run(
        aswiki.with_name("python"), "-c", "import aswiki; print(aswiki.__file__)", cwd=tmp_path
    ).stdout
    assert Path(where.strip()).is_relative_to(tmp_path), "another installation would be tested"
    assert run(aswiki, "--help", cwd=tmp_path).stdout.startswith("Usage: aswiki")
    for title in ("demo", "list customers", "report --month 2026-10", "validate"):
        words = title.split()
        at = tmp_path / "aswiki-demo" if words != ["demo"] else tmp_path
        said = run(aswiki, *words, cwd=at)
        assert said.stdout or said.stderr
    run(aswiki, "new-customer", "蓝鲸游戏", "--level", "key", cwd=tmp_path / "aswiki-demo")
    assert (tmp_path / "aswiki-demo/customers/lan-jing-you-xi/profile.md").is_file()
    assert not os.environ.get("PYTHONPATH"), "the environment is bare only without it"
