"""The use case ``anchor``: a signed statement about all that is recorded, and its time stamps."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aswiki.errors import AswikiError, Unusable
from aswiki.evidence import merkle, statement
from aswiki.evidence.statement import Statement
from aswiki.lang import _
from aswiki.store import tsa
from aswiki.wiki.proof import anchor_records, revocations, signing
from aswiki.wiki.proof.anchors import STAMP, Anchor, anchors, newest
from aswiki.wiki.saving import Change, Operation, Saved, save, writing

if TYPE_CHECKING:
    from aswiki.evidence.timestamps import Token
    from aswiki.wiki.wiki import Wiki

OP = "anchor"
SEED_BYTES = 32
_MAIN = ("refs/heads/main", "refs/heads/master")


@dataclass
class _Stamps:
    """What the authorities gave, and which of them gave nothing.

    Args:
        changes: the files of the tokens, of the certificates behind them and of what revokes these.
        tokens: number of the anchor, name of the authority, and the token.
        silent: why an authority gave nothing, by its name.
    """

    changes: dict[str, bytes] = field(default_factory=dict)
    tokens: list[tuple[int, str, Token]] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)


def anchor(wiki: Wiki, url: str | None = None) -> Saved:
    """Anchor what is recorded, where anything is new, and fetch the time stamps still missing.

    ``more`` of what comes back holds ``seq``, ``receipt``, ``tokens`` and ``waiting``, the names of
    authorities that gave no answer.

    Args:
        wiki: the open wiki.
        url: the authority to ask; None for those of the settings.

    Raises:
        BadInput: the address of an authority is none.
        Unusable: not on the main ref, no key to sign with, or an authority answers with what is no
            token for the statement; nothing is written then.
    """
    urls = {tsa.name(each): each for each in ([url] if url else _urls(wiki))}
    repository = wiki.repository
    repository.require_safe()
    repository.require_ready()
    head = repository.head()
    if head is None:
        raise Unusable("no-commits", _("Nothing is recorded yet."), _("Record something first."))
    known = anchors(wiki, head)
    ref = _require_main(wiki, known)
    own = _signer(wiki)
    pinned = _pinned(wiki, head) if urls else []
    waiting = [(each.statement, each.tokens) for each in known]
    files: dict[str, bytes] = {}
    if _is_news(wiki, head, known):
        seed = os.urandom(SEED_BYTES)
        said = _statement(wiki, head, ref, known[-1].statement if known else None, own, seed)
        signature = signing.signature(own.own, said.text(), _namespace())
        files = _files(said, signature, seed)
        waiting.append((said, frozenset()))
    stamps = _stamps(waiting, urls, pinned)
    saved = _saved(wiki, known, files | _new(wiki, head, stamps.changes), waiting)
    return _told(saved, waiting, stamps)


def occasion(wiki: Wiki, word: str) -> list[str]:
    """Anchor where ``[anchor]`` names this occasion; what went wrong, as warnings.

    In a wiki that is shared only what is synced is anchored: two anchors of one number, made in two
    clones, could never be joined. The day's anchor is ``sync``'s there.

    Args:
        wiki: the open wiki.
        word: handover, export or daily; the last is one a day, counted in the wiki's zone.
    """
    found = wiki.settings.get("anchor")
    named = found.get("on") if isinstance(found, dict) else None
    if not isinstance(named, list) or word not in named:
        return []
    try:
        if word == "daily" and _is_of_today(wiki):
            return []
        repository = wiki.repository
        if repository.is_in_step(repository.branch() or "") is False:
            later = _("No anchor was made: not all is synced. First: aswiki sync")
            return [] if word == "daily" else [later]
        return list(anchor(wiki).warnings)
    except AswikiError as error:
        said = _("No anchor was made: {message}").format(message=error.message)
        return [f"{said} {error.hint}".rstrip()]


def _is_of_today(wiki: Wiki) -> bool:
    last = newest(wiki)
    if last is None:
        return False
    made = datetime.fromisoformat(last.created).astimezone(wiki.zone)
    return made.date() >= wiki.now().date()


def _namespace() -> str:
    from aswiki.evidence.signers import ANCHOR

    return ANCHOR


def _urls(wiki: Wiki) -> list[str]:
    return _listed(wiki, "urls")


def _listed(wiki: Wiki, key: str) -> list[str]:
    """A list of ``[tsa]``."""
    found = wiki.settings.get("tsa")
    values = found.get(key) if isinstance(found, dict) else None
    return [str(value) for value in values] if isinstance(values, list) else []


def _require_main(wiki: Wiki, known: Sequence[Anchor]) -> str:
    """The main ref: that of the anchors there are, else main, else master, else this one."""
    repository = wiki.repository
    here = repository.branch() or ""
    there = (ref for ref in _MAIN if repository.resolve(ref) is not None)
    main = known[-1].statement.ref if known else next(there, here)
    if here == main:
        return main
    branch = main.removeprefix("refs/heads/")
    raise Unusable(
        "not-main",
        _("Anchors are made on {main} alone, and this is {branch}.").format(
            main=branch, branch=here.removeprefix("refs/heads/")
        ),
        _("Go there: git switch {branch}").format(branch=branch),
    )


def _signer(wiki: Wiki) -> signing.Signer:
    """Who signs the statement.

    Raises:
        Unusable: the wiki is not signed, or the writer's key may not sign anchors.
    """
    from aswiki.evidence.signers import ANCHOR

    found = signing.signer(wiki)
    if found.key.allows(ANCHOR, wiki.now()):
        return found
    raise Unusable(
        "key-not-allowed",
        _("The key of {principal} may not sign anchors.").format(principal=found.key.principal),
        _("Ask an admin for a line of .aswiki/allowed_signers with the namespace {name}.").format(
            name=ANCHOR
        ),
    )


def _pinned(wiki: Wiki, head: str) -> list[bytes]:
    """The certificates of ``[tsa]``, as they are committed.

    Raises:
        Unusable: none is named, or one is not committed.
    """
    named = _listed(wiki, "certificates")
    found = wiki.repository.blobs(head, named)
    missing = [path for path in named if found[path] is None]
    if not named:
        message = _("No certificate says which time-stamping authority to trust.")
        hint = _("Put its root into .aswiki/tsa/NAME.pem, name that under [tsa] certificates.")
        raise Unusable("no-tsa-certificate", message, hint)
    if missing:
        message = _("The certificate {path} is not committed.").format(path=missing[0])
        raise Unusable("no-tsa-certificate", message, _("Take it in with: aswiki commit"))
    return [raw for raw in found.values() if raw is not None]


def _is_news(wiki: Wiki, head: str, known: Sequence[Anchor]) -> bool:
    """Whether a commit that is not about anchors came since the newest one."""
    if not known:
        return True
    anchored = known[-1].statement.commit
    if not wiki.repository.leads_to(anchored, head):
        raise Unusable(
            "rewritten",
            _("The history was rewritten: what anchor {seq} names is gone.").format(
                seq=known[-1].seq
            ),
            _("Look with: aswiki verify"),
        )
    return any(commit.op != OP for commit in wiki.repository.log(rev=f"{anchored}..{head}"))


def _statement(
    wiki: Wiki,
    head: str,
    ref: str,
    last: Statement | None,
    own: signing.Signer,
    seed: bytes,
) -> Statement:
    repository = wiki.repository
    keys = repository.blob(head, signing.SIGNERS) or b""
    leaves = anchor_records.salted(wiki, head, seed)
    return Statement(
        repo_id=repository.genesis(head),
        seq=last.seq + 1 if last else 1,
        prev=last.sha256 if last else statement.NONE,
        ref=ref,
        commit=head,
        commits=repository.count(head),
        objects_sha256=repository.objects_sha256(head, last.commit if last else None),
        records_root=merkle.root(leaves),
        records_count=len(leaves),
        keys_sha256=hashlib.sha256(keys).hexdigest(),
        created=wiki.now().isoformat(timespec="seconds"),
        signer=own.key.principal,
    )


def _files(said: Statement, signature: bytes, seed: bytes) -> dict[str, bytes]:
    contents = {"txt": said.text(), "txt.sig": signature, "seed": seed}
    return {statement.path(said.seq, ending): raw for ending, raw in contents.items()}


def _stamps(
    waiting: Sequence[tuple[Statement, frozenset[str]]],
    urls: Mapping[str, str],
    pinned: Sequence[bytes],
) -> _Stamps:
    """The tokens of all statements without one, and of the newest those it lacks.

    Raises:
        Unusable: code ``bad-token``: an authority answers with what is no token for a statement,
            or its certificate was revoked.
    """
    found = _Stamps()
    for said, has in waiting:
        is_newest = said is waiting[-1][0]
        for name, url in urls.items():
            if name in has or name in found.silent or (has and not is_newest):
                continue
            token = _token(said, url, pinned)
            if isinstance(token, str):
                found.silent[name] = token
                continue
            answer, stamp = token
            found.tokens.append((said.seq, name, stamp))
            found.changes[statement.path(said.seq, f"{name}{STAMP}")] = answer
            found.changes[_chain_path(name, stamp.chain)] = stamp.chain
    for name, stamp in {name: stamp for _seq, name, stamp in found.tokens}.items():
        found.changes |= revocations.lists(name, stamp)
    return found


def _token(said: Statement, url: str, pinned: Sequence[bytes]) -> tuple[bytes, Token] | str:
    """An authority's answer and the token in it, or why there is none yet."""
    from aswiki.evidence import timestamps

    asked = timestamps.request(said.text(), secrets.randbits(63) | 1 << 62)
    try:
        answer = tsa.ask(url, asked.request)
    except tsa.Unreachable as error:
        return error.message
    found = timestamps.check(answer, said.text(), pinned, asked.nonce)
    if isinstance(found, timestamps.Token):
        return answer, found
    if found.kind == "refused":
        return f"{url}: {found.reason}"
    raise Unusable(
        "bad-token",
        _("What {url} answers is no token to keep: {reason}.").format(url=url, reason=found.reason),
        _("Nothing was written. Ask another authority: aswiki anchor --tsa URL"),
    )


def _chain_path(name: str, chain: bytes) -> str:
    return f"{statement.CHAINS}{name}-{hashlib.sha256(chain).hexdigest()[:12]}.pem"


def _new(wiki: Wiki, head: str, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of the files that are not there: chains are named after their bytes."""
    there = wiki.repository.blobs(head, contents)
    return {path: raw for path, raw in contents.items() if there[path] is None}


def _saved(
    wiki: Wiki,
    known: Sequence[Anchor],
    contents: Mapping[str, bytes],
    waiting: Sequence[tuple[Statement, frozenset[str]]],
) -> Saved:
    if not contents:
        return Saved()
    changes = [Change(path, None, raw) for path, raw in contents.items()]
    seq = waiting[-1][0].seq
    is_new = seq > len(known)
    subject = f"anchor: {seq}" if is_new else f"anchor: time stamp of {seq}"
    with writing(wiki):  # the authorities were asked without keeping other writers waiting
        if len(anchors(wiki)) != len(known):
            raise Unusable(
                "raced", _("Another anchor came in between."), _("Nothing was written; try again.")
            )
        return save(wiki, changes, Operation(OP, subject))


def _told(
    saved: Saved, waiting: Sequence[tuple[Statement, frozenset[str]]], stamps: _Stamps
) -> Saved:
    last = waiting[-1][0]
    more = {
        "seq": last.seq,
        "receipt": last.receipt,
        "tokens": [
            {"seq": seq, "tsa": name, "at": token.at.isoformat(), "authority": token.authority}
            for seq, name, token in stamps.tokens
        ],
        "waiting": sorted(stamps.silent),
    }
    return replace(
        saved, path=statement.path(last.seq, "txt"), warnings=list(_warnings(stamps)), more=more
    )


def _warnings(stamps: _Stamps) -> Iterator[str]:
    for why in stamps.silent.values():
        yield _("{why}. The next aswiki anchor asks again.").format(why=why.rstrip("."))
