"""Who writes: git's identity as one of our people, met for the first time or known already."""

from __future__ import annotations

from dataclasses import dataclass

from aswiki.domain.slug import person_id, unique
from aswiki.lang import _
from aswiki.wiki.lookup import by_email
from aswiki.wiki.saving import Change
from aswiki.wiki.wiki import PEOPLE, Wiki


@dataclass(frozen=True)
class Writer:
    """The person who runs the command.

    Args:
        id: the id in people.toml.
        change: people.toml with the person added; None where they are known or cannot be added.
        warning: why they could not be added; empty where all is well.
    """

    id: str
    change: Change | None = None
    warning: str = ""


def writer(wiki: Wiki) -> Writer:
    """The person of git's identity; one whom people.toml does not know is to be added.

    Raises:
        Unusable: git has no identity.
    """
    identity = wiki.repository.identity()
    known = by_email(wiki, identity.email)
    if known is not None:
        return Writer(known)
    people = wiki.people.get("people")
    taken = set(people) if isinstance(people, dict) else set()
    own = unique(person_id(identity.name, identity.email), taken)
    before = wiki.bytes_of(PEOPLE)
    head = wiki.repository.head()
    committed = wiki.repository.blob(head, PEOPLE) if head else None
    if before != committed:
        warning = _("{name} was not added to {file}, which has changes that are not committed.")
        return Writer(own, None, warning.format(name=identity.name, file=PEOPLE))
    after = with_person(before or b"", own, identity.name, identity.email)
    return Writer(own, Change(PEOPLE, before, after))


def with_person(present: bytes, own: str, name: str, email: str) -> bytes:
    """people.toml with one person more; every other byte stays as it is."""
    import tomlkit

    table = tomlkit.table()
    table.add("name", name)
    table.add("emails", [email])
    people = tomlkit.table(is_super_table=True)
    people.add(own, table)
    added = tomlkit.document()
    added.add("people", people)
    text = present.decode("utf-8-sig")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{tomlkit.dumps(added)}".encode()
