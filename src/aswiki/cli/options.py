"""The options every command shares: read before the command is known, moved behind its name."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aswiki.cli.commands import COMMANDS, Group
from aswiki.errors import BadInput
from aswiki.lang import LANGUAGES, N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aswiki.cli.commands import Role

EVERYWHERE, WRITING = N_("Everywhere"), N_("Writing")


class Shared(NamedTuple):
    """One shared option; without a metavar it is a switch."""

    name: str
    flags: tuple[str, ...]
    help: str
    metavar: str = ""
    many: bool = False
    panel: str = EVERYWHERE


SHARED: tuple[Shared, ...] = (
    Shared(
        "dry_run", ("--dry-run",), N_("Show the change as a diff; write nothing"), panel=WRITING
    ),
    Shared("at", ("--at",), N_("When it happened, as in 2026-10-03 14:05"), "TIME", panel=WRITING),
    Shared("by", ("--by",), N_("Who did or saw it, if not you"), "PERSON", panel=WRITING),
    Shared("body_file", ("--body-file",), N_("Take the text from a file"), "FILE|-", panel=WRITING),
    Shared("edit", ("--edit",), N_("Open the record in git's editor"), panel=WRITING),
    Shared("sets", ("--set",), N_("Set a field or section"), "KEY=VALUE", True, WRITING),
    Shared("adds", ("--add",), N_("Add to a list or section"), "KEY=VALUE", True, WRITING),
    Shared("removes", ("--remove",), N_("Clear a field or list item"), "KEY", True, WRITING),
    Shared("wiki", ("-C", "--wiki"), N_("The wiki's folder, if not here or above"), "PATH"),
    Shared("lang", ("--lang",), N_("The language to speak"), "zh|en"),
    Shared("json", ("--json",), N_("Print one JSON document")),
    Shared("no_input", ("--no-input",), N_("Never ask; a missing value is an error")),
    Shared("quiet", ("-q", "--quiet"), N_("Say only results, warnings and errors")),
    Shared("version", ("--version",), N_("Print the version and exit")),
)
"""In the order of the help; ``--help`` is Typer's own."""

HELP_FLAGS = ("-h", "--help")
_BY_FLAG = {flag: option for option in SHARED for flag in option.flags}


def shared(role: Role) -> tuple[Shared, ...]:
    """The shared options a command of this role takes."""
    return tuple(o for o in SHARED if role == "writes" or o.panel == EVERYWHERE)


def close_flags(word: str) -> list[str]:
    """The shared options whose names come close to a mistyped one."""
    from difflib import get_close_matches

    return get_close_matches(word.partition("=")[0], [*_BY_FLAG, *HELP_FLAGS])


class Line(NamedTuple):
    """A command line taken apart: the command's words, leading options, and all that follows."""

    path: tuple[str, ...]
    options: list[str]
    rest: list[str]

    @property
    def args(self) -> list[str]:
        """What the command itself parses."""
        return [*self.options, *self.rest]


def hoist(words: Sequence[str]) -> Line:
    """The line with shared options before the command's name (and a group's) moved behind it.

    Raises:
        BadInput: a leading option has lost its value.
    """
    path: tuple[str, ...] = ()
    options: list[str] = []
    rest = list(words)
    while rest:
        taken = _shared_words(rest)
        if taken:
            options += rest[:taken]
            del rest[:taken]
            continue
        if rest[0] == "--" and not path:
            del rest[0]
        if not _goes_on(path, rest):
            break
        path = (*path, rest.pop(0))
    return Line(path, options, rest)


def _goes_on(path: tuple[str, ...], rest: Sequence[str]) -> bool:
    """Whether the next word is a command's name, known here."""
    if not rest:
        return False
    table = COMMANDS if not path else getattr(COMMANDS.get(path[0]), "commands", {})
    return len(path) < 2 and rest[0] in table


def _shared_words(rest: Sequence[str]) -> int:
    """How many words at the front are one shared option, its value included; 0 for none."""
    word = rest[0]
    if word in HELP_FLAGS:
        return 1
    option = _BY_FLAG.get(word.partition("=")[0] if word.startswith("--") else word[:2])
    if option is None or not word.startswith("-") or word == "--":
        return 0
    if not word.startswith("--") and len(word) > 2:
        if option.metavar:
            return 1
        return _shared_words(["-" + word[2:], *rest[1:]])
    if not option.metavar or "=" in word:
        return 1
    if len(rest) < 2:
        raise BadInput(
            "missing-value",
            _("{option} needs a value.").format(option=word),
            _("Write it as: {usage}").format(usage=f"{word} {option.metavar}"),
        )
    return 2


def given(words: Sequence[str], *flags: str) -> str | None:
    """The last value of a valued option anywhere before ``--``, read before anything is parsed."""
    return next(iter(list(_values(words, flags))[-1:]), None)


def _values(words: Sequence[str], flags: tuple[str, ...]) -> Iterator[str]:
    for index, word in enumerate(words):
        if word == "--":
            return
        if word in flags:
            yield from words[index + 1 : index + 2]
        for flag in flags:
            if flag.startswith("--") and word.startswith(flag + "="):
                yield word[len(flag) + 1 :]
            elif not flag.startswith("--") and word.startswith(flag) and word != flag:
                yield word[len(flag) :]


def wants_json(words: Sequence[str]) -> bool:
    """Whether ``--json`` or ``--format json`` stands anywhere in the line."""
    ahead = words[: words.index("--")] if "--" in words else words
    return "--json" in ahead or given(words, "--format") == "json"


def wiki_folder(path: str | None) -> Path | None:
    """The folder of ``aswiki.toml``: at ``path``, else ``ASWIKI_WIKI``, else here or above."""
    named = path or os.environ.get("ASWIKI_WIKI")
    folders = [Path(named)] if named else _here_and_above()
    with suppress(OSError):  # such as a name longer than any file's
        return next((folder for folder in folders if (folder / "aswiki.toml").is_file()), None)
    return None


def _here_and_above() -> list[Path]:
    try:
        here = Path.cwd()
    except FileNotFoundError:  # somebody removed the folder we stand in
        return []
    return [here, *here.parents]


def language(words: Sequence[str]) -> str:
    """The language of this run: option, ``ASWIKI_LANG``, the wiki's, the locale's, else English."""
    option = given(words, "--lang")
    if option in LANGUAGES:
        return str(option)
    wished = os.environ.get("ASWIKI_LANG", "").lower()[:2]
    if wished in LANGUAGES:
        return wished
    spoken = _wiki_language(given(words, "-C", "--wiki"))
    if spoken in LANGUAGES:
        return spoken
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").lower().startswith("zh") else "en"


def require_text(words: Sequence[str]) -> None:
    """Refuse what no shell can hand over and no file can be called.

    Raises:
        BadInput: a word holds a NUL.
    """
    if any("\0" in word for word in words):
        raise BadInput(
            "nul",
            _("An argument holds the character NUL."),
            _("Leave it out; text with odd characters comes with --body-file."),
        )


def check_language(words: Sequence[str]) -> None:
    """Refuse a ``--lang`` we do not speak.

    Raises:
        BadInput: the value is neither zh nor en.
    """
    option = given(words, "--lang")
    if option is not None and option not in LANGUAGES:
        raise BadInput(
            "bad-language",
            _("aswiki does not speak {language}.").format(language=option),
            _("Choose one of: {choices}").format(choices=", ".join(LANGUAGES)),
        )


def _wiki_language(path: str | None) -> str:
    """What the wiki's settings say; broken settings are told of by the command, not here."""
    try:
        folder = wiki_folder(path)
        if folder is None:
            return ""
        import tomllib

        settings = tomllib.loads((folder / "aswiki.toml").read_text(encoding="utf-8"))
        return str(settings["wiki"]["lang"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def is_group(path: tuple[str, ...]) -> bool:
    """Whether the words so far name a group whose command is still missing."""
    return len(path) == 1 and isinstance(COMMANDS.get(path[0]), Group)
