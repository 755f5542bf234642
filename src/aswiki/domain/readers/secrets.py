"""What a text for a customer must not say: whose names, phones and words are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from aswiki.domain.readers.folding import fold, is_worded
from aswiki.domain.slug import bare

Kind = Literal["customer", "contact", "phone", "email", "colleague", "amount", "rival", "word"]

NEVER = ("老Bug", "old bug", "背锅", "甩锅", "底价", "折扣", "discount")
"""What is never said to a customer unless a wiki's ``not_a_leak`` lets it: how we sort and quarrel
among ourselves, and business, which after-sales does not talk (needs C15, E04).
"""

_SHORTEST_PHONE = 7
_SHORTEST_HANDLE = 4
_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=1[3-9]\d{9}$)")


@dataclass(frozen=True)
class Name:
    """A name as it is looked for.

    Args:
        kind: what it gives away.
        owners: the slugs of the customers called so; only a customer's name has any.
        gaps: where the name has a blank or hyphen, counted in the letters without them.
        is_capital: whether it counts only with a capital in front, as two Latin letters do.
    """

    kind: Kind
    owners: frozenset[str] = frozenset()
    gaps: frozenset[int] = frozenset()
    is_capital: bool = False


@dataclass(frozen=True)
class Secrets:
    """Everything that the leak scan of one wiki looks for, and what it lets through.

    Args:
        customers: a customer's name → the slugs of those called so.
        contacts: the names and handles of the customers' contacts.
        phones: the contacts' phones, as written.
        emails: the contacts' and the colleagues' e-mails.
        colleagues: the colleagues' names and aliases.
        rivals: other vendors' names.
        words: the configured words.
        allowed: words that are no leak.
    """

    customers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contacts: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()
    rivals: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> Mapping[str, Name]:
        """What is looked for, folded to its letters → what it gives away."""
        found: dict[str, Name] = {}
        for written, kind, owners in self._told():
            letters, gaps = _letters(written)
            if len(letters) < 2:
                continue
            known = found.get(letters)
            if known is None:
                found[letters] = Name(kind, owners, gaps, _is_capital(written, letters))
            else:
                found[letters] = Name(
                    known.kind,
                    known.owners | owners,
                    known.gaps | gaps,
                    known.is_capital and _is_capital(written, letters),
                )
        return found

    @cached_property
    def heads(self) -> Mapping[str, tuple[int, ...]]:
        """The first two letters of the names → how long the names are that begin so."""
        found: dict[str, set[int]] = {}
        for letters in self.names:
            found.setdefault(letters[:2], set()).add(len(letters))
        return {head: tuple(sorted(lengths)) for head, lengths in found.items()}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The digits of the phones, without the country's code."""
        return frozenset(number for phone in self.phones for number in _numbers(phone))

    def _told(self) -> Iterator[tuple[str, Kind, frozenset[str]]]:
        nobody: frozenset[str] = frozenset()
        for name, owners in self.customers.items():
            yield name, "customer", owners
        for email in self.emails:
            yield email, "email", nobody
            yield email.replace("@", "at"), "email", nobody
            yield email.replace("@", "(at)"), "email", nobody
        kinds: tuple[tuple[frozenset[str], Kind], ...] = (
            (self.contacts, "contact"),
            (self.colleagues, "colleague"),
            (self.rivals, "rival"),
            (self.words, "word"),
        )
        for names, kind in kinds:
            for name in names:
                yield name, kind, nobody
                if kind in {"contact", "colleague"} and (turned := _turned(name)):
                    yield turned, kind, nobody


def _letters(name: str) -> tuple[str, frozenset[int]]:
    """A name's letters without blanks and hyphens, and where those were."""
    folded = fold(name.strip())
    bones = folded.bones
    return bones, frozenset(at for at in range(1, len(bones)) if folded.is_gap(at))


def _is_capital(written: str, letters: str) -> bool:
    return len(letters) == 2 and letters.isascii() and written.strip()[:1].isupper()


def _turned(name: str) -> str | None:
    """A Latin name of two words with the family name at its other end."""
    words = name.split()
    if len(words) != 2 or not all(is_worded(letter) for word in words for letter in word):
        return None
    return f"{words[1]} {words[0]}"


def _numbers(phone: str) -> Iterator[str]:
    tidy = fold(phone).plain
    bare_number = _COUNTRY.sub("", re.sub(r"[^\d+]", "", tidy))
    digits = bare_number.removeprefix("+")
    if len(digits) >= _SHORTEST_PHONE:
        yield digits
    groups = re.findall(r"\d+", tidy)
    rest = "".join(groups[1:])
    if tidy.strip().startswith(("+", "0", "(0")) and len(rest) >= _SHORTEST_PHONE:
        yield rest


def secrets_of(
    profiles: Mapping[str, Mapping[str, Any]],
    people: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> Secrets:
    """What a wiki's profiles, people.toml and aswiki.toml tell that a customer must not read.

    Args:
        profiles: a customer's slug → the front matter of their profile, whatever it holds.
        people: what people.toml holds.
        settings: what aswiki.toml holds.
    """
    customers: dict[str, set[str]] = {}
    contacts: set[str] = set()
    phones: set[str] = set()
    emails: set[str] = set()
    for slug, data in profiles.items():
        for name in _names_of(slug, data):
            customers.setdefault(name, set()).add(slug)
        for contact in _mappings(data.get("contacts")):
            contacts.update(_person(contact.get("name"), [contact.get("id"), contact.get("im")]))
            phones.update(_texts([contact.get("phone")]))
            emails.update(_texts([contact.get("email")]))
    colleagues: set[str] = set()
    said = people.get("people")
    for own, person in said.items() if isinstance(said, Mapping) else ():
        if isinstance(person, Mapping):
            colleagues.update(_person(person.get("name"), [own]))
            colleagues.update(_texts(_list(person.get("aliases"))))
            emails.update(_texts(_list(person.get("emails"))))
    audiences, rivals = _table(settings, "audiences"), _table(settings, "rivals")
    return Secrets(
        customers={name: frozenset(slugs) for name, slugs in customers.items()},
        contacts=frozenset(contacts),
        phones=frozenset(phones),
        emails=frozenset(emails),
        colleagues=frozenset(colleagues),
        rivals=frozenset(_texts(_list(rivals.get("names")))),
        words=frozenset([*NEVER, *_texts(_list(audiences.get("words")))]),
        allowed=frozenset(_texts(_list(audiences.get("not_a_leak")))),
    )


def _names_of(slug: str, data: Mapping[str, Any]) -> Iterator[str]:
    yield slug
    own = [data.get("name"), data.get("title"), data.get("short_name")]
    for name in _texts([*own, *_list(data.get("aliases"))]):
        yield name
        yield bare(name)


def _person(name: object, handles: Iterable[object]) -> Iterator[str]:
    """A person's name, and the handles that say more than a word of it.

    A handle such as ``writer`` of Test Writer is a common word; one of a Chinese name is a name.
    """
    names = list(_texts([name]))
    yield from names
    is_latin = any(each.isascii() for each in names)
    for handle in _texts(handles):
        if len(handle) >= _SHORTEST_HANDLE and not (is_latin and handle.isalpha()):
            yield handle


def _table(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = settings.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    return (item for item in _list(value) if isinstance(item, Mapping))


def _texts(values: Iterable[object]) -> Iterator[str]:
    return (str(value).strip() for value in values if value is not None and str(value).strip())
