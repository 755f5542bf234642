"""The few exceptions; each carries its code, its sentence, the next step and its exit code."""

from __future__ import annotations

from typing import ClassVar


class AswikiError(Exception):
    """A bad request or a broken outside world, said in one sentence.

    Args:
        code: a short stable word for scripts, such as ``no-record``.
        message: one sentence in the user's language.
        hint: the next step, in the user's language; may be empty.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class BadInput(AswikiError):
    """Wrong usage or bad input; nothing was written."""

    exit_code = 2


class NotFound(AswikiError):
    """No such record, or an ambiguous name for one."""

    exit_code = 3


class Unusable(AswikiError):
    """The wiki or git cannot be used; nothing is half-done."""

    exit_code = 4


class Defect(AswikiError):
    """A mistake of ours, caught before it could do harm."""
