"""A report as a Word document by pandoc, in a sandbox, the same bytes for the same report."""

from __future__ import annotations

import json
import re
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from aswiki.errors import BadInput, Defect
from aswiki.lang import _
from aswiki.render import drawing, fonts, reading, reference, signs, tree
from aswiki.render.chart import Chart
from aswiki.render.moment import moment
from aswiki.render.packing import packed, unpacked

_DATA = re.compile(r' descr="data:[^"]*"')
_PAGE = re.compile(r"<w:pgSz\b[^>]*>|<w:pgMar\b[^>]*>")
_SIDE = re.compile(r'\bw:(w|left|right)="(\d+)"')
_EXTENT = re.compile(r'(<(?:wp:extent|a:ext)\b[^>]*?) cx="(\d+)" cy="(\d+)"')
_A4 = {"w": 11906, "left": 1134, "right": 1134}  # twentieths of a point
_EMU = 635  # a twentieth of a point, in the unit of drawings
_CORE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties\
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"\
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>{title}</dc:title><dc:language>{language}</dc:language>\
<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified>\
</cp:coreProperties>
"""
_APP = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>aswiki</Application></Properties>
"""


def docx(
    markdown: str,
    *,
    title: str,
    language: str,
    epoch: int,
    charts: Mapping[str, Chart] | None = None,
    own: bytes | None = None,
) -> bytes:
    """The report as a Word document, charts as pictures.

    Args:
        markdown: the report; ``![…](chart:name)`` stands where a chart goes.
        title: of the document's properties.
        language: zh or en.
        epoch: when it was made, seconds since 1970; ``SOURCE_DATE_EPOCH`` goes before.
        charts: by name.
        own: a company's Word document whose styles, head and foot of a page are taken.

    Raises:
        BadInput: ``no-chart``: an address names no chart. ``bad-reference``: the company's own
            document cannot be taken.
        Unusable: ``extra-missing``: a library is not installed.
    """
    charts = charts or {}
    styled = reference.packaged() if own is None else reference.approved(own)
    blocks = list(_blocks(tree.tree(markdown, charts), charts))
    document = {"pandoc-api-version": tree.VERSION, "meta": {}, "blocks": blocks}
    parts = unpacked(_converted(json.dumps(document, ensure_ascii=False), styled, own is not None))
    if parts is None:
        raise Defect("docx", _("The report could not be made: {why}").format(why="pandoc"))
    at = moment(epoch).strftime("%Y-%m-%dT%H:%M:%SZ")
    lang = "zh-CN" if language == "zh" else language
    core = _CORE.format(title=escape(signs.shown(title)), language=escape(lang), at=at)
    text = _across(parts["word/document.xml"].decode())
    made = {"docProps/core.xml": core.encode(), "docProps/app.xml": _APP.encode()}
    return packed(parts | made | {"word/document.xml": text.encode()})


def _blocks(blocks: Sequence[tree.Node], charts: Mapping[str, Chart]) -> Iterator[tree.Node]:
    """The blocks with charts as PNG; what leads to something is kept on the page with it."""
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if block["t"] == "Figure":
            [image] = block["c"][2][0]["c"]
            name = image["c"][2][0].removeprefix(reading.CHART)
            picture = b64encode(drawing.png(charts[name])).decode()
            target = [f"data:image/png;base64,{picture}", ""]
            yield _in_style("Lead", block["c"][1][1][0]["c"])
            yield {"t": "Para", "c": [{"t": "Image", "c": [image["c"][0], image["c"][1], target]}]}
        elif tree.is_lead(block):
            yield _in_style("Lead", block["c"])
        elif block["t"] == "Para" and at and blocks[at - 1]["t"] == "Header" and after:
            yield _in_style("Kept", block["c"]) if tree.is_lead(after) else block
        else:
            yield block


def _in_style(style: str, words: Sequence[tree.Node]) -> tree.Node:
    attributes: list[Any] = ["", [], [["custom-style", style]]]
    return {"t": "Div", "c": [attributes, [{"t": "Para", "c": words}]]}


def _across(document: str) -> str:
    """The document with every picture as wide as its text, and without the pictures' data in it."""
    sides = _A4 | {
        name: int(value)
        for found in _PAGE.findall(document)
        for name, value in _SIDE.findall(found)
    }
    width = (sides["w"] - sides["left"] - sides["right"]) * _EMU

    def widened(found: re.Match[str]) -> str:
        height = width * int(found[3]) // int(found[2])
        return f'{found[1]} cx="{width}" cy="{height}"'

    return _EXTENT.sub(widened, _DATA.sub(' descr=""', document))


def _converted(document: str, styled: bytes, from_outside: bool) -> bytes:
    pypandoc = fonts.library("pypandoc")
    with tempfile.TemporaryDirectory(prefix="aswiki-") as folder:
        source, made = Path(folder, "reference.docx"), Path(folder, "report.docx")
        source.write_bytes(styled)
        words = ["--sandbox", "--quiet", f"--reference-doc={source}"]
        try:
            pypandoc.convert_text(
                document, "docx", format="json", outputfile=str(made), extra_args=words
            )
        except RuntimeError as error:
            raise _failed(error, from_outside) from error
        return made.read_bytes()


def _failed(error: RuntimeError, from_outside: bool) -> BadInput | Defect:
    if from_outside:
        return BadInput(
            "bad-reference",
            _("The reference document is no Word document (.docx), or a broken one."),
            _("Save it in Word as a document without macros (.docx), with its styles only."),
        )
    why = str(error).strip().splitlines()[-1:] or [""]
    return Defect("docx", _("The report could not be made: {why}").format(why=why[0]))
