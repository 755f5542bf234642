"""Tampering below the commits: objects, refs, packages, and the working repository itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.tampering import EVENT, PROFILE, Bench, Case, flipped, judged, noticed_by_git

from aswiki.evidence.package import SUMS, sums
from aswiki.store.folder import digests

PEOPLE = b"100644 people.toml\0"


def loose(bench: Bench, name: str) -> Path:
    """The file of an object, which lies by itself from now on."""
    path = bench.root / ".git" / "objects" / name[:2] / name[2:]
    if not path.exists():
        for pack in (bench.root / ".git" / "objects" / "pack").glob("*.pack"):
            data = pack.read_bytes()
            for each in pack.parent.glob(f"{pack.stem}.*"):
                each.unlink()
            bench.git("unpack-objects", "-q", stdin=data)
    path.chmod(0o644)
    return path


# --- objects ----------------------------------------------------------------------------------


def blob_missing(bench: Bench) -> None:
    loose(bench, bench.git("rev-parse", f"HEAD:{EVENT}")).unlink()


def old_blob_missing(bench: Bench) -> None:
    loose(bench, bench.git("rev-parse", f"{bench.line()[3]}:{EVENT}")).unlink()


def commit_missing(bench: Bench) -> None:
    loose(bench, bench.line()[2]).unlink()


def tree_missing(bench: Bench) -> None:
    loose(bench, bench.git("rev-parse", "HEAD:customers")).unlink()


def object_with_a_flipped_bit(bench: Bench) -> None:
    path = loose(bench, bench.git("rev-parse", f"HEAD:{EVENT}"))
    path.write_bytes(flipped(path.read_bytes()))


def object_in_the_place_of_another(bench: Bench) -> None:
    other = loose(bench, bench.git("rev-parse", f"HEAD:{PROFILE}"))
    shutil.copy(other, loose(bench, bench.git("rev-parse", f"HEAD:{EVENT}")))


def branch_at_a_commit_that_is_not_there(bench: Bench) -> None:
    (bench.root / ".git" / "refs" / "heads" / "main").write_text("1" * 40 + "\n")


def one_name_twice_in_a_folder(bench: Bench) -> None:
    done = subprocess.run(
        ["git", "cat-file", "tree", "HEAD^{tree}"], cwd=bench.root, capture_output=True, check=True
    )
    last = done.stdout[-len(PEOPLE) - 20 :]
    bench.commit({}, tree=bench.store(done.stdout + last, "tree"))


def history_cut_off(bench: Bench) -> None:
    whole = bench.root.parent / "whole"
    bench.root.rename(whole)
    words = ["git", "clone", "-q", "--depth=3", f"file://{whole}", str(bench.root)]
    subprocess.run(words, check=True, capture_output=True)


# --- packages ---------------------------------------------------------------------------------


def package(bench: Bench, *refs: str) -> Path:
    """A package as aswiki exports it, as far as ``verify`` reads it."""
    folder = bench.root.parent / "package"
    folder.mkdir()
    bench.git("bundle", "create", "-q", str(folder / "kb.bundle"), *(refs or ["refs/heads/main"]))
    (folder / "HEAD").write_text(f"{bench.head}\n")
    (folder / "pages").mkdir()
    (folder / "pages" / "index.html").write_text("<p>a page")
    summed(folder)
    bench.options["bundle"] = folder
    return folder


def summed(folder: Path) -> None:
    (folder / SUMS).unlink(missing_ok=True)
    (folder / SUMS).write_bytes(sums(digests(folder)))


def page_changed_in_a_package(bench: Bench) -> None:
    (package(bench) / "pages" / "index.html").write_text("<p>another page")


def file_added_to_a_package(bench: Bench) -> None:
    (package(bench) / "pages" / "more.html").write_text("<p>one more")


def head_of_a_package_changed(bench: Bench) -> None:
    folder = package(bench)
    (folder / "HEAD").write_text("1" * 40)
    summed(folder)


def bundle_with_a_flipped_bit(bench: Bench) -> None:
    folder = package(bench)
    data = (folder / "kb.bundle").read_bytes()
    (folder / "kb.bundle").write_bytes(flipped(data, len(data) // 2))
    summed(folder)


def bundle_cut_off(bench: Bench) -> None:
    folder = package(bench)
    data = (folder / "kb.bundle").read_bytes()
    (folder / "kb.bundle").write_bytes(data[: len(data) // 2])
    summed(folder)


def garbage_for_a_bundle(bench: Bench) -> None:
    folder = package(bench)
    (folder / "kb.bundle").write_bytes(b"# v2 git bundle\nnothing\n")
    summed(folder)


def bundle_without_its_beginning(bench: Bench) -> None:
    package(bench, "refs/heads/main", f"^{bench.line()[4]}")


def bundle_with_another_branch(bench: Bench) -> None:
    bench.git("branch", "other", bench.line()[4])
    package(bench, "refs/heads/main", "refs/heads/other")


def bundle_of_an_older_state(bench: Bench) -> None:
    bench.move(bench.line()[-5])
    package(bench)


# --- the working repository -------------------------------------------------------------------


def live(bench: Bench) -> Path:
    bench.options["live"] = True
    return bench.root / ".git"


def commits_replaced(bench: Bench) -> None:
    live(bench)
    bench.git("replace", bench.line()[5], bench.line()[4])


def commits_grafted(bench: Bench) -> None:
    (live(bench) / "info").mkdir(exist_ok=True)
    line = bench.line()
    (live(bench) / "info" / "grafts").write_text(f"{line[8]} {line[2]}\n")


def objects_from_elsewhere(bench: Bench) -> None:
    other = bench.root.parent / "elsewhere"
    other.mkdir()
    info = live(bench) / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{other}\n")


def commit_graph_forged(bench: Bench) -> None:
    bench.git("commit-graph", "write", "--reachable")
    path = live(bench) / "objects" / "info" / "commit-graph"
    path.chmod(0o644)
    path.write_bytes(flipped(path.read_bytes(), -60))


def filter_that_runs_a_program(bench: Bench) -> None:
    live(bench)
    bench.git("config", "filter.evil.clean", "touch canary")


def ssh_program_exchanged(bench: Bench) -> None:
    live(bench)
    bench.git("config", "gpg.ssh.program", "true")


def settings_included(bench: Bench) -> None:
    live(bench)
    (bench.root.parent / "evil").write_text("[core]\n\teditor = touch canary\n")
    bench.git("config", "include.path", str(bench.root.parent / "evil"))


def hook_that_runs(bench: Bench) -> None:
    hooks = live(bench) / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "post-commit").write_text("#!/bin/sh\ntouch canary\n")
    (hooks / "post-commit").chmod(0o755)


def attributes_beside_the_history(bench: Bench) -> None:
    (live(bench) / "info").mkdir(exist_ok=True)
    (live(bench) / "info" / "attributes").write_text("* text eol=crlf\n")


def objects_fetched_when_missing(bench: Bench) -> None:
    live(bench)
    bench.git("config", "remote.origin.url", "ext::touch canary")
    bench.git("config", "remote.origin.promisor", "true")


FAMILIES = {
    "Objects of git": [
        Case("blob missing", blob_missing, "FSCK", stock=True),
        Case("old blob missing", old_blob_missing, "FSCK", stock=True),
        Case("commit missing", commit_missing, "FSCK", stock=True),
        Case("tree missing", tree_missing, "FSCK", stock=True),
        Case("object with a flipped bit", object_with_a_flipped_bit, "FSCK", stock=True),
        Case("object in another's place", object_in_the_place_of_another, "FSCK", stock=True),
        Case("branch at no commit", branch_at_a_commit_that_is_not_there, "FSCK", stock=True),
        Case("one name twice", one_name_twice_in_a_folder, "FSCK", stock=True),
    ],
    "Histories and packages cut off or changed": [
        Case("history cut off", history_cut_off, "FETCH"),
        Case("page of a package changed", page_changed_in_a_package, "PKG"),
        Case("file added to a package", file_added_to_a_package, "PKG"),
        Case("head of a package changed", head_of_a_package_changed, "HEAD"),
        Case("bundle with a flipped bit", bundle_with_a_flipped_bit, "FETCH"),
        Case("bundle cut off", bundle_cut_off, "FETCH"),
        Case("garbage for a bundle", garbage_for_a_bundle, "FETCH"),
        Case("bundle without its beginning", bundle_without_its_beginning, "FETCH"),
        Case("bundle with another branch", bundle_with_another_branch, "REFS"),
        Case("bundle of an older state", bundle_of_an_older_state, "ROLLBACK"),
    ],
    "The working repository (`--live`)": [
        Case("commits replaced", commits_replaced, "REFS"),
        Case("commits grafted", commits_grafted, "REFS"),
        Case("objects from elsewhere", objects_from_elsewhere, "REFS"),
        Case("commit graph forged", commit_graph_forged, "REFS", stock=True),
        Case("filter runs a program", filter_that_runs_a_program, "REFS"),
        Case("ssh program exchanged", ssh_program_exchanged, "REFS"),
        Case("settings included", settings_included, "REFS"),
        Case("hook runs", hook_that_runs, "REFS"),
        Case("attributes beside", attributes_beside_the_history, "REFS"),
        Case("objects fetched when missing", objects_fetched_when_missing, "FETCH"),
    ],
}
CASES = [case for cases in FAMILIES.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tampering_below_the_commits_is_named(bench: Bench, case: Case) -> None:
    base = bench.head
    case.tamper(bench)
    found, code = judged(bench, case)
    assert found == set(case.codes.split())
    assert code == case.exit_code
    assert not (bench.root / "canary").exists()
    assert noticed_by_git(bench, base) == case.stock
