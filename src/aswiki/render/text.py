"""All words of a finished report, whichever its form: what a scan for leaks has to read."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import chain
from xml.etree.ElementTree import Element, fromstring

from aswiki.errors import Defect
from aswiki.lang import _
from aswiki.render import fonts, shapes
from aswiki.render.packing import unpacked

Words = Iterator[tuple[str, str]]

_WITHIN_A_LINE = {"a", "b", "code", "em", "i", "s", "span", "strong", "sub", "sup", "tspan"}
_NOT_WORDS = {  # attributes that hold shapes, looks and the like
    *("charset", "class", "cx", "cy", "d", "fill", "font-family", "font-size", "font-weight"),
    *("height", "http-equiv", "lang", "r", "rel", "role", "scope", "start", "stroke"),
    *("stroke-width", "tabindex", "text-anchor", "transform", "viewbox", "width", "x", "xmlns"),
    *("y",),
}
_PARAGRAPHS = {"p", "si", "comment", "is"}  # of Word and Excel: their runs make one text
_RUNS = {"t", "instrText", "delText"}
_TOLD = {"descr", "title", "Target", "name", "tooltip", "display", "location", "alt"}
_LOOKS = ("styles.xml", "theme1.xml", "fontTable.xml", "numbering.xml", "[Content_Types].xml")
_SAID = {"f", "definedName", "oddHeader", "oddFooter"}
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")


def texts_of(form: str, raw: bytes) -> Words:
    """Every text a reader of the file may come upon, with where it stands; the file's order.

    Alternative texts, addresses, properties, names of sheets and comments are among them. What
    is one line to a reader is one text, however the file cuts it.

    Args:
        form: md, json, html, svg, docx, xlsx or pdf.
        raw: the file, made by this program.

    Raises:
        Unusable: ``extra-missing``: pypdf is not installed.
    """
    if form not in _READERS:
        raise Defect("no-form", _("There is no form {form} of a report.").format(form=form))
    return ((where, words) for where, words in _READERS[form](raw) if words.strip())


def _markdown(raw: bytes) -> Words:
    for number, line in enumerate(raw.decode().split("\n"), 1):
        yield f"line {number}", line


def _json(raw: bytes) -> Words:
    return _inside("", json.loads(raw))


def _inside(where: str, value: object) -> Words:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield where, str(key)
            yield from _inside(f"{where}.{key}".lstrip("."), inner)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _inside(f"{where}[{at}]", inner)
    elif value is not None:
        yield where, str(value)


def _markup(raw: bytes) -> Words:
    reader = _Page()
    reader.feed(raw.decode())
    reader.close()
    reader.end_line()
    return iter(reader.found)


class _Page(HTMLParser):
    """The words of HTML and SVG, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self.tag = ""
        self._line: list[str] = []

    def end_line(self) -> None:
        """What was read since the last line's end is one text."""
        if self._line:
            self.found.append((self.tag, "".join(self._line)))
        self._line = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _WITHIN_A_LINE:
            self.end_line()
            self.tag = tag
        for name, value in attrs:
            if value and name not in _NOT_WORDS:
                self.found.append((f"{tag} {name}", value))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHIN_A_LINE:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self.tag != "style":
            self._line.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def _office(raw: bytes) -> Words:
    parts = unpacked(raw)
    if parts is None:
        raise Defect("no-form", _("There is no form {form} of a report.").format(form="office"))
    for name in sorted(parts):
        yield "part", name
        if name.endswith((".xml", ".rels")) and not name.endswith(_LOOKS):
            root = fromstring(parts[name])  # noqa: S314 - our own file; DOCTYPEs are refused before
            yield from _part(name, root, whole="docProps/" in name)


def _part(name: str, node: Element, *, whole: bool) -> Words:
    """The words of one part; properties are words as a whole, elsewhere only runs are."""
    for key, value in node.attrib.items():
        if _local(key) in _TOLD:
            yield f"{name} {_local(key)}", value
    kind = _local(node.tag)
    if kind in _PARAGRAPHS:
        yield name, "".join(run.text or "" for run in node.iter() if _local(run.tag) in _RUNS)
    elif node.text and (whole or kind in _SAID):
        yield f"{name} {kind}", node.text
    for child in node:
        yield from _part(name, child, whole=whole)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _pdf(raw: bytes) -> Words:
    """The pages' text with lines joined, and every text beside: title, outline, alternatives."""
    errors = fonts.library("pypdf.errors")
    try:
        yield from _pages(raw)
    except errors.PyPdfError as error:
        raise Defect(
            "unread", _("The words of the finished PDF cannot be read: {why}").format(why=error)
        ) from error


def _pages(raw: bytes) -> Words:
    reader = fonts.library("pypdf").PdfReader(io.BytesIO(raw))
    for number, page in enumerate(reader.pages, 1):
        yield f"page {number}", _joined(page.extract_text())
    told: dict[str, None] = {}
    for number in range(1, int(reader.trailer["/Size"])):
        told.update(dict.fromkeys(_strings(reader.get_object(number))))
    for words in chain(told, (str(value) for value in (reader.metadata or {}).values())):
        yield "beside the pages", words
    metadata = reader.trailer["/Root"].get("/Metadata")
    if metadata is not None:
        yield from _markup(metadata.get_object().get_data())


def _strings(value: object) -> Iterator[str]:
    """The texts within one object of a PDF."""
    from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject

    if isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, DictionaryObject):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, ArrayObject):
        for inner in value:
            yield from _strings(inner)


def _joined(text: str) -> str:
    """Lines put together: Chinese and hyphened words without a gap, others with a space."""
    text = text.replace("\u200b", "")

    def between(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        both_wide = all(sign and shapes.is_wide(sign) for sign in (before, after))
        return "" if both_wide or before in {"-", "/"} else " "

    return _LINE_END.sub(between, text)


_READERS: dict[str, Callable[[bytes], Words]] = {
    "md": _markdown,
    "json": _json,
    "html": _markup,
    "svg": _markup,
    "docx": _office,
    "xlsx": _office,
    "pdf": _pdf,
}
