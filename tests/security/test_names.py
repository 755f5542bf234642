"""Names that would lead out of the wiki, in every place a name is typed or lies on the disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aswiki.cli.main import main

Capture = pytest.CaptureFixture[str]

SECRET = "the neighbour's secret"
RECORD = (
    "---\ntype: event\ntitle: {title}\nkind: incident\nseverity: P1\nstatus: new\n"
    "started_at: 2026-10-04T14:05:00+08:00\n---\n\n" + SECRET + "\n\n## Log\n"
)
PROFILE = "---\ntype: profile\ntitle: {title}\nname: {title}\n---\n\n" + SECRET + "\n"

TRAVERSALS = [
    "../../outside/secret", "..", ".", "../acme", "acme/../../../../outside/secret", "/etc/passwd",
    "/outside", "....//....//outside", "..\\..\\outside", "acme\\..\\..", "C:\\outside", "C:out",
    "\\\\host\\share", "file:///etc/passwd", "~/secret", "~root", "$HOME", "%2e%2e%2foutside",
    "..%c0%af..", "．．／．．／outside", "‥/‥/outside", "acme/events/../../../../../outside/secret",
    "acme/./profile", "acme//profile", "customers/../../../outside/secret", "./../../outside/x",
    "\0", "acme\0/../..", "acme\n../..", "\u2024\u2024/outside",
]  # fmt: skip

ODD = [
    ".git", ".GIT", ".git/hooks", ".gıt", "git~1", ".git\u200c", ".g\u200cit", ".git.", ".git ",
    ".gitmodules", ".gitattributes", "con", "CON", "nul", "aux.md", "com1", "lpt9.txt", "com¹",
    "CONIN$", "lessons", "products", "templates", "files", "maps", "customers", "profile",
    ".hidden", "-rf", "--help", "-", "*", "?", "[a-z]*", "a:b", "a|b", "a<b>c", 'a"b', "a'b",
    "`id`", "x" * 300, "蓝" * 100, "é" * 70, "e\u0301", "\u202eevil", "a\0b", "\udcff",
    "\U000e0041", "🦊", "a\tb", "a\rb", " ", "　", "", "name.md", "a..b", "a/b", "a\\b", "İ",
    "ß", "ﬁ", "Å",
]  # fmt: skip

SAFE = re.compile(
    r"(customers/[a-z0-9]+(-[a-z0-9]+)*/(profile|architecture|"
    r"(events|usage|notes)/[0-9]{4}-[0-9]{2}(-[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*)?)\.md|people\.toml)"
)


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def outside(small_wiki: Path, tmp_path: Path) -> Path:
    """Folders beside the wiki that look like its own and are none of its business."""
    for place in (tmp_path / "outside", tmp_path / "one/outside"):
        (place / "events").mkdir(parents=True)
        (place / "secret.md").write_text(RECORD.format(title="Secret"), encoding="utf-8")
        (place / "profile.md").write_text(PROFILE.format(title="Secret Corp"), encoding="utf-8")
        record = place / "events/2026-10-04-secret.md"
        record.write_text(RECORD.format(title="Secret"), encoding="utf-8")
        (place / "people.toml").write_text('[people.spy]\nname = "Spy"\n', encoding="utf-8")
    return tmp_path / "outside"


class World:
    """A wiki among folders that no name may reach, and what its commands say."""

    def __init__(self, wiki: Path, above: Path, capsys: Capture) -> None:
        self.wiki = wiki
        self.above = above
        self.capsys = capsys
        self.before = self.around()
        self.said = ""
        capsys.readouterr()

    def around(self) -> dict[str, bytes]:
        """Every file outside the wiki."""
        found = {}
        for top in (self.above, Path.home()):
            for folder, inside, names in os.walk(top):
                inside[:] = [name for name in inside if Path(folder, name) != self.wiki]
                found.update(
                    {f"{folder}/{name}": Path(folder, name).read_bytes() for name in names}
                )
        return found

    def run(self, *words: str) -> int:
        """The exit code; what is outside is untouched and untold, and an error is one of ours."""
        code = main(["--no-input", *words])
        told = self.capsys.readouterr()
        self.said = told.out + told.err
        shown = repr(words)[:300]
        assert code in {0, 1, 2, 3, 4}, f"{shown}: {told.err}"
        assert SECRET not in self.said, shown
        assert "Secret" not in told.out, shown
        assert self.around() == self.before, shown
        if code > 1:
            lines = told.err.splitlines()
            assert lines[0].startswith("Error: "), (shown, told.err)
            assert 1 <= len([line for line in lines if not line.startswith("Warning")]) <= 3, shown
        return code

    def written(self) -> list[str]:
        """The paths that the commits after the first two have touched."""
        names = git(self.wiki, "log", "-z", "--format=", "--name-only", "HEAD")
        return [name for name in names.replace("\n", "\0").split("\0") if name]


@pytest.fixture
def world(
    small_wiki: Path,
    outside: Path,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    monkeypatch.chdir(small_wiki)
    return World(small_wiki, tmp_path, capsys)


def require_safe_names(world: World) -> None:
    """Whatever was made lies where such records lie, under a name every system can hold."""
    odd = [path for path in world.written() if not SAFE.fullmatch(path) and path != "aswiki.toml"]
    assert odd == []
    assert git(world.wiki, "status", "--porcelain") == ""
    git(world.wiki, "fsck", "--strict")


def test_no_customers_name_leads_out_of_the_wiki(world: World) -> None:
    for name in (*TRAVERSALS, *ODD):
        world.run("new-customer", "--", name)
    require_safe_names(world)


def test_no_slug_leads_out_of_the_wiki(world: World) -> None:
    for number, slug in enumerate((*TRAVERSALS, *ODD)):
        world.run("new-customer", f"--slug={slug}", "--", f"Firm {number}")
    require_safe_names(world)


def test_no_title_leads_out_of_the_wiki(world: World) -> None:
    for title in (*TRAVERSALS, *ODD):
        world.run("log-incident", "acme", "--at=2026-10-04 10:00", "--", title)
    require_safe_names(world)


@pytest.mark.parametrize("command", ["show", "history", "append", "set", "close", "retire"])
def test_no_words_for_a_record_lead_out_of_the_wiki(world: World, command: str) -> None:
    rest = {"append": ["x"], "set": ["product=x"]}.get(command, [])
    options = {"retire": ["--why=x"]}.get(command, [])
    for words in (*TRAVERSALS, *ODD, "outside/secret", "secret", "acme/secret", "secret-corp"):
        code = world.run(command, *options, "--", words, *rest)
        assert code in {2, 3} or "secret" not in words, words
        page = world.run("set", "--", f"{words}/architecture", "purpose=x")
        assert page in {2, 3} or words in {"acme", "../acme"}, words
    require_safe_names(world)


def test_no_words_for_a_customer_lead_out_of_the_wiki(world: World) -> None:
    for words in (*TRAVERSALS, *ODD, "outside", "secret-corp"):
        assert world.run("log-incident", "--", words, "x") in {2, 3}, words
        assert world.run("list", f"--customer={words}") in {2, 3} or words == "", words
        assert world.run("report", "--month=2026-10", "--", words) in {2, 3}, words
    require_safe_names(world)


def test_no_name_of_a_map_or_a_type_leads_out_of_the_wiki(world: World) -> None:
    for name in (*TRAVERSALS, *ODD):
        code = world.run("import", "incidents", "aswiki.toml", "--customer=acme", f"--map={name}")
        assert code in {2, 3, 4}, name
        assert world.run("schema", "--", name) in {0, 2}, name
        assert world.run("validate", "--", name) in {0, 1, 2, 3}, name
    require_safe_names(world)


# --- names on the disk ------------------------------------------------------------------

Trap = Callable[[Path, Path], None]


def linked_record(wiki: Path, outside: Path) -> None:
    (wiki / "customers/acme/events/2026-10-04-linked.md").symlink_to(outside / "secret.md")


def linked_folder(wiki: Path, outside: Path) -> None:
    (wiki / "customers/acme/notes").symlink_to(outside / "events")


def linked_customer(wiki: Path, outside: Path) -> None:
    (wiki / "customers/linked").symlink_to(outside)


def linked_to_etc(wiki: Path, outside: Path) -> None:
    (wiki / "customers/acme/visits").symlink_to("/etc")
    (wiki / "customers/etc").symlink_to("/etc")


def linked_profile(wiki: Path, outside: Path) -> None:
    (wiki / "customers/linked").mkdir()
    (wiki / "customers/linked/profile.md").symlink_to(outside / "profile.md")


def linked_top(wiki: Path, outside: Path) -> None:
    (wiki / "lessons").symlink_to(outside / "events")
    (wiki / "products").symlink_to(outside)


def linked_in_a_circle(wiki: Path, outside: Path) -> None:
    (wiki / "customers/acme/notes").symlink_to(wiki / "customers")
    (wiki / "customers/acme/events/2026-10-04-circle.md").symlink_to("2026-10-04-circle.md")


def linked_people(wiki: Path, outside: Path) -> None:
    (wiki / "people.toml").unlink()
    (wiki / "people.toml").symlink_to(outside / "people.toml")


def linked_templates(wiki: Path, outside: Path) -> None:
    (wiki / "templates").mkdir()
    (wiki / "templates/records").symlink_to(outside)
    for name in ("event.en.md", "event.incident.en.md", "event.zh.md"):
        (outside / name).write_text(SECRET, encoding="utf-8")


def pipe(wiki: Path, outside: Path) -> None:
    os.mkfifo(wiki / "customers/acme/events/2026-10-04-pipe.md")


def folder_named_as_a_record(wiki: Path, outside: Path) -> None:
    (wiki / "customers/acme/events/2026-10-04-folder.md").mkdir()
    (wiki / "customers/acme/profile.md.md").mkdir()


def names_of_other_cases(wiki: Path, outside: Path) -> None:
    for name in ("Acme", "ACME"):
        (wiki / "customers" / name).mkdir()
        text = PROFILE.format(title="Acme").replace(SECRET, "")
        (wiki / "customers" / name / "profile.md").write_text(text, encoding="utf-8")


def names_in_two_forms(wiki: Path, outside: Path) -> None:
    for name in ("caf\u00e9", "cafe\u0301"):
        event = wiki / f"customers/acme/events/2026-10-04-{name}.md"
        event.write_text(RECORD.format(title="Café").replace(SECRET, ""), encoding="utf-8")


def names_other_systems_reserve(wiki: Path, outside: Path) -> None:
    for name in ("con", "aux.x", "a:b", "a\\b", "a b ", "-x", "a\nb", "\x1b[2J", "\u202eb", "a'b"):
        event = wiki / f"customers/acme/events/{name}.md"
        event.write_text(RECORD.format(title="Odd").replace(SECRET, ""), encoding="utf-8")


def names_that_are_no_text(wiki: Path, outside: Path) -> None:
    for name in (b"2026-10-04-\xff.md", b"\xc3\x28.md"):
        event = wiki / "customers/acme/events" / os.fsdecode(name)
        event.write_text(RECORD.format(title="Odd").replace(SECRET, ""), encoding="utf-8")
    (wiki / "customers" / os.fsdecode(b"\xff\xfe")).mkdir()


def customers_of_no_kind(wiki: Path, outside: Path) -> None:
    (wiki / "customers/file.md").write_text("no folder\n", encoding="utf-8")
    for name in (".hidden", "..odd", "lessons", "-rf"):
        (wiki / "customers" / name).mkdir()
        text = PROFILE.format(title="Odd").replace(SECRET, "")
        (wiki / "customers" / name / "profile.md").write_text(text, encoding="utf-8")


TRAPS: list[Trap] = [
    linked_record, linked_folder, linked_customer, linked_to_etc, linked_profile, linked_top,
    linked_in_a_circle, linked_templates, pipe, folder_named_as_a_record, names_of_other_cases,
    names_in_two_forms, names_other_systems_reserve, names_that_are_no_text, customers_of_no_kind,
]  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__.replace("_", " "))
def test_what_lies_in_the_wiki_leads_nobody_out_and_stops_nobody(
    world: World, outside: Path, trap: Trap
) -> None:
    trap(world.wiki, outside)
    world.before = world.around()
    passwd = Path("/etc/passwd").read_bytes()
    for words in (
        ["list"],
        ["list", "customers"],
        ["list", "event", "--customer=acme"],
        ["show", "oss-timeout"],
        ["show", "acme"],
        ["history", "oss-timeout"],
        ["report", "--month=2026-10"],
        ["append", "oss-timeout", "still works"],
        ["log-incident", "acme", "Still works"],
        ["new-customer", "蓝鲸游戏"],
        ["set", "oss-timeout", "product=oss"],
    ):
        assert world.run(*words) == 0, (words, world.said)
    for words in (["validate"], ["commit", "--dry-run"], ["commit"], ["validate", "--fix"]):
        assert world.run(*words) in {0, 1}, (words, world.said)
    for name in ("secret", "linked", "linked/profile", "circle", "pipe", "folder", "etc/passwd"):
        for words in (["show", name], ["append", name, "x"], ["retire", name, "--why=x"]):
            assert world.run(*words) in {2, 3}, (words, world.said)
    assert Path("/etc/passwd").read_bytes() == passwd
    tracked = git(world.wiki, "ls-files", "--stage", "-z").split("\0")[:-1]
    assert {line.partition(" ")[0] for line in tracked} == {"100644"}
    assert SECRET not in git(world.wiki, "log", "-p", "--format=")
    git(world.wiki, "fsck", "--strict")


def test_people_kept_elsewhere_are_not_written_to(world: World, outside: Path) -> None:
    linked_people(world.wiki, outside)
    world.run("list")
    assert world.run("log-incident", "acme", "Login fails") in {0, 2, 4}
    assert world.run("commit") in {0, 1, 2, 4}
    assert "120000" not in git(world.wiki, "ls-files", "--stage")


def test_a_records_folder_that_is_a_link_takes_no_record(world: World, outside: Path) -> None:
    events = world.wiki / "customers/acme/events"
    for file in events.iterdir():
        file.unlink()
    events.rmdir()
    events.symlink_to(outside / "events")
    before = git(world.wiki, "rev-parse", "HEAD")
    assert world.run("log-incident", "acme", "Login fails") in {2, 4}
    assert world.run("append", "secret", "x") == 3
    world.run("commit")
    assert git(world.wiki, "rev-parse", "HEAD") == before


def test_a_name_is_told_as_it_was_found_and_nothing_of_it_is_obeyed(world: World) -> None:
    names_other_systems_reserve(world.wiki, world.above)
    assert world.run("validate", "--json") == 1
    found = json.loads(world.said.splitlines()[0])["problems"]
    named = [problem["path"] for problem in found if problem["code"] == "ASW142"]
    assert "customers/acme/events/\x1b[2J.md" in named
    assert "customers/acme/events/con.md" in named
    assert "\x1b" not in world.said
