"""Times as records write them: ISO 8601 with or without offset, or a bare date."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?"
)


def moment(text: str, zone: tzinfo) -> datetime | date | None:
    """The time or bare date an ISO 8601 text says, or None; without offset it is in ``zone``."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        value = datetime.fromisoformat(re.sub(r" (?=[+Z-])", "", text))
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=zone)
