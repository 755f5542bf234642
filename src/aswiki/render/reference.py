"""The Word document that gives a report its styles: the packaged one, or a company's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.render.packing import packed, unpacked

_PARTS = {
    "[Content_Types].xml": "content-types.xml",
    "_rels/.rels": "package-rels.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document-rels.xml",
    "word/styles.xml": "styles.xml",
    "word/footer1.xml": "footer.xml",
}
_NEEDED = ("[Content_Types].xml", "word/document.xml", "word/styles.xml")
_MACROS = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX|oleObject", re.IGNORECASE)
_RELATION = re.compile(rb"<[^<>]*\bTargetMode\s*=\s*[\"']External[\"'][^<>]*>")


@lru_cache(maxsize=1)
def packaged() -> bytes:
    """The packaged document: Chinese and Latin fonts, A4, the page's number at its foot."""
    folder = files("aswiki.render").joinpath("styles", "docx")
    return packed({name: folder.joinpath(file).read_bytes() for name, file in _PARTS.items()})


@lru_cache(maxsize=4)
def approved(raw: bytes) -> bytes:
    """A company's document as it may be handed on.

    Raises:
        BadInput: ``bad-reference``: it is no Word document, or one with macros or links outside.
    """
    parts = unpacked(raw)
    if parts is None or not all(name in parts for name in _NEEDED):
        raise _refused(_("The reference document is no Word document (.docx), or a broken one."))
    if any(_MACROS.search(text) for text in _told(parts.items())):
        raise _refused(_("The reference document holds macros or embedded programs."))
    for name, part in parts.items():
        outside = _RELATION.findall(part) if name.endswith(".rels") else []
        if any(b"/hyperlink" not in relation for relation in outside):
            raise _refused(_("The reference document loads something from outside of it."))
    if any(name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts[name] for name in parts):
        raise _refused(_("The reference document is no Word document (.docx), or a broken one."))
    return raw


def _told(parts: Iterable[tuple[str, bytes]]) -> Iterable[bytes]:
    """The names of the parts, and what the package says of their kinds and relations."""
    for name, part in parts:
        yield name.encode()
        if name == "[Content_Types].xml" or name.endswith(".rels"):
            yield part


def _refused(sentence: str) -> BadInput:
    return BadInput(
        "bad-reference",
        sentence,
        _("Save it in Word as a document without macros (.docx), with its styles only."),
    )
