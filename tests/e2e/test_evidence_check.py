"""``evidence check``: a package or a proof judged without the wiki it came from."""

from __future__ import annotations

import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.sealed import Sealed

from aswiki.cli.main import main
from aswiki.evidence import package as made
from aswiki.store import folder
from aswiki.wiki.proof import exporting, proving

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def package(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package alone in the world: its wiki is gone."""
    place = tmp_path / "elsewhere/package"
    exporting.export(sealed.wiki(), "acme", place, "en")
    _leave(sealed, tmp_path, monkeypatch)
    return place


@pytest.fixture
def proof(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A proof alone in the world."""
    place = tmp_path / "elsewhere/proof"
    proving.prove(sealed.wiki(), "acme-uploads", place)
    _leave(sealed, tmp_path, monkeypatch)
    return place


def _leave(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path / "elsewhere")
    shutil.rmtree(sealed.root)


def checked(capsys: Capsys, place: Path, *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main(["evidence", "check", str(place), "--json", *words])
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else said.err


def codes(found: Any) -> set[str]:
    return {each["code"] for each in found["findings"]}


def pins(sealed: Sealed, tmp_path: Path) -> list[str]:
    trusted = tmp_path / "elsewhere/trusted"
    trusted.write_text(f"{sealed.key}\n", encoding="utf-8")
    return ["--expect-anchor", sealed.receipt, "--trust", str(trusted)]


def test_a_package_with_pins_is_proven_and_without_them_incomplete(
    package: Path, sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    code, found = checked(capsys, package, *pins(sealed, tmp_path))
    assert (code, found["verdict"]) == (0, "proven"), found["findings"]
    code, found = checked(capsys, package)
    assert (code, codes(found)) == (5, {"NOPIN"})


def test_a_proof_with_pins_is_proven_and_without_them_incomplete(
    proof: Path, sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    manifest = json.loads((proof / "manifest.json").read_text(encoding="utf-8"))
    code, found = checked(capsys, proof, "--expect-anchor", manifest["receipt"])
    assert (code, found["verdict"]) == (0, "proven"), found["findings"]
    (record,) = found["records"]
    assert record["ref"] == manifest["about"]
    assert record["key"] == sealed.key
    assert record["not_after"]
    assert checked(capsys, proof, *pins(sealed, tmp_path)[2:])[0] == 0
    code, found = checked(capsys, proof)
    assert (code, codes(found)) == (5, {"NOPIN"})


def test_a_byte_flipped_anywhere_in_a_package_or_a_proof_is_found(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    exporting.export(sealed.wiki(), "acme", tmp_path / "package", "en")
    proving.prove(sealed.wiki(), "acme-uploads", tmp_path / "proof")
    chance = random.Random(9)
    for place in (tmp_path / "package", tmp_path / "proof"):
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            raw = path.read_bytes()
            offset = chance.randrange(len(raw))
            path.write_bytes(raw[:offset] + bytes([raw[offset] ^ 4]) + raw[offset + 1 :])
            assert checked(capsys, place)[0] == 1, (path, offset)
            path.write_bytes(raw)


def _resealed(place: Path) -> None:
    (place / made.SUMS).unlink(missing_ok=True)
    (place / made.SUMS).write_bytes(made.sums(folder.digests(place)))


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("record.md", "kind", "kin d", "CONTENT"),
        ("proof.txt", "index: ", "index: 0", "PKG"),
        ("proof.txt", "path: customers/acme", "path: customers/acne", "ROOT"),
        ("statement.txt", "records-count: 4", "records-count: 5", "SIG"),
        ("statement.txt", "records-count: 4", "records-count: 5", "TSA"),
        ("allowed_signers", "anna@", "eve@", "SIG"),
        ("allowed_signers", "valid-after", "valid-before", "KEYTIME"),
    ],
)
def test_a_proof_changed_with_fitting_sums_is_refused(
    proof: Path, capsys: Capsys, name: str, old: str, new: str, code: str
) -> None:
    path = proof / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    _resealed(proof)
    exit_code, found = checked(capsys, proof)
    assert exit_code == 1
    assert code in codes(found)


def test_a_proof_is_not_that_of_another_receipt_or_key(
    proof: Path, sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    code, found = checked(capsys, proof, "--expect-anchor", "0" * 64)
    assert (code, codes(found)) == (1, {"ROLLBACK"})
    other = tmp_path / "elsewhere/other"
    other.write_text("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n", encoding="utf-8")
    code, found = checked(capsys, proof, "--trust", str(other))
    assert (code, codes(found)) == (1, {"SIG"})


def test_a_proof_without_signature_or_time_stamp_is_incomplete(
    proof: Path, sealed: Sealed, capsys: Capsys
) -> None:
    (proof / "statement.txt.sig").unlink()
    for token in proof.glob("*.tsr"):
        token.unlink()
    _resealed(proof)
    receipt = json.loads((proof / "manifest.json").read_text(encoding="utf-8"))["receipt"]
    code, found = checked(capsys, proof, "--expect-anchor", receipt)
    assert (code, codes(found)) == (5, {"UNSIGNED", "NOTSA"})


def test_sums_that_are_missing_and_folders_that_are_none_are_said(
    proof: Path, capsys: Capsys, tmp_path: Path
) -> None:
    (proof / made.SUMS).unlink()
    code, found = checked(capsys, proof)
    assert (code, "PKG" in codes(found)) == (1, True)
    assert checked(capsys, tmp_path / "nowhere")[0] == 3
    (tmp_path / "empty").mkdir()
    assert checked(capsys, tmp_path / "empty")[0] == 1


def test_the_verdict_on_a_package_is_said_in_words(
    package: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASWIKI_LANG", "en")
    assert main(["evidence", "check", str(package)]) == 5
    said = capsys.readouterr()
    assert "Incomplete" in said.out
    assert "does not prove" in said.out


def test_the_verdict_on_a_proof_speaks_of_one_record_and_of_no_history(
    sealed: Sealed, proof: Path, tmp_path: Path, capsys: Capsys
) -> None:
    for words, code, said in (
        (pins(sealed, tmp_path), 0, "Proven: the record is one of those"),
        ([], 5, "Incomplete: nothing wrong was found, yet not all is proven."),
    ):
        capsys.readouterr()
        assert main(["evidence", "check", str(proof), "--lang", "en", *words]) == code
        out = capsys.readouterr().out
        assert said in out
        assert "nor anything of other records" in out
        assert not re.search(r"[0-9] commits", out)
    (proof / "record.md").write_text("another", encoding="utf-8")
    assert main(["evidence", "check", str(proof), "--lang", "en"]) == 1
    assert "Tampered or invalid: do not rely on this proof." in capsys.readouterr().out
