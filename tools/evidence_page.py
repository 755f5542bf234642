"""Write the generated parts of docs/evidence.md, and docs/tampering.md, anew.

The table of codes comes from the program, the tables of tampering from the cases of the tests,
which hold of each case that it is found with these codes and whether stock git noticed it.

``PYTHONPATH=. python tools/evidence_page.py``
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.e2e import test_verify_tamper_anchors as anchors
from tests.e2e import test_verify_tamper_commits as commits
from tests.e2e import test_verify_tamper_storage as storage
from tests.tampering import Case

from aswiki.evidence.codes import CODES

DOCS = Path(__file__).resolve().parent.parent / "docs"
FAMILIES: Mapping[str, Sequence[Case]] = {
    **commits.FAMILIES,
    **anchors.FAMILIES,
    **storage.FAMILIES,
}
TAMPERING = """\
# Every tampering that the tests try

Each row is a case of the tests: it is done to a signed, anchored and time-stamped wiki, and
`aswiki verify` must find exactly these codes and exit so. It is given the receipt of the newest
anchor, but where the row names something else. *Stock git* is `git fsck --full --strict` in the
repository, and `git verify-commit` with the right key file on every commit made since. That is the
repository, not a package: a broken bundle git refuses to fetch as well.

What the codes mean stands in [evidence.md](evidence.md#codes).

"""


def codes() -> str:
    """The table of codes: what each means, what it makes of the verdict alone, and the exit."""
    found: list[tuple[str, ...]] = [
        (f"`{name}`", code.meaning, code.severity, str(code.exit_code))
        for name, code in sorted(CODES.items(), key=lambda item: item[1].exit_code)
    ]
    return _table([("code", "meaning", "by itself", "exit"), *found])


def families() -> str:
    """A row for each family of cases: how many, the codes that find them, what stock git saw."""
    rows = [("what is done", "cases", "found as", "stock git notices")]
    for title, cases in FAMILIES.items():
        noticed = sum(case.stock for case in cases)
        rows.append((title, str(len(cases)), _found(cases), str(noticed) if noticed else "none"))
    every = [case for cases in FAMILIES.values() for case in cases]
    rows.append(("**all**", f"**{len(every)}**", "", f"**{sum(case.stock for case in every)}**"))
    return _table(rows)


def tampering() -> str:
    """The page of every case."""
    return TAMPERING + "\n".join(
        f"## {title}\n\n{_table([*_cases(cases)])}" for title, cases in FAMILIES.items()
    )


def page(text: str) -> str:
    """The page about evidence with its generated parts anew; the rest as it is."""
    for name, table in {"codes": codes(), "tampering": families()}.items():
        found = re.findall(rf"<!-- {name} -->\n.*?<!-- /{name} -->", text, re.DOTALL)
        if len(found) != 1:
            raise SystemExit(f"evidence.md has not one part <!-- {name} --> but {len(found)}")
        text = text.replace(found[0], f"<!-- {name} -->\n{table}<!-- /{name} -->")
    return text


def _cases(cases: Sequence[Case]) -> Iterator[tuple[str, ...]]:
    yield ("case", "codes", "exit", "stock git")
    for case in cases:
        stock = "noticed" if case.stock else ""
        yield (case.name, ", ".join(case.codes.split()), str(case.exit_code), stock)


def _found(cases: Sequence[Case]) -> str:
    """The codes of some cases, those first that find the most of them."""
    counted = Counter(code for case in cases for code in case.codes.split())
    order = sorted(counted, key=lambda code: (-counted[code], code))
    return ", ".join(order)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    head, *body = (f"| {' | '.join(row)} |\n" for row in rows)
    return head + "|---" * len(rows[0]) + "|\n" + "".join(body)


def pages() -> dict[Path, str]:
    """Both pages with their text."""
    path = DOCS / "evidence.md"
    return {path: page(path.read_text(encoding="utf-8")), DOCS / "tampering.md": tampering()}


def main() -> int:
    """Write the pages, and name those that changed."""
    for path, text in pages().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
