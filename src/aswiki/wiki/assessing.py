"""The customer's verdict on our products, kept in their architecture page."""

from __future__ import annotations

from collections.abc import Mapping

from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store.frontmatter_edit import Add
from aswiki.wiki import lookup, options
from aswiki.wiki.checks import checking
from aswiki.wiki.drafting import Asked, with_edits
from aswiki.wiki.editing import new_page
from aswiki.wiki.revising import Revision, revise
from aswiki.wiki.saving import Saved
from aswiki.wiki.wiki import Wiki


def assess(
    wiki: Wiki,
    customer: str,
    product: str,
    text: str,
    asked: Asked,
    given: Mapping[str, str | None],
) -> Saved:
    """One more verdict of a customer; their architecture page is made when it is not there.

    Args:
        wiki: the open wiki.
        customer: the customer, in any spelling.
        product: the product it is about.
        text: the verdict.
        asked: the shared options.
        given: the verdict's other keys (aspect, said_by, environment, purpose …) as typed.

    Raises:
        BadInput: the verdict is empty, or a value is none of its key.
    """
    if not (product.strip() and text.strip()):
        raise BadInput("empty-text", _("The verdict is empty."), _("Say what they think of what."))
    said = {"product": product.strip(), **given, "text": text.strip()}
    keyed = {f"assessments.{key}": value for key, value in said.items()}
    fields, _times = options.facts(wiki, "architecture", keyed)
    verdict = fields["assessments"]
    ref = f"{lookup.customer(wiki, customer)}/architecture"
    if not wiki.exists(ref):
        return new_page(wiki, ref, asked, {"assessments": [verdict]})

    def edit(before: checking.Checked, _who: str) -> str:
        return with_edits(before.document.text, [Add(("assessments",), verdict)])

    return revise(wiki, ref, asked, Revision("update", "assess", edit))
