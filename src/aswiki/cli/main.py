"""The front door: the language, the command, and the one wall where errors become exit codes."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

from aswiki import __version__, lang
from aswiki.cli.out import Out
from aswiki.errors import AswikiError, Unusable
from aswiki.lang import _
from aswiki.render.plain import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INTERRUPTED = 130
DEFECT = 70

OUTSIDE = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.ENAMETOOLONG,
)
"""What the machine refuses without a mistake of ours: no room, no right, no name that long."""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one run; ``argv`` is without the program's name.

    A reader that closes the pipe early, as ``head`` does, has what it wanted: exit 0, in silence.
    """
    from aswiki.cli.options import language, wants_json

    words = list(sys.argv[1:] if argv is None else argv)
    out = Out(json=wants_json(words))
    _survive_any_character()
    lang.use(language(words))
    try:
        code = _walled(words, out)
        sys.stdout.flush()
    except BrokenPipeError:
        code = 0
        _close_quietly()
    except OSError:
        _close_quietly()
    return code


def _walled(words: list[str], out: Out) -> int:
    """The exit code, every failure said on stderr."""
    try:
        code = _dispatch(words, out)
        out.release(code)
    except BrokenPipeError:
        raise
    except AswikiError as error:
        return _told(out, error)
    except (KeyboardInterrupt, EOFError):
        out.error("interrupted", _("Interrupted."), "")
        return INTERRUPTED
    except OSError as error:
        if error.errno not in OUTSIDE:
            return _defect(error, words, out)
        return _told(out, _refused(error))
    except Exception as error:  # noqa: BLE001 - the one wall: nobody is to meet a bare traceback
        return _defect(error, words, out)
    return code


def _dispatch(words: list[str], out: Out) -> int:
    from aswiki.cli.commands import Command, find
    from aswiki.cli.options import check_language, hoist, require_text

    require_text(words)
    if "_ASWIKI_COMPLETE" in os.environ:
        from aswiki.cli.complete import answer

        offers = answer(os.environ["_ASWIKI_COMPLETE"])
        if offers:
            out.ready(offers)
        return 0
    check_language(words)
    line = hoist(words)
    entry = find(line.path)
    if isinstance(entry, Command):
        from aswiki.cli.frame import execute

        return execute(line.path, entry, line.args, out)
    return _front(line.path, line.options, line.rest, out)


def _front(path: tuple[str, ...], options: list[str], rest: list[str], out: Out) -> int:
    """The page of aswiki or of a group; no command is named."""
    from aswiki.cli.help import page_of, rendered, unknown_command

    if rest and rest[0].startswith("-"):
        from aswiki.cli.options import close_flags
        from aswiki.cli.usage import unknown_option

        raise unknown_option(rest[0], close_flags(rest[0]), path)
    if rest:
        raise unknown_command((*path, rest[0]))
    if "--version" in options:
        out.ready(f"aswiki {__version__}")
    else:
        out.ready(rendered(page_of(path), out))
    return 0


def _told(out: Out, error: AswikiError) -> int:
    out.error(error.code, error.message, error.hint)
    return error.exit_code


def _refused(error: OSError) -> Unusable:
    """No room, no right, too long a name: the world's fault, in one sentence."""
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
    return Unusable(
        "no-access",
        _("The system refused: {reason}").format(reason=what),
        _("Make room or get the right to write there, then try again."),
    )


def _defect(error: BaseException, words: list[str], out: Out) -> int:
    """Exit 70 with one line; the traceback goes to a file."""
    kind = f"{type(error).__name__}: {error}".splitlines()[0]
    sentence = _("aswiki has a defect ({kind}); please report it with this file: {path}")
    try:
        path = str(_log(error, words))
    except OSError:
        path = "-"
    out.error("defect", visible(sentence.format(kind=kind, path=path), keep=""), "")
    return DEFECT


def _log(error: BaseException, words: list[str]) -> Path:
    """The file that now holds the traceback, in the user's state folder or a temporary one."""
    import tempfile
    import traceback
    from datetime import UTC, datetime
    from pathlib import Path

    now = datetime.now(UTC)
    head = f"aswiki {__version__}, Python {sys.version}\n{now.isoformat()}\n{words!r}\n\n"
    text = head + "".join(traceback.format_exception(error))
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    folder = Path(state, "aswiki")
    name = f"defect-{now:%Y%m%dT%H%M%SZ}-"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(".log", name, folder)
    except OSError:
        handle, path = tempfile.mkstemp(".log", "aswiki-" + name)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return Path(path)


def _survive_any_character() -> None:
    """A terminal in another encoding gets escapes for what it cannot show, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _close_quietly() -> None:
    """Keep the interpreter from complaining about the closed pipe on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
