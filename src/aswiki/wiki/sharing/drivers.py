"""The programs of ours that git calls for a record: told to git, and asked for by the attributes.

``diff.aswiki.*`` makes ``git diff``, ``git show`` and ``git log -p`` speak of fields by their
labels; ``merge.aswiki.*`` merges a record by its meaning.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from aswiki.lang import _
from aswiki.store.git.safety import OURS
from aswiki.wiki.saving import Change, Operation, save, writing
from aswiki.wiki.wiki import Wiki

DRIVERS: Mapping[str, str] = OURS
"""Each setting of git with its exact value; one that says anything else is not ours."""

ATTRIBUTES = ".gitattributes"

PLAIN = "* -text\n"
"""Evidence has a fingerprint: no git setting of anybody's may turn its line ends."""

RECORDS = """\
customers/**/*.md diff=aswiki merge=aswiki
customers/*/files/** !diff !merge
lessons/*.md diff=aswiki merge=aswiki
products/*.md diff=aswiki merge=aswiki
"""
"""The lines by which git calls the programs for records, and leaves attachments alone."""


def set_up(wiki: Wiki) -> list[str]:
    """Tell git of the programs; the settings that were made.

    Raises:
        Unusable: the repository is unsafe.
    """
    known = wiki.repository.settings()
    missing = {key: value for key, value in DRIVERS.items() if known.get(key) != value}
    wiki.repository.configure(missing)
    return [f"{key}={value}" for key, value in missing.items()]


def ask_for(wiki: Wiki) -> list[str]:
    """Commit the lines that ask for the programs, where they are missing; the file's path then.

    Raises:
        Unusable: the writer may not change the file, or has changed it and not committed it.
    """
    if not _lines_missing(wiki):
        return []
    with writing(wiki):
        before = wiki.bytes_of(ATTRIBUTES)
        change = Change(ATTRIBUTES, before, with_lines(before))
        save(wiki, [change], Operation("policy", "policy: git reads records as records"))
    return [ATTRIBUTES]


def shortcoming(wiki: Wiki) -> tuple[str, str] | None:
    """What keeps git from calling our programs for records, and the remedy; None where all is well.

    Raises:
        Unusable: the repository is unsafe.
    """
    known = wiki.repository.settings()
    remedy = _("Set it up with: aswiki doctor --fix")
    other = [key for key, value in DRIVERS.items() if known.get(key, value) != value]
    missing = [key for key in DRIVERS if key not in known]
    if other:
        said = _("Git is told something else than aswiki writes: {keys}")
        return said.format(keys=", ".join(other)), remedy
    if missing:
        said = _("Git does not diff and merge records as records yet: {keys}")
        return said.format(keys=", ".join(missing)), remedy
    if _lines_missing(wiki):
        said = _("{file} does not say that records are diffed and merged as records.")
        return said.format(file=ATTRIBUTES), remedy
    if shutil.which("aswiki") is None:
        found = _("Git would not find the command aswiki.")
        return found, _("Put the folder that holds it on the PATH.")
    return None


def _lines_missing(wiki: Wiki) -> bool:
    raw = wiki.bytes_of(ATTRIBUTES)
    return with_lines(raw) != raw


def with_lines(raw: bytes | None) -> bytes:
    """The attributes with those of our lines at their end that they lack."""
    text = (raw or b"").decode("utf-8", "surrogateescape")
    there = {line.strip() for line in text.splitlines()}
    lacking = [line for line in RECORDS.splitlines() if line not in there]
    if lacking and text and not text.endswith("\n"):
        text += "\n"
    return (text + "".join(f"{line}\n" for line in lacking)).encode("utf-8", "surrogateescape")
