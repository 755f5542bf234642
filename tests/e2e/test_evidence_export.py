"""``evidence export``: a package that a machine without Python checks by following its README."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from tests.sealed import Sealed, shell

from aswiki.cli.main import main
from aswiki.errors import Unusable
from aswiki.wiki.proof import exporting

Machine = Mapping[str, str]
Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def package(sealed: Sealed, tmp_path: Path) -> Path:
    """The package of everything."""
    exporting.export(sealed.wiki(), None, tmp_path / "package", "en")
    return tmp_path / "package"


def verify(machine: Machine, package: Path, *words: str | Path) -> tuple[int, str]:
    """Exit code and words of the package's own script."""
    done = shell(machine, package.parent, package / "VERIFY.sh", *words)
    return done.returncode, done.stdout + done.stderr


def pinned(sealed: Sealed) -> list[str | Path]:
    return ["--key", sealed.key, "--receipt", sealed.receipt, "--ca", sealed.ca]


def blocks(readme: Path) -> str:
    """The commands of a README, word for word."""
    return "".join(re.findall(r"```sh\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL))


def test_a_package_is_proven_where_the_reader_brings_key_receipt_and_certificate(
    sealed: Sealed, package: Path, bare_machine: Machine
) -> None:
    code, said = verify(bare_machine, package, *pinned(sealed))
    assert (code, said.splitlines()[-1]) == (0, "VERDICT proven"), said
    assert said.count("ok          TSA ") == 2


def test_an_earlier_receipt_and_its_hash_alone_are_pins_too(
    sealed: Sealed, package: Path, bare_machine: Machine
) -> None:
    for words in (sealed.first_receipt, sealed.receipt.split()[4]):
        code, said = verify(bare_machine, package, "--key", sealed.key, "--receipt", words)
        assert code == 0, said


def test_a_package_that_vouches_for_itself_is_incomplete(
    package: Path, bare_machine: Machine
) -> None:
    code, said = verify(bare_machine, package)
    assert code == 5
    assert "NOPIN" in said
    assert "TAMPERED" not in said


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_following_the_readme_word_for_word_checks_the_package(
    package: Path, bare_machine: Machine, readme: str
) -> None:
    script = package.parent / "typed.sh"
    typed = blocks(package / readme).replace("sh VERIFY.sh", "sh VERIFY.sh || [ $? -eq 5 ]")
    script.write_text(f"set -eu\n{typed}", encoding="utf-8")
    done = shell(bare_machine, package, script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "VERDICT incomplete" in done.stdout
    assert done.stdout.count(" G SHA256:") == len(_commits(package))


def _commits(package: Path) -> list[str]:
    words = ["git", "rev-list", "--all"]
    done = subprocess.run(
        words, cwd=package.parent / "checked/kb.git", capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def _flipped(package: Path, path: Path, offset: int, bit: int) -> Iterator[None]:
    raw = path.read_bytes()
    path.write_bytes(raw[:offset] + bytes([raw[offset] ^ 1 << bit]) + raw[offset + 1 :])
    yield
    path.write_bytes(raw)


def test_a_byte_flipped_anywhere_is_refused(
    package: Path, bare_machine: Machine, sealed: Sealed
) -> None:
    chance = random.Random(6)
    for path in sorted(path for path in package.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        for offset in chance.sample(range(len(raw)), min(3, len(raw))):
            for _ in _flipped(package, path, offset, chance.randrange(8)):
                done = shell(
                    bare_machine,
                    package,
                    "-c",
                    "sha256sum --check --strict --quiet SHA256SUMS && sh VERIFY.sh",
                )
                assert done.returncode not in {0, 5}, (path.name, offset, done.stdout)


def test_the_letters_of_a_sum_may_not_change_their_case(
    package: Path, bare_machine: Machine
) -> None:
    sums = package / "SHA256SUMS"
    raw = sums.read_bytes()
    at = re.search(rb"[a-f]", raw)
    assert at
    sums.write_bytes(raw[: at.start()] + at[0].upper() + raw[at.end() :])
    code, said = verify(bare_machine, package)
    assert code == 1, said


def _resealed(package: Path) -> None:
    """Sums that fit again, as a forger would write them."""
    from aswiki.evidence import package as made
    from aswiki.store import folder

    (package / "SHA256SUMS").unlink()
    (package / "SHA256SUMS").write_bytes(made.sums(folder.digests(package)))


def test_a_file_slipped_in_is_refused(package: Path, bare_machine: Machine) -> None:
    (package / "pages/acme/more.html").write_text("<p>more</p>", encoding="utf-8")
    assert verify(bare_machine, package)[0] == 1
    (package / "pages/acme/more.html").unlink()
    (package / "trust/link").symlink_to("allowed_signers")
    assert verify(bare_machine, package)[0] == 1


def test_a_forged_head_or_key_file_with_fitting_sums_is_refused(
    package: Path, bare_machine: Machine
) -> None:
    head = (package / "HEAD").read_bytes()
    (package / "HEAD").write_text("0" * 40 + "\n", encoding="utf-8")
    _resealed(package)
    assert verify(bare_machine, package)[0] == 1
    (package / "HEAD").write_bytes(head)
    signers = package / "trust/allowed_signers"
    signers.write_text(signers.read_text().replace("anna@", "eve@"), encoding="utf-8")
    _resealed(package)
    code, said = verify(bare_machine, package)
    assert code == 1
    assert "PKG trust/allowed_signers" in said


@pytest.mark.parametrize(
    "words",
    [
        ["--key", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"],
        ["--receipt", "0" * 64],
        ["--head", "0" * 40],
    ],
)
def test_a_pin_of_another_history_is_refused(
    package: Path, bare_machine: Machine, words: list[str]
) -> None:
    code, said = verify(bare_machine, package, *words)
    assert code == 1, said


def test_another_authority_than_the_one_the_reader_knows_is_refused(
    package: Path, bare_machine: Machine, tmp_path: Path
) -> None:
    from tests.tsa import Authority

    (tmp_path / "other.pem").write_bytes(Authority(name="Other").pem)
    code, said = verify(bare_machine, package, "--ca", tmp_path / "other.pem")
    assert code == 1
    assert "TAMPERED    TSA" in said


def in_git(folder: Path, *words: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _dropped(root: Path) -> None:
    in_git(root, "reset", "-q", "--hard", "HEAD~2")


def _unsigned(root: Path) -> None:
    (root / "customers/acme/profile.md").write_text("---\ntype: profile\n---\n", encoding="utf-8")
    in_git(root, "commit", "-qam", "by hand", "--no-gpg-sign")


def _deleted(root: Path) -> None:
    in_git(root, "rm", "-qr", "customers/lan-jing/events")
    in_git(root, "commit", "-qm", "tidy")


def _swapped(root: Path) -> None:
    record = root / "customers/acme/profile.md"
    record.write_text(record.read_text() + "\nmore\n", encoding="utf-8")
    trailers = (
        f"Aswiki-Op: update\nAswiki-Record: acme/profile sha256:{'0' * 64}\nAswiki-Tool: aswiki/0"
    )
    in_git(root, "commit", "-qam", "set(acme): x\n\n" + trailers)


def _backdated(root: Path) -> None:
    """A commit that says it is as old as the second one, when its key was good already."""
    (root / "people.toml").write_text("# later\n", encoding="utf-8")
    at = in_git(root, "log", "--reverse", "--format=%cI").splitlines()[1]
    done = subprocess.run(
        ["git", "-c", "user.name=Anna", "commit", "-qam", "x", f"--date={at}"],
        cwd=root,
        env={**os.environ, "GIT_COMMITTER_DATE": at},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _anchor_changed(root: Path) -> None:
    (anchor,) = (root / ".aswiki/anchors").glob("000001.txt")
    anchor.write_text(anchor.read_text().replace("records-count: 4", "records-count: 5"))
    in_git(root, "commit", "-qam", "x")


def _anchor_removed(root: Path) -> None:
    in_git(
        root,
        "rm",
        "-q",
        *[f".aswiki/anchors/{p.name}" for p in (root / ".aswiki/anchors").glob("000001*")],
    )
    in_git(root, "commit", "-qm", "x")


def _noticed_by_stock_git(root: Path) -> bool:
    """Whether git's own checks object, with the wiki's key file."""
    commits = in_git(root, "rev-list", "HEAD").split()
    keys = f"gpg.ssh.allowedSignersFile={root}/.aswiki/allowed_signers"
    checks = [["fsck", "--full", "--strict"], *(["verify-commit", name] for name in commits)]
    codes = [
        subprocess.run(
            ["git", "-c", keys, *words], cwd=root, capture_output=True, check=False
        ).returncode
        for words in checks
    ]
    return any(codes)


@pytest.mark.parametrize(
    ("tamper", "code", "stock_git_sees_it"),
    [
        (_dropped, "ROLLBACK", False),
        (_unsigned, "UNSIGNED", True),
        (_deleted, "DELETED", False),
        (_swapped, "CONTENT", False),
        (_backdated, "BACKDATED", False),
        (_anchor_changed, "ANCHORMOD", False),
        (_anchor_removed, "ANCHORSEQ", False),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_package_of_a_tampered_wiki_is_refused(
    sealed: Sealed,
    tmp_path: Path,
    bare_machine: Machine,
    tamper: Callable[[Path], None],
    code: str,
    stock_git_sees_it: bool,
) -> None:
    tamper(sealed.root)
    assert _noticed_by_stock_git(sealed.root) == stock_git_sees_it
    exporting.export(sealed.wiki(), "acme", tmp_path / "package", "en")
    exit_code, said = verify(bare_machine, tmp_path / "package", *pinned(sealed))
    assert exit_code == 1, said
    assert f"TAMPERED    {code} " in said


def test_what_came_after_the_newest_anchor_is_incomplete(
    sealed: Sealed, tmp_path: Path, bare_machine: Machine
) -> None:
    from aswiki.wiki import editing
    from aswiki.wiki.drafting import Asked

    editing.append(sealed.wiki(), "acme-uploads", "One more word", Asked(), kind="note")
    exporting.export(sealed.wiki(), "acme", tmp_path / "package", "en")
    code, said = verify(bare_machine, tmp_path / "package", *pinned(sealed))
    assert code == 5, said
    assert "UNANCHORED 1" in said


def test_the_pages_are_of_the_records_asked_for_and_load_nothing(
    sealed: Sealed, tmp_path: Path
) -> None:
    found = exporting.export(sealed.wiki(), "acme", tmp_path / "package", "en")
    pages = {
        str(path.relative_to(tmp_path / "package/pages")): path.read_text(encoding="utf-8")
        for path in (tmp_path / "package/pages").rglob("*.html")
    }
    assert set(pages) == {"index.html", *(f"{ref}.html" for ref in found.records)}
    assert all(ref.startswith("acme/") for ref in found.records)
    for text in pages.values():
        assert "<script" not in text
        assert "src=" not in text
    linked = re.findall(r'href="([^"]+)"', pages["index.html"])
    assert sorted(linked) == sorted(f"{ref}.html" for ref in found.records)


def test_the_sender_is_told_that_the_bundle_holds_every_customer(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    code = main(["evidence", "export", "acme", "--out", str(tmp_path / "package")])
    said = capsys.readouterr()
    assert code == 0
    assert said.out.strip() == str(tmp_path / "package")
    assert "kb.bundle holds the whole wiki" in said.err
    assert "aswiki evidence prove" in said.err
    assert sealed.key in said.err
    assert sealed.receipt in said.err


def test_json_names_what_the_reader_must_get_by_another_way(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    assert main(["evidence", "export", "--all", "--out", str(tmp_path / "p"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["key"] == sealed.key
    assert found["receipt"] == sealed.receipt
    assert len(found["records"]) == 4
    manifest = json.loads((tmp_path / "p/manifest.json").read_text(encoding="utf-8"))
    assert manifest["head"] == found["head"] == (tmp_path / "p/HEAD").read_text().strip()
    assert manifest["about"] == "all"


def test_a_folder_that_is_there_stays_as_it_is(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package/mine").touch()
    assert main(["evidence", "export", "acme", "--out", str(tmp_path / "package")]) == 2
    assert main(["evidence", "export", "nobody", "--out", str(tmp_path / "other")]) == 3
    assert main(["evidence", "export", "--out", str(tmp_path / "other")]) == 2
    assert main(["evidence", "export", "acme"]) == 2
    assert [path.name for path in tmp_path.iterdir() if path.name != "wiki"] == ["package"]
    assert [path.name for path in (tmp_path / "package").iterdir()] == ["mine"]


def test_a_wiki_without_key_or_anchor_is_exported_and_said_to_be_unproven(
    examples: Path, tmp_path: Path, bare_machine: Machine, capsys: Capsys
) -> None:
    code = main(["evidence", "export", "sunbird", "--out", str(tmp_path / "package")])
    assert code == 0, capsys.readouterr().err
    code, said = verify(bare_machine, tmp_path / "package")
    assert code == 5, said
    assert "UNSIGNED" in said
    assert "NOANCHOR" in said
    shutil.rmtree(tmp_path / "package")


def test_a_handover_may_carry_a_package(sealed: Sealed, tmp_path: Path, capsys: Capsys) -> None:
    words = ["handover", "--owner", "anna", "--with-evidence", str(tmp_path / "package")]
    assert main([*words, "--out", str(tmp_path / "handover.md")]) == 0
    assert sealed.receipt in capsys.readouterr().err
    assert (tmp_path / "package/VERIFY.sh").is_file()
    assert main([*words, "--out", str(tmp_path / "again.md")]) == 2
    assert not (tmp_path / "again.md").exists()


def test_a_report_may_carry_a_package_but_never_to_a_customer(
    sealed: Sealed, tmp_path: Path, capsys: Capsys
) -> None:
    words = ["report", "--year", "2025", "acme", "--with-evidence", str(tmp_path / "package")]
    assert main([*words, "--for", "customer_tech"]) == 2
    assert "aswiki evidence prove" in capsys.readouterr().err
    assert not (tmp_path / "package").exists()
    assert main([*words, "--for", "boss"]) == 0
    manifest = json.loads((tmp_path / "package/manifest.json").read_text(encoding="utf-8"))
    assert manifest["about"] == "acme"
    words = ["merits", "--owner", "anna", "--since", "2025-01-01"]
    assert main([*words, "--with-evidence", str(tmp_path / "merits")]) == 0
    assert (tmp_path / "merits/kb.bundle").is_file()


def test_history_says_who_signed_each_version_and_when_it_was_written(
    sealed: Sealed, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["history", "acme-uploads"]) == 0
    newest, first = capsys.readouterr().out.splitlines()
    assert sealed.key in newest
    assert sealed.key in first
    assert re.search(r"\d\d:\d\d to 20\d\d-", newest)
    assert re.search(r"by 20\d\d-", first)
    assert "2025-10-03 14:05" in first
    rows = _json(capsys, "history", "acme-uploads")
    assert set(rows[0]) == {"commit", "at", "by", "op", "email", "subject", "occurred"}


def test_show_says_of_each_version_what_it_claims_and_what_is_proven(
    sealed: Sealed, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["show", "acme-uploads"]) == 0
    said = capsys.readouterr().out
    assert said.count(f"signed with {sealed.key}") == 2
    assert "happened, as it says, 2025-10-03 14:05" in said
    assert said.count("proven: written ") == 2


def _json(capsys: Capsys, *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_a_history_with_a_hole_is_not_exported(sealed: Sealed, tmp_path: Path) -> None:
    words = ["git", "rev-parse", "HEAD:customers/acme/profile.md"]
    done = subprocess.run(words, cwd=sealed.root, capture_output=True, text=True, check=True)
    name = done.stdout.strip()
    (sealed.root / ".git/objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Unusable) as error:
        exporting.export(sealed.wiki(), None, tmp_path / "package", "en")
    assert error.value.code == "corrupt-repository"
    assert not (tmp_path / "package").exists()
