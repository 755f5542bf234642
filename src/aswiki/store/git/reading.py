"""What a repository holds, asked so that none of its own programs runs."""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.git import safety
from aswiki.store.git.objects import object_id
from aswiki.store.git.refusal import refusal
from aswiki.store.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aswiki.store.git.place import Place

_NO_COMMIT = re.compile(r"ambiguous|unknown revision|single revision|bad revision|expected commit")
FEW = 200  # so many paths are named to git; with more, its whole answer is sifted here


class Object(NamedTuple):
    """One object as git keeps it."""

    id: str
    kind: str
    data: bytes


def contents(runner: Runner, names: Iterable[str]) -> list[Object | None]:
    """The objects of these names in their order, None where there is none; one process."""
    asked = list(names)
    lines = "".join(f"contents {name}\n" for name in asked)
    output = runner.read("cat-file", "--batch-command", stdin=_encoded(lines)).out
    found: list[Object | None] = []
    position = 0
    for name in asked:
        end = output.index(b"\n", position)
        words = output[position:end].decode("utf-8", "surrogateescape")
        position = end + 1
        if words.endswith((" missing", " ambiguous")) and words.startswith(name):
            found.append(None)
            continue
        identity, kind, size = words.split(" ")
        found.append(Object(identity, kind, output[position : position + int(size)]))
        position += int(size) + 1
    return found


class Reading:
    """The reading half of a repository, as the wiki in a folder of it sees it.

    Every path given or returned is relative to that folder, joined by ``/``. Reading never
    needs the repository to be ready or safe: the questions asked run none of its programs.

    Attributes:
        folder: the wiki's folder.
        top: the top of the work tree.
        git_dir: the git folder of this work tree.
        common_dir: the git folder that all work trees share.
        prefix: the wiki's folder from the top: empty, or names each followed by ``/``.
    """

    def __init__(self, found: Place) -> None:
        self.folder = found.folder
        self.top = found.top
        self.git_dir = found.git_dir
        self.common_dir = found.common_dir
        self.prefix = found.prefix

    def head(self) -> str | None:
        """The commit HEAD is at, in full, or None on an unborn branch."""
        return self.resolve("HEAD")

    def resolve(self, rev: str) -> str | None:
        """The full name of the commit that ``rev`` names without doubt, or None."""
        if not _is_plain(rev):
            return None
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        answer = self._run.read(*arguments, allowed=(0, 1, 128))
        if answer.code == 128 and not _NO_COMMIT.search(answer.err):
            raise refusal(answer.err)
        return answer.out.decode().strip() if answer.code == 0 else None

    def blob(self, rev: str, path: str) -> bytes | None:
        """The bytes of a file in a commit, or None where it has no such file."""
        return self.blobs(rev, [path])[path]

    def blobs(self, rev: str, paths: Iterable[str]) -> dict[str, bytes | None]:
        """The bytes of files in a commit, None where it has no such file; one process."""
        rev = checked(rev)
        wanted = list(dict.fromkeys(paths))
        asked = [path for path in wanted if "\n" not in path]
        found = contents(self._run, (f"{rev}:{self.prefix}{path}" for path in asked))
        blobs = {
            path: each.data
            for path, each in zip(asked, found, strict=True)
            if each and each.kind == "blob"
        }
        return {path: blobs.get(path) for path in wanted}

    def paths(self, rev: str, under: str = "") -> list[str]:
        """The regular files of a commit under a folder of the wiki, in git's order."""
        return list(self.tree(rev, under))

    def tree(self, rev: str, under: str = "") -> dict[str, str]:
        """The regular files of a commit under a folder of the wiki, each with its blob's name."""
        return self._tree(rev, [under])

    def staged(self) -> dict[str, str]:
        """The regular files of the user's index, each with its blob's name.

        In a hook it is the index that git hands to it, which need not be the repository's own. Of
        a file in conflict it is our side.
        """
        given = os.environ.get("GIT_INDEX_FILE")
        extra = {"GIT_INDEX_FILE": str(self.top / given)} if given else {}
        where = ["--", self.prefix] if self.prefix else []
        words = ("ls-files", "--stage", "-z", "--full-name", *where)
        found: dict[str, str] = {}
        for line in words_of(self._run.read(*words, extra=extra).out):
            about, _tab, path = line.partition("\t")
            mode, blob, stage = about.split(" ")
            if mode.startswith("100") and stage in {"0", "2"}:
                found[path.removeprefix(self.prefix)] = blob
        return found

    def data(self, names: Iterable[str]) -> dict[str, bytes]:
        """The bytes of blobs by their full names; one process."""
        found = contents(self._run, dict.fromkeys(names))
        return {each.id: each.data for each in found if each and each.kind == "blob"}

    def dirty(self, paths: Iterable[str] | None = None, under: str = "") -> list[str]:
        """Files whose bytes are not those of HEAD, sorted: changed, deleted or never committed.

        Args:
            paths: the files asked about; without them every file under the folder ``under``
                that git does not ignore.
            under: a folder of the wiki; empty for all of it.
        """
        if paths is None:
            committed = self._tree("HEAD", [under])
            candidates = {*committed, *self._known(under)}
        else:
            candidates = set(paths)
            committed = self._tree("HEAD", sorted(candidates)) if candidates else {}
        return sorted(path for path in candidates if self._blob_id(path) != committed.get(path))

    def changed_files(self, base: str, head: str | None) -> list[str]:
        """The files whose bytes are not the same in two commits, sorted.

        Args:
            base: a commit.
            head: another; None for the folder, where files that git ignores do not count.
        """
        before = self.tree(base)
        if head is not None:
            after: dict[str, str | None] = {**self.tree(head)}
        else:
            after = {path: self._blob_id(path) for path in {*before, *self._known("")}}
        paths = before.keys() | after.keys()
        return sorted(path for path in paths if before.get(path) != after.get(path))

    def sizes(self, rev: str, paths: Iterable[str]) -> dict[str, int | None]:
        """The bytes of files in a commit, counted; None where it has no such file; one process."""
        rev = checked(rev)
        asked = [path for path in dict.fromkeys(paths) if "\n" not in path]
        lines = "".join(f"{rev}:{self.prefix}{path}\n" for path in asked)
        output = self._run.read("cat-file", "--batch-check=%(objectsize)", stdin=_encoded(lines))
        answers = output.out.decode("utf-8", "surrogateescape").splitlines()
        return {
            path: int(answer) if answer.isdecimal() else None
            for path, answer in zip(asked, answers, strict=True)
        }

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Those of the paths that git's ignore files leave out."""
        # check-ignore knows no literal pathspecs; a leading ./ keeps every name plain
        asked = "".join(f"./{self.prefix}{path}\0" for path in paths)
        arguments = ("--no-literal-pathspecs", "check-ignore", "-z", "--stdin")
        answer = self._run.read(*arguments, stdin=_encoded(asked), allowed=(0, 1))
        return {path.removeprefix(f"./{self.prefix}") for path in words_of(answer.out)}

    @cached_property
    def _local_settings(self) -> safety.Settings:
        return safety.local_settings(self.git_dir, self.common_dir)

    @cached_property
    def _settings(self) -> dict[str, str]:
        return dict(safety.split(self._run.read("config", "--list", "-z").out))

    @cached_property
    def _run(self) -> Runner:
        found = list(safety.unsafe_settings(self._local_settings))
        return Runner(self.top, safety.neutral(found))

    @property
    def _algorithm(self) -> str:
        return dict(self._local_settings).get("extensions.objectformat", "sha1").lower()

    def _forget_settings(self) -> None:
        for name in ("_local_settings", "_settings", "_run"):
            self.__dict__.pop(name, None)

    def _tree(self, rev: str, wheres: Sequence[str]) -> dict[str, str]:
        named = [where for each in wheres if (where := f"{self.prefix}{each}")]
        if len(named) > FEW:
            named = [self.prefix] if self.prefix else []
        arguments = ("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", checked(rev))
        answer = self._run.read(*arguments, *named, allowed=(0, 128))
        if answer.code:
            if self.resolve(rev) is not None:
                raise refusal(answer.err)
            return {}
        lines = (line.partition("\t") for line in words_of(answer.out))
        return {
            path.removeprefix(self.prefix): about.rpartition(" ")[2]
            for about, _tab, path in lines
            if about.startswith("100")
        }

    def _run_on_head(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """The answer of a question about HEAD; nothing on an unborn branch."""
        answer = self._run.read(*arguments, stdin=stdin, allowed=(0, 128))
        if answer.code and self.head() is not None:
            return self._run.read(*arguments, stdin=stdin).out
        return answer.out if answer.code == 0 else b""

    def _known(self, under: str) -> list[str]:
        """Files of the index and those git neither has nor ignores, under a folder."""
        where = f"{self.prefix}{under}"
        options = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name")
        answer = self._run.read(*options, "--", *([where] if where else []))
        found = words_of(answer.out)
        inside = (path.removeprefix(self.prefix) for path in found if not path.endswith("/"))
        return [path for path in inside if os.path.lexists(self.folder / path)]

    def _blob_id(self, path: str) -> str | None:
        """The name git would give to the file's bytes as they are, None where there is none."""
        file = self.folder / path
        if not file.is_file() or file.is_symlink():
            return "not a file" if os.path.lexists(file) else None
        try:
            return object_id("blob", file.read_bytes(), self._algorithm)
        except OSError as error:
            raise refusal(f"{file}: {error.strerror}") from error


def words_of(output: bytes) -> list[str]:
    """The words of an answer whose words each end in NUL."""
    return output.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _is_plain(rev: str) -> bool:
    return bool(rev) and not rev.startswith("-") and rev.isprintable()


def checked(rev: str) -> str:
    """The revision, sure not to be taken for an option or two lines.

    Raises:
        BadInput: code ``bad-revision``.
    """
    if not _is_plain(rev):
        raise BadInput(
            "bad-revision",
            _("{rev} does not name a commit.").format(rev=ascii(rev)),
            _("Name it by its hash, as `aswiki history` prints it."),
        )
    return rev
