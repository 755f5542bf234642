"""Tampering with commits: their dates, hands, headers, messages, contents and names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.tampering import (
    ANNA,
    BOB,
    CAROL,
    EVENT,
    MALLORY,
    OTHER,
    PROFILE,
    QUOTE,
    Bench,
    Case,
    is_named,
    trailers,
)

SIGNERS, ADMINS = ".aswiki/allowed_signers", ".aswiki/admins"
HOST = "noreply@github.com"
PGP = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEzBAABCAAdFiEE\n -----END PGP SIGNATURE-----\n"


def grown(bench: Bench, path: str = PROFILE, text: str = "\nMore.\n") -> dict[str, bytes]:
    return {path: bench.blob(path) + text.encode()}


def public(bench: Bench, who: str) -> str:
    return bench.keys[who].with_suffix(".pub").read_text().rsplit(" ", 1)[0]


def line(bench: Bench, who: str, key: str) -> bytes:
    return f'{who} namespaces="git,aswiki-anchor" {public(bench, key)}\n'.encode()


# --- dates ------------------------------------------------------------------------------------


def backdated_below_the_newest_token(bench: Bench) -> None:
    bench.commit(grown(bench), when=bench.now() - timedelta(hours=1))


def backdated_by_years(bench: Bench) -> None:
    bench.commit(grown(bench), when=bench.now() - timedelta(days=2000))


def backdated_below_two_others_without_a_token(bench: Bench) -> None:
    at = bench.now()
    for minutes in (20, 30, 5):
        bench.commit(grown(bench, text=f"\n{minutes}\n"), when=at + timedelta(minutes=minutes))
    bench.sealed.clock.now += timedelta(hours=2)


def one_of_two_clocks_is_wrong(bench: Bench) -> None:
    at = bench.now()
    for minutes in (40, 10):
        bench.commit(grown(bench, text=f"\n{minutes}\n"), when=at + timedelta(minutes=minutes))
    bench.sealed.clock.now += timedelta(hours=2)


def postdated_by_a_year(bench: Bench) -> None:
    bench.commit(grown(bench), when=bench.now() + timedelta(days=365))


def postdated_beyond_the_token_that_covers_it(bench: Bench) -> None:
    bench.commit(grown(bench), when=bench.now() + timedelta(hours=2))
    bench.run("reset", "--hard", "-q")
    bench.sealed.anchored()
    bench.sealed.clock.now += timedelta(days=1)


# --- hands ------------------------------------------------------------------------------------


def unsigned(bench: Bench) -> None:
    bench.commit(grown(bench), key=None)


def signed_by_an_unknown_key(bench: Bench) -> None:
    bench.commit(grown(bench), key=MALLORY)


def message_changed_after_the_signing(bench: Bench) -> None:
    bench.commit(grown(bench), altered=lambda raw: raw.replace(b"a change", b"no change"))


def signature_of_another_commit(bench: Bench) -> None:
    old = bench.raw().partition(b"gpgsig")[2].partition(b"\n\n")[0]
    bench.commit(
        grown(bench),
        key=None,
        altered=lambda raw: raw.replace(b"\n\n", b"\ngpgsig" + old + b"\n\n", 1),
    )


def signature_with_a_flipped_bit(bench: Bench) -> None:
    def turned(raw: bytes) -> bytes:
        place = raw.index(b"BEGIN SSH SIGNATURE") + 200
        return raw[:place] + (b"A" if raw[place : place + 1] != b"A" else b"B") + raw[place + 1 :]

    bench.commit(grown(bench), altered=turned)


def signature_made_for_another_purpose(bench: Bench) -> None:
    bench.commit(grown(bench), namespace="file")


def signature_of_pgp(bench: Bench) -> None:
    bench.commit(grown(bench), key=None, header=PGP)


def author_forged(bench: Bench) -> None:
    bench.commit(grown(bench), author=ANNA, key=BOB)


def author_and_committer_differ(bench: Bench) -> None:
    bench.commit(grown(bench), author=ANNA, committer=BOB, key=BOB)


def names_differ_and_the_address_is_one(bench: Bench) -> None:
    bench.commit(grown(bench), shaped=lambda raw: raw.replace(b"author Anna", b"author Berta"))


def retired_key(bench: Bench) -> None:
    bench.commit(grown(bench), author=CAROL, key=CAROL)


def retired_key_with_a_date_of_its_time(bench: Bench) -> None:
    early = bench.now() - timedelta(minutes=75)
    bench.commit(grown(bench), author=CAROL, key=CAROL, when=early)


def key_added_by_no_admin(bench: Bench) -> None:
    more = bench.blob(SIGNERS) + line(bench, MALLORY, MALLORY)
    bench.commit({SIGNERS: more}, op="policy", author=BOB, key=BOB)


def key_added_by_itself(bench: Bench) -> None:
    more = bench.blob(SIGNERS) + line(bench, MALLORY, MALLORY)
    bench.commit({SIGNERS: more}, op="policy", author=MALLORY, key=MALLORY)


def key_of_another_swapped(bench: Bench) -> None:
    old = public(bench, ANNA).encode()
    swapped = bench.blob(SIGNERS).replace(old, public(bench, MALLORY).encode())
    bench.commit({SIGNERS: swapped}, op="policy", author=BOB, key=BOB)


def made_himself_admin(bench: Bench) -> None:
    more = bench.blob(ADMINS) + f"{BOB}\n".encode()
    bench.commit({ADMINS: more}, op="policy", author=BOB, key=BOB)


def list_of_admins_removed(bench: Bench) -> None:
    bench.commit({ADMINS: None}, op="policy", author=BOB, key=BOB)


def settings_changed_by_no_admin(bench: Bench) -> None:
    more = bench.blob("aswiki.toml") + b"# mine\n"
    bench.commit({"aswiki.toml": more}, op="adopt", author=BOB, key=BOB)


def attributes_loosened_by_no_admin(bench: Bench) -> None:
    bench.commit({".gitattributes": b"* text=auto\n"}, op="adopt", author=BOB, key=BOB)


def attributes_of_a_folder_brought_in(bench: Bench) -> None:
    loose = {"customers/acme/.gitattributes": b"* text=auto\n"}
    bench.commit(loose, op="adopt", author=BOB, key=BOB)


def wildcard_in_the_list_of_keys(bench: Bench) -> None:
    wild = f'* namespaces="git" {public(bench, MALLORY)}\n'.encode()
    bench.commit({SIGNERS: bench.blob(SIGNERS) + wild}, op="policy")
    bench.commit(grown(bench), author=MALLORY, key=MALLORY)


# --- headers ----------------------------------------------------------------------------------


def two_authors(bench: Bench) -> None:
    def doubled(raw: bytes) -> bytes:
        own = next(each for each in raw.split(b"\n") if each.startswith(b"author "))
        return raw.replace(own, own + b"\n" + own, 1)

    bench.commit(grown(bench), shaped=doubled)


def unknown_header(bench: Bench) -> None:
    bench.commit(grown(bench), header="x-approved-by boss\n")


def a_tag_merged_in_the_header(bench: Bench) -> None:
    bench.commit(grown(bench), header="mergetag object 1\n type commit\n")


def two_signatures(bench: Bench) -> None:
    bench.commit(grown(bench), header=PGP)


def zero_byte_in_the_message(bench: Bench) -> None:
    said = trailers(grown(bench))
    bench.commit(grown(bench), message=f"a change\0hidden\n\n{said}")


def time_zone_that_there_is_not(bench: Bench) -> None:
    bench.commit(grown(bench), shaped=lambda raw: raw.replace(b" +0800", b" +9959"))


def headers_out_of_order(bench: Bench) -> None:
    def turned(raw: bytes) -> bytes:
        lines = raw.split(b"\n")
        lines[2], lines[3] = lines[3], lines[2]
        return b"\n".join(lines)

    bench.commit(grown(bench), shaped=turned)


# --- contents ---------------------------------------------------------------------------------


def record_deleted(bench: Bench) -> None:
    bench.commit({OTHER: None})


def record_deleted_in_the_name_of_retire(bench: Bench) -> None:
    bench.commit({OTHER: None}, op="retire")


def record_deleted_by_plain_git(bench: Bench) -> None:
    bench.run("rm", "-q", OTHER)
    bench.commit({OTHER: None}, message="tidy up\n")


def record_renamed_by_an_ordinary_commit(bench: Bench) -> None:
    new = OTHER.replace("uploads", "downloads")
    bench.commit({OTHER: None, new: bench.blob(OTHER)})


def record_rewritten_while_renamed(bench: Bench) -> None:
    new = OTHER.replace("uploads", "downloads")
    bench.commit({OTHER: None, new: bench.blob(OTHER).replace(b"seen", b"not seen")}, op="rename")


def record_replaced_by_one_of_another_kind(bench: Bench) -> None:
    new = OTHER.replace("/events/", "/visits/")
    bench.commit({OTHER: None, new: bench.blob(OTHER)}, op="rename")


def two_records_renamed_into_one(bench: Bench) -> None:
    new = OTHER.replace("uploads", "downloads")
    bench.commit({OTHER: None, EVENT: None, new: bench.blob(OTHER)}, op="rename")


def entry_removed(bench: Bench) -> None:
    lines = bench.blob(OTHER).split(b"\n")
    kept = [each for each in lines if b"carol" not in each]
    bench.commit({OTHER: b"\n".join(kept)})


def entry_altered(bench: Bench) -> None:
    bench.commit({OTHER: bench.blob(OTHER).replace(b"note: seen", b"note: never seen")})


def entry_given_to_another_person(bench: Bench) -> None:
    bench.commit({OTHER: bench.blob(OTHER).replace("· carol ·".encode(), "· anna ·".encode())})


def words_of_a_customer_altered(bench: Bench) -> None:
    bench.commit({EVENT: bench.blob(EVENT).replace(QUOTE.encode(), b"It is fine")}, op="adopt")


def words_added_to_an_entry(bench: Bench) -> None:
    text = bench.blob(EVENT)
    bench.commit({EVENT: text.rstrip(b"\n") + b"\n  which did not help\n"}, op="append")


def entry_removed_by_plain_git(bench: Bench) -> None:
    text = bench.blob(OTHER).split(b"\n")
    kept = b"\n".join(each for each in text if b"carol" not in each)
    bench.commit({OTHER: kept}, message="tidy up\n")


def other_content_than_the_message_says(bench: Bench) -> None:
    bench.commit(grown(bench), message=f"x\n\n{trailers({PROFILE: b'another text'})}")


def a_record_changed_unsaid(bench: Bench) -> None:
    changes = grown(bench)
    bench.commit(changes | grown(bench, "customers/lan-jing/profile.md"),
                 message=f"x\n\n{trailers(changes)}")  # fmt: skip


def a_record_named_that_did_not_change(bench: Bench) -> None:
    said = trailers({**grown(bench), OTHER: bench.blob(OTHER)})
    bench.commit(grown(bench), message=f"x\n\n{said}")


def sum_of_many_records_wrong(bench: Bench) -> None:
    said = f"Aswiki-Op: import\nAswiki-Records: 60 sha256:{'0' * 64}\nAswiki-Tool: aswiki/1\n"
    bench.commit(grown(bench), message=f"x\n\n{said}")


def plain_git_commit(bench: Bench) -> None:
    bench.commit(grown(bench), message="typo\n")


# --- re-commits -------------------------------------------------------------------------------


def amended_by_plain_git(bench: Bench) -> None:
    at = bench.now()
    bench.commit(grown(bench), when=bench.now(), author_when=at)


def amended_with_other_content(bench: Bench) -> None:
    at = bench.now()
    said = f"x\n\n{trailers(grown(bench))}"
    bench.commit(grown(bench, text="\nOther.\n"), message=said, when=bench.now(), author_when=at)


def squashed_by_the_host(bench: Bench) -> None:
    said = trailers(grown(bench))
    text = f"Two changes (#7)\n\n* one\n\n{said}\n* two\n\n{said}"
    bench.commit(grown(bench), message=text, committer=HOST, key=None)


def rebased_by_the_host(bench: Bench) -> None:
    bench.commit(grown(bench), committer=HOST, key=None, header=PGP)


def squashed_by_plain_git(bench: Bench) -> None:
    text = "Squashed commit of the following:\n\ncommit 1\n\n    x\n    \n    Aswiki-Op: update\n"
    bench.commit(grown(bench), message=text)


def squashed_with_a_record_lost(bench: Bench) -> None:
    text = "Squashed commit of the following:\n\ncommit 1\n\n    x\n    \n    Aswiki-Op: update\n"
    bench.commit({OTHER: None}, message=text)


# --- messages ---------------------------------------------------------------------------------


def second_block_injected(bench: Bench) -> None:
    forged = "Aswiki-Op: anchor\nAswiki-Tool: aswiki/9\n"
    bench.commit(grown(bench), message=f"x\n\n{forged}\n{trailers(grown(bench))}")


def operation_said_twice(bench: Bench) -> None:
    bench.commit(grown(bench), message=f"x\n\nAswiki-Op: retire\n{trailers(grown(bench))}")


def escapes_in_the_subject(bench: Bench) -> None:
    bench.commit(grown(bench), message=f"\x1b[2Jall good\n\n{trailers(grown(bench))}")


def subject_turned_around(bench: Bench) -> None:
    bench.commit(grown(bench), message=f"\u202egnp.exe\n\n{trailers(grown(bench))}")


def operation_that_there_is_not(bench: Bench) -> None:
    bench.commit(grown(bench), op="approve")


def program_left_out(bench: Bench) -> None:
    said = trailers(grown(bench)).replace("Aswiki-Tool: aswiki/1.0\n", "")
    bench.commit(grown(bench), message=f"x\n\n{said}")


# --- names and modes --------------------------------------------------------------------------


def symbolic_link(bench: Bench) -> None:
    bench.commit({"customers/acme/files/passwd": ("120000", b"/etc/passwd")}, op="attach")


def link_in_the_place_of_a_record(bench: Bench) -> None:
    bench.commit({PROFILE: ("120000", b"../lan-jing/profile.md")}, op="adopt")


def submodule(bench: Bench) -> None:
    bench.commit({"customers/evil": ("160000", bench.head.encode())}, op="attach")


def program_among_the_records(bench: Bench) -> None:
    bench.commit({"customers/acme/files/run": ("100755", b"#!/bin/sh\n")}, op="attach")


def same_name_in_capitals(bench: Bench) -> None:
    bench.commit({"customers/ACME/profile.md": bench.blob(PROFILE)}, op="create")


def same_name_in_two_spellings(bench: Bench) -> None:
    bench.commit({"customers/acme/files/café.txt": b"1"}, op="attach")
    bench.commit({"customers/acme/files/cafe\u0301.txt": b"2"}, op="attach")


def reserved_name(bench: Bench) -> None:
    bench.commit({"customers/acme/files/con.txt": b"1"}, op="attach")


def name_with_a_dot_at_its_end(bench: Bench) -> None:
    bench.commit({"customers/acme/files/report.": b"1"}, op="attach")


def name_that_turns_around(bench: Bench) -> None:
    bench.commit({"customers/acme/files/\u202egnp.exe": b"1"}, op="attach")


FAMILIES = {
    "Dates set by hand, clocks that lie": [
        Case("backdated below the newest token", backdated_below_the_newest_token, "BACKDATED"),
        Case("backdated by years", backdated_by_years, "BACKDATED KEYTIME", stock=True),
        Case("backdated without a token", backdated_below_two_others_without_a_token, "BACKDATED"),
        Case("one of two clocks is wrong", one_of_two_clocks_is_wrong, "CLOCK"),
        Case("postdated by a year", postdated_by_a_year, "POSTDATED"),
        Case("postdated beyond a token", postdated_beyond_the_token_that_covers_it, "POSTDATED"),
    ],
    "Hands: forged, unknown, retired, let in by themselves": [
        Case("unsigned", unsigned, "UNSIGNED", stock=True),
        Case("unknown key", signed_by_an_unknown_key, "SIG", stock=True),
        Case("message changed after signing", message_changed_after_the_signing, "SIG", stock=True),
        Case("signature of another commit", signature_of_another_commit, "SIG", stock=True),
        Case("signature with a flipped bit", signature_with_a_flipped_bit, "SIG", stock=True),
        Case(
            "signature for another purpose", signature_made_for_another_purpose, "SIG", stock=True
        ),
        Case("signature of PGP", signature_of_pgp, "SIG", stock=True),
        Case("author forged", author_forged, "IDENT"),
        Case("author and committer differ", author_and_committer_differ, "IDENT RECOMMITTED"),
        Case("names differ", names_differ_and_the_address_is_one, "IDENT"),
        Case("retired key", retired_key, "KEYTIME", stock=True),
        Case("retired key, old date", retired_key_with_a_date_of_its_time, "BACKDATED KEYTIME"),
        Case("key added by no admin", key_added_by_no_admin, "ROLE"),
        Case("key added by itself", key_added_by_itself, "SIG"),
        Case("key swapped", key_of_another_swapped, "ROLE"),
        Case("made himself admin", made_himself_admin, "ROLE"),
        Case("list of admins removed", list_of_admins_removed, "ROLE"),
        Case("settings changed by no admin", settings_changed_by_no_admin, "ROLE"),
        Case("attributes loosened", attributes_loosened_by_no_admin, "ROLE"),
        Case("attributes of a folder", attributes_of_a_folder_brought_in, "ROLE"),
        Case("wildcard among the keys", wildcard_in_the_list_of_keys, "SIG"),
    ],
    "Headers of commits": [
        Case("two authors", two_authors, "FSCK HEADER", stock=True),
        Case("unknown header", unknown_header, "HEADER"),
        Case("tag in the header", a_tag_merged_in_the_header, "HEADER"),
        Case("two signatures", two_signatures, "HEADER SIG", stock=True),
        Case(
            "zero byte in the message", zero_byte_in_the_message, "FSCK HEADER INJECT", stock=True
        ),
        Case("no such time zone", time_zone_that_there_is_not, "HEADER"),
        Case("headers out of order", headers_out_of_order, "FSCK HEADER", stock=True),
    ],
    "Records and entries deleted, altered, renamed": [
        Case("record deleted", record_deleted, "DELETED"),
        Case("record deleted as retire", record_deleted_in_the_name_of_retire, "DELETED"),
        Case("record deleted by plain git", record_deleted_by_plain_git, "DELETED OUTSIDE"),
        Case("record renamed by an update", record_renamed_by_an_ordinary_commit, "DELETED"),
        Case("record rewritten while renamed", record_rewritten_while_renamed, "DELETED"),
        Case("record turned into another kind", record_replaced_by_one_of_another_kind, "DELETED"),
        Case("two records renamed into one", two_records_renamed_into_one, "DELETED"),
        Case("entry removed", entry_removed, "DELETED"),
        Case("entry altered", entry_altered, "DELETED"),
        Case("entry given to another", entry_given_to_another_person, "DELETED"),
        Case("words of a customer altered", words_of_a_customer_altered, "DELETED"),
        Case("words added to an entry", words_added_to_an_entry, "DELETED"),
        Case("entry removed by plain git", entry_removed_by_plain_git, "DELETED OUTSIDE"),
    ],
    "Changes that the message does not say": [
        Case("other content than said", other_content_than_the_message_says, "CONTENT"),
        Case("record changed unsaid", a_record_changed_unsaid, "CONTENT"),
        Case("record named in vain", a_record_named_that_did_not_change, "CONTENT"),
        Case("sum of many wrong", sum_of_many_records_wrong, "CONTENT"),
    ],
    "Made outside of aswiki, or made again": [
        Case("plain git commit", plain_git_commit, "OUTSIDE"),
        Case("amended by plain git", amended_by_plain_git, "RECOMMITTED"),
        Case("amended with other content", amended_with_other_content, "CONTENT RECOMMITTED"),
        Case("squashed by the host", squashed_by_the_host, "RECOMMITTED UNSIGNED", stock=True),
        Case("rebased by the host", rebased_by_the_host, "RECOMMITTED SIG", stock=True),
        Case("squashed by plain git", squashed_by_plain_git, "RECOMMITTED"),
        Case("squashed with a loss", squashed_with_a_record_lost, "DELETED RECOMMITTED"),
    ],
    "Messages: blocks and signs slipped in": [
        Case("second block injected", second_block_injected, "INJECT"),
        Case("operation said twice", operation_said_twice, "INJECT"),
        Case("escapes in the subject", escapes_in_the_subject, "INJECT"),
        Case("subject turned around", subject_turned_around, "INJECT"),
        Case("no such operation", operation_that_there_is_not, "INJECT OUTSIDE"),
        Case("program left out", program_left_out, "INJECT"),
    ],
    "Names and modes of files": [
        Case("symbolic link", symbolic_link, "MODE"),
        Case("link in a record's place", link_in_the_place_of_a_record, "MODE"),
        Case("submodule", submodule, "MODE"),
        Case("program among the records", program_among_the_records, "MODE"),
        Case("same name in capitals", same_name_in_capitals, "COLLIDE"),
        Case("same name in two spellings", same_name_in_two_spellings, "COLLIDE"),
        Case("reserved name", reserved_name, "COLLIDE"),
        Case("name with a dot at its end", name_with_a_dot_at_its_end, "COLLIDE"),
        Case("name that turns around", name_that_turns_around, "COLLIDE"),
    ],
}
CASES = [case for cases in FAMILIES.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_tampered_commit_is_named(bench: Bench, case: Case) -> None:
    is_named(bench, case)
