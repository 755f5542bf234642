"""``weather``: the months of the example customers, in both languages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

UPLOADS = "lan-jing-you-xi/events/2026-10-03-oss-shang-chuan-chao-shi"


@pytest.fixture
def november(clock: Any) -> None:
    clock.now = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


@pytest.mark.usefixtures("november")
def test_the_examples_of_october_from_storm_to_cloudy(examples: Path, run: Any) -> None:
    done = run("weather", "--month", "2026-10", "--json")
    assert (done.code, done.err) == (0, "")
    assert [(one["customer"], one["weather"], one["trend"]) for one in done.json] == [
        ("heng-chuan-yin-hang", "storm", "worse"),
        ("tallowmere", "rain", "worse"),
        ("sunbird", "overcast", "better"),
        ("xing-he-you-xi", "cloudy", "worse"),
    ]
    for one in done.json:
        assert set(one) == {
            *("customer", "month", "weather", "trend", "drivers", "reading", "heard")
        }
        assert one["month"] == "2026-10"
        named = [*one["drivers"], one["reading"], *({"ref": ref} for ref in one["heard"])]
        for ref in (item["ref"].partition("#")[0] for item in named):
            assert (examples / "customers" / f"{ref}.md").is_file()


@pytest.mark.usefixtures("november")
def test_a_visitors_sunshine_stands_beside_the_rain(examples: Path, run: Any) -> None:
    (one,) = run("weather", "tallowmere", "--month", "十月", "--json").json
    assert (one["weather"], one["reading"]["weather"]) == ("rain", "sunny")
    assert one["reading"]["ref"] == "tallowmere/visits/2026-10-15-monthly"
    arrears = next(driver for driver in one["drivers"] if driver["kind"] == "arrears")
    assert (arrears["ref"], arrears["amount"]) == ("tallowmere/profile", "8640.00")


@pytest.mark.usefixtures("november")
def test_a_fall_that_is_explained_darkens_nothing(examples: Path, run: Any) -> None:
    def kinds() -> list[str]:
        (one,) = run("weather", "sunbird", "--month", "2026-10", "--json").json
        return [driver["kind"] for driver in one["drivers"]]

    assert "unexplained_fall" in kinds()
    words = ["explain", "sunbird", "--month", "2026-10", "--as", "planned", "--text", "Season over"]
    assert run(*words).code == 0
    assert "unexplained_fall" not in kinds()
    assert "blame_carried" in kinds()


@pytest.mark.usefixtures("november")
def test_each_line_names_customer_weather_reason_and_record(examples: Path, run: Any) -> None:
    english = run("weather", "恒川", "--month", "2026-10").out.splitlines()
    complaint = "heng-chuan-yin-hang/complaints/2026-10-19-certificates-overdue"
    assert english[0].split("\t") == [
        *("heng-chuan-yin-hang", "Storm", "worse", "Open complaint", complaint)
    ]
    assert english[-1].split("\t")[3] == "Visitor saw: Rain"
    assert "\t雷暴\t" in run("weather", "恒川", "--month", "2026-10", "--lang", "zh").out


def test_without_a_month_it_is_the_one_that_runs(wiki: Path, run: Any) -> None:
    rows = run("weather", "--json").json
    assert [(one["customer"], one["month"], one["weather"]) for one in rows] == [
        ("lan-jing-you-xi", "2026-10", "rain"),
        ("acme", "2026-10", "unknown"),
    ]
    assert [(driver["kind"], driver["ref"]) for driver in rows[0]["drivers"]] == [
        ("p1_open", UPLOADS)
    ]
    assert run("weather", "acme").out == "acme\tUnknown\tno comparison\t\t\n"


def test_a_word_of_the_customer_makes_the_sun_come_out(wiki: Path, run: Any) -> None:
    assert run("append", "acme/oss-quota", "谢谢", "--kind", "customer").code == 0
    (one,) = run("weather", "acme", "--json").json
    assert (one["weather"], one["trend"], one["drivers"]) == ("sunny", "unknown", [])
    assert one["heard"] == ["acme/events/2026-10-05-oss-quota"]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_counts(wiki: Path, run: Any) -> None:
    bad = wiki / "customers/acme/events/2026-10-06-bad.md"
    bad.write_text("---\ntitle: [\n---\n")
    done = run("weather", "--json")
    assert (done.code, len(done.json)) == (0, 2)
    assert "customers/acme/events/2026-10-06-bad.md" in done.err


@pytest.mark.parametrize(
    ("words", "code"), [(["nobody"], 3), (["acme", "--month", "13"], 2), (["--month", ""], 2)]
)
def test_an_unknown_customer_or_month_is_refused(
    wiki: Path, run: Any, words: list[str], code: int
) -> None:
    done = run("weather", *words, "--json")
    assert (done.code, done.out) == (code, "")


def test_a_customers_page_says_the_weather_in_a_line(wiki: Path, run: Any) -> None:
    assert "Weather of 2026-10: Rain, no comparison · P1 open\n" in run("show", "lan-jing").out
    assert "Weather" not in run("show", "lan-jing", "--as-of", "2026-10-19").out
