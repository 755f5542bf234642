"""``evidence prove``: one record among a thousand, and nothing of any other."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.sealed import Sealed, shell

from aswiki.cli.main import main
from aswiki.evidence import merkle
from aswiki.evidence.proof import RecordProof, parse
from aswiki.wiki import editing
from aswiki.wiki.drafting import Asked
from aswiki.wiki.proof import proving
from aswiki.wiki.saving import Change, Operation, save

Capsys = pytest.CaptureFixture[str]
Machine = Mapping[str, str]
LARGEST = 20_000
OURS = "acme/events/2025-10-03-acme-uploads-fail"


def thousand(sealed: Sealed) -> list[str]:
    """A thousand records of twenty other customers; every word that must not leave."""
    changes, words = [], set()
    for number in range(1000):
        slug = f"rival-{number % 20:02}"
        title = f"Secret matter {number:04} 机密"
        words |= {slug, title, f"matter-{number:04}"}
        text = f"---\ntype: event\ntitle: {title}\nkind: incident\nseverity: P1\nstatus: new\n---\n"
        path = f"customers/{slug}/events/2025-09-01-matter-{number:04}.md"
        changes.append(Change(path, None, text.encode()))
    save(sealed.wiki(), changes, Operation("import", "import(incidents): secret-subject"))
    return sorted({*words, "secret-subject", "rival", "lan-jing", "蓝鲸"})


def size(place: Path) -> int:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def verify(machine: Machine, proof: Path, *words: str | Path) -> tuple[int, str]:
    done = shell(machine, proof.parent, proof / "VERIFY.sh", *words)
    return done.returncode, done.stdout + done.stderr


def test_one_record_of_a_thousand_takes_little_room_and_names_no_other(
    sealed: Sealed, tmp_path: Path, bare_machine: Machine
) -> None:
    words = thousand(sealed)
    editing.append(sealed.wiki(), OURS, "Once more, so that the proof is of today", Asked())
    receipt = sealed.anchored()
    found = proving.prove(sealed.wiki(), OURS, tmp_path / "proof")
    assert (found.anchor, found.receipt) == (3, receipt)
    assert size(tmp_path / "proof") < LARGEST
    proof = parse((tmp_path / "proof/proof.txt").read_bytes())
    assert proof is not None
    assert proof.way.size == 1004
    for path in (tmp_path / "proof").rglob("*"):
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        assert [word for word in words if word in text or word in path.name] == []
    assert not (tmp_path / "proof/kb.bundle").exists()
    code, said = verify(
        bare_machine,
        tmp_path / "proof",
        "--receipt",
        receipt,
        "--key",
        sealed.key,
        "--ca",
        sealed.ca,
    )
    assert code == 0, said
    assert "VERDICT proven" in said


def test_the_seed_that_would_open_all_leaves_stays_at_home(sealed: Sealed, tmp_path: Path) -> None:
    proving.prove(sealed.wiki(), OURS, tmp_path / "proof")
    seeds = [path.read_bytes().strip() for path in (sealed.root / ".aswiki/anchors").glob("*.seed")]
    assert len(seeds) == 2
    for path in (path for path in (tmp_path / "proof").rglob("*") if path.is_file()):
        raw = path.read_bytes()
        assert not any(seed in raw or seed.hex().encode() in raw for seed in seeds)


def test_the_first_anchor_that_holds_the_present_form_is_taken(
    sealed: Sealed, tmp_path: Path
) -> None:
    assert proving.prove(sealed.wiki(), "lan-jing/profile", tmp_path / "a").anchor == 1
    assert proving.prove(sealed.wiki(), OURS, tmp_path / "b").anchor == 2


def test_a_record_changed_since_its_anchor_is_proven_as_it_was_and_said_to_be(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    before = (sealed.root / f"customers/{OURS}.md").read_bytes()
    editing.append(sealed.wiki(), OURS, "Since then", Asked())
    assert main(["evidence", "prove", OURS, "--out", str(tmp_path / "proof")]) == 0
    assert "was changed since anchor 2" in capsys.readouterr().err
    assert (tmp_path / "proof/record.md").read_bytes() == before


def test_a_record_that_no_anchor_holds_has_no_proof(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    path = sealed.root / "lessons/late.md"
    change = Change("lessons/late.md", None, b"---\ntype: lesson\ntitle: Late\n---\n")
    save(sealed.wiki(), [change], Operation("create", "lesson: late"))
    assert path.is_file()
    assert main(["evidence", "prove", "lessons/late", "--out", str(tmp_path / "proof")]) == 3
    assert "aswiki anchor" in capsys.readouterr().err
    assert main(["evidence", "prove", "nothing", "--out", str(tmp_path / "proof")]) == 3
    assert main(["evidence", "prove", OURS]) == 2
    assert not (tmp_path / "proof").exists()


def test_a_record_that_names_another_customer_is_pointed_out(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    editing.append(sealed.wiki(), OURS, "蓝鲸游戏 had the same", Asked())
    sealed.anchored()
    capsys.readouterr()
    assert main(["evidence", "prove", OURS, "--out", str(tmp_path / "proof"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ref"] == OURS
    assert found["key"] == sealed.key
    assert any("蓝鲸游戏" in warning for warning in found["warnings"])


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_following_the_readme_word_for_word_checks_the_proof(
    sealed: Sealed, tmp_path: Path, bare_machine: Machine, readme: str
) -> None:
    proving.prove(sealed.wiki(), OURS, tmp_path / "proof")
    text = (tmp_path / "proof" / readme).read_text(encoding="utf-8")
    typed = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    script = tmp_path / "typed.sh"
    typed = typed.replace("sh VERIFY.sh", "sh VERIFY.sh || [ $? -eq 5 ]")
    script.write_text(f"set -eu\n{typed}", encoding="utf-8")
    done = shell(bare_machine, tmp_path / "proof", script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'Good "aswiki-anchor" signature' in done.stdout


def test_a_byte_flipped_anywhere_is_refused(
    sealed: Sealed, tmp_path: Path, bare_machine: Machine
) -> None:
    place = tmp_path / "proof"
    proving.prove(sealed.wiki(), OURS, place)
    chance = random.Random(6)
    for path in sorted(place.iterdir()) + sorted((place / "tsa").iterdir()):
        raw = path.read_bytes() if path.is_file() else b""
        for offset in chance.sample(range(len(raw)), min(4, len(raw))):
            path.write_bytes(raw[:offset] + bytes([raw[offset] ^ 8]) + raw[offset + 1 :])
            words = "sha256sum --check --strict --quiet SHA256SUMS && sh VERIFY.sh"
            assert shell(bare_machine, place, "-c", words).returncode not in {0, 5}, path
            path.write_bytes(raw)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 13])
def test_the_text_of_a_proof_is_read_back_for_every_place(size: int) -> None:
    rows = [(f"customers/a/{n:03}.md", f"{n:064x}", "a" * 40) for n in range(size)]
    leaves = merkle.leaves(b"seed" * 8, rows)
    for place, leaf in enumerate(leaves):
        proof = RecordProof(leaf, merkle.proof(leaves, place))
        assert parse(proof.text()) == proof
        assert parse(proof.text() + b"left: " + b"0" * 64 + b"\n") is None
        assert parse(proof.text()[:-1]) is None
