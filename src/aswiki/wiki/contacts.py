"""A customer's contacts: added, or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aswiki.domain.slug import person_id, unique
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Add, Edit, Put
from aswiki.wiki import lookup
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, with_edits
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved
from aswiki.wiki.wiki import Wiki


def contact(wiki: Wiki, customer: str, name: str, asked: Asked, given: Mapping[str, Any]) -> Saved:
    """Add a contact to a customer's profile, or change the one of that name or id.

    Args:
        wiki: the open wiki.
        customer: the customer, in any spelling.
        name: the contact's name or id.
        asked: the shared options.
        given: the contact's fields that were given, as plain data.
    """
    ref = f"{lookup.customer(wiki, customer)}/profile"
    if not name.strip():
        raise BadInput("bad-name", _("The contact's name is empty."), _("Give a name."))

    def edit(before: checking.Checked, _who: str) -> str:
        text = before.document.text
        contacts = before.fields.get("contacts")
        people = [c for c in contacts or [] if isinstance(c, dict)]
        ids = {str(person.get("id")) for person in people}
        folded = name.strip().casefold()
        for index, person in enumerate(people):
            if folded in {str(person.get(key)).casefold() for key in ("id", "name")}:
                puts: list[Edit] = [Put(("contacts", index, k), v) for k, v in given.items()]
                return with_edits(text, _only_one_final(people, index, given) + puts)
        new = {"id": unique(person_id(name, ""), ids), "name": name.strip(), **given}
        final = _only_one_final(people, len(people), given)
        return with_edits(text, [*final, Add(("contacts",), new)])

    return revise(wiki, ref, asked, Revision("update", "contact", edit))


def _only_one_final(
    people: Sequence[Mapping[str, Any]], own: int, given: Mapping[str, Any]
) -> list[Edit]:
    if not given.get("final_contact"):
        return []
    return [
        Put(("contacts", index, "final_contact"), False)
        for index, person in enumerate(people)
        if index != own and person.get("final_contact") is True
    ]
