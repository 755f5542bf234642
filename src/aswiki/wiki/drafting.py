"""The text of a record about to be written: a new one from its fields, or an old one edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aswiki.domain import log, records
from aswiki.domain.problem import Problem
from aswiki.domain.records import values
from aswiki.domain.records.common import About, abouts
from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import amend, frontmatter, packaged, yaml12, yaml12_dump
from aswiki.store.frontmatter_edit import Add, Edit, Put, Remove
from aswiki.store.frontmatter_edit import edit as edit_front
from aswiki.wiki.lookup import department, person
from aswiki.wiki.wiki import Wiki

Pairs = Sequence[tuple[str, str]]
Editor = Callable[[str, Sequence[Problem]], str]
LONGEST_KIND = 60


@dataclass(frozen=True)
class Asked:
    """The shared options of a writing command.

    Args:
        at: ``--at`` as typed.
        by: ``--by`` as typed.
        sets: keys and values of ``--set``; ``KEY=`` clears.
        adds: keys and values of ``--add``.
        removes: keys of ``--remove``.
        body: the text of ``--body-file``.
        editor: opens the draft for editing and gives back what it became.
        dry_run: whether nothing is written.
    """

    at: str | None = None
    by: str | None = None
    sets: Pairs = ()
    adds: Pairs = ()
    removes: Sequence[str] = ()
    body: str | None = None
    editor: Editor | None = None
    dry_run: bool = False


def moment_of(wiki: Wiki, asked: Asked) -> datetime:
    """The time of ``--at``, else now; minutes are what a person means by a time.

    Raises:
        BadInput: the time is unclear.
    """
    now = wiki.now()
    if asked.at is None:
        return now.replace(second=0, microsecond=0)
    return when.moment(asked.at, now, wiki.zone)


def written_time(wiki: Wiki, asked: Asked) -> str:
    """The time of ``--at``, else now, as a field of a record: a bare date where no hour is said.

    Raises:
        BadInput: the time is unclear.
    """
    if asked.at is None:
        return when.iso(moment_of(wiki, asked))
    return when.iso(when.moment_or_day(asked.at, wiki.now(), wiki.zone))


def asked_time(wiki: Wiki, asked: Asked, written: str = "") -> list[str]:
    """The sentence that says back how ``--at`` was understood; none where it was not given.

    ``written`` is the time as the record has it, where that is known already.
    """
    if asked.at is None:
        return []
    return [_("Time: {time}").format(time=written or written_time(wiki, asked))]


def set_times(wiki: Wiki, record_type: str, asked: Asked) -> list[str]:
    """How the times among ``--set`` were understood, where they were phrases."""
    said = []
    for key, typed in asked.sets:
        field = values.find(records.model(record_type), key, None)
        if typed and field.about.form in {"moment", "day", "month"}:
            value = str(value_of(wiki, field, typed))
            if value != typed:
                said.append(f"{key}: {value}")
    return said


def by_of(wiki: Wiki, asked: Asked, writer: str) -> str:
    """The person of ``--by``, else the writer."""
    return person(wiki, asked.by) if asked.by is not None else writer


def clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold something."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def new_text(
    wiki: Wiki, record_type: str, fields: Mapping[str, Any], asked: Asked | None = None
) -> str:
    """The text of a new record: its facts in the model's order, then the template's headings.

    ``fields`` holds front matter and sections alike.
    """
    known = abouts(records.model(record_type))
    given = clean(fields)
    prose = {key: given.pop(key) for key in list(given) if key in known and known[key].section}
    order = [key for key in known if key in given]
    rest = [key for key in given if key not in known]
    front = yaml12_dump.dump({key: given[key] for key in [*order, *rest]})
    body = asked.body if asked is not None and asked.body is not None else None
    if body is None:
        body = _template(wiki, record_type, str(given.get("kind", "")))
    text = f"---\n{front}---\n\n{body.strip()}\n" if body.strip() else f"---\n{front}---\n"
    if record_type in {"event", "complaint"} and not amend.has_section(text, known["log"]):
        heading = known["log"].zh if wiki.language == "zh" else known["log"].en
        text = f"{text}\n## {heading}\n"
    for key, words in prose.items():
        text = amend.with_section(text, known[key], str(words), wiki.language)
    return text


def _template(wiki: Wiki, record_type: str, kind: str) -> str:
    # a kind that nobody has checked yet must not become a path
    stems = [f"{record_type}.{kind}"] if kind.isidentifier() and len(kind) <= LONGEST_KIND else []
    for name in (f"{stem}.{wiki.language}.md" for stem in (*stems, record_type)):
        place = packaged.template(wiki.root, f"records/{name}")
        if place is not None:
            return place.read_text(encoding="utf-8")
    return ""


def edited(
    wiki: Wiki, text: str, record_type: str, asked: Asked, *, kind: str | None = None
) -> str:
    """The text after ``--body-file``, ``--set``, ``--add`` and ``--remove``.

    Raises:
        BadInput: a key or value does not fit.
    """
    shape = records.model(record_type)
    about = abouts(shape).get("kind")
    if kind is not None and about is not None and about.vocabulary is not None:
        kind = wiki.vocabulary.key(about.vocabulary, str(kind)) or kind
    if asked.body is not None:
        text = _with_body(text, asked.body, abouts(shape)["log"])
    for key, value in asked.sets:
        text = _set(wiki, text, values.find(shape, key, kind), value)
    for key, value in asked.adds:
        text = _add(wiki, text, values.find(shape, key, kind), value)
    for key in asked.removes:
        text = _clear(wiki, text, values.find(shape, key, kind))
    return text


def _with_body(text: str, body: str, log_about: About) -> str:
    """Another body; the log stays where the new one has none."""
    kept = amend.log_lines(text, log_about)
    new = f"\n{body.strip()}\n"
    changed = amend.with_body(text, new)
    if kept and not amend.has_section(changed, log_about):
        changed = f"{changed}\n{kept.rstrip()}\n"
    return changed


def value_of(wiki: Wiki, field: values.Field, typed: str, *, one: bool = False) -> object:
    """The plain data that a typed value means for a field; with ``one``, for an item of its list.

    Raises:
        BadInput: the text is no such value.
    """

    def yaml(words: str) -> Any:  # noqa: ANN401 - whatever the YAML says
        loaded = yaml12.load(f"value: {words}\n" if "\n" not in words else _indented(words))
        if loaded.mistakes:
            mistake = loaded.mistakes[0]
            hint = mistake.hint or _("Give a list like [a, b] or a mapping like {key: value}.")
            raise BadInput("bad-yaml", mistake.message, hint)
        return loaded.data.get("value")

    now, reading = wiki.now(), wiki.reading
    value = values.read(field, typed, now=now, reading=reading, yaml=yaml, one=one)
    return _meant(wiki, field.about, value)


def _meant(wiki: Wiki, about: About, value: object) -> object:
    """The same data as it is written: with ids, slugs and keys, and the offset of every time."""
    if isinstance(value, list):
        return [_meant(wiki, about, item) for item in value]
    if isinstance(value, dict) and about.part is not None:
        inside = abouts(about.part)
        return {
            key: _meant(wiki, inside[key], item) if key in inside else item
            for key, item in value.items()
        }
    return _word(wiki, about, value) if isinstance(value, str) and value.strip() else value


def _word(wiki: Wiki, about: About, text: str) -> str:
    if about.names == "person":
        return person(wiki, text)
    if about.names == "department":
        return department(wiki, text)
    if about.vocabulary is not None:
        return wiki.vocabulary.key(about.vocabulary, text) or text
    return _with_offset(wiki, text) if about.form == "moment" else text


def _with_offset(wiki: Wiki, text: str) -> str:
    """A time of ISO 8601 with the wiki's offset where it has none; other words as they are."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    bare = moment.tzinfo is not None or len(text) == len("2026-10-03")
    return text if bare else when.iso(moment.replace(tzinfo=wiki.zone))


def _indented(words: str) -> str:
    return "value:\n" + "".join(f"  {line}\n" for line in words.splitlines())


def _set(wiki: Wiki, text: str, field: values.Field, typed: str) -> str:
    if typed == "":
        return _clear(wiki, text, field)
    if field.is_section:
        return amend.with_section(text, field.about, typed, wiki.language)
    return _front(text, [Put(field.loc, value_of(wiki, field, typed))])


def _add(wiki: Wiki, text: str, field: values.Field, typed: str) -> str:
    if field.is_section:
        return amend.with_paragraph(text, field.about, typed, wiki.language)
    if not field.about.many or field.is_item:
        raise BadInput(
            "not-a-list",
            _("{key} is no list.").format(key=".".join(str(part) for part in field.loc)),
            _("Use --set for a single value."),
        )
    if field.about.part is not None:
        return _front(text, [Add(field.loc, value_of(wiki, field, typed, one=True))])
    pieces = [piece.strip() for piece in typed.replace("，", ",").split(",") if piece.strip()]
    edits = [Add(field.loc, value_of(wiki, field, piece, one=True)) for piece in pieces]
    return _front(text, list(edits))


def _clear(wiki: Wiki, text: str, field: values.Field) -> str:
    if field.is_section:
        return amend.with_section(text, field.about, None, wiki.language)
    try:
        return _front(text, [Remove(field.loc)])
    except BadInput as error:
        if error.code == "no-such-field":
            return text
        raise


def _front(text: str, edits: Sequence[Edit]) -> str:
    return with_edits(text, edits)


def with_edits(text: str, edits: Sequence[Edit]) -> str:
    """The file's text after edits of its front matter, each changing its own lines alone."""
    split = frontmatter.split(text)
    if split is None or not edits:
        return text
    return amend.with_front(text, edit_front(split.front, edits))


def with_log(
    wiki: Wiki,
    text: str,
    record_type: str,
    *,
    at: datetime,
    by: str,
    kind: str,
    words: str,
    from_: str | None = None,
    to: str | None = None,
    level: str | None = None,
    quote: str | None = None,
) -> str:
    """The file's text with one more log entry.

    Raises:
        BadInput: the entry cannot stand in a log.
    """
    entry = log.Entry(
        at=at,
        seconds=bool(at.second),
        by=by,
        kind=kind,
        from_=from_,
        to=to,
        level=level,
        text=words,
        quote=quote,
    )
    about = abouts(records.model(record_type))["log"]
    return amend.with_entry(text, about, entry, wiki.reading, wiki.language)
