"""A record's file as a program would have written it: encoding, labels, times; nothing else."""

from __future__ import annotations

import unicodedata
from typing import Any

from aswiki.domain import log, records
from aswiki.domain.checks import schema
from aswiki.domain.labels import Rename, Reword, corrections
from aswiki.domain.records.common import Tombstone, abouts
from aswiki.domain.records.types import Reading
from aswiki.errors import AswikiError
from aswiki.store import amend, contents, document, frontmatter_edit, frontmatter_keys
from aswiki.store.document import Document

_ODD = frozenset({"ASW102", "ASW103", "ASW104", "ASW105"})  # how a text is encoded


def mended(path: str, raw: bytes, reading: Reading) -> bytes:
    """The file as UTF-8, NFC and LF, keys for labels, an offset for every time.

    Order, comments and every other byte stay, and so does all that the record says: where
    one of the three would change that, it is left out.

    Args:
        path: of a record, from the wiki's root.
        raw: the file's bytes.
        reading: the wiki's zone and words.
    """
    found = document.read(path, raw)
    if not found.text or "\0" in found.text or (found.split is None and found.encoding != "utf-8"):
        return raw  # no text, or some other file that happens to decode
    plain = _plain(found, reading)
    written = plain.text.encode()
    if plain.split is None or any(problem.level == "error" for problem in plain.problems):
        return written
    text = _written_out(_with_keys(plain, reading), plain, reading)
    if text == plain.text:
        return written
    new = document.read(path, text.encode())
    return new.raw if _says_no_less(plain, new, reading) else written


def _plain(found: Document, reading: Reading) -> Document:
    """The document in UTF-8 with LF, and in NFC unless it would then be read otherwise.

    A combining sign behind a mark of the grammar makes another sign of it.
    """
    if not _ODD.intersection(problem.code for problem in found.problems):
        return found
    composed = document.read(found.path, unicodedata.normalize("NFC", found.text).encode())
    same = _composed(_fields(found, reading)) == _composed(_fields(composed, reading))
    return composed if same else document.read(found.path, found.text.encode())


def _fields(found: Document, reading: Reading) -> dict[str, Any]:
    return contents.fields(found, records.type_of(found.path) or "", reading).data


def _composed(value: object) -> object:
    if isinstance(value, dict):
        return {_composed(key): _composed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_composed(item) for item in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _with_keys(found: Document, reading: Reading) -> str:
    """The text with the keys of labels and the offsets of times in its front matter."""
    retired = schema.is_retired(found.data)
    shape = Tombstone if retired else records.model(records.type_of(found.path) or "")
    wanted = list(corrections(shape, found.data, reading))
    if found.split is None or not wanted:
        return found.text
    words = [
        frontmatter_edit.Put(each.loc, each.value) for each in wanted if isinstance(each, Reword)
    ]
    keys = [(each.loc, each.key) for each in wanted if isinstance(each, Rename)]
    try:
        front = frontmatter_edit.edit(found.split.front, words)
    except AswikiError:  # a form of YAML that cannot be edited in place
        return found.text
    renamed = frontmatter_keys.renamed(front, keys)
    return amend.with_front(found.text, front if renamed is None else renamed)


def _written_out(text: str, found: Document, reading: Reading) -> str:
    """The text with the keys of kinds and the offsets of times in its log."""
    about = abouts(records.model(records.type_of(found.path) or ""))["log"]
    kinds = contents.log_kinds(reading)
    return amend.with_log(text, about, lambda own: log.written_out(own, reading.zone, kinds))


def _says_no_less(before: Document, after: Document, reading: Reading) -> bool:
    """Whether what could be read before is read the same after."""
    record_type = records.type_of(before.path) or ""
    old = schema.read(record_type, _fields(before, reading), reading)[0]
    if old is None:
        return True
    new = schema.read(record_type, _fields(after, reading), reading)[0]
    return new is not None and new.model_dump_json() == old.model_dump_json()
