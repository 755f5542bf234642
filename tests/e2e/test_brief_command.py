"""``brief``: one page before a meeting, for our own team or for product."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

CUSTOMERS = ("heng-chuan-yin-hang", "sunbird", "tallowmere", "xing-he-you-xi")
CELLS, LINES = 110, 66
"""A printed page: so many cells a line, so many lines that are not empty."""


@pytest.fixture(autouse=True)
def november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


def lines(text: str) -> int:
    """The lines of the text on a page, long ones broken."""
    wide = (
        sum(2 if unicodedata.east_asian_width(c) in "FW" else 1 for c in s)
        for s in text.split("\n")
    )
    return sum(-(-cells // CELLS) for cells in wide)


@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reader", ["team", "product"])
def test_a_brief_fits_one_page(
    examples: Path, run: Any, customer: str, language: str, reader: str
) -> None:
    done = run("brief", customer, "--for", reader, "--lang", language)
    assert done.code == 0, done.err
    assert 30 < lines(done.out) <= LINES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_brief_is_one_page_of_a_pdf(
    examples: Path, run: Any, tmp_path: Path, language: str, chinese_font: str
) -> None:
    for customer in CUSTOMERS:
        place = tmp_path / f"{customer}.pdf"
        words = ("--format", "pdf", "--out", f"{place}", "--lang", language)
        assert run("brief", customer, *words).code == 0
        assert len(re.findall(rb"/Type\s*/Page\b", place.read_bytes())) == 1


def test_the_final_contact_comes_with_a_phone_and_arrears_come_first(
    examples: Path, run: Any
) -> None:
    page = run("brief", "tallowmere").out
    assert page.index("**Arrears** 8,640.00 EUR") < page.index("## The customer")
    assert "**Final contact** Hendrik Vos" in page
    assert "138-0000-0031" in page


def test_product_sees_no_contact_phone_price_or_colleague_in_any_brief(
    examples: Path, run: Any
) -> None:
    for customer in CUSTOMERS:
        page = run("brief", customer, "--for", "product", "--lang", "zh").out
        team = run("brief", customer, "--json").json
        for contact in team["contacts"]:
            assert contact["name"] not in page
        assert "138-0000" not in page
        for person in ("张维", "林悦", "陈昊", "方婷", "何铭", "罗扬", "吴钧", "周远", "钱莉"):
            assert person not in page, person
        for total in team["spend"]["totals"]:
            assert f"{Decimal(total['amount']):,.2f}" not in page
        assert "请通过售后服务部约" in page


def test_the_json_has_the_keys_of_the_page(examples: Path, run: Any) -> None:
    found = run("brief", "星河", "--json").json
    assert (found["kind"], found["for"], found["day"]) == ("brief", "team", "2026-11-02")
    assert found["customer"] == "xing-he-you-xi"
    assert len(found["commit"]) == 40
    assert {"warnings", "weather", "events", "promises", "verdicts", "contacts"} <= set(found)
    product = run("brief", "星河", "--for", "产品", "--format", "json").json
    assert "contacts" not in product


def test_a_brief_is_written_to_a_file_or_into_a_folder(
    examples: Path, run: Any, tmp_path: Path
) -> None:
    place = tmp_path / "briefs"
    place.mkdir()
    done = run("brief", "sunbird", "--for", "product", "--out", f"{place}")
    assert done.out == f"{place}/2026-11-02-brief-sunbird-product.md\n"
    [written] = place.iterdir()
    assert written.read_text(encoding="utf-8") == run("brief", "sunbird", "--for", "product").out
    named = tmp_path / "x.json"
    assert run("brief", "sunbird", "--json", "--out", f"{named}").json["path"] == str(named)
    assert named.read_text(encoding="utf-8").startswith("{\n")


def test_as_of_is_what_was_recorded_then(examples: Path, run: Any, git: Any) -> None:
    before = git(examples, "rev-parse", "HEAD").strip()
    [promise] = [
        one["ref"]
        for one in run("brief", "sunbird", "--json").json["promises"]
        if one["ref"].endswith("image-uploads-fail#p2")
    ]
    assert run("settle", promise, "--as", "kept", "--on", "2026-11-01").code == 0
    assert promise not in run("brief", "sunbird", "--json").out
    then = run("brief", "sunbird", "--as-of", before, "--json").json
    assert promise in {one["ref"] for one in then["promises"]}
    assert then["commit"] == before


def test_the_wikis_own_template_is_used(examples: Path, run: Any) -> None:
    own = examples / "templates/reports"
    own.mkdir(parents=True)
    (own / "brief.en.md.j2").write_text("{{ name }} on one line\n", encoding="utf-8")
    assert run("brief", "sunbird").out == "Sunbird Retail on one line\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("zzz",), 3),
        (("sunbird", "--for", "sales"), 2),
        (("sunbird", "--for", "nobody"), 2),
        (("sunbird", "--format", "doc"), 2),
        (("sunbird", "--format", "xlsx"), 2),
        (("sunbird", "--as-of", "no such revision"), 3),
    ],
)
def test_bad_input_is_refused(examples: Path, run: Any, words: tuple[str, ...], code: int) -> None:
    done = run("brief", *words)
    assert (done.code, done.out) == (code, "")
    assert done.err


def test_a_file_that_cannot_be_read_is_named(wiki: Path, run: Any) -> None:
    (wiki / "customers/acme/events/2026-10-06-bad.md").write_text("---\ntitle: [\n---\n")
    done = run("brief", "acme")
    assert done.code == 0
    assert "2026-10-06-bad.md" in done.err
    assert "2026-10-06-bad.md" in done.out
