"""Single bytes flipped in whatever leaves the house: each is found, at the layer that holds it."""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.packed import Pin, by_core, resealed
from tests.sealed import Sealed
from tests.tally import Count, counted

from aswiki import lang
from aswiki.evidence import package
from aswiki.evidence.claim import Pins, verdict
from aswiki.evidence.statement import receipt
from aswiki.evidence.verdict import Proof
from aswiki.store import folder
from aswiki.wiki.proof import exporting, proving, verifying

PIECES = 4
EVIDENCE = (package.BUNDLE, package.HEAD, package.SIGNERS)
"""What a flip in is found even where the sums fit again; the pages are for reading."""


class Sent(NamedTuple):
    """What left the house, and the receipts that its readers hold."""

    package: Path
    proof: Path
    receipt: str
    proof_receipt: str


@pytest.fixture(scope="module")
def sent(_sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """The package of everything and the proof of one record."""
    out = tmp_path_factory.mktemp("sent")
    lang.use("en")
    exporting.export(_sealed.wiki(), None, out / "package", "en")
    proven = proving.prove(_sealed.wiki(), "acme-uploads-fail", out / "proof")
    return Sent(out / "package", out / "proof", _sealed.receipt, proven.receipt)


def flips(raws: Mapping[str, bytes], number: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """Files each with one byte turned into any other, no file left out."""
    chance = random.Random(seed)
    names = sorted(raws)
    weights = [len(raws[name]) ** 0.5 for name in names]
    chosen = [*names, *chance.choices(names, weights, k=number)][:number]
    for name in chosen:
        raw = raws[name]
        place = chance.randrange(len(raw))
        other = raw[place] ^ chance.choice([1 << chance.randrange(8), chance.randrange(1, 256)])
        yield name, raw[:place] + bytes([other]) + raw[place + 1 :]


def read(place: Path) -> dict[str, bytes]:
    names = folder.digests(place)
    return {name: (place / name).read_bytes() for name in names if (place / name).stat().st_size}


def sums_miss(place: Path, number: int, seed: str, count: Count) -> list[str]:
    """The flips of a folder as it was sent that its own sums do not tell."""
    raws = read(place)
    digests = folder.digests(place)
    found = []
    for name, flipped in flips(raws, number, seed):
        own = digests | {name: package.digest(flipped)}
        own.pop(package.SUMS)
        sums = flipped if name == package.SUMS else raws[package.SUMS]
        count.tried += 1
        if not package.broken(sums, own):
            found.append(name)
    count.missed += len(found)
    return found


def whole_miss(
    place: Path, held: str, number: int, seed: str, count: Count, *, of: Sequence[str] = ()
) -> list[str]:
    """The flips of a folder that ``evidence check`` does not tell.

    Args:
        place: the folder; it is as it was when this is over.
        held: the receipt that the reader brings.
        number: how many.
        seed: of the chance.
        count: what is counted into.
        of: the files in which a forger flips who writes sums that fit; any, as sent, where empty.
    """
    raws = {name: raw for name, raw in read(place).items() if not of or name in of}
    found = []
    for name, flipped in flips(raws, number, seed):
        (place / name).write_bytes(flipped)
        if of:
            resealed(place)
        answer = by_core(place, Pin(held))
        (place / name).write_bytes(raws[name])
        count.tried += 1
        if answer.exit not in {1, 4}:
            found.append(f"{name}: {answer}")
    resealed(place)
    count.missed += len(found)
    return found


def objects_miss(sealed: Sealed, number: int, seed: str, count: Count) -> list[str]:
    """The flips in what a repository's objects hold that ``verify`` does not tell.

    Records, statements, signatures, tokens, seeds, keys, folders and commits are objects each.
    """
    chance = random.Random(seed)
    places = sorted((sealed.root / ".git/objects").glob("??/*"))
    found = []
    for place in chance.choices(places, k=number):
        raw = place.read_bytes()
        head, _zero, data = zlib.decompress(raw).partition(b"\0")
        at = chance.randrange(len(data))
        put = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        place.chmod(0o644)
        place.write_bytes(zlib.compress(head + b"\0" + put))
        answer = verifying.verify(sealed.wiki(), verifying.Asked(receipt=sealed.receipt))
        place.write_bytes(raw)
        count.tried += 1
        if answer.exit_code not in {1, 4}:
            found.append(f"{place.name} at {at}: {answer.codes}")
    count.missed += len(found)
    return found


def claims(files: Mapping[str, bytes], held: str) -> tuple[int, tuple[Proof, ...]]:
    found = verdict(files, Pins(receipt(held)))
    return found.exit_code, found.records


def proof_miss(place: Path, held: str, number: int, seed: str, count: Count) -> list[str]:
    """The flips of a proof, its sums made anew, after which it proves something else."""
    raws = read(place)
    honest = claims(raws, held)
    assert honest[0] == 0
    kept = {name: raw for name, raw in raws.items() if not name.startswith(("README", "VERIFY"))}
    found = []
    for name, flipped in flips(kept, number, seed):
        code, told = claims(raws | {name: flipped}, held)
        count.tried += 1
        if code not in {1, 4} and (code, told) != honest:
            found.append(name)
    count.missed += len(found)
    return found


def copied(source: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(source, tmp_path / source.name))


def test_a_sample_of_flips_is_told_by_the_sums(sent: Sent) -> None:
    assert sums_miss(sent.package, 400, "sample", Count("")) == []
    assert sums_miss(sent.proof, 400, "sample", Count("")) == []


def test_a_sample_of_flips_is_told_by_the_whole_check(sent: Sent, tmp_path: Path) -> None:
    package, proof = copied(sent.package, tmp_path), copied(sent.proof, tmp_path)
    count = Count("")
    assert whole_miss(package, sent.receipt, 6, "sample", count) == []
    assert whole_miss(proof, sent.proof_receipt, 12, "sample", count) == []
    assert whole_miss(package, sent.receipt, 9, "again", count, of=EVIDENCE) == []


def test_every_byte_of_a_bundles_header_matters(sent: Sent, tmp_path: Path) -> None:
    place = copied(sent.package, tmp_path)
    raw = (place / package.BUNDLE).read_bytes()
    for at in range(raw.index(b"\n\n") + 2):
        (place / package.BUNDLE).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        resealed(place)
        answer = by_core(place, Pin(sent.receipt))
        assert answer.exit in {1, 4}, (at, raw[at : at + 1], answer)


def test_no_flip_of_a_sample_makes_a_proof_say_something_else(sent: Sent) -> None:
    assert proof_miss(sent.proof, sent.proof_receipt, 300, "sample", Count("")) == []


def test_a_byte_flipped_in_an_object_is_told(sealed: Sealed) -> None:
    assert objects_miss(sealed, 5, "sample", Count("")) == []


@pytest.mark.torture
def test_hundreds_of_flips_in_objects_are_told(sealed: Sealed) -> None:
    with counted("bytes flipped in a repository's objects, verify") as count:
        assert objects_miss(sealed, 400, "whole", count) == []


@pytest.mark.torture
def test_ten_thousand_flips_are_told_by_the_sums(sent: Sent) -> None:
    with counted("bytes flipped in a package as sent, against its sums") as count:
        assert sums_miss(sent.package, 10_000, "whole", count) == []
    with counted("bytes flipped in a proof as sent, against its sums") as count:
        assert sums_miss(sent.proof, 5_000, "whole", count) == []


@pytest.mark.torture
@pytest.mark.parametrize("piece", range(PIECES))
def test_thousands_of_flips_are_told_by_the_whole_check(
    sent: Sent, tmp_path: Path, piece: int
) -> None:
    package, proof = copied(sent.package, tmp_path), copied(sent.proof, tmp_path)
    with counted("bytes flipped in a package as sent, evidence check", piece) as count:
        assert whole_miss(package, sent.receipt, 150, f"{piece}", count) == []
    with counted("bytes flipped in a proof as sent, evidence check", piece) as count:
        assert whole_miss(proof, sent.proof_receipt, 1000, f"{piece}", count) == []
    with counted("bytes flipped in bundle, HEAD and keys, sums made anew", piece) as count:
        assert whole_miss(package, sent.receipt, 500, f"{piece}", count, of=EVIDENCE) == []


@pytest.mark.torture
def test_no_flip_makes_a_proof_say_something_else(sent: Sent) -> None:
    with counted("bytes flipped in a proof, sums made anew: found, or the same claim") as count:
        assert proof_miss(sent.proof, sent.proof_receipt, 4_000, "whole", count) == []
