"""The leak scan: what a text for a customer gives away of others, of ours, of people and money."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from aswiki.domain.readers.folding import Folded, Span, fold, is_worded
from aswiki.domain.readers.secrets import Kind, Name, Secrets

__all__ = ["Leak", "Secrets", "leaks"]

_NUMBER = r"\d(?:[\d,.'’ ]{0,30}\d)?"
_TIMES = r"(?: ?(?:[十百千万亿]{1,3}|(?:k|m|mn|b|bn|million|thousand|billion)(?![a-z])))?"
_SIGN = r"[¥$€£₩₹฿₽₫₱]"
_CODES = (
    "cny|rmb|cnh|usd|eur|gbp|hkd|jpy|sgd|twd|ntd|mop|krw|aud|nzd|chf|inr|myr|thb|vnd|idr|aed|sar"
    "|brl|mxn|zar|sek|nok|dkk|pln"
)
_WORDS = (
    "人民币|美元|美金|欧元|日元|韩元|港元|港币|港幣|新元|新币|新台币|台币|英镑|澳元|加元|瑞郎"
    "|元(?!组|素|件|数据|宇宙|年|旦|器)|圆整|块钱|(?:dollars?|euros?|yuan|renminbi)(?![a-z])"
)
_CHINESE = (
    "(?:[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟点半]{0,20}[十百千万亿拾佰仟]"
    "[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]{0,20}"
    "|[〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖](?=块钱|美元|美金|欧元|日元|港))"
)
_UNIT = rf"(?:{_SIGN}|(?:{_CODES})(?![a-z])|(?:{_WORDS}))"
_AMOUNT = re.compile(
    rf"(?:(?:us|hk|nt|a|s)?{_SIGN}|(?<![a-z])(?:{_CODES})(?![a-z])|人民币|美元|美金|欧元|港币)"
    rf" ?[:=(]? ?-?{_NUMBER}{_TIMES}(?: ?元)?"
    rf"|(?<![\d.])-?{_NUMBER}{_TIMES} ?[(]? ?{_UNIT}"
    rf"|{_CHINESE} ?(?:{_WORDS})"
)
_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_RUN = re.compile(r"\d(?:[ \-‐‑–—().·/]{0,2}\d){6,}")
_MOBILE = re.compile(
    r"(?<![0-9a-z.])(?:(?:(?:\+|00)?86)?(1[3-9]\d-?\d{4}-?\d{4})"
    r"|(?:\+|00)86[ -]?(1[3-9]\d[ -]\d{4}[ -]\d{4}))(?![0-9a-z]|\.\d)"
)
_PREFIXES = ("", "86", "0086", "0")


@dataclass(frozen=True, order=True)
class Leak:
    """Something that the reader must not learn, where it stands in the text.

    ``start`` and ``end`` bound ``found``, the text as written.
    """

    start: int
    end: int
    kind: Kind
    found: str


def leaks(
    text: str,
    secrets: Secrets,
    *,
    customer: str | None,
    allowed: Collection[str] = (),
    amounts: bool = True,
) -> list[Leak]:
    """Everything in a free text that must not leave, in the order of the text.

    Names are found whatever their case and width and whatever stands between their letters: blanks
    and line breaks within Chinese, emphasis, tags, unseen characters. Latin ones stand at word
    borders. Of hits that lie within each other the longest is said.

    Args:
        text: as it was written, plain or in Markdown or HTML; titles, file names, alternative
            texts and metadata are texts too.
        secrets: what is looked for.
        customer: the slug of the reader's own customer, whose names are no leak; None: nobody's.
        allowed: words besides ``secrets.allowed`` that are let through, to the letter.
        amounts: whether an amount of money is a leak.
    """
    scan = _Scan(text, secrets, customer, allowed, amounts)
    found = set(scan.leaks())
    if "<" in text or "](" in text:
        found |= set(scan.leaks(without_markup=True))
    ordered = sorted(found, key=lambda leak: (leak.start, -leak.end))
    kept: list[Leak] = []
    for leak in ordered:
        if not any(_is_within((leak.start, leak.end), (k.start, k.end)) for k in kept[-8:]):
            kept.append(leak)
    return kept


@dataclass(frozen=True)
class _Scan:
    """What is asked of one text."""

    text: str
    secrets: Secrets
    customer: str | None
    allowed: Collection[str]
    amounts: bool

    def leaks(self, *, without_markup: bool = False) -> Iterator[Leak]:
        """What is found in the text folded in one of the two ways; no order."""
        folded = fold(self.text, without_markup=without_markup)
        own: list[Span] = []
        hits: list[tuple[Span, Kind]] = []
        for span, name in _names(self.text, folded, self.secrets):
            if self.customer is not None and self.customer in name.owners:
                own.append(span)
            else:
                hits.append((span, name.kind))
        hits += [(span, "phone") for span in _phones(folded.plain, self.secrets)]
        if self.amounts:
            hits += [(match.span(), "amount") for match in _AMOUNT.finditer(folded.plain)]
        if not hits:
            return
        for word in chain(self.secrets.allowed, self.allowed):
            own += _found(folded.plain, fold(word.strip(), without_markup=without_markup).plain)
        for span, kind in hits:
            if not any(_is_within(span, fine) for fine in own):
                start, end = folded.source(span)
                yield Leak(start, end, kind, self.text[start:end])


def _is_within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _found(plain: str, wanted: str) -> Iterator[Span]:
    at = plain.find(wanted) if wanted else -1
    while at >= 0:
        yield at, at + len(wanted)
        at = plain.find(wanted, at + 1)


def _names(text: str, folded: Folded, secrets: Secrets) -> Iterator[tuple[Span, Name]]:
    """Every name of the secrets with its place in the folded text, the own customer's too."""
    bones, heads, names = folded.bones, secrets.heads, secrets.names
    for at in range(len(bones) - 1):
        for length in heads.get(bones[at : at + 2], ()):
            end = at + length
            name = names.get(bones[at:end]) if end <= len(bones) else None
            if name is None or not _stands_alone(folded, name, at, end):
                continue
            first = folded.places[at]
            if not name.is_capital or text[folded.starts[first]].isupper():
                yield (first, folded.places[end - 1] + 1), name


def _stands_alone(folded: Folded, name: Name, start: int, end: int) -> bool:
    """Whether the letters are a word or words of their own, as far as their script has such."""
    bones = folded.bones
    if _is_joined(folded, start) or (end < len(bones) and _is_joined(folded, end)):
        return False
    gaps = {
        at - start
        for at in range(start + 1, end)
        if folded.is_gap(at) and is_worded(bones[at]) and is_worded(bones[at - 1])
    }
    is_spelled = end - start >= 4 and len(gaps) == end - start - 1
    return is_spelled or gaps <= name.gaps


def _is_joined(folded: Folded, at: int) -> bool:
    """Whether a character and the one before it belong to one word."""
    if at == 0 or folded.is_gap(at):
        return False
    return is_worded(folded.bones[at]) and is_worded(folded.bones[at - 1])


def _phones(plain: str, secrets: Secrets) -> Iterator[Span]:
    """Contacts' phones however they are grouped, and any mobile number written in one piece.

    In groups it is one where the country's code stands before it.
    """
    digits = plain.translate(_DIGITS)
    yield from (match.span(match.lastindex or 0) for match in _MOBILE.finditer(digits))
    if not secrets.numbers:
        return
    lengths = sorted({len(number) for number in secrets.numbers}, reverse=True)
    for run in _RUN.finditer(digits):
        groups = [(m.start() + run.start(), m.group()) for m in re.finditer(r"\d+", run.group())]
        places = [at + i for at, group in groups for i in range(len(group))]
        number = "".join(group for _at, group in groups)
        starts, ends, length = set(), set(), 0
        for _at, group in groups:
            starts |= {length + len(p) for p in _PREFIXES if group.startswith(p)}
            length += len(group)
            ends.add(length)
        for start in sorted(starts):
            fits = (n for n in lengths if start + n in ends)
            size = next((n for n in fits if number[start : start + n] in secrets.numbers), 0)
            if size:
                yield places[start], places[start + size - 1] + 1
