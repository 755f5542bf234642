"""A document about one customer or one colleague: where its facts come from, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aswiki.wiki.papers import printing
from aswiki.wiki.papers.layouts import layouts
from aswiki.wiki.papers.leak_check import Found, LeakCheck
from aswiki.wiki.papers.printing import Print

if TYPE_CHECKING:
    from aswiki.wiki.papers.overview import Overview

FORMS = tuple(form for form in printing.FORMS if form != "xlsx")
"""The forms of a document that is read, not reckoned with."""


@dataclass(frozen=True)
class Paper:
    """One document.

    Args:
        overview: the wiki it is about.
        kind: brief, handover or merits: the name of its template.
        about: the slug or id of whom it is about.
        document: plain data, the contract of its JSON and what its template is given.
    """

    overview: Overview
    kind: str
    about: str
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of its file, without an ending."""
        reader = self.document.get("for")
        to = f"-{reader}" if reader not in {None, "team"} else ""
        return f"{self.document['day'].isoformat()}-{self.kind}-{self.about}{to}"

    def formed(self, form: str, language: str) -> tuple[bytes, list[Found]]:
        """The document in a form, and what in it must not leave: then nothing of it may.

        Args:
            form: one of ``FORMS``.
            language: zh or en.
        """
        printed = self.print(language)
        raw = printed.formed(form)
        reader = str(self.document.get("for") or "team")
        if reader == "team":
            return raw, []
        sights = [self.overview.sight(self.about, reader)]
        check = LeakCheck(sights, reader, self.overview.snapshot.checker.secrets)
        return raw, check.before(self.document) or check.after(form, raw, printed.title, self.name)

    def print(self, language: str) -> Print:
        """The document laid out in zh or en, by the wiki's own template or the packaged one.

        Raises:
            Unusable: the wiki's own template cannot be used.
        """
        snapshot = self.overview.snapshot
        laid = layouts(snapshot.wiki, language, snapshot.records)
        source = laid.markdown(f"reports/{self.kind}.{language}.md.j2", self.document)
        title = source.partition("\n")[0].lstrip("# ")
        epoch = int(snapshot.now.timestamp())
        is_page = self.kind == "brief"
        return Print(self.name, title, language, source, self.document, epoch, compact=is_page)


def paper(overview: Overview, kind: str, about: str, own: Mapping[str, Any]) -> Paper:
    """The document of a kind: where its facts come from, then what it tells.

    Args:
        overview: the wiki it is about.
        kind: brief, handover or merits.
        about: the slug or id of whom it is about.
        own: what it tells.
    """
    origin = asdict(overview.snapshot.origin)
    head = {"kind": kind, "day": overview.world.today, **origin}
    # a file's name repeats a title, which product may not read of every record
    skipped = [] if own.get("for") == "product" else list(origin["skipped"])
    return Paper(overview, kind, about, head | {"skipped": skipped} | dict(own))
