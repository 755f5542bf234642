"""What changed between two states, for a terminal and for the comment of a pull request."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from aswiki.domain.changes.comparison import Comparison, RecordChange
from aswiki.domain.vocabulary import DEFAULT, Vocabulary
from aswiki.lang import _, current
from aswiki.render import escaping
from aswiki.render.change_lines import Block, Group, Span, groups

LIMIT = 60_000
"""Characters of a Markdown answer; hosts refuse comments beyond 65,536."""

_RESERVE = 1000  # for a customer's name, the tags and the sentence on what is left out
_LONGEST_SPAN = 600
_LONGEST_TITLE = 120
_MOST_LINES = (40, 24, 12, 8, 5, 2, 0)
"""So many lines a record are shown: the first of these with which everything fits."""
_CALLS = re.compile(r"([@#!%~$])(?=[\w\"])")
_TAGS = {"old": "del", "gone": "del", "new": "ins", "come": "ins", "wrong": "strong"}
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def lines(
    comparison: Comparison, vocabulary: Vocabulary = DEFAULT
) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """Each line for a terminal with its depth; the words are not escaped."""
    for group in groups(comparison, vocabulary):
        yield 0, (Span(group.title, "name"),)
        for block in group.blocks:
            yield 1, block.head
            yield from ((2, line) for line in block.lines)


def marked(spans: Iterable[Span]) -> str:
    """The words of a line where there is no colour: what goes and comes stands in brackets."""
    signs = {"gone": "[-{}-]", "come": "{{+{}+}}"}
    return "".join(signs.get(span.tone, "{}").format(span.text) for span in spans)


def markdown(changes: Comparison, *, limit: int = LIMIT, vocabulary: Vocabulary = DEFAULT) -> str:
    """The changes as Markdown for a comment: folded by customer, at most ``limit`` characters.

    Where all of it is too long, every record says less, down to its title, before any is left out;
    a last sentence counts those. Nothing of a record is markup, and no name in it calls anybody.
    """
    found = list(groups(changes, vocabulary))
    summary = f"**{_summary(changes)}**\n"
    for most in _MOST_LINES:
        text = summary + "".join(
            _folded(group, [_block(block, most) for block in group.blocks]) for group in found
        )
        if len(text) <= limit:
            return text
    return _cut(summary, found, limit)


def _cut(text: str, found: Iterable[Group], limit: int) -> str:
    """As many titles as there is room for, and how many more there are."""
    total = told = 0
    for group in found:
        total += len(group.blocks)
        blocks = list(_fitting(group.blocks, limit - _RESERVE - len(text)))
        told += len(blocks)
        text += _folded(group, blocks) if blocks else ""
    left = _("{n} more are left out here; aswiki diff shows them.").format(n=total - told)
    return f"{text}\n{left}\n"


def _folded(group: Group, blocks: Sequence[str]) -> str:
    inner = "".join(blocks)
    return f"\n<details><summary>{_summary_of(group)}</summary>\n\n{inner}\n</details>\n"


def _fitting(blocks: Iterable[Block], room: int) -> Iterator[str]:
    """The blocks' titles as Markdown, as many as there is room for."""
    for block in blocks:
        made = _block(block, 0)
        room -= len(made)
        if room < 0:
            return
        yield made


def _summary(changes: Comparison) -> str:
    if not changes.changes and not changes.files:
        return _("Nothing differs.")
    customers = {change.customer for change in changes.changes if change.customer}
    return _("Customers: {customers}. Records: {records}. Other files: {files}.").format(
        customers=len(customers), records=len(changes.changes), files=len(changes.files)
    )


def _summary_of(group: Group) -> str:
    title = html.escape(escaping.visible(group.title[:_LONGEST_TITLE]))
    return f"{_quiet(title)} ({len(group.blocks)})"


def _block(block: Block, most: int) -> str:
    shown = block.lines[:most]
    text = f"- {_line(block.head)}\n" + "".join(f"  - {_line(line)}\n" for line in shown)
    left = len(block.lines) - len(shown)
    if left:
        text += "  - " + _("{n} more lines are left out here.").format(n=left) + "\n"
    return text


def _line(spans: Iterable[Span]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    """A run of words as Markdown; tags, since stars need spaces that Chinese does not have."""
    cut = span.text if len(span.text) <= _LONGEST_SPAN else span.text[: _LONGEST_SPAN - 1] + "…"
    if span.tone == "name":
        return escaping.code(cut)
    edges = _EDGES.match(cut)
    before, words, after = edges.groups() if edges else ("", cut, "")
    said = _quiet(escaping.inline(words))
    tag = _TAGS.get(span.tone)
    inner = f"<{tag}>{said}</{tag}>" if tag and said else said
    return f"{' ' if before else ''}{inner}{' ' if after else ''}"


def _quiet(text: str) -> str:
    """The text without what a code host takes for a person's, an issue's or a label's name."""
    return _CALLS.sub(r"\1<!-- -->", text)


def document(changes: Comparison) -> dict[str, Any]:
    """The document of ``diff --json``."""
    return {
        "base": changes.base,
        "head": changes.head,
        "changes": [_record(change) for change in changes.changes],
        "files": [
            {
                "path": own.path,
                "status": own.status,
                "size_before": own.size_before,
                "size_after": own.size_after,
            }
            for own in changes.files
        ],
    }


def _record(change: RecordChange) -> Mapping[str, Any]:
    language = current()
    return {
        "ref": change.ref,
        "path": change.path,
        "customer": change.customer,
        "type": change.type,
        "status": change.status,
        "title": change.title,
        "was": change.was or None,
        "fields": [
            {
                "field": fact.field,
                "label": fact.label(language),
                "before": fact.before,
                "after": fact.after,
            }
            for fact in change.fields
        ],
        "log": change.log,
        "log_removed": change.log_removed,
        "promises": [promise._asdict() for promise in change.promises],
        "body": [
            {
                "section": prose.key,
                "label": prose.zh if language == "zh" else prose.en,
                "words": [{"op": piece.op, "text": piece.text} for piece in prose.pieces],
            }
            for prose in change.body
        ],
        "retired": change.retired or None,
        "unreadable": change.unreadable,
    }
