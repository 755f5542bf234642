"""Questions for what a command needs and was not given; off a terminal each names its option."""

from __future__ import annotations

from collections.abc import Iterable

from aswiki.cli.run import Run, ask
from aswiki.cli.saved import opened
from aswiki.lang import _, current


def customer_of(run: Run, given: str | None) -> str:
    """The customer that was given, else the answer; completed by slug, name, pinyin, initials."""
    if given:
        return given
    if not run.interactive:
        return ask(run, "", "CUSTOMER")
    from aswiki.domain.slug import bare, spellings
    from aswiki.wiki.lookup import named_customers

    offered = {
        known.slug: [*known.names(), *(s for name in known.names() for s in spellings(bare(name)))]
        for known in named_customers(opened(run))
    }
    return ask(run, _("Which customer?"), "CUSTOMER", complete=offered)


def title_of(run: Run, given: str | None) -> str:
    """The title that was given, else the answer."""
    return given or ask(run, _("What happened, in one line?"), "TITLE")


def word_of(
    run: Run,
    given: str | None,
    question: str,
    option: str,
    vocabulary: str,
    *,
    only: Iterable[str] = (),
) -> str:
    """The word that was given, else one chosen among those of a vocabulary.

    Args:
        run: this run.
        given: the option's value.
        question: what to ask.
        option: the option that would have answered it.
        vocabulary: where the words come from; the wiki's own are among them.
        only: the keys to choose from, where not every word is meant.
    """
    if given:
        return given
    if not run.interactive:
        return ask(run, question, option)
    words = opened(run).vocabulary.words(vocabulary)
    place = 1 if current() == "zh" else 0
    keys = tuple(only) or words
    return ask(run, question, option, {key: words[key][place] for key in keys})


def text_of(run: Run, given: str | None, question: str, option: str) -> str:
    """The text that was given, else the answer."""
    return given or ask(run, question, option)


def comes_otherwise(run: Run, key: str) -> bool:
    """Whether ``--set``, ``--body-file`` or the editor may still bring the field of that key."""
    return run.edit or run.body_file is not None or key in dict(run.sets)
