"""Reports against the tools beneath them: pages of many customers, and a PDF.

``python bench/reports.py html|plain|pdf|typst FOLDER`` makes them once, from what ``prepare`` left
in the folder; ``bench/run.py`` runs these in turn.
"""

from __future__ import annotations

import pickle
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from aswiki.render.chart import (
    Chart,
    IncidentChart,
    Outcome,
    PromiseChart,
    Series,
    SpendChart,
    Swing,
    Weather,
    WeatherStrip,
)
from aswiki.render.markdown import Layouts, Names, Template

PAGES = 200
TITLE = "2026-10 月报"
EPOCH = 1793581200
_ROOT = Path(__file__).parents[1]
_MONTHS = tuple(f"2026-{month:02}" for month in range(1, 13))
_PLACES = "".join(f"![{name}](chart:{name})\n\n" for name in ("promises", "weather"))


def prepare(folder: Path) -> None:
    """Leave in a folder what the commands read: one customer's month, and a PDF's sources."""
    from aswiki.render import pdf
    from aswiki.wiki.papers.reporting import Asked, Span, report
    from aswiki.wiki.wiki import Wiki

    shutil.copytree(_ROOT / "examples", folder / "examples")
    wiki = Wiki.open(folder / "examples", lambda: datetime(2026, 11, 2, 1, tzinfo=UTC))
    found = report(wiki, Asked(Span("2026-10"), ["sunbird"], "customer_tech"))
    (folder / "document").write_bytes(pickle.dumps(found.reports[0].for_template))
    (folder / "typst").mkdir()
    text, charts = next(_reports(folder))
    made = pdf.sources(text, title=TITLE, language="zh", charts=charts)
    for name, source in made.items():
        (folder / "typst" / name).write_text(source, encoding="utf-8")


def _reports(folder: Path) -> Iterator[tuple[str, dict[str, Chart]]]:
    """One report after another as Markdown with its charts, each of another customer."""
    layouts = Layouts(_template, Names("zh", ZoneInfo("Asia/Shanghai")), trusted=True)
    document = pickle.loads((folder / "document").read_bytes())
    for number in range(PAGES):
        document["name"] = f"客户 {number}"
        text = layouts.markdown("reports/report.zh.md.j2", document)
        yield text + _PLACES, _charts(number)


def _template(name: str) -> Template:
    return Template(name, (_ROOT / "templates" / name).read_text(encoding="utf-8"), trusted=True)


def _charts(number: int) -> dict[str, Chart]:
    spend = tuple(Decimal(1000 + number + 37 * month) for month in range(12))
    faults = tuple(Series(f"P{n}", tuple((number + n) % 5 for _m in _MONTHS)) for n in (1, 2, 3))
    outcomes = tuple(Outcome(key, key, number % 7) for key in ("kept", "late", "broken", "open"))
    swing = Swing("CNY", "2026-10", "+38%", up=True)
    weather = tuple(Weather("sunny" if number % 2 else "rain", "晴") for _month in _MONTHS)
    return {
        "spend": SpendChart("花费", "花费", "月份", _MONTHS, (Series("CNY", spend),), (swing,)),
        "incidents": IncidentChart("故障", "故障", "月份", _MONTHS, faults),
        "promises": PromiseChart("承诺", "承诺", "结果", "条数", outcomes),
        "weather": WeatherStrip("天气", "天气", "月份", _MONTHS, weather),
    }


def _html(folder: Path) -> None:
    from aswiki.render.html import html

    for text, charts in _reports(folder):
        html(text, title=TITLE, language="zh", charts=charts)


def _plain(folder: Path) -> None:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for text, _charts_of_it in _reports(folder):
        parser.render(text)


def _pdf(folder: Path) -> None:
    from aswiki.render.pdf import pdf

    text, charts = next(_reports(folder))
    pdf(text, title=TITLE, language="zh", charts=charts, epoch=EPOCH)


def _typst(folder: Path) -> None:
    import typst

    typst.compile(str(folder / "typst" / "main.typ"), format="pdf", pdf_standards=["a-2a", "ua-1"])


if __name__ == "__main__":
    {"html": _html, "plain": _plain, "pdf": _pdf, "typst": _typst}[sys.argv[1]](Path(sys.argv[2]))
