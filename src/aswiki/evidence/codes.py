"""The table of codes: what verification can find, how grave each is and how it exits."""

from __future__ import annotations

from typing import Literal, NamedTuple

from aswiki.lang import N_

Severity = Literal["tampered", "incomplete"]
EXITS: dict[str, int] = {"proven": 0, "tampered": 1, "incomplete": 5}
"""A verdict → the exit code of ``verify``; what cannot be verified at all exits with 4."""


class Code(NamedTuple):
    """One row of the table.

    Attributes:
        meaning: a sentence for people, to be translated where it is shown.
        severity: what the finding alone makes of the verdict.
    """

    meaning: str
    severity: Severity

    @property
    def exit_code(self) -> int:
        """The exit code where nothing graver is found."""
        return EXITS[self.severity]


CODES: dict[str, Code] = {
    "UNSIGNED": Code(N_("A commit is not signed."), "tampered"),
    "SIG": Code(
        N_("A signature does not fit, or its key was not allowed at that point."), "tampered"
    ),
    "IDENT": Code(N_("Signer, author and committer are not the same person."), "tampered"),
    "KEYTIME": Code(N_("A key was used outside the time in which it was valid."), "tampered"),
    "ROLE": Code(N_("Somebody who is no administrator changed the rules of trust."), "tampered"),
    "HEADER": Code(N_("A commit carries a header that does not belong there."), "tampered"),
    "FSCK": Code(N_("An object is missing, damaged or not what its name says."), "tampered"),
    "BACKDATED": Code(N_("A commit says it is older than it can be."), "tampered"),
    "POSTDATED": Code(N_("A commit says it is newer than it can be."), "tampered"),
    "CLOCK": Code(N_("Times contradict each other; one of the clocks was wrong."), "tampered"),
    "LAG": Code(N_("A commit was covered by a timestamp only long after it."), "incomplete"),
    "DELETED": Code(
        N_("A record, a log entry or words of a customer are gone without a trace."), "tampered"
    ),
    "OUTSIDE": Code(N_("A commit was made with plain git, not with aswiki."), "incomplete"),
    "CONTENT": Code(N_("What a commit says it changed is not what it changed."), "tampered"),
    "EVILMERGE": Code(N_("A merge holds what neither side wrote, or lost a part."), "tampered"),
    "HOSTMERGE": Code(N_("A merge was made by the host or by plain git."), "incomplete"),
    "RECOMMITTED": Code(N_("Commits were re-committed by the host."), "incomplete"),
    "COLLIDE": Code(N_("A name is not unique or not possible on every system."), "tampered"),
    "MODE": Code(N_("Something other than a plain file lies among the records."), "tampered"),
    "INJECT": Code(N_("A commit message says more than one operation can say."), "tampered"),
    "ANCHORSEQ": Code(N_("The anchors' numbers have a gap or a double."), "tampered"),
    "ANCHORCHAIN": Code(
        N_("An anchor names another history than the one that is here."), "tampered"
    ),
    "ANCHORMOD": Code(N_("An anchor was changed or removed, or was not signed well."), "tampered"),
    "TSA": Code(N_("A timestamp is not good for its anchor."), "tampered"),
    "ROLLBACK": Code(N_("History that was there before is gone."), "tampered"),
    "NOPIN": Code(
        N_("Nothing from outside was given, so that missing newest commits cannot be seen."),
        "incomplete",
    ),
    "NOTSA": Code(N_("An anchor has no timestamp yet."), "incomplete"),
    "UNANCHORED": Code(N_("The newest commits are not anchored yet."), "incomplete"),
    "NOANCHOR": Code(N_("There is no anchor, so no time is proven."), "incomplete"),
    "REFS": Code(
        N_("Something in the git folder bends what git shows or runs programs."), "tampered"
    ),
    "FETCH": Code(N_("The history could not be taken over whole."), "tampered"),
    "PKG": Code(N_("A file of the package is not the one that was packed."), "tampered"),
    "HEAD": Code(N_("The newest commit is not the one that was to be expected."), "tampered"),
    "ROOT": Code(N_("The history does not begin where it must."), "tampered"),
}
"""Every code → its meaning and severity. UNSIGNED is incomplete where the genesis is unsigned."""
