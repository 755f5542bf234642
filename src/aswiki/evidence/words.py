"""What a record's bytes hold of entries, quotes and words said, also where it cannot be read."""

from __future__ import annotations

import re
from collections import Counter

_FENCE = b"---"
_KEY = re.compile(rb"(- )?(?:verbatim|quote):")
_INLINE = re.compile(rb"[{ ]((?:verbatim|quote): .*?)(?=, [a-z_]+: |\}|$)")
_ENTRY = re.compile(rb"- \d{4}-")


def spoken(raw: bytes) -> Counter[bytes]:
    """The log entries, quotes and words of a record, each as one line, and how often it is there.

    An entry ends where a line begins that is not indented under it; outer blanks do not count.
    """
    found: Counter[bytes] = Counter()
    item: list[bytes] = []
    deep = fences = 0
    for line in raw.splitlines():
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        fences += line == _FENCE
        if item and (not text or indent > deep):
            item += [text] if text else []
            continue
        if item:
            found[b"|".join(item)] += 1
        item = []
        if fences == 1:
            key = _KEY.match(text)
            item = [text] if key else []
            deep = indent + (2 if key and key[1] else 0)
            found.update(() if key else _INLINE.findall(text))
        elif indent == 0 and _ENTRY.match(text):
            item, deep = [text], 0
    if item:
        found[b"|".join(item)] += 1
    return found
