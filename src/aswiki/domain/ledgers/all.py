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
