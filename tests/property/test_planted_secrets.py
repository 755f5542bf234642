"""A secret planted anywhere in a text is found, whatever Markdown is wrapped around its letters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aswiki.domain.readers.leaks import Secrets, leaks

PLANTED = {
    "恒川银行": "customer",
    "陆明辉": "contact",
    "青岚云": "rival",
    "张维": "colleague",
    "Sunbird Retail": "customer",
    "138-0000-0011": "phone",
    "3万元": "amount",
    "USD 50": "amount",
}
SECRETS = Secrets(
    customers={"恒川银行": frozenset({"h"}), "Sunbird Retail": frozenset({"s"})},
    contacts=frozenset({"陆明辉"}),
    phones=frozenset({"138-0000-0011"}),
    colleagues=frozenset({"张维"}),
    rivals=frozenset({"青岚云"}),
)
PROSE = st.text(alphabet="数据库已经恢复，玩家可以登录。\n >*-|#", max_size=60)
WRAPPED = st.sampled_from(
    ["{}", "**{}**", "_{}_", "*{}*", "~~{}~~", "`{}`", "<b>{}</b>", "[{}](x)"]
)
UNSEEN = st.sampled_from(["", "\u200b", "\u2060", "\u00ad", "**", "<i></i>"])


@settings(max_examples=300, deadline=None)
@given(PROSE, PROSE, st.sampled_from(sorted(PLANTED)), WRAPPED, UNSEEN, st.data())
def test_a_planted_secret_is_found(
    before: str, after: str, secret: str, wrapped: str, unseen: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(secret)))
    planted = wrapped.format(secret[:cut] + unseen + secret[cut:])
    text = f"{before} {planted} {after}"
    found = leaks(text, SECRETS, customer="other")
    assert PLANTED[secret] in {leak.kind for leak in found}
    assert all(text[leak.start : leak.end] == leak.found for leak in found)


@settings(max_examples=200, deadline=None)
@given(PROSE)
def test_prose_without_a_secret_is_left_in_peace(text: str) -> None:
    assert leaks(text, SECRETS, customer="other") == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_scanned_and_every_hit_stands_where_it_is_said(text: str) -> None:
    for leak in leaks(text, SECRETS, customer=None, allowed=("x",)):
        assert text[leak.start : leak.end] == leak.found
