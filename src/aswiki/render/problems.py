"""Problems as the formats that editors and code hosts read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

from aswiki import __version__
from aswiki.domain.problem import Problem
from aswiki.lang import _
from aswiki.render import escaping, plain

LONGEST = 60_000
"""Characters of a Markdown answer, about; hosts refuse comments beyond 65,536."""

_LONGEST_SENTENCE = 500
_LONGEST_NAME = 300
_LONGEST_LINE = 3_000  # a sentence, every sign of it escaped, and what stands around it
# what hosts make a call or a link of, even escaped: @name, #1, !1, www., https://
_LINKING = re.compile(r"@|[#!$&~%]\w|\w#|://|www\.", re.IGNORECASE)

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://pypi.org/project/aswiki/"


def text(problems: Iterable[Problem], prefix: str = "") -> str:
    """One line a problem: ``path:line:column: CODE message hint``."""
    lines = []
    for p in problems:
        hint = f" {p.hint}" if p.hint else ""
        line = f"{prefix}{p.path}:{p.line}:{p.column}: {p.code} {p.message}{hint}"
        lines.append(plain.visible(line, keep="\t") + "\n")
    return "".join(lines)


def github(problems: Iterable[Problem], prefix: str = "") -> str:
    """GitHub's workflow commands, one line a problem: they become annotations.

    Source: GitHub Docs, Workflow commands for GitHub Actions.
    """
    lines = []
    for p in problems:
        places = {
            "file": escaping.visible(prefix + p.path),
            "line": str(p.line),
            "col": str(p.column),
            "title": p.code,
        }
        said = ",".join(f"{key}={_property(value)}" for key, value in places.items())
        lines.append(f"::{p.level} {said}::{_data(_sentence(p))}\n")
    return "".join(lines)


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def gitlab(problems: Iterable[Problem], prefix: str = "") -> str:
    """GitLab's code quality report.

    Source: GitLab Docs, Code Quality report format.
    """
    return _json(
        [
            {
                "description": _sentence(p),
                "check_name": p.code,
                "fingerprint": print_,
                "severity": "major" if p.level == "error" else "minor",
                "location": {
                    "path": escaping.visible(prefix + p.path),
                    "lines": {"begin": p.line},
                },
            }
            for p, print_ in _fingerprinted(problems)
        ]
    )


def sarif(problems: Iterable[Problem], prefix: str = "") -> str:
    """A SARIF 2.1.0 log.

    Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
    """
    found = list(problems)
    codes = sorted({p.code for p in found})
    driver = {
        "name": "aswiki",
        "version": __version__,
        "informationUri": _HOME,
        "rules": [{"id": code} for code in codes],
    }
    results = [
        {
            "ruleId": p.code,
            "ruleIndex": codes.index(p.code),
            "level": p.level,
            "message": {"text": _sentence(p)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(prefix + p.path)},
                        "region": {"startLine": p.line, "startColumn": p.column},
                    }
                }
            ],
            "partialFingerprints": {"aswiki/v1": print_},
        }
        for p, print_ in _fingerprinted(found)
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return _json({"$schema": _SARIF, "version": "2.1.0", "runs": [run]})


def _no_text(_path: str) -> str:
    return ""


def _uri(path: str) -> str:
    """The path as a relative URI; the bytes of a name that is no UTF-8 as they are."""
    return quote(path.encode("utf-8", "surrogateescape"))


def rdjson(
    problems: Iterable[Problem], prefix: str = "", text_of: Callable[[str], str] = _no_text
) -> str:
    """Reviewdog's diagnostic format, whose columns count bytes of UTF-8.

    A column is left out where the text of its line is not known.

    Source: reviewdog, Reviewdog Diagnostic Format.
    """
    diagnostics = [
        {
            "message": _sentence(p),
            "location": {
                "path": escaping.visible(prefix + p.path),
                "range": {"start": _start(p, text_of(p.path))},
            },
            "severity": p.level.upper(),
            "code": {"value": p.code},
        }
        for p in problems
    ]
    source = {"name": "aswiki", "url": _HOME}
    return _json({"source": source, "diagnostics": diagnostics})


def _start(p: Problem, text: str) -> dict[str, int]:
    before = "".join(text.split("\n")[p.line - 1 : p.line])[: p.column - 1]
    if len(before) < p.column - 1:
        return {"line": p.line}
    return {"line": p.line, "column": len(before.encode()) + 1}


def md(problems: Iterable[Problem], prefix: str = "", limit: int = LONGEST) -> str:
    """A list for a comment: folded by file, and cut at about ``limit`` characters."""
    found = list(problems)
    errors = sum(p.level == "error" for p in found)
    head = _("Errors: {errors}. Warnings: {warnings}.").format(
        errors=errors, warnings=len(found) - errors
    )
    text, told = f"**{head}**\n", 0
    for path, group in groupby(found, key=lambda p: p.path):
        mine = list(group)
        name = escape(escaping.visible(prefix + path)[:_LONGEST_NAME])
        text += f"\n<details><summary><code>{name}</code> ({len(mine)})</summary>\n\n"
        lines = _that_fit(map(_item, mine), limit - len(text))
        text += "".join(lines) + "\n</details>\n"
        told += len(lines)
        if len(lines) < len(mine) or limit - len(text) < _LONGEST_LINE:
            break
    if told < len(found):
        more = _("{n} more are left out here: --format text shows them.")
        text += f"\n{more.format(n=len(found) - told)}\n"
    return text


def _item(p: Problem) -> str:
    """A problem as an item of a list, in which nobody is called and nothing is linked."""
    said = _sentence(p)
    said = f"{said[: _LONGEST_SENTENCE - 1]}…" if len(said) > _LONGEST_SENTENCE else said
    shown = escaping.code(said) if _LINKING.search(said) else escaping.inline(said)
    return f"- {escaping.code(f'{p.line}:{p.column}')} {escaping.code(p.code)} {shown}\n"


def _that_fit(lines: Iterable[str], room: int) -> list[str]:
    kept = []
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return kept


def _sentence(p: Problem) -> str:
    return escaping.visible(f"{p.message} {p.hint}".strip())


def _fingerprinted(problems: Iterable[Problem]) -> list[tuple[Problem, str]]:
    """Each problem with what stays the same when lines above it come and go."""
    from hashlib import sha256

    seen: dict[tuple[str, str, str], int] = {}
    found = []
    for p in problems:
        key = (p.path, p.code, p.message)
        seen[key] = seen.get(key, -1) + 1
        said = "\0".join((*key, str(seen[key])))
        found.append((p, sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]))
    return found


def _json(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return plain.json_text(value, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Iterable[Problem], str], str]] = {
    "text": text,
    "md": md,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
    "rdjson": rdjson,
}
"""Every format but json, which is the command's own document."""
