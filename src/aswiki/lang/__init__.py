"""Sentences in the user's language: English in the code, Chinese in the catalogue."""

from __future__ import annotations

import gettext
import os
from functools import cache

LANGUAGES = ("zh", "en")
DOMAIN = "aswiki"
LOCALES = __file__.rpartition("/")[0] + "/locale"

_current = "en"


def use(language: str) -> None:
    """Speak ``language`` (zh or en) from now on, Typer's own words included."""
    global _current  # noqa: PLW0603 - one process speaks one language at a time
    _current = language
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


def current() -> str:
    """The language in use, zh or en."""
    return _current


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, languages=[language], fallback=True)


def _(sentence: str) -> str:
    """The sentence in the language in use; braces are filled afterwards with ``str.format``."""
    return written(sentence, _current)


def written(sentence: str, language: str) -> str:
    """The sentence in a given language: for what stays in a record, whoever wrote it."""
    return _catalogue(language).gettext(sentence) if language != "en" else sentence


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a sentence for the catalogue without translating it yet."""
    return sentence


def in_days(number: int) -> str:
    """So many days in words that fit one as well as many."""
    return _("1 day") if number == 1 else _("{n} days").format(n=number)


def in_hours(number: int) -> str:
    """So many hours in words that fit one as well as many."""
    return _("1 hour") if number == 1 else _("{n} hours").format(n=number)


def either(en: str, zh: str) -> str:
    """The one of two given wordings that fits the language in use."""
    return zh if _current == "zh" else en
