"""Every ledger by the word it is asked for with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aswiki.domain.ledgers.blame import blame, complaints
from aswiki.domain.ledgers.ground import Ground, Row
from aswiki.domain.ledgers.heard import feelings, help_, signals, syncs
from aswiki.domain.ledgers.logs import deflections, demands
from aswiki.domain.ledgers.promises import promises
from aswiki.domain.ledgers.scope import scope

LEDGERS: Mapping[str, Callable[[Ground], list[Row]]] = {
    "promises": promises,
    "blame": blame,
    "scope": scope,
    "demands": demands,
    "deflections": deflections,
    "signals": signals,
    "feelings": feelings,
    "syncs": syncs,
    "complaints": complaints,
    "help": help_,
}

NAMES: Mapping[str, tuple[str, str]] = {
    "promises": ("Promises", "承诺"),
    "blame": ("Blame", "背锅"),
    "scope": ("Scope", "范围"),
    "demands": ("Demands", "要求"),
    "deflections": ("Deflections", "推诿"),
    "signals": ("Signals", "信号"),
    "feelings": ("Feelings", "感受"),
    "syncs": ("Syncs", "同步"),
    "complaints": ("Complaints", "投诉"),
    "help": ("Help", "互助"),
}
"""A ledger's word → its English and its Chinese name."""
