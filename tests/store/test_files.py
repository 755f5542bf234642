from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.store.files import is_temporary, read_bytes, safe_path, walk, write_atomic

LIMIT = 1000


def test_writing_a_file_makes_its_folders_and_keeps_every_byte(tmp_path: Path) -> None:
    file = tmp_path / "customers" / "客户" / "events" / "故障.md"
    write_atomic(file, "正文\r\n\0end".encode())
    assert file.read_bytes() == "正文\r\n\0end".encode()
    assert file.stat().st_mode & 0o777 == 0o644


def test_writing_over_a_file_leaves_nothing_but_the_new_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    file.chmod(0o600)
    write_atomic(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o644
    assert os.listdir(tmp_path) == ["a.md"]  # noqa: PTH208 - hidden files are meant too


def test_writing_replaces_a_link_and_spares_what_it_points_to(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "a.md").symlink_to(outside)
    write_atomic(tmp_path / "wiki" / "a.md", b"new")
    assert outside.read_bytes() == b"mine"
    assert not (tmp_path / "wiki" / "a.md").is_symlink()


def test_a_failed_write_names_its_cause_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    (tmp_path / "a.md" / "inside").touch()
    with pytest.raises(Unusable) as caught:
        write_atomic(tmp_path / "a.md", b"new")
    assert os.strerror(errno.EISDIR) in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_file_in_the_place_of_a_folder_is_said_to_be_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(Unusable):
        write_atomic(tmp_path / "a" / "b.md", b"new")


FULL_DISK = """
import sys
from pathlib import Path
from aswiki.errors import Unusable
from aswiki.store.files import write_atomic
try:
    write_atomic(Path(sys.argv[1]), b"x" * 100_000)
except Unusable as error:
    print(error.code)
"""


def test_a_write_that_breaks_half_way_keeps_the_old_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(file)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=small_files,
    )
    assert done.stdout.strip() == "unwritable"
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_file_system_that_takes_no_files_is_named_with_a_next_step() -> None:
    with pytest.raises(Unusable) as caught:
        write_atomic(Path("/proc/a.md"), b"x")
    assert "/proc/a.md" in caught.value.message
    assert caught.value.hint


def test_reading_gives_the_bytes_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"x" * LIMIT)
    assert read_bytes(file, LIMIT) == b"x" * LIMIT
    file.write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(BadInput) as caught:
        read_bytes(file, LIMIT)
    assert caught.value.code == "file-too-large"


def test_reading_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_bytes(tmp_path / "a.md", LIMIT)


def test_reading_takes_no_link_no_folder_and_does_not_wait_on_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"secret")
    (tmp_path / "link").symlink_to("target")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "."):
        with pytest.raises(BadInput) as caught:
            read_bytes(tmp_path / name, LIMIT)
        assert caught.value.code == "unsafe-path"


UNSAFE = [
    "",
    "/etc/passwd",
    "../a",
    "a/../../b",
    "a/./b",
    "a//b",
    "a/",
    ".",
    "..",
    "a\0b",
    "a\nb",
    "a\x1b[31mb",
    "a\x7fb",
    "a\x85b",
    "a\u2028b",
    "evil\u202egpj.exe",
    "a\\b",
    "..\\a",
    "C:/windows",
    "c:a",
    ".git",
    ".git/config",
    ".GIT/hooks/pre-commit",
    "a/.Git/config",
    ".git./config",
    ".git /config",
    ".g\u200cit/config",
    ".git::$INDEX_ALLOCATION/config",
    "git~1/config",
    "CON",
    "con.md",
    "a/NUL.txt",
    "aux",
    "COM1",
    "lpt9.md",
    "COM¹.md",
    "a./b",
    "a /b",
    "x" * 256,
    "客" * 86,
    unicodedata.normalize("NFD", "café.md"),
    "\udcff.md",
]


@pytest.mark.parametrize("relative", UNSAFE, ids=ascii)
def test_a_name_that_could_leave_the_wiki_is_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(BadInput) as caught:
        safe_path(tmp_path, relative)
    assert caught.value.code == "unsafe-path"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    "relative",
    [
        "a.md",
        "customers/客户/事件：升级.md",
        ".gitattributes",
        ".aswiki/admins",
        "...x",
        "a b.md",
        "console.md",
        "common/nulls.md",
        "x" * 255,
        "12:30.png",
    ],
)
def test_a_plain_name_is_taken_whether_it_exists_or_not(tmp_path: Path, relative: str) -> None:
    assert safe_path(tmp_path, relative) == tmp_path / relative
    write_atomic(tmp_path / relative, b"x")
    assert safe_path(tmp_path, relative).read_bytes() == b"x"


def test_a_link_on_the_way_or_at_the_end_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    wiki = tmp_path / "wiki"
    wiki.mkdir()
    (wiki / "folder").symlink_to(outside)
    (wiki / "file.md").symlink_to(outside / "x.md")
    (wiki / "inside").symlink_to(wiki)
    for relative in ("folder/a.md", "folder", "file.md", "inside/a.md"):
        with pytest.raises(BadInput) as caught:
            safe_path(wiki, relative)
        assert caught.value.code == "unsafe-path"


def test_a_file_or_pipe_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    for relative in ("a/b.md", "pipe"):
        with pytest.raises(BadInput):
            safe_path(tmp_path, relative)


def test_walking_yields_plain_files_sorted_and_follows_no_link(tmp_path: Path) -> None:
    for name in ("b.md", "a/客户.md", "a/b/c.md", ".git/config", "a/.hidden/x.md", ".dot"):
        write_atomic(tmp_path / name, b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.md").symlink_to("b.md")
    (tmp_path / f".aswiki-12-{'0' * 16}.tmp").touch()
    os.mkfifo(tmp_path / "pipe")
    assert list(walk(tmp_path)) == [".dot", "a/b/c.md", "a/客户.md", "b.md"]


def test_walking_gives_every_name_that_reading_then_finds(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "café.md")).write_bytes(form.encode())
    for name in walk(tmp_path):
        assert read_bytes(tmp_path / name, LIMIT)


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        list(walk(tmp_path / "nowhere"))
    assert "nowhere" in caught.value.message


def test_only_names_of_our_own_kind_are_temporary() -> None:
    assert is_temporary(f".aswiki-{os.getpid()}-{'a' * 16}.tmp")
    assert not is_temporary(".aswiki-notes.tmp")
