"""A record under another name: its file moves, and the references of all records follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from aswiki.domain import records
from aswiki.domain.problem import Loc
from aswiki.domain.records.common import Part, abouts
from aswiki.domain.slug import RESERVED, is_slug, slug
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import document
from aswiki.store.frontmatter_edit import Add, Edit, Put, Remove
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, asked_time, with_edits
from aswiki.wiki.people import writer
from aswiki.wiki.revising import require_readable
from aswiki.wiki.saving import Change, Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki

_DATE = len("2026-10-03-")


def rename(wiki: Wiki, words: str, name: str, asked: Asked) -> Saved:
    """Give a record another slug; the date in front of it stays.

    Every front matter that names the record names it anew. Logs and other prose stay as they were
    written. A product keeps its old slug as an alias, since events and bills name it in words.

    Raises:
        BadInput: the record has no name of its own, or the slug is none or taken.
    """
    ref = lookup.record(wiki, words)
    new_ref = _renamed(ref, name)
    return move(wiki, ref, new_ref, asked, Operation("rename", ""))


def _renamed(ref: str, name: str) -> str:
    record_type = records.type_of(records.path_of(ref)) or ""
    if record_type in {"profile", "architecture", "usage"}:
        raise BadInput(
            "fixed-name",
            _("The file of {ref} is named by its place.").format(ref=ref),
            _("Only records with a slug of their own can be renamed; a customer keeps theirs."),
        )
    folder, _slash, stem = ref.rpartition("/")
    dated = record_type not in records.TOP_FOLDERS.values()
    prefix = stem[:_DATE] if dated else ""
    own = name.strip().removesuffix(".md").removeprefix(prefix)
    if not is_slug(own) or own in RESERVED:
        near = slug(own)
        raise BadInput(
            "bad-slug",
            _("{slug} cannot be a slug.").format(slug=name),
            _("For instance: {slug}").format(slug=near)
            if near and near not in RESERVED
            else _("A slug is a-z, 0-9 and -, at most 60 characters, and no reserved word."),
        )
    return f"{folder}/{prefix}{own}"


def move(wiki: Wiki, ref: str, new_ref: str, asked: Asked, operation: Operation) -> Saved:
    """Move a record's file and let the references follow, in one commit.

    Args:
        wiki: the open wiki.
        ref: the record as it is called.
        new_ref: as it shall be called.
        asked: the shared options.
        operation: what the commit says; its subject is made here where it is empty.

    Raises:
        BadInput: the new name is taken, or the record was retired.
        Unusable: a record that would change has uncommitted hand edits.
    """
    with writing(wiki, dry_run=asked.dry_run):
        path, new_path = records.path_of(ref), records.path_of(new_ref)
        raw = wiki.bytes_of(path) or b""
        before = checking.Checker(wiki).read(path, raw)
        require_readable(before)
        if new_ref == ref:
            return Saved(ref=ref, path=path)
        if wiki.exists(new_ref):
            raise BadInput(
                "name-taken",
                _("There is a record {ref} already.").format(ref=new_ref),
                _("Choose another slug."),
            )
        who = writer(wiki)
        moved = _following(raw, ref, new_ref, before.document) or raw
        if before.record_type == "product":
            moved = _with_alias(before, moved, ref, new_ref)
        changes = [Change(new_path, None, moved), Change(path, raw, None)]
        changes += _followers(wiki, path, ref, new_ref)
        changes += [who.change] if who.change else []
        about = records.customer_of(ref) or before.record_type
        title = before.fields.get("title", ref)
        subject = operation.subject or f"rename({about}): {title}"
        echo = asked_time(wiki, asked)
        saved = save(wiki, changes, replace(operation, subject=subject), dry_run=asked.dry_run)
        refs = [one for one in saved.refs if one != ref]
        warnings = [who.warning] if who.warning else []
        return replace(saved, refs=refs, warnings=warnings, echo=echo)


def _followers(wiki: Wiki, own: str, ref: str, new_ref: str) -> Iterator[Change]:
    """The other records that name it, with the new name."""
    for path in wiki.paths():
        raw = wiki.bytes_of(path) if path != own else None
        if raw is None or ref.encode() not in raw:
            continue
        changed = _following(raw, ref, new_ref, document.read(path, raw))
        if changed is not None:
            yield Change(path, raw, changed)


def _following(raw: bytes, ref: str, new_ref: str, doc: document.Document) -> bytes | None:
    """The file with the new name in the place of the old one; None where it does not name it."""
    if doc.split is None or ref.encode() not in raw:
        return None
    edits: list[Edit] = [
        Put(loc, new_ref + text[len(ref) :]) for loc, text in _references(doc.data, ref)
    ]
    return doc.encode(with_edits(doc.text, edits)) if edits else None


def _references(data: object, ref: str, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every place of a front matter that names the record, or a promise of it."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if not str(key).startswith("x_"):
                yield from _references(value, ref, (*loc, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _references(value, ref, (*loc, index))
    elif isinstance(data, str) and data.partition("#")[0] == ref:
        keys = [step for step in loc if isinstance(step, str)]
        if keys[-1] in _reference_keys() or keys[-2:] == ["attributions", "evidence"]:
            yield loc, data


@cache
def _reference_keys() -> frozenset[str]:
    """The keys of all record types whose value is a reference."""
    return frozenset(key for name in records.TYPES for key in _keys_of(records.model(name)))


def _keys_of(shape: type[Part]) -> Iterator[str]:
    for key, about in abouts(shape).items():
        if about.names == "ref":
            yield key
        if about.part is not None:
            yield from _keys_of(about.part)


def _with_alias(before: checking.Checked, raw: bytes, ref: str, new_ref: str) -> bytes:
    """The product with its old slug for an alias, and without one that is its slug from now on."""
    old, new = ref.rpartition("/")[2], new_ref.rpartition("/")[2]
    doc = document.read(before.path, raw)
    said = doc.data.get("aliases")
    aliases = said if isinstance(said, list) else []
    edits: list[Edit] = [Remove(("aliases", aliases.index(new)))] if new in aliases else []
    if old not in {str(name).strip().casefold() for name in (doc.data.get("title"), *aliases)}:
        edits.append(Add(("aliases",), old))
    return doc.encode(with_edits(doc.text, edits))
