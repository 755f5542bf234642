"""What verification found: findings, what is proven of each record, and one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from aswiki.evidence.codes import CODES, EXITS, Severity
from aswiki.lang import _

Word = Literal["proven", "tampered", "incomplete"]
SHORT = 10


@dataclass(frozen=True, slots=True)
class Bracket:
    """Between which moments something was written, each with the authority that says so.

    Attributes:
        not_before: the newest trusted time in its ancestry, None where there is none.
        not_after: the first trusted time that covers it, None where there is none.
        tsa: who said ``not_after``, or an empty text.
    """

    not_before: datetime | None = None
    not_after: datetime | None = None
    tsa: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        code: a key of ``CODES``.
        detail: what exactly, in the user's language.
        commit: the full name of the commit, where it is about one.
        path: the path from the wiki's root, where it is about one.
        claimed: the time that the commit says of itself.
        bracket: between which moments it was written.
        severity: the table's, or what it is in this place.
    """

    code: str
    detail: str
    commit: str | None = None
    path: str | None = None
    claimed: datetime | None = None
    bracket: Bracket = Bracket()
    severity: Severity = "tampered"

    def as_json(self) -> dict[str, Any]:
        """The finding as ``verify --json`` lists it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "commit": self.commit,
            "path": self.path,
            "claimed": self.claimed,
            "not_before": self.bracket.not_before,
            "not_after": self.bracket.not_after,
            "detail": self.detail,
        }


def finding(code: str, detail: str, commit: str | None = None, path: str | None = None) -> Finding:
    """A finding with the severity of the table."""
    return Finding(code, detail, commit, path, severity=CODES[code].severity)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven of one record in its present form.

    Attributes:
        ref: the record.
        path: its file.
        sha256: of its bytes.
        commit: the commit that brought this form.
        recorded: when that commit says it was written: a claim within the bracket.
        occurred: when it happened: a claim, ISO 8601 as written, or None.
        signer: whose key signed that commit, or an empty text.
        key: the fingerprint of that key, or an empty text.
        bracket: between which moments that commit was written.
    """

    ref: str
    path: str
    sha256: str
    commit: str
    recorded: datetime
    occurred: str | None
    signer: str
    key: str
    bracket: Bracket

    def as_json(self) -> dict[str, Any]:
        """The record as ``verify --json`` lists it."""
        return {
            "ref": self.ref,
            "path": self.path,
            "sha256": self.sha256,
            "commit": self.commit,
            "recorded": self.recorded,
            "occurred": self.occurred,
            "signer": self.signer or None,
            "key": self.key or None,
            "not_before": self.bracket.not_before,
            "not_after": self.bracket.not_after,
            "tsa": self.bracket.tsa or None,
        }

    def sentence(self) -> str:
        """What is proven of the record, in one sentence that claims no more than that."""
        parts = [self._existed()]
        if self.bracket.not_before is not None:
            parts.append(
                _("was written no earlier than {time}").format(time=_said(self.bracket.not_before))
            )
        if self.signer:
            parts.append(
                _("signed by {signer}'s key {key}").format(signer=self.signer, key=self.key)
            )
        else:
            parts.append(_("not signed"))
        return _("{ref} {facts}.").format(ref=self.ref, facts=_(", ").join(parts))

    def _existed(self) -> str:
        if self.bracket.not_after is None:
            return _("has this form since commit {commit}, whose time nobody else confirms").format(
                commit=self.commit[:SHORT]
            )
        return _("existed in exactly this form no later than {time} (TSA {tsa})").format(
            time=_said(self.bracket.not_after), tsa=self.bracket.tsa
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: the findings, gravest first, and what is proven of each record.

    Attributes:
        findings: everything found.
        records: what is proven of each record that was asked about.
        head: the commit that was verified.
        commits: how many commits were; None where it was the proof of one record.
    """

    findings: tuple[Finding, ...]
    records: tuple[Proof, ...] = ()
    head: str | None = None
    commits: int | None = 0

    @property
    def word(self) -> Word:
        """The verdict in one word."""
        severities = {each.severity for each in self.findings}
        if "tampered" in severities:
            return "tampered"
        return "incomplete" if "incomplete" in severities else "proven"

    @property
    def exit_code(self) -> int:
        """The exit code of ``verify``."""
        return EXITS[self.word]

    @property
    def codes(self) -> list[str]:
        """The codes that were found, each once, sorted."""
        return sorted({each.code for each in self.findings})

    def with_findings(self, found: Iterable[Finding]) -> Verdict:
        """This verdict with more found."""
        return replace(self, findings=ordered([*self.findings, *found]))

    def as_json(self) -> dict[str, Any]:
        """The document of ``verify --json``."""
        return {
            "verdict": self.word,
            "head": self.head,
            "commits": self.commits,
            "findings": [each.as_json() for each in self.findings],
            "records": [each.as_json() for each in self.records],
        }


def ordered(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with the tampered ones first, each once, else in their order."""
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda each: each.severity != "tampered"))


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
