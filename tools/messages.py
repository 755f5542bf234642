"""Bring the Chinese catalogue up to date with the sentences of the code, and compile it.

``python tools/messages.py`` writes the .po and the .mo; ``--check`` only says what is missing.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from aswiki.cli.commands import COMMANDS, Command
from aswiki.cli.frame import sentences

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "aswiki"
PO = SOURCE / "lang" / "locale" / "zh" / "LC_MESSAGES" / "aswiki.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "N_": None}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def extracted() -> list[str]:
    """Every sentence of the code in the order of its files, help texts of commands included."""
    found: dict[str, None] = {}
    for _file, _line, message, _comments, _context in extract_from_dir(SOURCE, keywords=KEYWORDS):
        found[message if isinstance(message, str) else message[0]] = None
    commands = [c for entry in COMMANDS.values() for c in _commands(entry)]
    for command in commands:
        found.update(dict.fromkeys(sentences(command)))
    return list(found)


def _commands(entry: object) -> list[Command]:
    if isinstance(entry, Command):
        return [entry]
    return list(entry.commands.values())  # type: ignore[attr-defined] # the table's other kind


def known() -> dict[str, str]:
    """The catalogue's sentences and their Chinese, empty where it is still missing."""
    if not PO.is_file():
        return {}
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="zh")
    return {str(m.id): str(m.string) for m in catalogue if m.id}


def written(sentences_found: list[str], chinese: dict[str, str]) -> tuple[bytes, bytes]:
    """The .po and the .mo of those sentences."""
    catalogue = Catalog(locale="zh", project="aswiki", charset="utf-8", fuzzy=False)
    catalogue.header_comment = "# The Chinese of every sentence aswiki says."
    for sentence in sorted(sentences_found):
        catalogue.add(sentence, chinese.get(sentence, ""))
    po, mo = BytesIO(), BytesIO()
    write_po(po, catalogue, width=0, omit_header=True)
    head = (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: zh\\n"\n\n'
    )
    plain = read_po(BytesIO(head + po.getvalue()), locale="zh")
    plain.creation_date = LONG_AGO  # the same sentences are the same bytes, whenever compiled
    write_mo(mo, plain)
    return head + po.getvalue(), mo.getvalue()


def main() -> int:
    """Write both files, or with ``--check`` say what is missing; 1 where something is."""
    found, chinese = extracted(), known()
    missing = [sentence for sentence in found if not chinese.get(sentence)]
    stale = [sentence for sentence in chinese if sentence not in set(found)]
    if "--check" not in sys.argv:
        po, mo = written(found, chinese)
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(po)
        MO.write_bytes(mo)
    for sentence in missing:
        sys.stdout.write(f"missing: {sentence}\n")
    for sentence in stale if "--check" in sys.argv else ():
        sys.stdout.write(f"stale: {sentence}\n")
    return int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main())
