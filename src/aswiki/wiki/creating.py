"""New records: a customer, an event, any record of a type; and pages made when first written."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from aswiki.domain import records
from aswiki.domain.checks.surroundings import start_of
from aswiki.domain.records.common import About, abouts
from aswiki.domain.records.moments import moment as iso_moment
from aswiki.domain.slug import RESERVED, customer_slug, is_slug, slug, unique
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import document
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import (
    Asked,
    asked_time,
    by_of,
    clean,
    edited,
    moment_of,
    new_text,
    set_times,
    written_time,
)
from aswiki.wiki.people import Writer, writer
from aswiki.wiki.saving import Change, Operation, Saved, occurred, save, writing
from aswiki.wiki.wiki import Wiki

LONGEST_NAME = 200


@dataclass(frozen=True)
class Draft:
    """A record about to be made.

    Args:
        record_type: its type.
        customer: the customer's slug; None for lessons and products.
        title: one line.
        fields: front matter and sections, as plain data.
        stem: the file's name without ``.md`` where the type or the user gives it: ``profile``,
            ``usage/2026-10``.
        echo: what was understood while the fields were read.
    """

    record_type: str
    customer: str | None
    title: str
    fields: Mapping[str, Any]
    stem: str = ""
    echo: Sequence[str] = ()


def new_customer(
    wiki: Wiki,
    name: str,
    asked: Asked,
    *,
    own_slug: str | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Saved:
    """A new customer's profile.

    Raises:
        BadInput: the name is empty, too long, known already or gives no slug.
    """
    name = unicodedata.normalize("NFC", name).strip()
    with writing(wiki, dry_run=asked.dry_run):
        chosen = _customer_slug(wiki, name, own_slug)
        who = writer(wiki)
        draft = Draft("profile", chosen, name, {"name": name, **(fields or {})}, "profile")
        return create(wiki, draft, asked, who)


def _customer_slug(wiki: Wiki, name: str, own_slug: str | None) -> str:
    chosen = slug_of(name, own_slug)
    for known in lookup.named_customers(wiki):
        names = {other.casefold() for other in known.names()}
        if known.slug == chosen or name.casefold() in names:
            raise BadInput(
                "customer-exists",
                _("There is a customer {slug} already: {name}.").format(
                    slug=known.slug, name=known.name
                ),
                _("Another customer of the same name needs its own --slug and name."),
            )
    return chosen


def slug_of(name: str, own_slug: str | None = None) -> str:
    """The slug of a new customer of that name, whoever is there already.

    Raises:
        BadInput: the name is empty or too long, or gives no slug, or the given slug is none.
    """
    if not name or len(name) > LONGEST_NAME or "\n" in name:
        raise BadInput(
            "bad-name",
            _("A customer's name is one line of 1 to {longest} characters.").format(
                longest=LONGEST_NAME
            ),
            _("Give the name people use; aliases come with --set aliases=…"),
        )
    if own_slug is not None and (not is_slug(own_slug) or own_slug in RESERVED):
        raise BadInput(
            "bad-slug",
            _("{slug} cannot be a slug.").format(slug=own_slug),
            _("A slug is a-z, 0-9 and -, at most 60 characters, and no reserved word."),
        )
    if "/" in name or "\\" in name or name.startswith("."):
        raise BadInput(
            "bad-name",
            _("A customer's name cannot hold / or \\ nor begin with a dot."),
            _("Give the name without them."),
        )
    chosen = own_slug or customer_slug(name)
    if not chosen or chosen in RESERVED:
        raise BadInput(
            "no-slug",
            _("The name {name} gives no slug.").format(name=name),
            _("Give one with --slug."),
        )
    return chosen


def create_for_customer(
    wiki: Wiki,
    record_type: str,
    customer: str,
    title: str,
    fields: Mapping[str, Any],
    asked: Asked,
    *,
    echo: Sequence[str] = (),
) -> Saved:
    """A new record of a customer, in the folder of its type.

    Raises:
        NotFound: no such customer.
        BadInput: the record would not be valid.
    """
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        own = lookup.customer(wiki, customer)
        draft = Draft(record_type, own, title, fields, echo=echo)
        saved = create(wiki, draft, asked, writer(wiki))
    return _with_similar(wiki, draft, saved)


def _with_similar(wiki: Wiki, draft: Draft, saved: Saved) -> Saved:
    """What was saved, with the earlier records that are like a new incident or complaint."""
    kind = wiki.vocabulary.key("event_kind", str(draft.fields.get("kind") or ""))
    if draft.record_type != "complaint" and (draft.record_type, kind) != ("event", "incident"):
        return saved
    from aswiki.wiki.similar import like

    front = lookup.front_of(wiki, saved.path) if saved.commit and saved.path else {}
    fields = {**draft.fields, **front}
    found = like(wiki, str(fields.get("title", draft.title)), fields, ref=saved.ref or "")
    return replace(saved, similar=found)


def create(wiki: Wiki, draft: Draft, asked: Asked, who: Writer) -> Saved:
    """Write a draft as a new file, in one commit.

    Raises:
        BadInput: the record would not be valid.
    """
    path, text, echo = draft_text(wiki, draft, asked, who)
    checker = checking.Checker(wiki, texts={path: text.encode()}, newcomer=who.id)
    text, checked = _edited_by_hand(checker, path, text, asked)
    changes = [Change(path, None, text.encode()), *([who.change] if who.change else [])]
    subject = f"{_kind(checked)}({draft.customer or draft.record_type}): {checked.fields['title']}"
    time_key = records.TIME_KEYS.get(draft.record_type)
    happened = getattr(checked.record, time_key) if checked.record and time_key else None
    operation = Operation("create", subject, occurred(happened))
    saved = save(wiki, changes, operation, dry_run=asked.dry_run)
    warnings = [problem.message for problem in checked.problems]
    return replace(saved, warnings=[*warnings, *([who.warning] if who.warning else [])], echo=echo)


def _kind(checked: checking.Checked) -> str:
    return str(checked.fields.get("kind") or checked.record_type)


def _edited_by_hand(
    checker: checking.Checker, path: str, text: str, asked: Asked
) -> tuple[str, checking.Checked]:
    """The draft after the editor, if one is asked for, and without errors."""
    checked = checker.check(path, text.encode())
    errors = [problem for problem in checked.problems if problem.level == "error"]
    if asked.editor is not None:
        text = asked.editor(text, errors)
        while True:
            checked = checker.check(path, text.encode())
            errors = [problem for problem in checked.problems if problem.level == "error"]
            if not errors:
                return text, checked
            text = asked.editor(text, errors)
    if errors:
        raise checking.refuse(errors)
    return text, checked


def draft_text(wiki: Wiki, draft: Draft, asked: Asked, who: Writer) -> tuple[str, str, list[str]]:
    """The path and the text of a draft, and what was understood on the way."""
    fields, echo = _with_defaults(wiki, draft, asked, who)
    text = new_text(wiki, draft.record_type, fields, asked)
    kind = fields.get("kind")
    text = edited(wiki, text, draft.record_type, replace(asked, body=None), kind=kind)
    echo += set_times(wiki, draft.record_type, asked)
    return _path(wiki, draft, dict(document.read("", text.encode()).data), asked), text, echo


def _with_defaults(
    wiki: Wiki, draft: Draft, asked: Asked, who: Writer
) -> tuple[dict[str, Any], list[str]]:
    known = abouts(records.model(draft.record_type))
    fields: dict[str, Any] = {"type": draft.record_type, "title": draft.title}
    for key, value in clean(draft.fields).items():
        fields[key] = _normal(wiki, known[key], value) if key in known else value
    echo = list(draft.echo)
    time_key = records.TIME_KEYS.get(draft.record_type)
    if time_key and known[time_key].form == "moment" and time_key not in fields:
        fields[time_key] = written_time(wiki, asked)
        if asked.at is not None:
            echo.append(_("Time: {time}").format(time=fields[time_key]))
    elif asked.at is not None:
        echo += asked_time(wiki, asked)
    fields.setdefault("owner", who.id)
    if asked.by is not None:
        fields.setdefault("source", {"said_by": by_of(wiki, asked, who.id)})
    for name, value in _type_defaults(wiki, draft.record_type, fields).items():
        if name not in fields and name not in dict(asked.sets):
            fields[name] = value
            if name == "severity":
                echo.append(
                    _("Severity: {severity}, unless you say otherwise").format(severity=value)
                )
    return fields, echo


def _normal(wiki: Wiki, about: About, value: Any) -> Any:  # noqa: ANN401 - plain data of a field
    if isinstance(value, str) and about.vocabulary is not None:
        return wiki.vocabulary.key(about.vocabulary, value) or value
    if isinstance(value, str) and about.names == "person":
        return lookup.person(wiki, value)
    if isinstance(value, str) and about.names == "department":
        return lookup.department(wiki, value)
    return value


def _type_defaults(wiki: Wiki, record_type: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    if record_type == "event":
        incident = fields.get("kind") == "incident"
        return {"status": "new", **({"severity": "P3"} if incident else {})}
    if record_type == "complaint":
        return {"status": "received", "direction": "customer_to_us"}
    if record_type == "visit":
        ahead = iso_moment(str(fields.get("occurred_at")), wiki.zone)
        planned = ahead is not None and start_of(ahead, wiki.zone) > wiki.now()
        return {"status": "planned" if planned else "held"}
    return {}


def _path(wiki: Wiki, draft: Draft, front: Mapping[str, Any], asked: Asked) -> str:
    folders = records.FOLDERS if draft.customer else records.TOP_FOLDERS
    folder = next((k for k, v in folders.items() if v == draft.record_type), "")
    if draft.stem:
        return (
            f"customers/{draft.customer}/{draft.stem}.md"
            if draft.customer
            else (f"{folder}/{draft.stem}.md")
        )
    place = f"customers/{draft.customer}/{folder}" if draft.customer else folder
    prefix = f"{_day(wiki, draft, front, asked).isoformat()}-" if draft.customer else ""
    title = str(front.get("title", draft.title))
    words = slug(title) or slug(str(front.get("kind", ""))) or draft.record_type
    there = {path.stem for path in (wiki.root / place).glob(f"{prefix}*.md")}
    taken = {name.removeprefix(prefix) for name in there}
    return f"{place}/{prefix}{unique(words, taken)}.md"


def _day(wiki: Wiki, draft: Draft, front: Mapping[str, Any], asked: Asked) -> date:
    """The day in a record's name; where its time is a month, the day of ``--at``, else today."""
    key = records.TIME_KEYS.get(draft.record_type)
    value = iso_moment(str(front.get(key)), wiki.zone) if key else None
    if isinstance(value, datetime):
        return value.astimezone(wiki.zone).date()
    return value or moment_of(wiki, asked).astimezone(wiki.zone).date()
