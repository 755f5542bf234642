"""Side by side: aswiki against a named baseline, in turn, in one run; the ratios are what counts.

``python bench/run.py [S|M|L]`` prints the table. Machines are shared and noisy, so a figure counts
only as a ratio to a baseline measured in turn (A B A B …), the median of rounds after a warm-up.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bills
import reports
import signed_of
import swings_of
import wiki_of

ROUNDS = 9
ASWIKI = str(Path(sys.executable).with_name("aswiki"))
Measured = Callable[[int], list[str]]


def environment() -> dict[str, str]:
    """A clean environment in which Python may keep its bytecode."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "ASWIKI_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}


def seconds(command: list[str], folder: Path) -> float:
    """Wall time of one run of a command that must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def in_turn(a: Measured, b: Measured, folder: Path) -> tuple[float, float]:
    """The medians of two commands run in turn, the first round thrown away."""
    took: tuple[list[float], list[float]] = ([], [])
    for round_ in range(ROUNDS + 1):
        for command, times in zip((a, b), took, strict=True):
            spent = seconds(command(round_), folder)
            if round_:
                times.append(spent)
    return statistics.median(took[0]), statistics.median(took[1])


def peak_mib(command: list[str], folder: Path) -> float:
    """The peak resident memory of a run, MiB."""
    code = (
        "import resource,subprocess,sys;"
        "subprocess.run(sys.argv[1:],check=True,stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=folder,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout) / 1024


def python_pass(_round: int) -> list[str]:
    """The baseline P: an interpreter that does nothing."""
    return [sys.executable, "-c", "pass"]


def always(command: list[str]) -> Measured:
    """The same command in every round."""
    return lambda _round: command


def main() -> None:
    """Print the table."""
    size = sys.argv[1] if len(sys.argv) > 1 else "M"
    with tempfile.TemporaryDirectory() as holder:
        folder = Path(holder) / "wiki"
        wiki_of.make(folder, size)
        other = Path(holder) / "plain"
        shutil.copytree(folder, other)
        _header(size, folder)
        _reading(size, folder)
        _writing(size, folder, other)
    _swings()
    _bills()
    _reports()
    _verify()


def _bills() -> None:
    """A bill of a million rows to sums by line and day, against a GROUP BY of the same file."""
    script = str(Path(bills.__file__))
    with tempfile.TemporaryDirectory() as holder:
        file = Path(holder) / "focus.csv"
        bills.make(file)
        ours = [sys.executable, script, "ours", str(file)]
        memory = peak_mib(ours, Path(holder))
        for what, keys, target in (
            ("focus, 1 M rows : DuckDB GROUP BY same keys", "same-keys", "3"),
            ("the same : DuckDB GROUP BY service", "service", ""),
        ):
            theirs = [sys.executable, script, keys, str(file)]
            took, baseline = in_turn(always(ours), always(theirs), Path(holder))
            _row(what, took, baseline, target, memory)


def _reports() -> None:
    """Pages with charts, and a PDF, against the tools beneath them, each a whole process."""
    script = str(Path(reports.__file__))
    with tempfile.TemporaryDirectory() as holder:
        folder = Path(holder)
        reports.prepare(folder)
        for what, ours, theirs in (
            (f"html of {reports.PAGES} customers : Jinja2+Markdown", "html", "plain"),
            ("pdf of one report : typst alone", "pdf", "typst"),
        ):
            command, other = ([sys.executable, script, kind, holder] for kind in (ours, theirs))
            took, baseline = in_turn(always(command), always(other), folder)
            _row(what, took, baseline, "3", peak_mib(command, folder))


def _verify() -> None:
    """A long signed history, against git's check of a hundredth of its signatures, times 100."""
    commits, part = 10_000, 100
    with tempfile.TemporaryDirectory() as holder:
        folder = Path(holder) / "signed"
        signed_of.make(folder, commits)
        # it has no anchor, so the answer is 5: nothing wrong, and not all proven
        ours = ["sh", "-c", '"$0" verify --json -q; test $? -eq 5', ASWIKI]
        theirs = ["git", "log", f"-{part}", "--format=%G?"]
        took, baseline = in_turn(always(ours), always(theirs), folder)
        what = f"verify of {commits} signed commits : git log %G?"
        _row(what, took, baseline * commits / part, "0.03", peak_mib(ours, folder))


def _swings() -> None:
    """The last month's swings of many customers, against the same sums by DuckDB, in process."""
    took, baseline = swings_of.medians(ROUNDS)
    what = f"swings of {swings_of.CUSTOMERS} customers : DuckDB"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _row(what, took, baseline, "5", memory)


def _header(size: str, folder: Path) -> None:
    seconds([ASWIKI, "--help"], folder)
    version = subprocess.run(
        ["git", "--version"], check=True, capture_output=True, text=True
    ).stdout.strip()
    customers, records = wiki_of.SIZES[size]
    print(f"size {size}: {customers} customers, {records} records; median of {ROUNDS} in turn")
    print(f"Python {platform.python_version()}, {version}, {os.cpu_count()} cores")
    print(f"{'what':<44}{'seconds':>9}{'baseline':>10}{'ratio':>8}{'target':>8}{'MiB':>7}")


def _row(what: str, took: float, baseline: float, target: str, memory: float) -> None:
    ratio = took / baseline
    print(f"{what:<44}{took:>9.3f}{baseline:>10.3f}{ratio:>8.2f}{target:>8}{memory:>7.0f}")


def _reading(size: str, folder: Path) -> None:
    for what, target, words in (
        ("aswiki --help : python -c pass", "13", ["--help"]),
        (f"list event --json at {size} : python -c pass", "10", ["list", "event", "--json"]),
        ("show one record --json : python -c pass", "", ["show", _one(folder), "--json"]),
        ("append --dry-run : python -c pass", "", ["append", _one(folder), "x", "--dry-run"]),
    ):
        command = [ASWIKI, *words]
        took, baseline = in_turn(always(command), python_pass, folder)
        _row(what, took, baseline, target, peak_mib(command, folder))


def _one(folder: Path) -> str:
    path = next((folder / "customers" / "customer-0007" / "events").glob("*.md"))
    return f"customer-0007/events/{path.stem}"


def _writing(size: str, folder: Path, other: Path) -> None:
    """log-incident, its start-up taken off, against git add and git commit of one such file."""

    def log_incident(n: int) -> list[str]:
        return [ASWIKI, "log-incident", "customer-0007", f"OSS timeouts {n}", "--severity", "P2"]

    def git_commit(n: int) -> list[str]:
        path = f"customers/customer-0007/events/2026-10-03-oss-timeouts-{n}.md"
        text = (other / _path_of(other)).read_text(encoding="utf-8")
        (other / path).write_text(text.replace("title:", f"title: {n}"), encoding="utf-8")
        return ["sh", "-c", f"cd '{other}' && git add '{path}' && git commit -q -m {n}"]

    took, baseline = in_turn(log_incident, git_commit, folder)
    startup = statistics.median(
        seconds([ASWIKI, "log-incident", "customer-0007", "x", "--dry-run"], folder)
        for _ in range(ROUNDS)
    )
    memory = peak_mib(log_incident(ROUNDS + 1), folder)
    _row(f"log-incident at {size}, whole : git add+commit", took, baseline, "", memory)
    _row("the same less a --dry-run of it", took - startup, baseline, "1.0", memory)


def _path_of(folder: Path) -> str:
    return f"customers/{_one(folder)}.md"


if __name__ == "__main__":
    main()
