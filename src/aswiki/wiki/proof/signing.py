"""With which key the writer signs, and whether a signed wiki takes what they are about to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aswiki.errors import AswikiError, BadInput, Unusable
from aswiki.lang import _
from aswiki.store import files

if TYPE_CHECKING:
    from datetime import datetime

    from aswiki.evidence.signers import Key
    from aswiki.store.git import Identity, Repository
    from aswiki.wiki.saving import Change
    from aswiki.wiki.wiki import Wiki

SIGNERS = ".aswiki/allowed_signers"
ADMINS = ".aswiki/admins"
LARGEST_KEY = 64 * 1024
_LITERAL = re.compile(r"key::(.*)|(ssh-.*)", re.DOTALL)


@dataclass(frozen=True)
class OwnKey:
    """The key that git signs the writer's commits with.

    Args:
        setting: what ``user.signingkey`` says, or is to say.
        key_type: the word before the key, such as ``ssh-ed25519``.
        key_base64: the public key.
        file: the file that is handed to ssh-keygen; None for a key that only the agent has.
    """

    setting: str
    key_type: str
    key_base64: str
    file: Path | None


@dataclass(frozen=True)
class Signer:
    """Who signs here and now: the writer's line of ``allowed_signers`` and the key itself."""

    key: Key
    own: OwnKey


def required(wiki: Wiki, changes: Iterable[Change], identity: Identity) -> bool | None:
    """Whether a commit of these changes must be signed; None where git's settings decide.

    In a wiki with ``allowed_signers`` every commit is, with a key that it allows: any other would
    stand in the history as tampering for good.

    Raises:
        Unusable: the wiki is signed, and the writer's key is missing or not allowed; or policy
            files change, and the writer is no admin.
    """
    changed = {change.path: change for change in changes}
    raw = _standing(wiki, changed, SIGNERS)
    if raw is None:
        return None
    require_allowed(wiki.repository, raw, identity, wiki.now())
    _require_admin(_standing(wiki, changed, ADMINS), identity, changed)
    return True


def signer(wiki: Wiki) -> Signer:
    """Who signs here and now.

    Raises:
        Unusable: the wiki is not signed, or the writer's key is missing or not allowed.
    """
    raw = wiki.bytes_of(SIGNERS)
    if raw is None:
        raise Unusable(
            "unsigned-wiki",
            _("The commits of this wiki are not signed."),
            _("Begin with your own key: aswiki key add ADDRESS KEY.pub"),
        )
    return require_allowed(wiki.repository, raw, wiki.repository.identity(), wiki.now())


def require_allowed(
    repository: Repository, raw: bytes, identity: Identity, now: datetime
) -> Signer:
    """The writer's line of these bytes of ``allowed_signers``.

    Raises:
        Unusable: the writer's key is missing, or not allowed now under the writer's address.
    """
    from aswiki.evidence.signers import GIT, fingerprint

    own = own_key(repository)
    if own is None:
        raise Unusable(
            "no-signing-key",
            _("The commits of this wiki are signed, and no key of yours is set up."),
            _(
                "aswiki doctor --fix takes an allowed one out of ~/.ssh or the agent; for another: "
                "git config user.signingkey KEY.pub"
            ),
        )
    for key in keys_of(raw):
        if key.key_base64 == own.key_base64 and key.principal == identity.email:
            if key.allows(GIT, now):
                return Signer(key, own)
            break
    raise Unusable(
        "key-not-allowed",
        _("Your key {fingerprint} may not sign as {principal} in this wiki now.").format(
            fingerprint=fingerprint(own.key_base64), principal=identity.email
        ),
        _("Ask an admin for: aswiki key add {principal} KEY.pub").format(principal=identity.email),
    )


def require_admin(wiki: Wiki) -> None:
    """Return when the writer may touch policy files.

    Raises:
        Unusable: they are no admin.
    """
    _require_admin(wiki.bytes_of(ADMINS), wiki.repository.identity(), (SIGNERS,))


def keys_of(raw: bytes) -> list[Key]:
    """The keys of these bytes of ``allowed_signers``; lines not understood allow nobody."""
    from aswiki.evidence.signers import parse

    return parse(raw.decode("utf-8", "replace"))[0]


def own_key(repository: Repository) -> OwnKey | None:
    """The key of git's ``user.signingkey``; None where it names none that can be read.

    Raises:
        Unusable: the repository is unsafe.
    """
    setting = repository.settings().get("user.signingkey", "")
    literal = _LITERAL.fullmatch(setting)
    if literal is not None:
        return _own(setting, literal[1] or literal[2] or "", None)
    if not setting:
        return None
    with suppress(RuntimeError):  # a home that nobody has
        place = repository.top / Path(setting).expanduser()
        for public in (place, place.with_name(f"{place.name}.pub")):
            found = _own(setting, _text(public) or "", place)
            if found is not None:
                return found
    return None


def signature(own: OwnKey, payload: bytes, namespace: str, *, silent: bool = False) -> bytes:
    """The armored signature of the bytes with the writer's key.

    Args:
        own: the key.
        payload: what is signed.
        namespace: for what.
        silent: whether a key that would ask for its passphrase fails instead.

    Raises:
        Unusable: the key does not sign, or ssh-keygen is not installed.
    """
    from aswiki.store import process

    if own.file is not None:
        return process.ssh_sign(payload, own.file, namespace, silent=silent)
    public = f"{own.key_type} {own.key_base64}\n".encode()
    with process.aside({"agent.pub": public}) as folder:
        return process.ssh_sign(payload, folder / "agent.pub", namespace, silent=silent)


def named_key(path: Path) -> OwnKey:
    """The public key in a file that somebody named.

    Raises:
        BadInput: the file cannot be read, or holds none that may sign.
    """
    text = _text(path)
    place = path.parent.resolve() / path.name
    found = _own(str(place), text or "", place)
    if found is not None:
        return found
    if text is not None and "PRIVATE KEY" in text:
        message = _("{path} is a private key: nobody but you may see it.")
        hint = _("Name the public half, which ends in .pub.")
    elif text is not None:
        message = _("{path} holds no public key that may sign.")
        hint = _("Make one with ssh-keygen -t ed25519; RSA needs 2048 bits, DSA is too weak.")
    else:
        message = _("{path} cannot be read as a key.")
        hint = _("Name the file of a public key, such as ~/.ssh/id_ed25519.pub.")
    raise BadInput("no-public-key", message.format(path=path), hint)


def settings(wiki_root: Path, own: OwnKey) -> dict[str, str]:
    """What git is told, so that its own commits are signed and shown as such too."""
    return {
        "gpg.format": "ssh",
        "user.signingkey": own.setting,
        "commit.gpgsign": "true",
        "gpg.ssh.allowedSignersFile": str(wiki_root / SIGNERS),
    }


def set_up(wiki: Wiki) -> list[str]:
    """Tell git to sign with the first key of the writer that the wiki allows; what it was told.

    Looked at are git's ``user.signingkey``, the agent and ``~/.ssh``. An unsigned wiki, and one
    that is set up already, is left alone.

    Raises:
        Unusable: the repository is unsafe, or git has no identity.
    """
    raw = wiki.bytes_of(SIGNERS)
    if raw is None:
        return []
    repository = wiki.repository
    email, now = repository.identity().email, wiki.now()
    allowed = {key.key_base64 for key in keys_of(raw) if key.principal == email and key.covers(now)}
    found = next((own for own in _candidates(repository) if own.key_base64 in allowed), None)
    if found is None:
        return []
    known = repository.settings()
    wanted = settings(wiki.root, found)
    missing = {key: value for key, value in wanted.items() if known.get(key.lower()) != value}
    repository.configure(missing)
    return [f"{key}={value}" for key, value in missing.items()]


def _candidates(repository: Repository) -> Iterable[OwnKey]:
    """The keys of the writer, the one that git knows already first."""
    own = own_key(repository)
    if own is not None:
        yield own
    with suppress(OSError, RuntimeError):
        for place in sorted((Path.home() / ".ssh").glob("*.pub")):
            found = _own(str(place), _text(place) or "", place)
            if found is not None:
                yield found
    for line in _agent_keys():
        words = line.split()
        found = _own(f"key::{' '.join(words[:2])}", line, None)
        if found is not None:
            yield found


def _agent_keys() -> Sequence[str]:
    from aswiki.store import process

    with suppress(Unusable):  # without ssh-add there is no agent to ask
        return process.run("ssh-add", "-L").out.decode("utf-8", "replace").splitlines()
    return ()


def _standing(wiki: Wiki, changed: Mapping[str, Change], path: str) -> bytes | None:
    """A policy file as it is before the changes; as they make it where there was none."""
    if path not in changed:
        return wiki.bytes_of(path)
    change = changed[path]
    return change.after if change.before is None else change.before


def _require_admin(raw: bytes | None, identity: Identity, paths: Iterable[str]) -> None:
    from aswiki.evidence.signers import admins, is_policy

    policy = [path for path in paths if is_policy(path)]
    known = admins((raw or b"").decode("utf-8", "replace"))
    if policy and identity.email not in known:
        raise Unusable(
            "not-admin",
            _("Only an admin of the wiki may change {paths}; {principal} is none.").format(
                paths=", ".join(policy), principal=identity.email
            ),
            _("Ask one of them: {admins}").format(admins=", ".join(sorted(known)) or "-"),
        )


def _own(setting: str, text: str, file: Path | None) -> OwnKey | None:
    from aswiki.evidence.signers import public_key

    found = public_key(text)
    return OwnKey(setting, *found, file) if found else None


def _text(place: Path) -> str | None:
    try:
        return files.read_bytes(place.resolve(), LARGEST_KEY).decode("utf-8", "replace")
    except (AswikiError, OSError, RuntimeError, ValueError):
        return None
