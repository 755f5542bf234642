"""What the long runs counted, kept for the table of docs/evidence.md."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

PLACE = Path(__file__).parents[1] / "build" / "torture"


@dataclass
class Count:
    """One long run, or one piece of it.

    Attributes:
        run: what was done, as the table says it.
        tried: how often.
        missed: how often it was not found, lost or answered in two ways.
        seconds: how long it took.
    """

    run: str
    tried: int = 0
    missed: int = 0
    seconds: float = 0.0


@contextmanager
def counted(run: str, piece: int = 0) -> Iterator[Count]:
    """Counts a run and keeps what was counted, also where the run ends in a failure."""
    count = Count(run)
    begun = time.monotonic()
    try:
        yield count
    except BaseException:
        count.missed = max(count.missed, 1)  # a run that failed is never a row without a miss
        raise
    finally:
        count.seconds = round(time.monotonic() - begun, 1)
        PLACE.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", run.lower()).strip("-")
        (PLACE / f"{name}-{piece}.json").write_text(json.dumps(asdict(count)), encoding="utf-8")
