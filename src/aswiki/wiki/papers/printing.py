"""A document that leaves the house: laid out once as Markdown, given any form from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aswiki.errors import BadInput
from aswiki.lang import _

if TYPE_CHECKING:
    from aswiki.render.chart import Chart
    from aswiki.render.xlsx import Sheet

FORMS = ("md", "html", "pdf", "docx", "xlsx", "json")
BINARY = frozenset({"pdf", "docx", "xlsx"})
"""Forms that no terminal can show."""


@dataclass(frozen=True)
class Print:
    """One document, ready for any form.

    Args:
        name: of its file, without an ending.
        title: for people; it says nothing that the document does not.
        language: zh or en.
        source: Markdown; ``![…](chart:name)`` stands where a chart goes.
        document: the same as plain data.
        epoch: when it says it was made, seconds since 1970: no clock is asked.
        charts: by name.
        sheets: gives its sections as tables.
        compact: whether a PDF is set small, so that a page holds more.
    """

    name: str
    title: str
    language: str
    source: str
    document: Mapping[str, Any]
    epoch: int
    charts: Mapping[str, Chart] = field(default_factory=dict)
    sheets: Callable[[], Sequence[Sheet]] = tuple
    compact: bool = False

    @property
    def markdown(self) -> str:
        """The Markdown with its charts as tables."""
        from aswiki.render import chart

        return chart.placed(self.source, self.charts, chart.markdown)

    def formed(self, form: str, reference: bytes | None = None) -> bytes:
        """The document in one of the forms.

        Args:
            form: one of ``FORMS``.
            reference: a Word document whose styles a docx takes.

        Raises:
            BadInput: there is no such form, or the Word document cannot be taken.
            Unusable: what makes the form is not installed.
        """
        if form == "md":
            return self.markdown.encode()
        if form == "json":
            from aswiki.render.plain import json_text

            return (json_text(self.document, 2) + "\n").encode()
        if form == "xlsx":
            from aswiki.render.xlsx import xlsx

            return xlsx(self.sheets(), title=self.title, epoch=self.epoch)
        return self._laid_out(form, reference)

    def _laid_out(self, form: str, reference: bytes | None) -> bytes:
        if form == "html":
            from aswiki.render.html import html

            return html(self.source, title=self.title, language=self.language, charts=self.charts)
        if form == "pdf":
            from aswiki.render.pdf import pdf

            return pdf(
                self.source,
                title=self.title,
                language=self.language,
                charts=self.charts,
                epoch=self.epoch,
                compact=self.compact,
            )
        if form == "docx":
            from aswiki.render.docx import docx

            return docx(
                self.source,
                title=self.title,
                language=self.language,
                charts=self.charts,
                epoch=self.epoch,
                own=reference,
            )
        raise unknown_form(form)


def unknown_form(form: str) -> BadInput:
    """The error for a form that there is none of."""
    return BadInput(
        "unknown-format",
        _("There is no format {format}.").format(format=form),
        _("Choose one of: {choices}").format(choices=", ".join(FORMS)),
    )
