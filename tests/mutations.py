"""Wikis grown by chance in memory, and chance's ways to tamper with them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from tests.inmemory import Book, Hand, sealed, seeded, token
from tests.tampering import trailers, unsigned
from tests.tsa import Authority

from aswiki.evidence import statement
from aswiki.evidence.statement import Statement

ANNA, BOB, CAROL, MALLORY = (
    Hand(f"{name}@example.com") for name in ("anna", "bob", "carol", "mallory")
)
Kind = Literal["signed", "unsigned", "later"]
SIGNERS, ADMINS, SETTINGS = ".aswiki/allowed_signers", ".aswiki/admins", "aswiki.toml"
TOML = """\
[wiki]
schema = 1
name = "Test"
lang = "en"
timezone = "Asia/Shanghai"

[tsa]
certificates = [".aswiki/tsa/test.pem"]
"""
PROFILE = (
    "---\ntype: profile\ntitle: {slug}\nname: {slug}\naccount_level: key\n---\n\nA customer.\n"
)
EVENT = """\
---
type: event
title: Uploads fail {n}
kind: incident
severity: P1
status: {status}
started_at: 2025-10-03T14:05:00+08:00
source: {{channel: im, said_by: wanglei, confidence: firsthand, verbatim: 我们每分钟都在丢单}}
---

## Log

- 2025-10-03 15:00 +08:00 · anna · action: 已经转给研发
- 2025-10-03 16:00 +08:00 · anna · customer: They called
  > We lose a sale a minute
"""
STATUS = {"acme": "in_progress", "lan-jing": "open"}
"""The second is none that there is, so that its record cannot be read."""
NOTE = """\
---
type: note
title: A feeling {n}
kind: feeling
occurred_at: 2025-10-04T09:00:00+08:00
---

They are not amused.
"""


@cache
def authority() -> Authority:
    """The one authority of all these wikis."""
    return Authority()


@dataclass
class World:
    """A wiki, whoever may write in it, and what somebody outside holds of it.

    Attributes:
        book: its history.
        chance: what decides.
        hands: who may sign now; nobody in an unsigned wiki.
        key: the fingerprint of the key that signed the first commit.
        receipt: the newest anchor's line.
        number: goes on with every name that is given.
        sealed_at: the commit after the newest anchor.
    """

    book: Book
    chance: random.Random
    hands: list[Hand] = field(default_factory=list)
    key: str | None = None
    receipt: str | None = None
    number: int = 0
    sealed_at: str = ""

    def hand(self) -> Hand | None:
        return self.chance.choice(self.hands) if self.hands else None

    def admin(self) -> Hand | None:
        return self.hands[0] if self.hands else None

    def next(self) -> int:
        self.number += 1
        return self.number

    def pick(self, folder: str = "events/") -> str:
        return self.chance.choice(self.book.records(folder))

    def entry(self) -> bytes:
        at = self.book.now.strftime("%Y-%m-%d %H:%M")
        return f"- {at} +08:00 · bob · note: entry {self.next()}\n".encode()

    @property
    def start(self) -> datetime:
        return self.book.now - timedelta(days=300)


def world(kind: Kind, chance: random.Random, now: datetime, prefix: str = "") -> World:
    """A wiki with two customers; signed from its first commit where it is to be."""
    book = Book(now, prefix)
    own = World(book, chance)
    if prefix:
        first = {"code.py": b"1\n"}
        book.commit(first, None, parents=[], message="code\n", outside=True)
    files = {SETTINGS: TOML.encode(), ".aswiki/tsa/test.pem": authority().pem}
    if kind == "signed":
        files |= _first_keys(own)
        own.key = ANNA.fingerprint
    parents = [book.head] if prefix else []
    book.commit(files, own.admin(), op="create", parents=parents)
    for slug in ("acme", "lan-jing"):
        grow(own, {f"customers/{slug}/profile.md": PROFILE.format(slug=slug).encode()}, "create")
        path = f"customers/{slug}/events/2025-10-03-uploads-{own.next()}.md"
        text = EVENT.format(n=own.number, status=STATUS[slug])
        grow(own, {path: text.encode()}, "create")
    return own


def _first_keys(own: World) -> dict[str, bytes]:
    own.hands = [ANNA]
    return {SIGNERS: ANNA.line(own.start).encode(), ADMINS: f"{ANNA.email}\n".encode()}


def grow(own: World, changes: dict[str, bytes | None] | dict[str, bytes], op: str) -> None:
    own.book.commit(dict(changes), own.hand(), op=op)


# --- honest work ----------------------------------------------------------------------------


def entry_added(own: World) -> None:
    path = own.pick()
    grow(own, {path: own.book.text(path) + own.entry()}, "append")


def profile_edited(own: World) -> None:
    path = own.pick("profile.md")
    grow(own, {path: own.book.text(path) + f"\nMore {own.next()}.\n".encode()}, "update")


def note_made(own: World) -> None:
    path = f"customers/acme/notes/2025-10-04-feeling-{own.next()}.md"
    grow(own, {path: NOTE.format(n=own.number).encode()}, "create")


def renamed(own: World) -> None:
    old = own.pick()
    new = f"{old.rpartition('/')[0]}/2025-10-03-downloads-{own.next()}.md"
    grow(own, {old: None, new: own.book.text(old)}, "rename")


def retired(own: World) -> None:
    notes = [p for p in own.book.records("notes/") if b"retired" not in own.book.text(p)]
    if notes:
        path = own.chance.choice(notes)
        text = "---\ntype: note\ntitle: gone\nstatus: retired\nretired: {reason: a double}\n---\n"
        grow(own, {path: text.encode()}, "retire")


def many_imported(own: World) -> None:
    made = {
        f"customers/lan-jing/notes/2025-10-05-row-{own.next()}.md": NOTE.format(n=n).encode()
        for n in range(own.chance.randint(2, 5))
    }
    grow(own, made, "import")


def file_attached(own: World) -> None:
    grow(own, {f"customers/acme/files/proof-{own.next()}.txt": seeded(own.chance)}, "attach")


def keys_changed(own: World) -> None:
    """A hand more, or the last one retired; in an unsigned wiki the first of all."""
    book = own.book
    if not own.hands:
        return
    raw = book.text(SIGNERS)
    if BOB not in own.hands:
        more = raw + BOB.line(own.start).encode()
        book.commit({SIGNERS: more}, ANNA, op="policy")
        own.hands.append(BOB)
    elif CAROL.email.encode() not in raw:
        book.commit({SIGNERS: raw + CAROL.line(own.start).encode()}, ANNA, op="policy")
        path = own.pick()
        book.commit({path: book.text(path) + own.entry()}, CAROL, op="append")
        book.now += timedelta(minutes=10)
        old, new = CAROL.line(own.start), CAROL.line(own.start, book.now)
        old = next(e for e in book.text(SIGNERS).decode().splitlines(True) if "carol" in e)
        new = CAROL.line(own.start, book.now)
        book.commit({SIGNERS: book.text(SIGNERS).replace(old.encode(), new.encode())}, ANNA,
                    op="policy")  # fmt: skip
        book.now += timedelta(minutes=20)


def begun_to_sign(own: World) -> None:
    files = _first_keys(own)
    own.book.commit(files, ANNA, op="policy")


def merged(own: World) -> None:
    book = own.book
    base, path = book.head, own.pick()
    text = book.text(path)
    first, second = own.entry(), own.entry()
    ours = book.commit({path: text + first}, own.hand(), op="append", move=False, parents=[base])
    theirs = {path: text + second}
    other = own.pick("profile.md")
    if own.chance.random() < 0.5:
        theirs[other] = book.text(other) + b"\nMore of it.\n"
    side = book.commit(dict(theirs), own.hand(), op="append", move=False, parents=[base])
    both = {path: text + first + second}
    said = f"merge: two sides\n\n{trailers(both, 'merge')}"
    more = {name: data for name, data in theirs.items() if name != path}
    book.commit({**both, **more}, own.hand(), message=said, parents=[ours, side])


def other_code(own: World) -> None:
    if own.book.prefix:
        code = {"code.py": f"{own.next()}\n".encode()}
        own.book.commit(code, None, message="more code\n", outside=True)


def anchored(own: World, *, stamped: bool = True) -> None:
    book = own.book
    tsa = authority() if stamped else None
    keyed = SIGNERS in book.paths()
    said = book.anchor(own.admin() if keyed else None, tsa, seeded(own.chance))
    own.receipt, own.sealed_at = said.receipt, book.head


HONEST: list[Callable[[World], None]] = [
    entry_added, entry_added, entry_added, profile_edited, note_made, renamed, retired,
    many_imported, file_attached, keys_changed, keys_changed, merged, other_code,
]  # fmt: skip


def grown(own: World, steps: int) -> None:
    for _step in range(steps):
        own.chance.choice(HONEST)(own)


# --- tampering ------------------------------------------------------------------------------


def record_deleted(own: World) -> None:
    op = own.chance.choice(["update", "retire", "adopt", "append", "rename"])
    own.book.commit(
        {own.pick(own.chance.choice(["events/", "profile.md"])): None}, own.hand(), op=op
    )


def entry_lost(own: World) -> None:
    path = own.pick()
    lines = own.book.text(path).splitlines(keepends=True)
    places = [n for n, line in enumerate(lines) if line.startswith(b"- 20")]
    del lines[own.chance.choice(places)]
    grow(own, {path: b"".join(lines)}, own.chance.choice(["update", "adopt", "append", "undo"]))


def words_altered(own: World) -> None:
    path = own.pick()
    raw = own.book.text(path)
    old = own.chance.choice(["We lose a sale", "每分钟都在丢单", "已经转给研发", "They called"])
    grow(own, {path: raw.replace(old.encode(), b"All is well")}, "update")


def byte_of_an_entry_altered(own: World) -> None:
    path = own.pick()
    raw = own.book.text(path)
    start = raw.index(b"- 2025-10-03 15:00")
    place = own.chance.randrange(start + 2, start + 12)
    digit = b"3" if raw[place : place + 1] != b"3" else b"4"
    grow(own, {path: raw[:place] + digit + raw[place + 1 :]}, "update")


def other_content_than_said(own: World) -> None:
    path = own.pick()
    said = {path: own.book.text(path) + own.entry()}
    done = {path: said[path] + own.entry()}
    own.book.commit(done, own.hand(), message=f"x\n\n{trailers(said, 'append')}")


def record_changed_unsaid(own: World) -> None:
    path, other = own.pick(), own.pick("profile.md")
    said = {path: own.book.text(path) + own.entry()}
    also = {other: own.book.text(other) + b"\nIn passing.\n"}
    own.book.commit({**said, **also}, own.hand(), message=f"x\n\n{trailers(said, 'append')}")


def backdated(own: World) -> None:
    path = own.pick()
    early = own.book.now - timedelta(minutes=own.chance.randint(8, 400_000))
    changes: dict[str, bytes | None] = {path: own.book.text(path) + own.entry()}
    own.book.commit(changes, own.hand(), when=early)


def postdated(own: World) -> None:
    path = own.pick()
    late = own.book.now + timedelta(days=own.chance.randint(30, 3000))
    own.book.commit({path: own.book.text(path) + own.entry()}, own.hand(), when=late)


def signed_by_a_stranger(own: World) -> None:
    path = own.pick()
    email = own.chance.choice([ANNA.email, MALLORY.email])
    own.book.commit({path: own.book.text(path) + own.entry()}, MALLORY, email=email, op="append")


def not_signed(own: World) -> None:
    path = own.pick()
    own.book.commit({path: own.book.text(path) + own.entry()}, None, op="append")


def author_forged(own: World) -> None:
    path = own.pick()
    who = own.chance.choice([BOB.email, CAROL.email, "boss@example.com"])
    own.book.commit({path: own.book.text(path) + own.entry()}, ANNA, email=who, op="append")


def retired_key_used(own: World) -> None:
    if BOB not in own.hands:
        keys_changed(own)
    if CAROL.email.encode() not in own.book.text(SIGNERS):
        keys_changed(own)
        anchored(own)  # before that nobody could tell when her key was used
    path = own.pick()
    early = own.book.now - timedelta(minutes=own.chance.choice([0, 3, 25, 60]))
    own.book.commit({path: own.book.text(path) + own.entry()}, CAROL, when=early, op="append")


def key_added_by_itself(own: World) -> None:
    more = own.book.text(SIGNERS) + MALLORY.line(own.start).encode()
    own.book.commit({SIGNERS: more}, MALLORY, op="policy")


def policy_changed_by_no_admin(own: World) -> None:
    if BOB not in own.hands:
        keys_changed(own)
    path = own.chance.choice([SIGNERS, ADMINS, SETTINGS])
    more = {ADMINS: f"{BOB.email}\n", SIGNERS: MALLORY.line(own.start), SETTINGS: "# mine\n"}[path]
    own.book.commit({path: own.book.text(path) + more.encode()}, BOB, op="policy")


def policy_changed_unsigned(own: World) -> None:
    more = own.book.text(SIGNERS) + MALLORY.line(own.start).encode()
    own.book.commit({SIGNERS: more}, None, op="policy")


def header_added(own: World) -> None:
    path = own.pick()
    odd = own.chance.choice(["x-approved-by boss\n", "encoding UTF-8\nencoding GBK\n", "note\n"])
    own.book.commit({path: own.book.text(path) + own.entry()}, own.hand(), header=odd)


def block_injected(own: World) -> None:
    path = own.pick()
    done = {path: own.book.text(path) + own.entry()}
    block = trailers(done, "append")
    text = own.chance.choice(
        [
            f"x\n\nAswiki-Op: anchor\nAswiki-Tool: aswiki/9\n\n{block}",
            f"x\n\nAswiki-Op: anchor\n{block}",
            f"\x1b[2Jx\n\n{block}",
            f"\u202ex\n\n{block}",
            f"x\n\n{block}Aswiki-Approved: boss\n",
            f"x\n\n{block.replace('Op: append', 'Op: bless')}",
        ]
    )
    own.book.commit(dict(done), own.hand(), message=text)


def name_that_collides(own: World) -> None:
    name = own.chance.choice(
        ["customers/ACME/files/a.txt", "customers/acme/files/con", "customers/acme/files/a.",
         "customers/acme/files/cafe\u0301.txt", "customers/acme/files/\u202egnp.exe"]
    )  # fmt: skip
    grow(own, {"customers/acme/files/z.txt": b"1"}, "attach")
    grow(own, {name: b"1"}, "attach")


def mode_loosened(own: World) -> None:
    mode = own.chance.choice(["120000", "100755"])
    done = {f"customers/acme/files/run-{own.next()}": b"../passwd"}
    own.book.commit(dict(done), own.hand(), op="attach", mode=mode)


def anchor_altered(own: World) -> None:
    path = own.chance.choice(own.book.paths(statement.FOLDER))
    raw = own.book.text(path)
    place = own.chance.randrange(len(raw))
    put = raw[:place] + bytes([raw[place] ^ 1 << own.chance.randrange(8)]) + raw[place + 1 :]
    grow(own, {path: own.chance.choice([put, None])}, "anchor")


def anchor_that_lies(own: World) -> None:
    made = own.book.statement(ANNA.email, seed := seeded(own.chance))
    lies: dict[str, Callable[[Statement], Statement]] = {
        "prev": lambda e: replace(e, prev="1" * 64),
        "repo": lambda e: replace(e, repo_id="1" * 40),
        "commit": lambda e: replace(e, commit="1" * 40),
        "commits": lambda e: replace(e, commits=e.commits + 1),
        "objects": lambda e: replace(e, objects_sha256="1" * 64),
        "count": lambda e: replace(e, records_count=e.records_count + 1),
        "keys": lambda e: replace(e, keys_sha256="1" * 64),
        "seq": lambda e: replace(e, seq=e.seq + 1),
    }
    lie = lies[own.chance.choice(list(lies))](made)
    own.book.anchor(own.admin(), authority(), seed, lie)


def anchor_by_a_stranger(own: World) -> None:
    seed = seeded(own.chance)
    said = own.book.statement(ANNA.email, seed)
    raw = said.text()
    changes: dict[str, bytes | None] = {
        statement.path(said.seq, "txt"): raw,
        statement.path(said.seq, "seed"): seed,
        statement.path(said.seq, "txt.sig"): MALLORY.signed(raw, "aswiki-anchor"),
    }
    own.book.commit(changes, own.hand(), op="anchor")


def token_of_a_rogue(own: World) -> None:
    said = own.book.anchors()[-1]
    rogue = Authority()
    rogue.now = own.book.tick()
    raw = own.chance.choice([token(rogue, said.text()), token(authority(), b"other"), b"0\x03\x02"])
    grow(own, {statement.path(said.seq, "own.tsr"): raw}, "anchor")


def sides(own: World) -> tuple[str, str, str, bytes, bytes, bytes]:
    book = own.book
    base, path = book.head, own.pick()
    text, first, second = book.text(path), own.entry(), own.entry()
    at = book.tick()
    ours = book.commit({path: text + first}, own.hand(), op="append", parents=[base], when=at,
                       move=False)  # fmt: skip
    side = book.commit({path: text + second}, own.hand(), op="append", parents=[base], when=at,
                       move=False)  # fmt: skip
    return ours, side, path, text, first, second


def merge_that_lies(own: World) -> None:
    ours, side, path, text, first, second = sides(own)
    other = own.pick("profile.md")
    forged = b"- 2025-10-09 10:00 +08:00 \xc2\xb7 bob \xc2\xb7 note: I agree\n"
    both = text + first + second
    done: dict[str, bytes | None] = own.chance.choice(
        [
            {path: text + first}, {path: text + second}, {path: text}, {path: both + forged},
            {path: None}, {path: both, other: None}, {path: both, other: b"---\n---\nslipped\n"},
            {path: both, "customers/acme/notes/2025-10-09-new.md": NOTE.encode()},
        ]
    )  # fmt: skip
    ours_too = own.chance.random() < 0.5
    said = f"merge\n\n{trailers(done, 'merge')}" if ours_too else "Merge branch 'side'\n"
    own.book.commit(done, own.hand(), message=said, parents=[ours, side])


def merge_of_another_history(own: World) -> None:
    book = own.book
    alien = book.commit({"x.txt": b"1"}, None, parents=[""], move=False, message="alien\n")
    book.commit({"x.txt": b"1"}, own.hand(), message="Merge\n", parents=[book.head, alien])


def history_rewritten(own: World) -> None:
    """Commits before the newest anchor made anew, each with its author's own key."""
    book = own.book
    line = [name for name in book.order() if len(book.parents[name]) < 2]
    at = own.chance.choice(line[1:-3])
    _replayed(own, at, own.chance.choice(["drop", "message", "date", "byte"]))


def _replayed(own: World, at: str, how: str) -> None:
    book = own.book
    order = book.order()
    again: dict[str, str] = {}
    for name in order[order.index(at) :]:
        parents = [again.get(each, each) for each in book.parents[name]]
        if name == at and how == "drop":
            again[name] = parents[0]
            continue
        raw = unsigned(book.objects[name][1])
        files = dict(book.files[name])
        head, _blank, text = raw.partition(b"\n\n")
        tree, *rest = [each for each in head.split(b"\n") if not each.startswith(b"parent ")]
        if name == at and how == "message":
            text = b"Re: " + text
        if name == at and how == "date":
            early = str(int(rest[1].split(b" ")[-2]) - 60).encode()
            rest = [each.rpartition(b" ")[0].rpartition(b" ")[0] + b" " + early + b" +0800"
                    for each in rest]  # fmt: skip
        if name == at and how == "byte":
            text = text.rstrip(b"\n") + b"\nAswiki-Occurred: 2025-10-03T14:05:00+08:00\n"
        links = [f"parent {each}".encode() for each in parents]
        made = b"\n".join([tree, *links, *rest]) + b"\n\n" + text
        hand = _owner(raw) if book.objects[name][1] != raw else None
        again[name] = book.kept(sealed(made, hand), files, parents)


def _owner(raw: bytes) -> Hand:
    return next(hand for hand in (ANNA, BOB, CAROL) if hand.email.encode() in raw.split(b"\n\n")[0])


def truncated(own: World) -> None:
    """All since before the newest anchor dropped, and perhaps anchored anew."""
    book = own.book
    line = book.order()
    book.head = own.chance.choice(line[2 : line.index(own.sealed_at)])
    if own.chance.random() < 0.5:
        book.anchor(_hand_of(own), authority(), seeded(own.chance))


def _hand_of(own: World) -> Hand | None:
    return ANNA if own.hands and SIGNERS in own.book.paths() else None


def made_anew(own: World) -> None:
    book = own.book
    kept = {path: book.text(path) for path in book.records()}
    line = MALLORY.line(own.start).encode()
    kept |= {SETTINGS: book.text(SETTINGS), SIGNERS: line, ADMINS: f"{MALLORY.email}\n".encode()}
    book.commit({**kept}, MALLORY, op="create", parents=[""])
    book.anchor(MALLORY, None, seeded(own.chance))


def plain_commit(own: World) -> None:
    path = own.pick("profile.md")
    text = own.book.text(path) + b"\nBy hand.\n"
    own.book.commit({path: text}, own.hand(), message="typo\n")


def host_merge(own: World) -> None:
    ours, side, path, text, first, second = sides(own)
    said = "Merge branch 'side'\n"
    own.book.commit({path: text + first + second}, own.hand(), message=said, parents=[ours, side])


def amended(own: World) -> None:
    path = own.pick()
    early = own.book.now
    own.book.commit({path: own.book.text(path) + own.entry()}, own.hand(), author_when=early,
                    when=own.book.tick(), op="append")  # fmt: skip


TAMPERS: dict[Callable[[World], None], str] = {
    record_deleted: "", entry_lost: "", words_altered: "", byte_of_an_entry_altered: "",
    other_content_than_said: "", record_changed_unsaid: "", backdated: "", postdated: "",
    signed_by_a_stranger: "", not_signed: "", author_forged: "", retired_key_used: "",
    key_added_by_itself: "", policy_changed_by_no_admin: "", policy_changed_unsigned: "",
    header_added: "", block_injected: "", name_that_collides: "", mode_loosened: "",
    anchor_altered: "", anchor_that_lies: "", anchor_by_a_stranger: "", token_of_a_rogue: "",
    merge_that_lies: "", merge_of_another_history: "", history_rewritten: "", truncated: "",
    made_anew: "", plain_commit: "OUTSIDE", host_merge: "HOSTMERGE", amended: "RECOMMITTED",
}  # fmt: skip
"""What is done → the code that must be named where it does not make the verdict tampered."""

KEYED = {
    signed_by_a_stranger, author_forged, retired_key_used, key_added_by_itself, made_anew,
    policy_changed_by_no_admin, policy_changed_unsigned, anchor_by_a_stranger, not_signed,
}  # fmt: skip
"""What asks for a wiki with keys."""
ANCHORED = {anchor_altered, token_of_a_rogue, history_rewritten, truncated, made_anew}
"""What asks for a wiki with an anchor."""
