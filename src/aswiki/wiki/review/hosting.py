"""What a git host reads for a review: CODEOWNERS and the template of a pull request."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from aswiki.domain.code_owners import Owner, customer_lines, owner, setting_lines
from aswiki.errors import BadInput
from aswiki.lang import _
from aswiki.store import files, packaged
from aswiki.wiki.proof.signing import ADMINS
from aswiki.wiki.saving import Change, Operation, Saved, save
from aswiki.wiki.wiki import Wiki

CODE_OWNERS = (".github/CODEOWNERS", ".gitlab/CODEOWNERS")
TEMPLATES = (".github/pull_request_template.md", ".gitlab/merge_request_templates/Default.md")
FILES = frozenset(
    {
        *CODE_OWNERS,
        *TEMPLATES,
        ".github/workflows/aswiki.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
    }
)
"""What guards a wiki at its host and in its clones, ours or written as docs/ci.md says."""


def add(wiki: Wiki) -> Saved:
    """Commit what a host reads for a review to a wiki that is there; a file that is there stays.

    Raises:
        BadInput: the wiki is not at the top of its repository, where hosts look.
        Unusable: as any write.
    """
    require_top(wiki.repository.prefix)
    wanted = drafts(wiki.language, _owners(wiki), _admins(wiki))
    there = [path for path in wanted if files.safe_path(wiki.root, path).exists()]
    changes = [Change(path, None, data) for path, data in wanted.items() if path not in there]
    said = [_("{path} is there already and was left as it is.").format(path=p) for p in there]
    if not changes:
        return Saved(path=CODE_OWNERS[0], warnings=said)
    saved = save(wiki, changes, Operation("create", "review: CODEOWNERS, pull request template"))
    return Saved(path=saved.path, commit=saved.commit, warnings=said, left=saved.left)


def first_files(root: Path, language: str, admin: str) -> dict[str, bytes]:
    """The files for a wiki that is being made, less those that are there.

    Args:
        root: its folder.
        language: zh or en.
        admin: the name of whoever makes it.
    """
    wanted = drafts(language, {}, [Owner(admin)])
    return {path: data for path, data in wanted.items() if not os.path.lexists(root / path)}


def drafts(
    language: str, customers: Mapping[str, Owner], admins: Iterable[Owner]
) -> dict[str, bytes]:
    """The files for GitHub and GitLab, in a language.

    Args:
        language: zh or en.
        customers: slug → who answers for the customer.
        admins: who may change the wiki's settings.
    """
    owners = _packaged(f"CODEOWNERS.{language}")
    owners = owners.replace("@SETTINGS@", setting_lines(admins))
    owners = owners.replace("@CUSTOMERS@", customer_lines(customers))
    template = _packaged(f"pull_request.{language}.md")
    found = dict.fromkeys(CODE_OWNERS, owners) | dict.fromkeys(TEMPLATES, template)
    return {path: text.encode() for path, text in found.items()}


def require_top(prefix: str) -> None:
    """Return where the wiki is the repository's own folder.

    Args:
        prefix: where the wiki lies in its repository; empty at the top.

    Raises:
        BadInput: it is a folder of it.
    """
    if prefix:
        raise BadInput(
            "not-the-top",
            _("A host looks for CODEOWNERS at the repository's top, not in {folder}.").format(
                folder=prefix
            ),
            _("Leave --review out, and write them there by hand: docs/ci.md"),
        )


def _packaged(name: str) -> str:
    return (packaged.folder("templates") / "wiki" / name).read_text(encoding="utf-8")


def _owners(wiki: Wiki) -> dict[str, Owner]:
    from aswiki.wiki import collection

    profiles = collection.read(wiki, types={"profile"}).records
    people = _people(wiki)
    return {
        ref.partition("/")[0]: owner(str(getattr(profile, "owner", None) or ""), people)
        for ref, profile in sorted(profiles.items())
    }


def _admins(wiki: Wiki) -> list[Owner]:
    from aswiki.evidence.signers import admins
    from aswiki.wiki.lookup import by_email

    known = admins((wiki.bytes_of(ADMINS) or b"").decode("utf-8", "replace"))
    people = _people(wiki)
    return [owner(by_email(wiki, each) or each, people) for each in sorted(known)]


def _people(wiki: Wiki) -> Mapping[str, object]:
    found = wiki.people.get("people")
    return found if isinstance(found, dict) else {}
