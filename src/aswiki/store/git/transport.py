"""The one room that talks to a remote: fetch and push, and nothing of the repository's own runs."""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aswiki.errors import BadInput, Unusable
from aswiki.lang import _
from aswiki.store.git import safety
from aswiki.store.git.between import Between
from aswiki.store.git.refusal import remote_refusal
from aswiki.store.git.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FETCHED = "refs/aswiki/fetched"
"""What a fetch brought, until it is taken over or thrown away."""

_PROTOCOLS = "file:git:http:https:ssh"
_SETTINGS = (
    "transfer.fsckObjects=true",
    "fetch.fsckObjects=true",
    "fetch.prune=false",
    "fetch.pruneTags=false",
    "fetch.writeCommitGraph=false",
    "submodule.recurse=false",
    "push.default=nothing",
    # a line that stands still for a minute is dead
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
)
_OPTIONS = tuple(word for setting in _SETTINGS for word in ("-c", setting))
_FETCH = (
    "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-gc",
    "--refmap=", "--upload-pack=git-upload-pack",
)  # fmt: skip
_PUSH = (
    "--quiet", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no",
    "--receive-pack=git-receive-pack",
)  # fmt: skip
# how the user's own shell says which key to use; a setting of the repository never does
_OWN_PROGRAMS = ("GIT_SSH_COMMAND", "GIT_SSH", "GIT_SSH_VARIANT", "GIT_ASKPASS")
_PROXY = re.compile(r"(?:http|remote)\..*proxy", re.DOTALL)
_FASTER = re.compile(
    r"\[rejected\]|cannot lock ref|failed to update ref|incorrect old value|fetch first|stale info"
)
_LOCAL = re.compile(r"(?:file://)?(/.*|\.\.?(?:/.*)?|[^:]*)", re.DOTALL)


class Remote(NamedTuple):
    """A remote and the branch of it that ours goes with.

    Attributes:
        name: as git's settings call it.
        url: where it is read from.
        push_url: where it is written to.
        branch: the full name of the branch there.
    """

    name: str
    url: str
    push_url: str
    branch: str

    @property
    def tracking(self) -> str:
        """The ref that keeps what was seen of the branch last."""
        return f"refs/remotes/{self.name}/{self.branch.removeprefix('refs/heads/')}"

    @property
    def words(self) -> str:
        """Remote and branch as git's own commands take them: ``origin/main``."""
        return self.tracking.removeprefix("refs/remotes/")


class Transport(Between):
    """A repository and the remotes it goes with."""

    def remotes(self) -> list[str]:
        """The names of the remotes that the settings know, sorted."""
        found = (re.fullmatch(r"remote\.(.+)\.url", key, re.DOTALL) for key in self._settings)
        return sorted(match[1] for match in found if match)

    def remote(self, name: str | None, branch: str) -> Remote:
        """The remote of that name, else the one that the branch goes with.

        Args:
            name: None for the branch's own, the only one, or origin.
            branch: the full name of our branch.

        Raises:
            BadInput: there is none of that name.
            Unusable: there is none at all, it is not clear which, or its address is not safe.
        """
        known, own = self.remotes(), branch.removeprefix("refs/heads/")
        if name is not None and name not in known:
            raise BadInput(
                "no-such-remote",
                _("There is no remote {name}.").format(name=ascii(name)[1:-1]),
                _("Choose one of: {choices}.").format(choices=", ".join(known))
                if known
                else _("Add one with: git remote add origin URL"),
            )
        chosen = name or self._default(known, own)
        told = self._settings
        there = told.get(f"branch.{own}.merge", "")
        is_its = told.get(f"branch.{own}.remote") == chosen and there.startswith("refs/heads/")
        url = told[f"remote.{chosen}.url"]
        push_url = told.get(f"remote.{chosen}.pushurl", url)
        self._require_safe_address(chosen, url, push_url)
        return Remote(chosen, url, push_url, there if is_its else branch)

    def fetch(self, remote: Remote) -> str | None:
        """The commit that the remote's branch is at, all of it here now; None for no such branch.

        It is kept under ``FETCHED``; no other ref, and no tag, changes.

        Raises:
            Unusable: nobody answers, we are not let in, or what comes is damaged or unsafe.
        """
        words = ("fetch", *_FETCH, "--", remote.url, f"+{remote.branch}:{FETCHED}")
        answer = self._away.write(*_OPTIONS, *words, allowed=range(256), extra=_way_out())
        if answer.code == 0:
            return self.resolve(FETCHED)
        if "couldn't find remote ref" in answer.err:
            return None
        raise remote_refusal(answer.err, remote.name)

    def forget_fetched(self) -> None:
        """Throw away the ref of what a fetch brought."""
        self._away.write("update-ref", "-d", FETCHED, allowed=(0, 1))

    def keep_tracking(self, remote: Remote, commit: str) -> None:
        """Remember where the remote's branch is, as git's own fetch does."""
        note = ("-m", "aswiki: sync")
        self._away.write("update-ref", *note, remote.tracking, commit, allowed=range(256))

    def push(self, remote: Remote, commit: str) -> bool:
        """Put the remote's branch on a commit that continues it; not where somebody was faster.

        Raises:
            Unusable: nobody answers, we are not let in, or the remote refuses.
        """
        words = ("push", *_PUSH, "--", remote.push_url, f"{commit}:{remote.branch}")
        answer = self._away.write(*_OPTIONS, *words, allowed=range(256), extra=_way_out())
        if answer.code == 0:
            return True
        said = answer.out.decode("utf-8", "replace")
        if _FASTER.search(said) and "remote rejected] (pre-receive" not in said:
            return False
        raise remote_refusal(f"{said}\n{answer.err}", remote.name)

    def is_in_step(self, branch: str) -> bool | None:
        """Whether a branch of ours is where its remotes were seen last; None where none was.

        Args:
            branch: its full name.
        """
        own = branch.removeprefix("refs/heads/")
        refs = [f"refs/remotes/{name}/{own}" for name in self.remotes()]
        seen = {commit for ref in refs if (commit := self.resolve(ref))}
        return self.resolve(branch) in seen if seen else None

    def _default(self, known: list[str], own: str) -> str:
        """The remote of the branch, the only one there is, or origin."""
        named = self._settings.get(f"branch.{own}.remote", "")
        found = [name for name in (named, *known[: len(known) == 1], "origin") if name in known]
        if found:
            return found[0]
        if known:
            raise Unusable(
                "which-remote",
                _("It is not clear with which remote: {choices}.").format(choices=", ".join(known)),
                _("Name it: aswiki sync {name}").format(name=known[0]),
            )
        raise Unusable(
            "no-remote",
            _("This wiki has no remote to sync with."),
            _("Add one with: git remote add origin URL"),
        )

    def _require_safe_address(self, name: str, *urls: str) -> None:
        """Refuse an address that is an option, or a repository that came along inside of ours."""
        for url in urls:
            local = _LOCAL.fullmatch(url)
            inside = local is not None and self._is_ours(local[1])
            if not url or url.startswith("-") or not url.isprintable() or inside:
                raise Unusable(
                    "unsafe-remote",
                    _("The address of {name} is not one to talk to: {url}.").format(
                        name=ascii(name)[1:-1], url=ascii(url)[1:-1]
                    ),
                    _("Give it another: git remote set-url {name} URL").format(
                        name=ascii(name)[1:-1]
                    ),
                )

    def _is_ours(self, path: str) -> bool:
        place = Path(os.path.normpath(self.top / path)).resolve()
        return any(place.is_relative_to(own) for own in (self.top, self.common_dir.resolve()))

    @cached_property
    def _away(self) -> Runner:
        """Git as ``_run``, with the user's own programs where the repository's are switched off."""
        switched_off = self._run.overrides
        plain = Runner(Path("/")).read("config", "--list", "-z")
        own = safety.split(plain.out)
        pairs: list[tuple[str, str]] = []
        for key, value in switched_off:
            if not _PROXY.fullmatch(key):
                pairs += [(key, value), *_users(key, own)]
        return Runner(self.top, tuple(pairs))


def _users(key: str, own: safety.Settings) -> Iterator[tuple[str, str]]:
    """What the user's own settings say of a key that was switched off, each value in its order."""
    is_helper = key.startswith("credential.") and key.endswith(".helper")
    for name, value in own:
        helps = name.startswith("credential.") and name.endswith("helper")
        if name == key or (is_helper and helps):
            yield name, value
    if key == "core.sshcommand" and key not in dict(own):
        yield key, "ssh"


def _way_out() -> Mapping[str, str]:
    """The variables that only a process that talks to a remote is given."""
    own = {name: os.environ[name] for name in _OWN_PROGRAMS if name in os.environ}
    return {"GIT_ALLOW_PROTOCOL": _PROTOCOLS, **own}
