"""Evidence files copied into the wiki and named in the record that they support."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aswiki.domain import records
from aswiki.errors import BadInput, NotFound
from aswiki.lang import _
from aswiki.store import files
from aswiki.store.frontmatter_edit import Add
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, with_edits, written_time
from aswiki.wiki.editing import no_word
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved, require_committed, writing
from aswiki.wiki.wiki import Wiki

LARGEST = 256 * 1024 * 1024
LONGEST_NAME = 180
HASH_LENGTH = 12
_UNSAFE = re.compile(r"""[\s<>:"/\\|?*'`$&;!#%{}\[\]^~]+""")


@dataclass
class Attachments:
    """The files about to be attached to one record.

    Args:
        beside: their bytes by path in the wiki, those already there left out.
        items: what is said of each in the record's evidence.
        known: names of files whose bytes the record has among its evidence already.
    """

    beside: dict[str, bytes] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


def attach(
    wiki: Wiki,
    words: str,
    sources: Sequence[str],
    asked: Asked,
    *,
    kind: str | None = None,
    note: str | None = None,
) -> Saved:
    """Copy files beside a customer's record and name them in its evidence, in one commit.

    A file that the record names already is not taken again; one that another record of the customer
    brought is named, not copied.

    Raises:
        BadInput: a file is a link, folder or device, empty, too large or without a name, or the
            record is of no customer.
    """
    key = wiki.vocabulary.key("evidence_kind", kind) if kind else None
    if kind and key is None:
        raise no_word(wiki, "evidence_kind", kind)
    ref = lookup.record(wiki, words, or_customer=True)
    customer = records.customer_of(ref)
    if customer is None:
        raise BadInput(
            "no-files-folder",
            _("{ref} belongs to no customer and has no files.").format(ref=ref),
            _("Attach the file to the customer's record that it comes from."),
        )
    facts = {"kind": key, "captured_at": written_time(wiki, asked), "note": note}
    said = {name: value for name, value in facts.items() if value}
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        present = checking.Checker(wiki).read(
            records.path_of(ref), wiki.bytes_of(records.path_of(ref)) or b""
        )
        found = _attachments(wiki, customer, sources, said, _hashes(present.fields))

        def edit(before: checking.Checked, _who: str) -> str:
            return with_edits(
                before.document.text, [Add(("evidence",), item) for item in found.items]
            )

        revision = Revision("attach", "attach", edit, beside=found.beside)
        saved = revise(wiki, ref, asked, revision)
    told = [_("{file} is attached already.").format(file=name) for name in found.known]
    return replace(saved, warnings=[*saved.warnings, *told])


def _hashes(fields: Mapping[str, Any]) -> set[str]:
    items = fields.get("evidence")
    return {
        str(item.get("sha256"))
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict)
    }


def _attachments(
    wiki: Wiki, customer: str, sources: Sequence[str], said: Mapping[str, str], hashes: set[str]
) -> Attachments:
    found = Attachments()
    for source in sources:
        data = content_of(source)
        sha256 = hashlib.sha256(data).hexdigest()
        name = safe_name(Path(source).name)
        if sha256 in hashes:
            found.known.append(name)
            continue
        hashes.add(sha256)
        path = _there(wiki, customer, sha256, data)
        if path is None:
            path = f"customers/{customer}/files/{sha256[:HASH_LENGTH]}-{name}"
            found.beside[path] = data
        else:
            require_committed(wiki, path, data)
        inside = path.removeprefix(f"customers/{customer}/")
        head = {"kind": said["kind"]} if "kind" in said else {}
        rest = {key: value for key, value in said.items() if key != "kind"}
        found.items.append({**head, "file": inside, "sha256": sha256, **rest})
    return found


def _there(wiki: Wiki, customer: str, sha256: str, data: bytes) -> str | None:
    """The path of an attachment of the customer that has these bytes already."""
    folder = wiki.root / "customers" / customer / "files"
    if not folder.is_dir() or folder.is_symlink():
        return None
    for name in files.walk(folder):
        path = f"customers/{customer}/files/{name}"
        if name.startswith(sha256[:HASH_LENGTH] + "-") and wiki.bytes_of(path) == data:
            return path
    return None


def content_of(source: str) -> bytes:
    """The bytes of a plain file that is to be attached.

    Raises:
        BadInput: it is not there, a link, folder, pipe or device, empty or too large.
    """
    path = Path(source)
    if not source.strip() or not path.name:
        raise BadInput("no-file", _("The file's name is empty."), _("Name a file."))
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError) as error:
        gone = isinstance(error, OSError) and error.errno in {errno.ENOENT, errno.ENOTDIR}
        reason = _("there is no such file") if gone else getattr(error, "strerror", "") or error
        raise _not_taken(source, str(reason)) from error
    if not stat.S_ISREG(mode):
        raise _not_taken(source, _("it is a link, a folder, a pipe or a device"))
    if not os.access(path, os.R_OK):
        raise _not_taken(source, _("you may not read it"))
    try:
        data = files.read_bytes(path, LARGEST)
    except NotFound as error:
        raise _not_taken(source, _("there is no such file")) from error
    if not data:
        raise _not_taken(source, _("it is empty"))
    return data


def _not_taken(source: str, reason: str) -> BadInput:
    shown = source if source.isprintable() else ascii(source)
    return BadInput(
        "bad-file",
        _("{file} cannot be attached: {reason}.").format(file=shown, reason=reason),
        _("Give a plain file with something in it."),
    )


def safe_name(name: str) -> str:
    """A file's name as it may stand in the wiki on every system; Chinese stays.

    Raises:
        BadInput: nothing of the name is left.
    """
    plain = unicodedata.normalize("NFC", name)
    plain = "".join("-" if _is_odd(sign) else sign for sign in plain)
    plain = re.sub(r"-{2,}", "-", _UNSAFE.sub("-", plain)).strip("-. ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or not stem.strip("-. ") or len(ending.encode()) > 16:
        stem, dot, ending = plain, "", ""
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").strip("-. ")
    if not stem:
        raise BadInput(
            "bad-name",
            _("The name {name} has nothing that can be kept.").format(name=ascii(name)),
            _("Rename the file, then attach it."),
        )
    return f"{stem}{dot}{ending}"


def _is_odd(sign: str) -> bool:
    """Whether a character steers a terminal, is invisible or stands for no character at all."""
    return unicodedata.category(sign)[0] == "C" or unicodedata.category(sign) in {"Zl", "Zp"}
