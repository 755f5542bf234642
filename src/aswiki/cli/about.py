"""The commands about aswiki itself: help and shell completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aswiki.cli.complete import script
from aswiki.cli.help import page_of, rendered
from aswiki.lang import N_

if TYPE_CHECKING:
    from aswiki.cli.run import Run

TOPIC = typer.Argument(metavar="COMMAND", help=N_("A command, or the topic exit-codes"))
SHELL = typer.Argument(help=N_("The shell that will read the script"))


def help_(run: Run, topic: Annotated[list[str] | None, TOPIC] = None) -> None:
    """Print the page of a command or topic."""
    run.out.ready(rendered(page_of(tuple(topic or ())), run.out))


def completion(run: Run, shell: Annotated[Literal["bash", "zsh", "fish"], SHELL]) -> None:
    """Print the script.

    Load it from your shell's start file: customers and records are then offered with the Tab key.

        ~/.bashrc:                    eval "$(aswiki completion bash)"
        ~/.zshrc:                     eval "$(aswiki completion zsh)"
        ~/.config/fish/config.fish:   aswiki completion fish | source
    """
    run.out.ready(script(shell))
