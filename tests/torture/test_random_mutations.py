"""Random tampering with signed, anchored, time-stamped histories: none goes unnoticed."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.mutations import ANNA, HONEST, TAMPERS, World, anchored, authority, grown, world
from tests.tally import Count, counted

from aswiki import lang
from aswiki.evidence import timestamps
from aswiki.evidence.chains import Untrusted
from aswiki.evidence.signatures import signed
from aswiki.evidence.statement import receipt
from aswiki.evidence.timestamps import Token
from aswiki.evidence.verdict import Verdict
from aswiki.evidence.verify import Expected, verify
from aswiki.wiki.proof.quarantined import Losses, toml
from aswiki.wiki.wiki import Wiki

THEN = datetime(2026, 10, 1, 8, tzinfo=UTC)
WORLDS, PIECES = 40, 4


def judged(own: World, place: Path, held: str | None) -> Verdict:
    """The verdict of the pure core with the newest receipt and the first key as pins."""

    def check_token(response: bytes, data: bytes, _commit: str) -> Token | Untrusted:
        return timestamps.check(response, data, [authority().pem])

    wiki = Wiki(place, toml(own.book.text("aswiki.toml")))
    expected = Expected(
        now=own.book.now,
        check=signed,
        check_token=check_token,
        lost=Losses(wiki),
        receipt=receipt(held) if held else None,
        trusted=frozenset({ANNA.fingerprint}),
    )
    return verify(own.book.history(), expected)


def stamped(seed: int) -> World:
    """A wiki of some thirty commits, with all that proves."""
    own = world("signed", random.Random(seed), THEN)
    for _anchor in range(3):
        grown(own, own.chance.randint(3, 7))
        anchored(own)
    return own


def missed(seed: int, mutations: int, place: Path, count: Count) -> list[str]:
    """Tamper that often with one wiki, each time anew; what was done and not found."""
    (place / "aswiki.toml").write_text("[wiki]\nschema = 1\n", encoding="utf-8")
    base = stamped(seed)
    honest = judged(base, place, base.receipt)
    assert honest.codes == [], (seed, honest.findings)
    tampers, found = list(TAMPERS), []
    for number in range(mutations):
        own = World(
            base.book.copy(), random.Random(f"{seed} {number}"), [*base.hands], base.key,
            base.receipt, base.number, base.sealed_at,
        )  # fmt: skip
        tamper = tampers[(number + seed) % len(tampers)]
        before = own.book.head
        tamper(own)
        if own.book.head == before:
            continue
        if own.chance.random() < 0.4:  # an honest writer goes on, and anchors over it
            own.book.now = max(own.book.now, base.book.now)
            own.chance.choice(HONEST[:4])(own)
            anchored(own)
        verdict = judged(own, place, base.receipt)
        soft = TAMPERS[tamper]
        count.tried += 1
        if not (verdict.exit_code == 1 or (soft and soft in verdict.codes)):
            found.append(f"{tamper.__name__} seed {seed} number {number}: {verdict.codes}")
    count.missed += len(found)
    return found


@pytest.fixture(autouse=True)
def _english() -> None:
    lang.use("en")


def test_a_sample_of_mutations_is_found(tmp_path: Path) -> None:
    assert missed(1, len(TAMPERS), tmp_path, Count("")) == []


@pytest.mark.torture
@pytest.mark.parametrize("piece", range(PIECES))
def test_two_thousand_mutations_are_found(piece: int, tmp_path: Path) -> None:
    found: list[str] = []
    with counted("random mutations of a signed, anchored history", piece) as count:
        for seed in range(WORLDS * piece // PIECES, WORLDS * (piece + 1) // PIECES):
            found += missed(100 + seed, 51, tmp_path, count)
    assert found == []
