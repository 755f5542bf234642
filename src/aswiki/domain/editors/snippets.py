"""Snippets for VS Code: log entries, words of a field, a record's headings, a promise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aswiki.domain.json_schema import parts_of, shape_of
from aswiki.domain.records import TYPES
from aswiki.domain.records.common import About, Part, abouts
from aswiki.domain.vocabulary import DEFAULT, Vocabulary

_DAY = "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}"
_NOW = f"{_DAY} ${{CURRENT_HOUR}}:${{CURRENT_MINUTE}} ${{CURRENT_TIMEZONE_OFFSET}}"
_SPECIAL = re.compile(r"([\\$}])")
_IN_A_CHOICE = re.compile(r"([\\$},|])")

Snippet = dict[str, object]


class _Holes(NamedTuple):
    """What stands in the places of a snippet until somebody types there."""

    by: str
    department: str
    other: str
    text: str
    quote: str
    what: str
    person: str


_HOLES = {
    "en": _Holes("me", "department", "other-department", "text", "to the letter", "what", "person"),
    "zh": _Holes("我", "部门", "另一部门", "内容", "原话", "承诺内容", "人员"),
}


def snippets(language: str, words: Vocabulary = DEFAULT) -> dict[str, Snippet]:
    """The snippets by their name, as a ``.code-snippets`` file holds them.

    Args:
        language: zh or en, of headings and of what stands in the holes.
        words: the words allowed, a wiki's own included.
    """
    found = [*_log(language, words), _promise(language), *_headings(language, words)]
    found += _fields(words)
    return {name: {"scope": "markdown", **said} for name, said in found}


def _log(language: str, words: Vocabulary) -> Iterator[tuple[str, Snippet]]:
    """One snippet a kind of log entry, in the grammar of the log."""
    holes = _HOLES[language]
    for kind, (en, zh) in words.words("log_kind").items():
        towards, quote = "", []
        if kind == "deflection":
            towards = f" ${{2:{holes.department}}} → ${{3:{holes.other}}}"
        elif kind in {"demand", "escalation"}:
            towards = f" → ${{2:{holes.department}}}${{3: (L2)}}"
        elif kind == "customer":
            quote = [f"  > ${{0:{holes.quote}}}"]
        text = f"${{4:{holes.text}}}" if quote else f"${{0:{holes.text}}}"
        line = f"- {_NOW} · ${{1:{holes.by}}} · {_literal(kind)}{towards}: {text}"
        yield (
            f"log: {kind}",
            {
                "prefix": _prefixes(f"log-{kind}", f"log-{en}", f"处理过程-{zh}"),
                "body": [line, *quote],
                "description": f"Log entry, {en} · 处理过程，{zh}",
            },
        )


def _promise(language: str) -> tuple[str, Snippet]:
    holes = _HOLES[language]
    who = f"by: {{person: ${{3:{holes.person}}}, department: ${{4:{holes.department}}}\\}}"
    what = f"id: p${{1:1}}, what: ${{2:{holes.what}}}"
    line = f"  - {{{what}, {who}, made_on: {_DAY}, status: open\\}}"
    return (
        "promise",
        {
            "prefix": ["promises", "承诺"],
            "body": ["promises:", line],
            "description": "Promise, in the front matter · 承诺，写在头部",
        },
    )


def _headings(language: str, words: Vocabulary) -> Iterator[tuple[str, Snippet]]:
    """All headings of a record type, in the order of a new file; an event's are an incident's."""
    for name in TYPES:
        said = abouts(shape_of(name)).values()
        sections = [a for a in said if a.section and (not a.kinds or "incident" in a.kinds)]
        en, zh = words.words("record_type")[name]
        body = [line for a in sections for line in (_heading(a, language), "", "")]
        own = [f"{name}-headings", f"{zh}-小节"]
        if name == "event":
            own += ["incident-headings", "故障-小节"]
        yield (
            f"headings: {name}",
            {
                "prefix": own,
                "body": body[:-1],
                "description": f"Headings, {en} · 小节标题，{zh}",
            },
        )


def _heading(about: About, language: str) -> str:
    return f"## {about.zh if language == 'zh' else about.en}"


def _fields(words: Vocabulary) -> Iterator[tuple[str, Snippet]]:
    """One snippet for each field that takes its words from a vocabulary: a choice of its keys."""
    used: dict[tuple[str, str], tuple[About, list[str]]] = {}
    for name in TYPES:
        shape = shape_of(name)
        for part in dict.fromkeys((shape, *parts_of(shape))):
            for about in _worded(part):
                _about, types = used.setdefault((about.key, str(about.vocabulary)), (about, []))
                if name not in types:
                    types.append(name)
    for (key, vocabulary), (about, types) in used.items():
        choice = ",".join(_IN_A_CHOICE.sub(r"\\\1", word) for word in words.words(vocabulary))
        value = f"[${{1|{choice}|}}]" if about.many else f"${{1|{choice}|}}"
        where = ", ".join(types) if len(types) < len(TYPES) else "*"
        yield (
            f"field: {key} ({vocabulary})",
            {
                "prefix": _prefixes(key, about.zh),
                "body": [f"{key}: {value}"],
                "description": f"{about.en} · {about.zh} ({where})",
            },
        )


def _worded(part: type[Part]) -> Iterator[About]:
    for about in abouts(part).values():
        if about.vocabulary is not None and about.key != "type":
            yield about


def _prefixes(*words: str) -> Sequence[str]:
    """What is typed for a snippet: no spaces, each once."""
    return list(dict.fromkeys(word.lower().replace(" ", "-") for word in words))


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
