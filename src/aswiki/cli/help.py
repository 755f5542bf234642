"""Help pages: what they hold, and their looks: panels on a terminal, plain text elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aswiki.cli.commands import COMMANDS, PANELS, Command, Group, find
from aswiki.cli.options import HELP_FLAGS, SHARED, WRITING, Shared
from aswiki.errors import BadInput
from aswiki.lang import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType

    from aswiki.cli.out import Out

HELP_TEXT = N_("Show this page and exit")
"""What is said of ``--help``; Typer's own sentence has no translation."""

EXIT_CODES = (
    (0, N_("Good.")),
    (1, N_("Problems were found, or a leak stopped a report.")),
    (2, N_("Wrong usage or bad input; nothing was written.")),
    (3, N_("No such record, or the name fits several.")),
    (4, N_("The wiki or git cannot be used; nothing is half-done.")),
    (5, N_("verify: nothing wrong was found, but the proof is incomplete.")),
    (70, N_("A defect of aswiki; a log file to attach is named.")),
    (130, N_("Interrupted.")),
)

TOPICS = ("exit-codes",)


class Section(NamedTuple):
    """A titled list of terms and what they mean."""

    title: str
    rows: list[tuple[str, str]]


class Page(NamedTuple):
    """One page of help, in the language in use."""

    usage: str
    text: str
    sections: list[Section]
    footer: str = ""


def root_page() -> Page:
    """The page of ``aswiki --help``, made from the table of commands alone."""
    everywhere = [(flags(option), _(option.help)) for option in SHARED if option.panel != WRITING]
    everywhere.append((", ".join(HELP_FLAGS), _(HELP_TEXT)))
    return Page(
        usage=_("aswiki COMMAND [OPTIONS]"),
        text=_("A wiki of every customer, kept in git by after-sales engineers."),
        sections=[*command_sections(COMMANDS), Section(_("Options"), everywhere)],
        footer=_("More on a command: aswiki COMMAND --help. Exit codes: aswiki help exit-codes."),
    )


def group_page(name: str, group: Group) -> Page:
    """The page of a group of commands."""
    return Page(
        usage=_("aswiki {group} COMMAND [OPTIONS]").format(group=name),
        text=_(group.help),
        sections=[Section(_("Commands"), [(n, _(c.help)) for n, c in group.commands.items()])],
        footer=_("More on a command: aswiki {group} COMMAND --help.").format(group=name),
    )


def exit_codes_page() -> Page:
    """The page of the exit codes."""
    rows = [(str(code), _(meaning)) for code, meaning in EXIT_CODES]
    return Page("", "", [Section(_("Exit codes"), rows)])


def command_sections(table: Mapping[str, Command | Group]) -> list[Section]:
    """The commands by panel, panels without one left out."""
    sections = [
        Section(
            _(panel),
            [(name, _(entry.help)) for name, entry in table.items() if entry.panel == panel],
        )
        for panel in PANELS
    ]
    return [section for section in sections if section.rows]


def flags(option: Shared) -> str:
    """A shared option as the help writes it."""
    return " ".join(filter(None, (", ".join(option.flags), option.metavar)))


def rendered(page: Page, out: Out) -> str:
    """The page as text that ends in one newline: panels at the terminal's width, else plain."""
    return _panels(page, out) if out.terminal else _plain(page)


def _plain(page: Page) -> str:
    blocks = [_("Usage:") + " " + page.usage] if page.usage else []
    blocks += [page.text] if page.text else []
    for section in page.sections:
        wide = max((_cells(term) for term, _help in section.rows), default=0)
        lines = [_row(term, text, wide) for term, text in section.rows]
        blocks.append("\n".join([section.title, *lines]))
    blocks += [page.footer] if page.footer else []
    return "\n\n".join(blocks) + "\n"


def _row(term: str, text: str, wide: int) -> str:
    return f"  {term}{' ' * (wide - _cells(term))}  {text}".rstrip()


def _cells(text: str) -> int:
    """The width on a terminal, where a Chinese character is two cells wide."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _panels(page: Page, out: Out) -> str:
    from rich.console import Group as Stack

    from aswiki.cli.out import drawn

    return drawn(Stack(*_drawings(page)), min(out.width, 100), colour=out.colour)


def _drawings(page: Page) -> Iterable[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    if page.usage:
        yield Padding(
            Text.assemble((_("Usage:"), "yellow"), " ", (page.usage, "bold")), (1, 1, 0, 1)
        )
    if page.text:
        yield Padding(Text(page.text), (1, 1))
    for section in page.sections:
        yield _panel(section)
    if page.footer:
        yield Padding(Text(page.footer, style="dim"), (0, 1))


def _panel(section: Section) -> RenderableType:
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    widest = max(_cells(term) for term, _help in section.rows)
    grid.add_column(width=min(max(widest, 14), 34), style="cyan", overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for term, text in section.rows:
        grid.add_row(Text(term), Text(text))
    return Panel(grid, title=Text(section.title), title_align="left", border_style="dim")


def page_of(path: tuple[str, ...]) -> Page:
    """The page of a command, a group, a topic, or without words the first page.

    Raises:
        BadInput: there is nothing of that name.
    """
    if not path:
        return root_page()
    if path == ("exit-codes",):
        return exit_codes_page()
    entry = find(path)
    if isinstance(entry, Group):
        return group_page(path[0], entry)
    if entry is None:
        raise unknown_command(path)
    from aswiki.cli.frame import command_page

    return command_page(path, entry)


def unknown_command(path: tuple[str, ...]) -> BadInput:
    """The error for words that are no command, with the names that come close."""
    from difflib import get_close_matches

    entry = COMMANDS.get(path[0])
    within = entry.commands if isinstance(entry, Group) and len(path) > 1 else COMMANDS
    close = get_close_matches(path[-1], [*within, *TOPICS])
    prefix = "aswiki " + "".join(f"{word} " for word in path[:-1])
    hint = _("Did you mean: {names}?").format(names=", ".join(close)) if close else ""
    return BadInput(
        "no-such-command",
        _("There is no command {name}.").format(name=prefix + path[-1]),
        " ".join(filter(None, (hint, _("All commands: {help}").format(help=prefix + "--help")))),
    )
