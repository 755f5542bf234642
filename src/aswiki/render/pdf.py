"""A report as PDF/A by typst; records reach it as data, and nothing lies beside them to be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

from aswiki.errors import Defect
from aswiki.lang import _
from aswiki.render import drawing, fonts, shapes, signs, tree
from aswiki.render.chart import Chart
from aswiki.render.moment import pinned

STANDARDS = ["a-2a", "ua-1"]
"""PDF/A-2a: for the archive, tagged; and PDF/UA-1: for those who cannot see it."""

_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed')
_UNICODE = re.compile(r"\\u\{([0-9a-f]+)\}")
_MAIN = "main.typ"
_ROUNDS = 4
_MONO = ("DejaVu Sans Mono", "Noto Sans Mono CJK SC")
_LATIN = "Libertinus Serif"


def pdf(
    markdown: str,
    *,
    title: str,
    language: str,
    epoch: int,
    charts: Mapping[str, Chart] | None = None,
    compact: bool = False,
) -> bytes:
    """The report as PDF/A with its title above and the page's number below each page.

    A character that no font has is written out as its number.

    Args:
        markdown: the report; ``![…](chart:name)`` stands where a chart goes.
        title: of the document.
        language: zh or en.
        epoch: when it was made, seconds since 1970; ``SOURCE_DATE_EPOCH`` goes before.
        charts: by name.
        compact: whether it is set small, so that a page holds more.

    Raises:
        BadInput: ``no-chart``: an address names no chart.
        Unusable: ``extra-missing``: a library is not installed. ``no-font``: none prints Chinese.
    """
    made = sources(markdown, title=title, language=language, charts=charts or {}, compact=compact)
    for _round in range(_ROUNDS):
        done = _set(made, pinned(epoch))
        if isinstance(done, bytes):
            return done
        if not fonts.fonts() and any(shapes.is_wide(sign) for sign in done):
            raise fonts.no_font()
        numbers = str.maketrans({sign: f"U+{ord(sign):04X}" for sign in done})
        made = {
            name: text if name == _MAIN else text.translate(numbers) for name, text in made.items()
        }
    raise Defect("pdf", _("The report could not be printed: {why}").format(why="fonts"))


def sources(
    markdown: str,
    *,
    title: str,
    language: str,
    charts: Mapping[str, Chart],
    compact: bool = False,
) -> dict[str, str]:
    """The files that typst sets, by name: our page, the report as JSON, the charts.

    Raises:
        BadInput: ``no-chart``: an address names no chart.
        Unusable: ``extra-missing``: a library is not installed.
    """
    report = {
        "title": signs.shown(title) or "–",
        "language": language,
        "fonts": [*fonts.fonts(), _LATIN],
        "latin": _LATIN,
        "mono": [*_MONO, *fonts.fonts()],
        "compact": compact,
        "blocks": tree.tree(markdown, charts),
    }
    drawn = {f"{name}.svg": drawing.svg(chart) for name, chart in charts.items()}
    return {_MAIN: _page(), "report.json": json.dumps(report, ensure_ascii=False), **drawn}


def _set(made: Mapping[str, str], epoch: int) -> bytes | set[str]:
    """The pages, or the characters that no font has."""
    typst = fonts.typst()
    with fonts.nowhere() as root:
        try:
            done = typst.compile(
                {name: text.encode() for name, text in made.items()},
                root=root,
                font_paths=fonts.loaded(),
                format="pdf",
                pdf_standards=STANDARDS,
                timestamp=epoch,
            )
        except typst.TypstError as error:
            missing = set(_missing(error.diagnostic))
            if not missing:
                raise Defect(
                    "pdf", _("The report could not be printed: {why}").format(why=error.message)
                ) from error
            return missing
    return bytes(done)


def _missing(diagnostic: str) -> Iterator[str]:
    for found in _MISSING.finditer(diagnostic):
        yield from _UNICODE.sub(lambda code: chr(int(code[1], 16)), found[1])


@lru_cache(maxsize=1)
def _page() -> str:
    return files("aswiki.render").joinpath("styles", "report.typ").read_text(encoding="utf-8")
