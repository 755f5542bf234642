"""The fonts that reports are printed with, as typst finds them, and what to do without Chinese."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from aswiki.errors import Unusable
from aswiki.lang import _

if TYPE_CHECKING:
    from typst import Fonts

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
)
"""Families with simplified Chinese, the best first."""

STACK = ", ".join(f"'{family}'" for family in FAMILIES) + ", sans-serif"
"""The families as a page or a drawing names them."""


def fonts() -> list[str]:
    """The installed families that print Chinese, the best first; empty where none is.

    Raises:
        Unusable: ``extra-missing``: typst is not installed.
    """
    installed = {family.casefold() for family in loaded().families()}
    return [family for family in FAMILIES if family.casefold() in installed]


def no_font() -> Unusable:
    """What is raised rather than print empty boxes."""
    return Unusable(
        "no-font",
        _("No font with Chinese characters is installed, so the report cannot be printed."),
        _("Install one: apt install fonts-noto-cjk (or fonts-wqy-microhei), then try again."),
    )


@lru_cache(maxsize=1)
def loaded() -> Fonts:
    """Every font of the system, searched once a process."""
    found: Fonts = typst().Fonts()
    return found


def typst() -> ModuleType:
    """The library that sets pages.

    Raises:
        Unusable: ``extra-missing``: it is not installed.
    """
    return library("typst")


def library(name: str, extra: str = "report") -> ModuleType:
    """A library that an extra of this package brings.

    Raises:
        Unusable: ``extra-missing``: it is not installed.
    """
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise Unusable(
            "extra-missing",
            _("What makes this form of a report is not installed: {name}.").format(name=name),
            f'pip install "aswiki[{extra}]"',
        ) from None


@contextmanager
def nowhere() -> Iterator[str]:
    """An empty folder, outside of which typst reads nothing."""
    with tempfile.TemporaryDirectory(prefix="aswiki-") as folder:
        yield folder
