"""Shell completion: commands from the table, customers and records from the folders alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from aswiki.cli.commands import COMMANDS, Command, Group, find
from aswiki.cli.options import HELP_FLAGS, SHARED, WRITING, hoist, is_group, wiki_folder
from aswiki.errors import AswikiError
from aswiki.lang import _
from aswiki.render.plain import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.core import TyperArgument, TyperOption

    Param = TyperArgument | TyperOption

VARIABLE = "_ASWIKI_COMPLETE"
"""Set by the scripts to ``complete_bash`` and the like, Typer's protocol."""

PROFILE_BYTES = 1024
"""How much of a profile is read for the customer's name."""

SHELL_SIGNS = " \t\"'\\`$&|;<>()[]{}*?!#~"


class Offer(NamedTuple):
    """One completion and what it means."""

    value: str
    help: str = ""


def customers(wiki: str | None, start: str) -> list[tuple[str, str]]:
    """Customers by slug with the name, and by name with the slug, as far as they begin so.

    Args:
        wiki: the folder given by ``-C``; else the one of this run.
        start: what is typed so far.
    """
    return [
        offer
        for slug, name in _customers(wiki_folder(wiki))
        for offer in ((slug, name), (name, slug))
        if offer[0] and offer[0].startswith(start)
    ]


def records(wiki: str | None, start: str) -> list[tuple[str, str]]:
    """References of records that begin with what is typed so far; nothing to say of each."""
    folder = wiki_folder(wiki)
    found = _references(folder, start) if folder else []
    return [(ref, "") for ref in sorted(found) if ref.startswith(start)]


def _customers(folder: Path | None) -> Iterator[tuple[str, str]]:
    """Slug and name of each customer; a name that could steer a terminal is left out."""
    home = f"{folder}/customers"
    for slug in _names(home) if folder else ():
        name = _name(f"{home}/{slug}/profile.md")
        if name is not None:
            yield slug, name if visible(name, keep="") == name else ""


def _name(profile: str) -> str | None:
    """The value of ``name:`` at the top of a profile, quotes taken off; None without a profile."""
    try:
        with open(profile, "rb", buffering=0) as file:  # noqa: PTH123 - Path takes twice the time
            head = file.read(PROFILE_BYTES)
    except OSError:
        return None
    _before, key, rest = (b"\n" + head).partition(b"\nname:")
    value = rest.partition(b"\n")[0].decode("utf-8", "replace").strip()
    return value.strip("\"'") if key else ""


def _references(folder: Path, start: str) -> Iterator[str]:
    """Paths of records without ``.md`` and ``customers/``, in folders that can match."""
    for top in ("lessons", "products"):
        yield from _stems(f"{folder}/{top}", top)
    first, slash, _rest = start.partition("/")
    for slug in _names(f"{folder}/customers"):
        if slug == first if slash else slug.startswith(first):
            yield from _stems(f"{folder}/customers/{slug}", slug)
            for kind in _names(f"{folder}/customers/{slug}"):
                if not kind.endswith(".md") and kind != "files":
                    yield from _stems(f"{folder}/customers/{slug}/{kind}", f"{slug}/{kind}")


def _stems(folder: str, prefix: str) -> Iterator[str]:
    return (f"{prefix}/{name[:-3]}" for name in _names(folder) if name.endswith(".md"))


def _names(folder: str) -> list[str]:
    """The names in a folder in order, those that could steer a terminal left out."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - Path would build an object a name
    except OSError:
        return []
    return sorted(filter(str.isprintable, names))


def answer(instruction: str) -> str:
    """What the shell's script reads: one offer a line; empty leaves the word to files."""
    shell = instruction.removeprefix("complete_")
    words, word = _typed(shell)
    offers = _offers(words, word)
    form: Callable[[Offer], str] = {"zsh": _zsh, "fish": _fish}.get(shell, _bash)
    return "".join(form(offer) + "\n" for offer in offers)


def _typed(shell: str) -> tuple[list[str], str]:
    """The finished words after ``aswiki`` and the one being typed."""
    if shell == "bash":
        words = _split(os.environ.get("COMP_WORDS", ""))
        at = int(os.environ.get("COMP_CWORD") or len(words))
        return words[1:at], words[at] if at < len(words) else ""
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _split(line)[1:]
    return (words, "") if not words or line[-1:].isspace() else (words[:-1], words[-1])


def _split(line: str) -> list[str]:
    """Words as the shell sees them; an open quote or a last backslash is no error."""
    import shlex

    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:
        words.append(lexer.token)
    return words


def _offers(words: list[str], word: str) -> list[Offer]:
    try:
        line = hoist(words)
    except AswikiError:
        return []
    entry = find(line.path)
    if isinstance(entry, Command):
        return _of_command(line.path, entry, line.args, word)
    if line.rest:
        return []
    if word.startswith("-"):
        return [o for o in _shared_flags() if o.value.startswith(word)]
    table = entry.commands if is_group(line.path) and isinstance(entry, Group) else COMMANDS
    return [Offer(n, _(found.help)) for n, found in table.items() if n.startswith(word)]


def _shared_flags() -> Iterator[Offer]:
    for option in SHARED:
        if option.panel != WRITING:
            yield Offer(option.flags[-1], _(option.help))
    yield Offer(HELP_FLAGS[-1])


def _of_command(path: tuple[str, ...], entry: Command, args: list[str], word: str) -> list[Offer]:
    """What the command's own parameters offer; only its module is imported."""
    from aswiki.cli.frame import build

    command = build(path[-1], entry)
    if word == "=":
        word = ""
    elif word.startswith("--") and "=" in word:
        option, _equals, word = word.partition("=")
        args = [*args, option]
    args = args[:-1] if args and args[-1] == "=" else args
    ahead = args[:-1] if _awaiting(command.params, args) else args
    context = command.make_context("aswiki", list(ahead), resilient_parsing=True)
    asked = _awaiting(command.params, args)
    if asked is None and word.startswith("-") and "--" not in args:
        found = command.shell_complete(context, word)
    else:
        asked = asked or _next_argument(command.params, context.params)
        found = asked.shell_complete(context, word) if asked else []
    return [Offer(str(item.value), item.help or "") for item in found if item.type == "plain"]


def _awaiting(params: list[Any], args: list[str]) -> Param | None:
    """The option whose value is being typed."""
    if not args or "--" in args:
        return None
    valued = (p for p in params if p.param_type_name == "option" and not p.is_flag)
    return next((p for p in valued if args[-1] in p.opts), None)


def _next_argument(params: list[Any], taken: dict[str, Any]) -> Param | None:
    """The first argument that still takes a word."""
    arguments = (p for p in params if p.param_type_name == "argument")
    return next((p for p in arguments if p.nargs == -1 or not taken.get(p.name)), None)


def _bash(offer: Offer) -> str:
    return "".join("\\" + sign if sign in SHELL_SIGNS else sign for sign in offer.value)


def _zsh(offer: Offer) -> str:
    value = offer.value.replace("\\", "\\\\").replace(":", "\\:")
    return f"{value}:{visible(offer.help, keep='')}" if offer.help else value


def _fish(offer: Offer) -> str:
    return f"{offer.value}\t{visible(offer.help, keep='')}" if offer.help else offer.value


def script(shell: str) -> str:
    """The script to load into the shell; it never evaluates what is offered."""
    return SCRIPTS[shell]


SCRIPTS = {
    "bash": r"""_aswiki_completion() {
    local line IFS=$'\n'
    COMPREPLY=()
    while read -r line; do
        COMPREPLY+=("$line")
    done < <(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \
        _ASWIKI_COMPLETE=complete_bash "$1" 2>/dev/null)
}
complete -o default -F _aswiki_completion aswiki
""",
    "zsh": r"""#compdef aswiki
_aswiki_completion() {
    local -a offers
    offers=("${(@f)$(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" \
        _ASWIKI_COMPLETE=complete_zsh aswiki 2>/dev/null)}")
    if [[ -n ${offers[1]} ]]; then
        _describe -V aswiki offers
    else
        _files
    fi
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _aswiki_completion "$@"
else
    compdef _aswiki_completion aswiki
fi
""",
    "fish": r"""function _aswiki_completion
    set -l offers (env _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) \
        _ASWIKI_COMPLETE=complete_fish aswiki 2>/dev/null)
    if test (count $offers) -gt 0
        printf '%s\n' $offers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command aswiki --no-files --arguments "(_aswiki_completion)"
""",
}
"""The script of each shell."""
