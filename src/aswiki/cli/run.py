"""What a command is handed: the shared options of this run, its output, and how to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.cli.options import wiki_folder
from aswiki.cli.out import Out
from aswiki.errors import BadInput, Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Run:
    """One run of one command.

    Attributes:
        out: where everything is printed.
        wiki: the folder given by ``-C`` or ``ASWIKI_WIKI``.
        lang: the language given by ``--lang``, nothing else.
        interactive: whether a missing value may be asked for.
        at: ``--at`` to the letter, not yet read as a time.
        sets: keys and values of ``--set``, in the order given.
        adds: the same of ``--add``.
        removes: the keys of ``--remove``.
    """

    out: Out = field(default_factory=Out)
    wiki: Path | None = None
    lang: str | None = None
    json: bool = False
    quiet: bool = False
    no_input: bool = False
    interactive: bool = False
    dry_run: bool = False
    at: str | None = None
    by: str | None = None
    body_file: str | None = None
    edit: bool = False
    sets: Pairs = ()
    adds: Pairs = ()
    removes: tuple[str, ...] = ()

    def folder(self) -> Path:
        """The wiki's folder: the one given, else the nearest parent that holds ``aswiki.toml``.

        Raises:
            Unusable: there is no wiki.
        """
        found = wiki_folder(str(self.wiki) if self.wiki else None)
        if found is None:
            here = _("There is no wiki here, nor in a folder above.")
            raise Unusable(
                "no-wiki",
                _("There is no wiki at {path}.").format(path=self.wiki) if self.wiki else here,
                _("Name one with -C, or make one with: aswiki init"),
            )
        return found

    def body(self) -> str | None:
        """The text of ``--body-file``, ``-`` being stdin; None when the option is not given.

        Raises:
            BadInput: the file cannot be read, or is not UTF-8.
        """
        if self.body_file is None:
            return None
        try:
            if self.body_file == "-":
                return sys.stdin.buffer.read().decode("utf-8")
            return Path(self.body_file).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(
                "unreadable-body",
                _("{path} cannot be read as UTF-8 text.").format(path=self.body_file),
                _("Give --body-file a file, or - for standard input."),
            ) from error


def may_ask(*, no_input: bool) -> bool:
    """Whether somebody is there to answer: a terminal, no ``CI``, no ``--no-input``."""
    automated = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    return not (no_input or automated) and sys.stdin.isatty() and sys.stderr.isatty()


def ask(
    run: Run,
    label: str,
    option: str,
    choices: Mapping[str, str] | None = None,
    complete: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The user's answer, never empty.

    Args:
        run: this run; one that is not interactive is an error, not a question.
        label: the question, in the user's language.
        option: the option or argument that would have answered it, such as ``--severity``.
        choices: the values to choose from, each with its label.
        complete: words to offer while a free answer is typed; a mapping says by which other
            spellings each is found, the first of them shown beside it.

    Raises:
        BadInput: nobody can be asked.
        KeyboardInterrupt: the user would rather not.
    """
    if not run.interactive:
        raise missing(option)
    import questionary
    from prompt_toolkit.output import create_output

    to_stderr = create_output(stdout=sys.stderr)
    if choices:
        offered = [questionary.Choice(text, value=value) for value, text in choices.items()]
        keys = _("(arrow keys, Enter)")
        question = questionary.select(label, choices=offered, instruction=keys, output=to_stderr)
    elif complete:
        question = questionary.autocomplete(
            label,
            list(complete),
            completer=_completer(complete) if isinstance(complete, Mapping) else None,
            validate=_filled,
            output=to_stderr,
        )
    else:
        question = questionary.text(label, validate=_filled, output=to_stderr)
    return str(question.unsafe_ask()).strip()


def _completer(spellings: Mapping[str, Sequence[str]]) -> Completer:
    """Offers a word when what is typed begins it or one of its spellings."""
    from prompt_toolkit.completion import Completer, Completion

    class Spelled(Completer):
        """The words whose spellings begin with what is typed."""

        def get_completions(
            self, document: Document, _event: CompleteEvent
        ) -> Iterator[Completion]:
            """The offers for the text before the cursor."""
            typed = document.text_before_cursor
            start = typed.strip().casefold()
            for word, others in spellings.items():
                if any(one.casefold().startswith(start) for one in (word, *others)):
                    meta = next(iter(others), "")
                    yield Completion(word, start_position=-len(typed), display_meta=meta)

    return Spelled()


def missing(option: str) -> BadInput:
    """The error for a value that was not given."""
    return BadInput(
        "missing-argument",
        _("{option} is missing.").format(option=option),
        _("Give it on the command line; --help shows how."),
    )


def _filled(answer: str) -> bool:
    return bool(answer.strip())
