"""A record's log and fields changed by a command: append and set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aswiki.domain.times import when
from aswiki.errors import BadInput
from aswiki.lang import N_, _, written
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.creating import Draft, create
from aswiki.wiki.drafting import Asked, by_of, moment_of, with_log
from aswiki.wiki.people import writer
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved, writing
from aswiki.wiki.wiki import Wiki


def append(
    wiki: Wiki,
    words: str,
    text: str,
    asked: Asked,
    *,
    kind: str = "note",
    from_: str | None = None,
    to: str | None = None,
    level: str | None = None,
    quote: str | None = None,
) -> Saved:
    """One more entry in a record's log.

    Raises:
        BadInput: an unknown kind or level, a deflection without both sides, an empty text.
    """
    key = wiki.vocabulary.key("log_kind", kind)
    if key is None:
        raise no_word(wiki, "log_kind", kind)
    if key == "deflection" and not (from_ and to):
        raise BadInput(
            "deflection-sides",
            _("A deflection needs who passed it on and to whom."),
            _("Give --from and --to."),
        )
    if not text.strip() and not quote:
        raise BadInput("empty-text", _("The entry is empty."), _("Say what happened."))
    at = moment_of(wiki, asked)

    def edit(before: checking.Checked, who: str) -> str:
        return with_log(
            wiki,
            before.document.text,
            before.record_type,
            at=at,
            by=by_of(wiki, asked, who),
            kind=key,
            words=text,
            from_=_party(wiki, from_) if from_ else None,
            to=_party(wiki, to) if to else None,
            level=wiki.vocabulary.key("escalation_level", level) or level if level else None,
            quote=quote,
        )

    revision = Revision("append", "append", edit, occurred=when.iso(at))
    return revise(wiki, lookup.record(wiki, words), asked, revision)


def _party(wiki: Wiki, words: str) -> str:
    """A colleague's id or a department's slug; any other words as they are."""
    return lookup.department(wiki, lookup.person(wiki, words))


def no_word(wiki: Wiki, vocabulary: str, word: str) -> BadInput:
    """The error for a word that a vocabulary lacks, with those it has."""
    choices = ", ".join(
        key if key == zh else f"{key} {zh}"
        for key, (_en, zh) in wiki.vocabulary.words(vocabulary).items()
    )
    return BadInput(
        "unknown-word",
        _("{value} is not one of the words allowed here.").format(value=word),
        _("Choose one of: {choices}.").format(choices=choices),
    )


def set_fields(wiki: Wiki, words: str, asked: Asked, *, why: str | None = None) -> Saved:
    """Change fields of a record; a customer's page is made when it is not there.

    The fields stand in ``asked.sets`` and its neighbours.

    Raises:
        BadInput: a key or value does not fit, or the change needs a reason.
    """
    missing = lookup.page(wiki, words)
    if missing is not None and not wiki.exists(missing):
        return new_page(wiki, missing, asked)
    ref = lookup.record(wiki, words, or_customer=True)
    return revise(wiki, ref, asked, Revision("update", "set", _as_it_is, why=why))


def edit(wiki: Wiki, words: str, asked: Asked, *, why: str | None = None) -> Saved:
    """A record after its text was in the editor; a customer's page is made when it is not there.

    Raises:
        BadInput: the text came back empty or unchanged.
        Unusable: somebody else wrote the record meanwhile.
    """
    missing = lookup.page(wiki, words)
    if missing is not None and not wiki.exists(missing):
        return new_page(wiki, missing, asked)
    ref = lookup.record(wiki, words, or_customer=True)
    return revise(wiki, ref, asked, Revision("update", "edit", _as_it_is, why=why))


def _as_it_is(before: checking.Checked, _who: str) -> str:
    return before.document.text


def new_page(wiki: Wiki, ref: str, asked: Asked, fields: Mapping[str, Any] | None = None) -> Saved:
    """A customer's architecture or usage page, made.

    Args:
        wiki: the open wiki.
        ref: its reference.
        asked: the shared options.
        fields: what stands in it from the start.
    """
    with writing(wiki, dry_run=asked.dry_run or asked.editor is not None):
        return create(wiki, page_draft(wiki, ref, fields or {}), asked, writer(wiki))


def page_draft(wiki: Wiki, ref: str, fields: Mapping[str, Any]) -> Draft:
    """The draft of a customer's architecture or usage page, titled in the wiki's language."""
    customer, _slash, rest = ref.partition("/")
    month = rest.removeprefix("usage/")
    is_usage = rest.startswith("usage/")
    name = lookup.front_of(wiki, f"customers/{customer}/profile.md").get("name", customer)
    title = N_("{name}: usage of {month}") if is_usage else N_("{name}: architecture")
    return Draft(
        "usage" if is_usage else "architecture",
        customer,
        written(title, wiki.language).format(name=name, month=month),
        {**({"period": month} if is_usage else {}), **fields},
        rest,
    )
