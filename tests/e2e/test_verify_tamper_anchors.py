"""Tampering with anchors, tokens and merges, and with what is held outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.tampering import (
    ANNA,
    BOB,
    EVENT,
    MALLORY,
    OTHER,
    PROFILE,
    Bench,
    Case,
    Put,
    flipped,
    is_named,
    trailers,
)
from tests.tsa import Authority

from aswiki.evidence import statement, timestamps
from aswiki.evidence.statement import Statement

FOLDER = ".aswiki/anchors/"
Edit = Callable[[Statement], Statement]


def names(bench: Bench, number: int) -> dict[str, str]:
    """The files of an anchor by their ending."""
    listed = bench.git("ls-tree", "--name-only", "HEAD", FOLDER).splitlines()
    stem = f"{FOLDER}{number:06}."
    found = {path.removeprefix(stem): path for path in listed if path.startswith(stem)}
    return {("tsr" if ending.endswith("tsr") else ending): path for ending, path in found.items()}


def said(bench: Bench, number: int) -> Statement:
    found = statement.parse(bench.blob(names(bench, number)["txt"]))
    assert found is not None
    return found


def token(tsa: Authority, data: bytes) -> bytes:
    return tsa.respond(timestamps.request(data, 7).request)


def next_anchor(
    bench: Bench,
    edit: Edit = lambda made: made,
    *,
    number: int = 4,
    key: str = ANNA,
    namespace: str = "aswiki-anchor",
    tsa: Authority | None = None,
    stamped: bytes | None = b"",
) -> None:
    """A fourth anchor made by hand, honest but for what is edited in it."""
    bench.commit({PROFILE: bench.blob(PROFILE) + b"\nMore.\n"})
    bench.run("reset", "--hard", "-q")
    before = bench.head
    bench.sealed.anchored()
    made = said(bench, 4)
    files = names(bench, 4)
    seed, answer = bench.blob(files["seed"]), bench.blob(files["tsr"])
    bench.move(before)
    bench.run("reset", "--hard", "-q")
    raw = edit(made).text()
    if tsa is not None:
        tsa.now = bench.sealed.tsa.now
    if raw != made.text() or tsa is not None:
        answer = token(tsa or bench.sealed.tsa, raw)
    stem = f"{FOLDER}{number:06}"
    changes: dict[str, Put] = {
        f"{stem}.txt": raw,
        f"{stem}.txt.sig": bench.signature(raw, key, namespace),
        f"{stem}.seed": seed,
    }
    if stamped is not None:
        changes[f"{stem}.own.tsr"] = stamped or answer
    bench.commit(changes, op="anchor")


# --- anchors ----------------------------------------------------------------------------------


def statement_edited(bench: Bench) -> None:
    path = names(bench, 3)["txt"]
    bench.commit(
        {path: bench.blob(path).replace(b"records-count: ", b"records-count: 1")}, op="anchor"
    )


def token_exchanged(bench: Bench) -> None:
    paths = names(bench, 3)["tsr"], names(bench, 2)["tsr"]
    bench.commit({paths[0]: bench.blob(paths[1])}, op="anchor")


def token_removed(bench: Bench) -> None:
    bench.commit({names(bench, 3)["tsr"]: None}, op="anchor")


def chain_of_the_token_edited(bench: Bench) -> None:
    (path,) = bench.git("ls-tree", "--name-only", "HEAD", ".aswiki/ltv/").splitlines()
    bench.commit({path: flipped(bench.blob(path))}, op="anchor")


def newest_anchor_removed(bench: Bench) -> None:
    bench.commit(dict.fromkeys(names(bench, 3).values()), op="anchor")


def anchor_in_the_middle_removed(bench: Bench) -> None:
    bench.commit(dict.fromkeys(names(bench, 2).values()), op="anchor")


def seed_removed(bench: Bench) -> None:
    bench.commit({names(bench, 3)["seed"]: None}, op="anchor")


def garbage_for_a_statement(bench: Bench) -> None:
    bench.commit({f"{FOLDER}000004.txt": b"aswiki-anchor/v1\nI swear\n"}, op="anchor")


def number_left_out(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, seq=5), number=5)


def number_other_than_the_file(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, seq=9))


def chain_broken(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, prev="1" * 64))


def another_repository_named(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, repo_id="1" * 40))


def commit_named_that_is_not_there(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, commit="1" * 40))


def commits_counted_wrong(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, commits=made.commits - 1))


def objects_of_another_history(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, objects_sha256="1" * 64))


def root_of_other_records(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, records_root="1" * 64))


def records_counted_wrong(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, records_count=made.records_count + 1))


def other_keys_named(bench: Bench) -> None:
    next_anchor(bench, lambda made: replace(made, keys_sha256="1" * 64))


def anchor_signed_by_an_unknown_key(bench: Bench) -> None:
    next_anchor(bench, key=MALLORY)


def anchor_in_the_name_of_another(bench: Bench) -> None:
    next_anchor(bench, key=BOB)


def signature_of_the_anchor_for_git(bench: Bench) -> None:
    next_anchor(bench, namespace="git")


# --- tokens -----------------------------------------------------------------------------------


def authority_of_his_own(bench: Bench) -> None:
    rogue = Authority()
    next_anchor(bench, tsa=rogue)


def token_of_an_earlier_anchor(bench: Bench) -> None:
    next_anchor(bench, stamped=bench.blob(names(bench, 3)["tsr"]))


def token_with_a_flipped_bit(bench: Bench) -> None:
    old = bench.blob(names(bench, 3)["tsr"])
    next_anchor(bench, stamped=flipped(old, -40))


def garbage_for_a_token(bench: Bench) -> None:
    next_anchor(bench, stamped=b"\x30\x03\x02\x01\x00")


def certificate_not_for_stamps(bench: Bench) -> None:
    mail = Authority(usage="stamps and mail")
    raw = bench.blob(".aswiki/tsa/test.pem") + mail.pem
    bench.commit({".aswiki/tsa/test.pem": raw}, op="policy")
    bench.run("reset", "--hard", "-q")
    next_anchor(bench, tsa=mail)


def authority_pinned_by_no_admin(bench: Bench) -> None:
    rogue = Authority()
    raw = bench.blob(".aswiki/tsa/test.pem") + rogue.pem
    bench.commit({".aswiki/tsa/test.pem": raw}, op="policy", author=BOB, key=BOB)
    bench.run("reset", "--hard", "-q")
    next_anchor(bench, tsa=rogue)


def clock_of_the_authority_turned_back(bench: Bench) -> None:
    now = bench.sealed.tsa.now
    early = bench.sealed.tsa
    try:
        early.now = now - timedelta(minutes=20)
        raw = token(early, bench.blob(names(bench, 2)["txt"]))
        early.now = now - timedelta(hours=3)
        old = token(early, bench.blob(names(bench, 3)["txt"]))
    finally:
        early.now = now
    bench.commit({f"{FOLDER}000002.late.tsr": raw, f"{FOLDER}000003.late.tsr": old}, op="anchor")


def commit_that_waited_long_for_its_token(bench: Bench) -> None:
    bench.commit({PROFILE: bench.blob(PROFILE) + b"\nMore.\n"})
    bench.run("reset", "--hard", "-q")
    bench.sealed.clock.now += timedelta(days=10)
    bench.sealed.anchored()


def not_anchored_yet(bench: Bench) -> None:
    bench.commit({PROFILE: bench.blob(PROFILE) + b"\nMore.\n"})


# --- history ----------------------------------------------------------------------------------


def words_in_an_anchored_commit_rewritten(bench: Bench) -> None:
    line = bench.line()
    bench.replayed(line[2], lambda raw: raw.replace(b"incident(acme)", b"question(acme)"))


def anchored_commit_dropped(bench: Bench) -> None:
    line = bench.line()
    note = next(each for each in line if b"Carol was there" in bench.raw(each))
    bench.replayed(bench.git("rev-parse", f"{note}^"), skip=[note])


def newest_commits_dropped(bench: Bench) -> None:
    bench.move(bench.line()[-5])


def newest_commits_dropped_and_anchored_again(bench: Bench) -> None:
    bench.move(bench.line()[-5])
    bench.run("reset", "--hard", "-q")
    bench.sealed.anchored()


def newest_commits_dropped_below_a_known_head(bench: Bench) -> None:
    bench.options["head"] = bench.head
    bench.move(bench.line()[-5])


def made_anew_by_somebody_else(bench: Bench) -> None:
    keys = bench.keys[MALLORY].with_suffix(".pub").read_text().rsplit(" ", 1)[0]
    line = f'{MALLORY} namespaces="git,aswiki-anchor" {keys}\n'.encode()
    tree: Mapping[str, Put] = {
        "aswiki.toml": bench.blob("aswiki.toml"),
        ".aswiki/allowed_signers": line,
        ".aswiki/admins": f"{MALLORY}\n".encode(),
        PROFILE: bench.blob(PROFILE),
    }
    bench.commit(tree, op="create", author=MALLORY, key=MALLORY, parents=[], base=None)


def made_anew_against_a_trusted_key(bench: Bench) -> None:
    trust = bench.root.parent / "trust"
    trust.write_text(f"{bench.sealed.key}\n")
    bench.options["trust"] = Path(trust)
    made_anew_by_somebody_else(bench)


def another_history_merged_in(bench: Bench) -> None:
    at = bench.now()
    other = bench.commit({"README": b"1"}, parents=[], base=None, move=False, when=at)
    changes: Mapping[str, Put] = {"README": b"1"}
    bench.commit(changes, message="Merge other\n", parents=[bench.head, other])


# --- merges -----------------------------------------------------------------------------------


def sides(bench: Bench) -> tuple[str, str, bytes, bytes]:
    """Two commits on one parent that each added an entry to one record, and what each wrote."""
    base, text = bench.head, bench.blob(EVENT).rstrip(b"\n")
    ours = text + "\n- 2026-01-02 09:00 +08:00 · anna · note: ours\n".encode()
    theirs = text + "\n- 2026-01-03 09:00 +08:00 · bob · note: theirs\n".encode()
    at = bench.now()
    first = bench.commit({EVENT: ours}, parents=[base], when=at, move=False)
    second = bench.commit({EVENT: theirs}, parents=[base], author=BOB, key=BOB, when=at, move=False)
    return first, second, ours, theirs


def joined(ours: bytes, theirs: bytes) -> bytes:
    return ours + theirs.rstrip(b"\n").rpartition(b"\n")[2] + b"\n"


def merge(bench: Bench, changes: Mapping[str, Put], *, ours: bool = False, **more: str) -> None:
    first, second, *_texts = sides(bench)
    text = f"merge\n\n{trailers(changes, 'merge')}" if ours else "Merge branch 'bob'\n"
    key = more.get("key", ANNA) or None
    bench.commit(changes, message=text, parents=[first, second], key=key)


def both(bench: Bench) -> bytes:
    _first, _second, ours, theirs = sides(bench)
    return joined(ours, theirs)


def merged_by_the_host(bench: Bench) -> None:
    merge(bench, {EVENT: both(bench)})


def merged_by_the_host_unsigned(bench: Bench) -> None:
    merge(bench, {EVENT: both(bench)}, key="")


def line_of_neither_side(bench: Bench) -> None:
    forged = both(bench) + "- 2026-01-04 09:00 +08:00 · bob · note: I agree\n".encode()
    merge(bench, {EVENT: forged}, ours=True)


def entry_of_one_side_lost(bench: Bench) -> None:
    merge(bench, {})


def entry_of_both_sides_lost(bench: Bench) -> None:
    merge(bench, {EVENT: bench.blob(EVENT)}, ours=True)


def record_lost_in_a_merge(bench: Bench) -> None:
    merge(bench, {EVENT: None})


def record_slipped_into_a_merge(bench: Bench) -> None:
    extra = PROFILE.replace("acme", "evil")
    merge(bench, {EVENT: both(bench), extra: bench.blob(PROFILE)})


def untouched_record_altered_in_a_merge(bench: Bench) -> None:
    merge(bench, {EVENT: both(bench), OTHER: bench.blob(OTHER) + b"\nslipped in\n"})


def untouched_record_deleted_in_a_merge(bench: Bench) -> None:
    merge(bench, {EVENT: both(bench), OTHER: None})


def merge_that_says_something_else(bench: Bench) -> None:
    first, second, ours, theirs = sides(bench)
    said = f"merge\n\n{trailers({}, 'merge')}"
    bench.commit({EVENT: joined(ours, theirs)}, message=said, parents=[first, second])


def merge_of_three(bench: Bench) -> None:
    first, second, ours, theirs = sides(bench)
    third = bench.commit({"notes.txt": b"1"}, parents=[bench.head], move=False)
    bench.commit(
        {EVENT: joined(ours, theirs), "notes.txt": b"1"},
        message="Merge branches\n", parents=[first, second, third],
    )  # fmt: skip


def keys_slipped_into_a_merge(bench: Bench) -> None:
    public = bench.keys[MALLORY].with_suffix(".pub").read_text().rsplit(" ", 1)[0]
    line = f'{MALLORY} namespaces="git" {public}\n'.encode()
    changes: Mapping[str, Put] = {
        EVENT: both(bench),
        ".aswiki/allowed_signers": bench.blob(".aswiki/allowed_signers") + line,
    }
    first, second, *_texts = sides(bench)
    text = f"merge\n\n{trailers({EVENT: both(bench)}, 'merge')}"
    bench.commit(changes, message=text, parents=[first, second], author=BOB, key=BOB)


FAMILIES = {
    "Anchors edited, removed, forged": [
        Case("statement edited", statement_edited, "ANCHORCHAIN ANCHORMOD NOTSA ROLLBACK SIG TSA"),
        Case("token exchanged", token_exchanged, "ANCHORMOD TSA NOTSA"),
        Case("token removed", token_removed, "ANCHORMOD NOTSA"),
        Case("chain of the token edited", chain_of_the_token_edited, "ANCHORMOD"),
        Case("newest anchor removed", newest_anchor_removed, "ANCHORMOD ROLLBACK"),
        Case(
            "anchor in the middle removed",
            anchor_in_the_middle_removed,
            "ANCHORCHAIN ANCHORMOD ANCHORSEQ",
        ),
        Case("seed removed", seed_removed, "ANCHORCHAIN ANCHORMOD"),
        Case("garbage for a statement", garbage_for_a_statement, "ANCHORMOD"),
        Case("number left out", number_left_out, "ANCHORSEQ"),
        Case("number other than the file", number_other_than_the_file, "ANCHORSEQ"),
        Case("chain broken", chain_broken, "ANCHORCHAIN"),
        Case("another repository named", another_repository_named, "ANCHORCHAIN"),
        Case("commit that is not there", commit_named_that_is_not_there, "ANCHORCHAIN NOTSA"),
        Case("commits counted wrong", commits_counted_wrong, "ANCHORCHAIN"),
        Case("objects of another history", objects_of_another_history, "ANCHORCHAIN"),
        Case("root of other records", root_of_other_records, "ANCHORCHAIN"),
        Case("records counted wrong", records_counted_wrong, "ANCHORCHAIN"),
        Case("other keys named", other_keys_named, "ANCHORCHAIN"),
        Case("anchor with an unknown key", anchor_signed_by_an_unknown_key, "SIG"),
        Case("anchor in another's name", anchor_in_the_name_of_another, "IDENT"),
        Case("anchor signed for git", signature_of_the_anchor_for_git, "SIG"),
    ],
    "Time stamps": [
        Case("authority of his own", authority_of_his_own, "NOTSA TSA"),
        Case("token of an earlier anchor", token_of_an_earlier_anchor, "NOTSA TSA"),
        Case("token with a flipped bit", token_with_a_flipped_bit, "NOTSA TSA"),
        Case("garbage for a token", garbage_for_a_token, "NOTSA TSA"),
        Case("certificate not for stamps", certificate_not_for_stamps, "NOTSA TSA"),
        Case("authority pinned by no admin", authority_pinned_by_no_admin, "ROLE"),
        Case(
            "authority's clock turned back",
            clock_of_the_authority_turned_back,
            "CLOCK KEYTIME POSTDATED",
        ),
    ],
    "Not anchored, or long after": [
        Case("waited long for its token", commit_that_waited_long_for_its_token, "LAG"),
        Case("not anchored yet", not_anchored_yet, "UNANCHORED"),
    ],
    "Anchored history rewritten": [
        Case(
            "anchored words rewritten", words_in_an_anchored_commit_rewritten, "ANCHORCHAIN NOTSA"
        ),
        Case("anchored commit dropped", anchored_commit_dropped, "ANCHORCHAIN CONTENT NOTSA"),
    ],
    "Newest commits dropped, all made anew": [
        Case("newest commits dropped, no pin", newest_commits_dropped, "NOPIN", pin=""),
        Case("newest commits dropped, receipt", newest_commits_dropped, "ROLLBACK"),
        Case(
            "newest commits dropped, anchored again",
            newest_commits_dropped_and_anchored_again,
            "ROLLBACK",
        ),
        Case(
            "newest commits dropped, head",
            newest_commits_dropped_below_a_known_head,
            "HEAD ROLLBACK",
            pin="",
        ),
        Case("made anew, no pin", made_anew_by_somebody_else, "NOANCHOR NOPIN", pin=""),
        Case("made anew, receipt", made_anew_by_somebody_else, "NOANCHOR ROLLBACK"),
        Case(
            "made anew, trusted key", made_anew_against_a_trusted_key, "NOANCHOR NOPIN ROOT", pin=""
        ),
    ],
    "Merges": [
        Case("another history merged in", another_history_merged_in, "HOSTMERGE ROOT UNSIGNED"),
        Case("merged by the host", merged_by_the_host, "HOSTMERGE"),
        Case(
            "merged by the host unsigned",
            merged_by_the_host_unsigned,
            "HOSTMERGE UNSIGNED",
            stock=True,
        ),
        Case("line of neither side", line_of_neither_side, "EVILMERGE"),
        Case("entry of one side lost", entry_of_one_side_lost, "EVILMERGE HOSTMERGE"),
        Case("entry of both sides lost", entry_of_both_sides_lost, "EVILMERGE"),
        Case("record lost in a merge", record_lost_in_a_merge, "DELETED EVILMERGE HOSTMERGE"),
        Case("record slipped into a merge", record_slipped_into_a_merge, "EVILMERGE HOSTMERGE"),
        Case(
            "untouched record altered", untouched_record_altered_in_a_merge, "EVILMERGE HOSTMERGE"
        ),
        Case(
            "untouched record deleted",
            untouched_record_deleted_in_a_merge,
            "DELETED EVILMERGE HOSTMERGE",
        ),
        Case("merge says something else", merge_that_says_something_else, "CONTENT"),
        Case("merge of three", merge_of_three, "EVILMERGE HOSTMERGE"),
        Case("keys slipped into a merge", keys_slipped_into_a_merge, "EVILMERGE ROLE"),
    ],
}
CASES = [case for cases in FAMILIES.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tampering_with_anchors_and_merges_is_named(bench: Bench, case: Case) -> None:
    is_named(bench, case)
