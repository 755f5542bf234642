"""Who may sign in a wiki: keys added, retired and listed, each by an admin's own commit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aswiki.domain.times import when
from aswiki.errors import BadInput, NotFound, Unusable
from aswiki.lang import _
from aswiki.wiki import lookup
from aswiki.wiki.proof import signing
from aswiki.wiki.proof.signing import ADMINS, SIGNERS, OwnKey
from aswiki.wiki.saving import Change, Operation, Saved, save, writing
from aswiki.wiki.wiki import Wiki

if TYPE_CHECKING:
    from aswiki.evidence.signers import Key

State = Literal["valid", "future", "retired"]


@dataclass(frozen=True)
class Row:
    """A key of the wiki, whether it may sign now, and whether its owner is an admin."""

    key: Key
    state: State
    admin: bool

    def as_json(self) -> dict[str, object]:
        """The row with the keys of ``key list --json``."""
        from aswiki.evidence.signers import fingerprint

        ends = (self.key.valid_after, self.key.valid_before)
        after, before = (moment.isoformat() if moment else None for moment in ends)
        return {
            "principal": self.key.principal,
            "fingerprint": fingerprint(self.key),
            "kind": self.key.key_type,
            "namespaces": list(self.key.namespaces),
            "valid_after": after,
            "valid_before": before,
            "state": self.state,
            "admin": self.admin,
        }


def add(
    wiki: Wiki,
    words: str,
    public: Path,
    *,
    since: str | None = None,
    admin: bool = False,
    dry_run: bool = False,
) -> Saved:
    """Let a key sign as somebody; in a wiki without keys, begin to sign with the writer's own.

    ``more`` of what comes back holds the ``principal`` and the key in ``fingerprints``.

    Args:
        wiki: the open wiki.
        words: an address, or a person of people.toml.
        public: the file of the public key.
        since: from when on it may sign, as typed; from now on where it is None.
        admin: whether they may touch policy files as well.
        dry_run: whether nothing is written.

    Raises:
        BadInput: the key, the address or the time is no good, or the key is somebody's already.
        Unusable: the writer is no admin, may not sign, or git refuses.
    """
    own = signing.named_key(public)
    principal = _principal(wiki, words)
    start = _second(when.moment(since, wiki.now(), wiki.zone) if since else wiki.now())
    with writing(wiki, dry_run=dry_run):
        before = _committed(wiki, SIGNERS)
        if before is None:
            return _begin(wiki, own, principal, start, dry_run=dry_run)
        _require_right(wiki)
        after = _with_key(before, _line(own, principal, start))
        changes = [Change(SIGNERS, before, after)]
        if admin:
            changes.append(_with_admin(wiki, principal))
        return _saved(wiki, changes, "add", [own.key_base64], principal, dry_run=dry_run)


def retire(wiki: Wiki, words: str, *, at: str | None = None, dry_run: bool = False) -> Saved:
    """End the window of a key, or of every key of somebody; what they signed in it stays good.

    ``more`` of what comes back holds the ``principal`` and the keys in ``fingerprints``.

    Args:
        wiki: the open wiki.
        words: a fingerprint, an address, or a person of people.toml.
        at: the last moment of the window, as typed; now where it is None.
        dry_run: whether nothing is written.

    Raises:
        BadInput: it is the key that the writer signs with, or the time is no good.
        NotFound: no key is meant.
        Unusable: the writer is no admin, may not sign, or git refuses.
    """
    end = _second(when.moment(at, wiki.now(), wiki.zone) if at else wiki.now())
    with writing(wiki, dry_run=dry_run):
        before = _committed(wiki, SIGNERS)
        if before is None:
            signing.signer(wiki)
        raw = before or b""
        meant = _meant(wiki, raw, words)
        _require_right(wiki)
        _require_not_own(wiki, meant)
        ended = [key for key in meant if key.valid_before is None or key.valid_before > end]
        lines = raw.split(b"\n")
        for key in ended:
            # ssh-keygen takes no window without a length, not even of a key that never began
            start = key.valid_after and min(key.valid_after, end - timedelta(seconds=1))
            lines[key.line - 1] = replace(key, valid_after=start, valid_before=end).text().encode()
        change = Change(SIGNERS, before, b"\n".join(lines))
        bases = [key.key_base64 for key in meant]
        return _saved(wiki, [change], "retire", bases, meant[0].principal, dry_run=dry_run)


def listed(wiki: Wiki) -> list[Row]:
    """Every key of the wiki, in the order of its file; none where the wiki is not signed."""
    from aswiki.evidence.signers import admins

    now = wiki.now()
    known = admins((wiki.bytes_of(ADMINS) or b"").decode("utf-8", "replace"))
    keys = signing.keys_of(wiki.bytes_of(SIGNERS) or b"")
    return [Row(key, _state(key, now), key.principal in known) for key in keys]


def first_files(own: OwnKey, principal: str, start: datetime) -> dict[str, bytes]:
    """The policy files of a wiki that begins to be signed, with one key and one admin."""
    from aswiki.evidence.signers import is_principal

    if not is_principal(principal):
        raise BadInput(
            "bad-principal",
            _("A key belongs to an e-mail address, not to {words}.").format(words=ascii(principal)),
            _("Set yours: git config --global user.email ADDRESS"),
        )
    line = _line(own, principal, _second(start)).text()
    return {SIGNERS: f"{line}\n".encode(), ADMINS: f"{principal}\n".encode()}


def _begin(wiki: Wiki, own: OwnKey, principal: str, start: datetime, *, dry_run: bool) -> Saved:
    """Sign from here on: the first key is the writer's own, and they are the first admin."""
    email = wiki.repository.identity().email
    if principal != email:
        raise BadInput(
            "first-key",
            _("The first key of a wiki is the writer's own, {email}.").format(email=email),
            _("Begin with it: aswiki key add {email} KEY.pub").format(email=email),
        )
    files = first_files(own, principal, start)
    changes = [Change(path, _committed(wiki, path), data) for path, data in files.items()]
    told = signing.settings(wiki.root, own)
    with nullcontext() if dry_run else wiki.repository.configured(told):
        return _saved(wiki, changes, "add", [own.key_base64], principal, dry_run=dry_run)


def _saved(
    wiki: Wiki,
    changes: Sequence[Change],
    verb: str,
    bases: Sequence[str],
    principal: str,
    *,
    dry_run: bool,
) -> Saved:
    from aswiki.evidence.signers import fingerprint

    names = [fingerprint(base) for base in bases]
    operation = Operation("policy", f"key {verb}: {principal} {' '.join(names)}")
    saved = save(wiki, changes, operation, dry_run=dry_run)
    return replace(saved, more={"principal": principal, "fingerprints": names})


def _principal(wiki: Wiki, words: str) -> str:
    """The address that is meant: as it stands, or the first one of a person of people.toml.

    Raises:
        BadInput: it is none.
    """
    from aswiki.evidence.signers import is_principal

    found = words.strip()
    if "@" not in found:
        people = wiki.people.get("people")
        data = people.get(lookup.person(wiki, words)) if isinstance(people, dict) else None
        emails = data.get("emails") if isinstance(data, dict) else None
        found = str(emails[0]) if isinstance(emails, list) and emails else ""
    if not is_principal(found):
        raise BadInput(
            "bad-principal",
            _("A key belongs to an e-mail address, not to {words}.").format(words=ascii(words)),
            _("Give the address of their commits, or a person of people.toml who has one."),
        )
    return found


def _line(own: OwnKey, principal: str, start: datetime) -> Key:
    from aswiki.evidence.signers import NAMESPACES, Key

    return Key(principal, NAMESPACES, start, None, own.key_type, own.key_base64)


def _with_key(before: bytes, key: Key) -> bytes:
    """The file with one key more; as it was where the key may sign as this principal already.

    Raises:
        BadInput: the key is another's, or was retired.
    """
    for known in signing.keys_of(before):
        if known.key_base64 != key.key_base64:
            continue
        if known.principal == key.principal and known.valid_before is None:
            return before
        raise BadInput(
            "key-known",
            _("The key stands in line {line} of {path} already, for {principal}.").format(
                line=known.line, path=SIGNERS, principal=known.principal
            ),
            _("A key has one owner and one window: make a new one with ssh-keygen -t ed25519."),
        )
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    return before + gap + f"{key.text()}\n".encode()


def _with_admin(wiki: Wiki, principal: str) -> Change:
    from aswiki.evidence.signers import admins

    before = _committed(wiki, ADMINS) or b""
    if principal in admins(before.decode("utf-8", "replace")):
        return Change(ADMINS, before, before)
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    return Change(ADMINS, before or None, before + gap + f"{principal}\n".encode())


def _meant(wiki: Wiki, raw: bytes, words: str) -> list[Key]:
    """The keys that a fingerprint, an address or a person names.

    Raises:
        NotFound: none.
    """
    from aswiki.evidence.signers import fingerprint

    keys, named = signing.keys_of(raw), words.strip()
    found = [key for key in keys if fingerprint(key) == named]
    if not found and not named.startswith("SHA256:"):
        principal = _principal(wiki, words)
        found = [key for key in keys if key.principal == principal]
    if not found:
        raise NotFound(
            "no-key",
            _("The wiki has no key {words}.").format(words=named),
            _("aswiki key list shows the keys."),
        )
    return found


def _require_right(wiki: Wiki) -> None:
    """Return when the writer may sign here and touch policy files."""
    signing.signer(wiki)
    signing.require_admin(wiki)


def _require_not_own(wiki: Wiki, keys: Sequence[Key]) -> None:
    own = signing.own_key(wiki.repository)
    if own is not None and own.key_base64 in {key.key_base64 for key in keys}:
        raise BadInput(
            "own-key",
            _("This is the key you sign with: it cannot end itself."),
            _("Add a new one, sign with it (git config user.signingkey), then retire the old."),
        )


def _committed(wiki: Wiki, path: str) -> bytes | None:
    """A policy file, the same in the folder and in the last commit.

    Raises:
        Unusable: somebody edited it by hand.
    """
    head = wiki.repository.head()
    found = wiki.repository.blob(head, path) if head else None
    if wiki.bytes_of(path) != found:
        raise Unusable(
            "hand-edits",
            _("{path} has changes that are not committed.").format(path=path),
            _("Who may sign is changed by aswiki key alone. Take the edits back with git restore."),
        )
    return found


def _state(key: Key, now: datetime) -> State:
    if key.covers(now):
        return "valid"
    return "future" if key.valid_after is not None and key.valid_after > now else "retired"


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
