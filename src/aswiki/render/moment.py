"""The moment a file says it was made at, which no clock tells."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime


def pinned(epoch: int) -> int:
    """``SOURCE_DATE_EPOCH`` where it is set to a moment, else the epoch given."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(said) if re.fullmatch(r"[0-9]{1,11}", said) else epoch


def moment(epoch: int) -> datetime:
    """The same as a time in UTC."""
    return datetime.fromtimestamp(pinned(epoch), UTC)
