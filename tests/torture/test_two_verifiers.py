"""``evidence check`` against a package's own VERIFY.sh: on any history they say the same."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.e2e import test_verify as honest
from tests.e2e import test_verify_tamper_anchors as anchors
from tests.e2e import test_verify_tamper_commits as commits
from tests.e2e import test_verify_tamper_storage as storage
from tests.mutations import (
    ANCHORED,
    KEYED,
    TAMPERS,
    Kind,
    World,
    anchored,
    begun_to_sign,
    grown,
    world,
)
from tests.packed import Answer, Pin, by_core, by_shell, packed
from tests.tally import Count, counted
from tests.tampering import Bench, Case

from aswiki import lang

REPOSITORIES, PIECES = 500, 10
KINDS: tuple[Kind, ...] = ("signed", "signed", "unsigned", "later")
FOLDERS = ("", "", "", "kb/")
LEFT_TO_US = {"root of other records"}
"""What VERIFY.sh does not look at: the Merkle root of an anchor, over each record of then."""
CATALOGUE = [
    *(
        case
        for case in commits.CASES + anchors.CASES + storage.CASES
        if case.name not in LEFT_TO_US
    ),
    *(Case(done.__name__, done, "") for done in honest.HONEST),
]
SHORT = {
    "authority_given_up",
    "words added to an entry",
    "merge says something else",
    "renamed_on_one_side_and_grown_on_the_other",
}


def generated(number: int) -> tuple[World, str]:
    """A wiki by its number, and what was done to it; every other one is honest."""
    chance = random.Random(f"two verifiers {number}")
    kind = KINDS[number % len(KINDS)]
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=12)
    own = world(kind, chance, start, FOLDERS[number // 4 % len(FOLDERS)])
    own.hands = [] if kind != "signed" else own.hands
    begins = chance.randrange(3) if kind == "later" else -1
    anchors = chance.randrange(4)
    for step in range(3):
        if step == begins:
            begun_to_sign(own)
        grown(own, chance.randint(1, 4))
        if step < anchors:
            anchored(own, stamped=chance.random() < 0.6)
    if number % 2:
        return own, kind
    fitting = [
        tamper
        for tamper in TAMPERS
        if (own.hands or tamper not in KEYED) and (own.receipt or tamper not in ANCHORED)
    ]
    done = fitting[(number // 2) % len(fitting)]
    done(own)
    if chance.random() < 0.3:
        own.book.now = max(own.book.now, start) + timedelta(minutes=1)
        grown(own, 1)
    return own, f"{kind}, {done.__name__}"


def pins(own: World, number: int) -> Pin:
    """By turns nothing, the receipt, the key, both, and a commit."""
    first = own.book.order()[0]
    key = own.key or (own.hands[0].fingerprint if own.hands else None)
    return [
        Pin(own.receipt), Pin(), Pin(own.receipt, key), Pin(None, key), Pin(head=first),
    ][number % 5]  # fmt: skip


def answers(number: int, place: Path, machine: Mapping[str, str]) -> tuple[str, Answer, Answer]:
    """What was done, and both verdicts on it."""
    own, done = generated(number)
    root = own.book.write(place / f"wiki-{number}")
    out = packed(root, place / f"package-{number}", prefix=own.book.prefix)
    assert out is not None
    pin = pins(own, number // 3)
    found = done, by_core(out, pin), by_shell(out, pin, machine)
    shutil.rmtree(root)
    shutil.rmtree(out)
    return found


def disagreements(
    numbers: range, place: Path, machine: Mapping[str, str], count: Count
) -> list[str]:
    lang.use("en")
    found = []
    for number in numbers:
        done, core, script = answers(number, place, machine)
        count.tried += 1
        if core.exit != script.exit:
            count.missed += 1
            found.append(
                f"{number} ({done}): evidence check {core.exit} {sorted(core.codes)}, "
                f"VERIFY.sh {script.exit} {sorted(script.codes)}"
            )
    return found


def test_both_verifiers_agree_on_a_sample(tmp_path: Path, bare_machine: Mapping[str, str]) -> None:
    assert disagreements(range(4), tmp_path, bare_machine, Count("")) == []


@pytest.mark.torture
@pytest.mark.parametrize("piece", range(PIECES))
def test_both_verifiers_agree_on_five_hundred_repositories(
    piece: int, tmp_path: Path, bare_machine: Mapping[str, str]
) -> None:
    size = REPOSITORIES // PIECES
    with counted("evidence check against VERIFY.sh", piece) as count:
        numbers = range(1000 + piece * size, 1000 + (piece + 1) * size)
        assert disagreements(numbers, tmp_path, bare_machine, count) == []


def disagreement(
    bench: Bench, case: Case, place: Path, machine: Mapping[str, str], count: Count
) -> str:
    """What the two say of a case where they differ; of bundles without a history, nothing."""
    lang.use("en")
    case.tamper(bench)
    out = packed(bench.root, place / "sent")
    if out is None or "bundle" in bench.options:
        return ""
    count.tried = 1
    pin = Pin(bench.sealed.receipt if case.pin == "receipt" else None)
    core, script = by_core(out, pin), by_shell(out, pin, machine)
    count.missed = int(core.exit != script.exit)
    return f"{core}\n{script}" if count.missed else ""


@pytest.mark.parametrize(
    "case", [each for each in CATALOGUE if each.name in SHORT], ids=lambda case: case.name
)
def test_both_verifiers_agree_on_a_case(
    bench: Bench, case: Case, tmp_path: Path, bare_machine: Mapping[str, str]
) -> None:
    assert disagreement(bench, case, tmp_path, bare_machine, Count("")) == ""


@pytest.mark.torture
@pytest.mark.parametrize("number", range(len(CATALOGUE)))
def test_both_verifiers_agree_on_the_catalogue(
    bench: Bench, number: int, tmp_path: Path, bare_machine: Mapping[str, str]
) -> None:
    with counted("evidence check against VERIFY.sh, the catalogue of cases", number) as count:
        assert disagreement(bench, CATALOGUE[number], tmp_path, bare_machine, count) == ""
