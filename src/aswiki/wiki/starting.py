"""The first commit of a wiki: an empty one, or the packaged example with its history."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aswiki import __version__
from aswiki.domain.slug import person_id, unique
from aswiki.errors import BadInput, Unusable
from aswiki.lang import LANGUAGES, _
from aswiki.store import files, packaged
from aswiki.wiki.people import with_person
from aswiki.wiki.proof import keys, signing
from aswiki.wiki.proof.signing import ADMINS, SIGNERS
from aswiki.wiki.review import hosting
from aswiki.wiki.saving import Change, Operation, Saved, message, save
from aswiki.wiki.sharing import drivers
from aswiki.wiki.wiki import PEOPLE, SETTINGS, Clock, Wiki, system_clock

if TYPE_CHECKING:
    from aswiki.store.git import Identity, Repository
    from aswiki.wiki.story import Telling

LONGEST_NAME = 200
HISTORY = "history.toml"
Progress = Callable[[int, int], None]


def init(
    folder: Path,
    *,
    language: str,
    currency: str = "CNY",
    timezone: str = "Asia/Shanghai",
    name: str | None = None,
    sign_with: Path | None = None,
    review: bool = False,
    clock: Clock = system_clock,
) -> Saved:
    """Make a wiki in a folder and commit it; whatever else is there stays as it is.

    The repository that holds the folder is used; without one the folder becomes one.

    Args:
        folder: made when it is missing.
        language: zh or en, of new files and reports.
        currency: of amounts without one.
        timezone: the IANA name, of times without offset.
        name: what the wiki is called; the folder's name where it is None.
        sign_with: the writer's public key; the wiki is signed with it from its first commit on.
        review: whether what a git host reads for a review comes with it.
        clock: the present moment.

    Raises:
        BadInput: a setting or key is no good, there is a wiki already, or with ``review`` the
            folder is not the repository's own.
        Unusable: git has no identity, or git, the key or the disk refuses; nothing is left behind.
    """
    from aswiki.store.git import Repository

    own = None if sign_with is None else signing.named_key(sign_with)
    root = _place(folder)
    called = unicodedata.normalize("NFC", root.name or "aswiki" if name is None else name).strip()
    settings = _settings(language, called, timezone, currency.upper())
    _require_new(root, (SETTINGS, PEOPLE, *((SIGNERS, ADMINS) if own else ())))
    repository = Repository.find(root)
    if review:
        hosting.require_top(repository.prefix if repository else "")
    who = repository.identity() if repository else identity()
    drafts = {SETTINGS: settings, PEOPLE: _people(language, who)}
    if not (root / drivers.ATTRIBUTES).exists():
        drafts[drivers.ATTRIBUTES] = drivers.with_lines(drivers.PLAIN.encode())
    if review:
        drafts |= hosting.first_files(root, language, who.name)
    with _undone_on_failure(root, () if repository else (".git",)):
        repository = repository or Repository.init(root)
        wiki = Wiki(root, tomllib.loads(settings.decode()), clock)
        if own is not None:
            drafts |= keys.first_files(own, who.email, wiki.now())
        changes = [Change(path, None, data) for path, data in drafts.items()]
        told = {**drivers.DRIVERS, **(signing.settings(root, own) if own else {})}
        with repository.configured(told):
            return save(wiki, changes, Operation("create", f"init: {called}"))


def identity() -> Identity:
    """Who commits on this machine, where no repository says otherwise.

    Raises:
        Unusable: git has no identity, or is not there.
    """
    from aswiki.store.git import draft, safety
    from aswiki.store.git.runner import Runner

    said = Runner(Path("/")).read("config", "--list", "-z").out
    return draft.identity(dict(safety.split(said)), os.environ)


def _place(folder: Path) -> Path:
    """The folder, resolved, where a folder is or can be made."""
    root = folder.resolve()
    there = next(place for place in (root, *root.parents) if place.exists())
    if not there.is_dir():
        raise Unusable(
            "not-a-folder",
            _("{path} is a file, not a folder.").format(path=there),
            _("Name another folder, or move the file away."),
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise Unusable(
            "no-permission",
            _("{path} cannot be written: {cause}.").format(
                path=there, cause=_("permission denied")
            ),
            _("Give yourself the right to write there."),
        )
    return root


def _require_new(root: Path, names: Sequence[str]) -> None:
    for name in names:
        if os.path.lexists(root / name):
            raise BadInput(
                "wiki-exists" if name == SETTINGS else "file-exists",
                _("There is a file {path} already.").format(path=root / name),
                _("Use the wiki with -C {folder}, or choose another folder.").format(folder=root)
                if name == SETTINGS
                else _("Move it away, or choose another folder."),
            )


def _settings(language: str, name: str, timezone: str, currency: str) -> bytes:
    """aswiki.toml as the template has it, with these values.

    Raises:
        BadInput: one of them is no good.
    """
    from aswiki.domain.records.types import Reading
    from aswiki.wiki.checks.settings_check import settings_problems

    if language not in LANGUAGES:
        raise BadInput(
            "bad-language",
            _("aswiki does not speak {language}.").format(language=language),
            _("Choose one of: {choices}").format(choices=", ".join(LANGUAGES)),
        )
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise BadInput(
            "bad-name",
            _("A wiki's name is one line of 1 to {longest} characters.").format(
                longest=LONGEST_NAME
            ),
            _("Give it with --name."),
        )
    for value in (currency, timezone):
        if not value.isprintable():
            raise BadInput(
                "bad-setting",
                _("A currency and a time zone are plain words, not {value}.").format(
                    value=ascii(value)
                ),
                _("For instance --currency CNY --timezone Asia/Shanghai."),
            )
    values = {"NAME": name, "LANG": language, "TIMEZONE": timezone, "CURRENCY": currency}
    raw = _template(SETTINGS, language, values)
    for problem in settings_problems(SETTINGS, raw, Reading()):
        raise BadInput("bad-setting", problem.message, problem.hint)
    return raw


def _people(language: str, who: Identity) -> bytes:
    raw = _template(PEOPLE, language, {})
    known = tomllib.loads(raw.decode()).get("people", {})
    own = unique(person_id(who.name, who.email), known)
    return with_person(raw, own, who.name, who.email)


def _template(name: str, language: str, values: Mapping[str, str]) -> bytes:
    stem, _dot, ending = name.rpartition(".")
    place = packaged.folder("templates") / "wiki" / f"{stem}.{language}.{ending}"
    text = place.read_text(encoding="utf-8")
    for word, value in values.items():
        # a JSON string without its quotes is a TOML string without its quotes
        text = text.replace(f"@{word}@", json.dumps(value, ensure_ascii=False)[1:-1])
    return text.encode()


@contextmanager
def _undone_on_failure(root: Path, made: Sequence[str]) -> Iterator[None]:
    """Take away the folders that are missing now, and the names ``made`` in it, on a failure."""
    missing = [place for place in (root, *root.parents) if not place.exists()]
    try:
        yield
    except BaseException:
        for name in made:
            place = root / name
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        for place in missing:
            with suppress(OSError):
                place.rmdir()
        raise


def demo(folder: Path, progress: Progress = lambda _done, _total: None) -> Saved:
    """Make a wiki of the packaged examples with a history, each commit by an example engineer.

    ``more`` of what comes back holds the number of ``commits``.

    Args:
        folder: missing or empty; it becomes a repository of its own.
        progress: told the commits made and the commits to make.

    Raises:
        BadInput: the folder holds something.
        Unusable: git or the disk refuses; nothing is left behind.
    """
    from aswiki.store.git import Repository
    from aswiki.wiki.story import story

    root = _place(folder)
    if root.exists() and any(root.iterdir()):
        raise BadInput(
            "not-empty",
            _("{path} is not empty.").format(path=root),
            _("Name a folder that is empty or not there."),
        )
    examples = packaged.folder("examples")
    pages = {path: (examples / path).read_bytes() for path in files.walk(examples)}
    earlier = pages.pop(HISTORY, b"").decode()
    now: list[datetime] = []
    settings = tomllib.loads(pages[SETTINGS].decode())
    with _undone_on_failure(root, [".git", *{path.partition("/")[0] for path in pages}]):
        repository = Repository.init(root)
        for path, data in pages.items():
            place = files.safe_path(root, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        wiki = Wiki(root, settings, lambda: now[-1], f"aswiki/{__version__} demo")
        tellings = story(wiki, pages, earlier)
        head = None
        for number, telling in enumerate(tellings, 1):
            now.append(telling.at)
            head = _told(wiki, repository, telling, head)
            progress(number, len(tellings))
        repository.configure(drivers.DRIVERS)
    return Saved(path=SETTINGS, commit=head, more={"commits": len(tellings)})


def _told(wiki: Wiki, repository: Repository, telling: Telling, head: str | None) -> str:
    """One commit of the story, upon ``head``; its full hash."""
    from aswiki.store.git import Identity

    changes = [Change(path, None, data) for path, data in telling.files.items()]
    text = message(wiki, changes, telling.operation)
    person: Mapping[str, Any] = wiki.people["people"][telling.by]
    who = Identity(str(person["name"]), str(person["emails"][0]))
    return repository.commit(telling.files, text, who, wiki.now(), head, sign=False)
