"""Import maps and what they make of a file, without a wiki."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aswiki.domain.records.types import Reading
from aswiki.errors import BadInput
from aswiki.importers import profiles
from aswiki.importers.incidents import Incident, Rejection, incidents
from aswiki.store import packaged

READING = Reading(ZoneInfo("Asia/Shanghai"))
LEAST = """
format = "json"
[source]
system = "desk"
id = "id"
[fields]
title = "title"
started_at = "at"
"""


def read(text: str) -> profiles.Profile:
    return profiles.read("maps/own.toml", text.encode(), READING)


def made(entries: object, text: str = LEAST) -> list[Incident | Rejection]:
    return list(incidents(json.dumps(entries).encode(), read(text), READING))


def one(entry: object, text: str = LEAST) -> Incident:
    (found,) = made([entry], text)
    assert isinstance(found, Incident), found
    return found


def reason(entry: object, text: str = LEAST) -> str:
    (found,) = made([entry], text)
    assert isinstance(found, Rejection), found
    return found.reason


def ticket(**more: Any) -> dict[str, Any]:
    return {"id": "7", "title": "上传超时", "at": "2026-10-03T14:05:00+08:00", **more}


# --- the map itself ---------------------------------------------------------------------


def test_the_packaged_map_is_sound_and_says_what_it_is_from() -> None:
    place = packaged.folder("importers/maps") / "gcp-status.toml"
    profile = profiles.read(place.name, place.read_bytes(), READING)
    assert (profile.system, profile.layout.format) == ("gcp-status", "json")
    assert {field.about.key for field, _rule in profile.fields} == {
        "kind", "title", "started_at", "resolved_at", "status", "product", "severity",
    }  # fmt: skip


def test_the_maps_of_the_docs_are_sound_and_one_is_the_packaged_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")
    maps = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    packaged_one, tickets = (one for one in maps if "[fields]" in one)
    place = packaged.folder("importers/maps") / "gcp-status.toml"
    assert tomllib.loads(packaged_one) == tomllib.loads(place.read_text(encoding="utf-8"))
    raw = (
        "工单号,标题,创建时间,级别,产品,影响,标签,处理时间,处理人,处理结果\n"
        "1,上传超时,2026/10/03 14:05,紧急,OSS,下单失败,网络,2026/10/03 15:10,老张,<b>已恢复</b>\n"
    )
    (found,) = incidents(raw.encode(), read(tickets), READING)
    assert isinstance(found, Incident)
    assert found.fields["severity"] == "P1"
    assert found.fields["log"] == "- 2026-10-03 15:10 +08:00 · 老张 · update: 已恢复"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format = ", "maps/own.toml: This is not TOML"),
        (LEAST.replace('"json"', '"xml"'), "maps/own.toml: format: xml"),
        (LEAST.replace('format = "json"', ""), "maps/own.toml: format:"),
        (LEAST.replace('system = "desk"', ""), "maps/own.toml: source.system:"),
        (LEAST.replace('id = "id"', ""), "maps/own.toml: source.id:"),
        (LEAST.replace('title = "title"', ""), "maps/own.toml: fields.title:"),
        (LEAST.replace('at = "at"', 'at = ""'), "maps/own.toml: fields.started_at:"),
        (LEAST.replace("[fields]", "[fieldz]"), "maps/own.toml: fieldz:"),
        ('times = "soon"\n' + LEAST, "maps/own.toml: times: soon"),
        ('timezone = "Mars"\n' + LEAST, "maps/own.toml: timezone:"),
        ('delimiter = ";;"\n' + LEAST, "maps/own.toml: delimiter:"),
        ('clean = "soap"\n' + LEAST, "maps/own.toml: clean: soap"),
        (LEAST + 'sevirity = "s"\n', "maps/own.toml: fields.sevirity:"),
        (LEAST + 'log = "s"\n', "maps/own.toml: fields.log:"),
        (LEAST + 'impact = "s"\n', "maps/own.toml: fields.impact:"),
        (LEAST + '"source.id" = "s"\n', "maps/own.toml: fields.source.id:"),
        (LEAST + "product = { form = 'p' }\n", "maps/own.toml: fields.product.form:"),
        (LEAST + "product = { default = 'p' }\n", "maps/own.toml: fields.product:"),
        (LEAST + "product = { from = 'p', map = 'x' }\n", "maps/own.toml: fields.product.map:"),
        (LEAST + "product = { from = 'p', required = 1 }\n", "fields.product.required:"),
        (LEAST + "product = 5\n", "maps/own.toml: fields.product:"),
        (LEAST + "[log]\nat = 'when'\n", "maps/own.toml: log.text:"),
        (LEAST + "[log]\nat='a'\ntext='t'\nkind={value='gossip'}\n", "log.kind: gossip"),
    ],
)
def test_a_wrong_map_is_refused_with_file_and_key(text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    assert told in caught.value.message
    assert caught.value.code == "bad-map"
    assert caught.value.hint


def test_a_mistyped_key_is_answered_with_the_one_meant() -> None:
    with pytest.raises(BadInput) as caught:
        read(LEAST + 'sevirity = "s"\n')
    assert "severity" in caught.value.hint


def test_a_map_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadInput, match=r"own\.toml: The file is not UTF-8"):
        profiles.read("own.toml", LEAST.replace("desk", "工单").encode("gb18030"), READING)


# --- values -----------------------------------------------------------------------------


def test_the_least_map_makes_an_incident_with_its_source() -> None:
    found = one(ticket(id=7))
    assert (found.row, found.id, found.title) == (1, "7", "上传超时")
    assert found.fields == {
        "started_at": "2026-10-03T14:05:00+08:00",
        "kind": "incident",
        "source": {"system": "desk", "id": "7"},
    }


def test_line_breaks_in_a_title_become_spaces() -> None:
    assert one(ticket(title=" OSS\r\nuploads\n\n time out\n")).title == "OSS uploads time out"


def test_the_first_path_that_holds_something_counts() -> None:
    text = LEAST + 'product = ["products.0.title", "by.name", "service.name"]\n'
    assert one(ticket(products=[{"title": "OSS"}]), text).fields["product"] == "OSS"
    assert one(ticket(products=[], by={"name": " "}), text).fields.get("product") is None
    assert one(ticket(**{"service.name": "对象存储"}), text).fields["product"] == "对象存储"


def test_words_are_mapped_in_any_case_and_an_unknown_one_is_named() -> None:
    text = LEAST + 'severity = { from = "s", map = { High = "P1", "紧急" = "P0" } }\n'
    assert one(ticket(s="HIGH"), text).fields["severity"] == "P1"
    assert one(ticket(s="紧急"), text).fields["severity"] == "P0"
    assert "severity" not in one(ticket(), text).fields
    assert reason(ticket(s="weird"), text).startswith("severity: weird is not among")


def test_presence_default_and_constant_say_what_is_written() -> None:
    text = LEAST + (
        'status = { from = "end", present = "resolved", default = "in_progress" }\n'
        'environment = { value = "生产" }\n'
    )
    assert one(ticket(end="2026-10-03"), text).fields["status"] == "resolved"
    assert one(ticket(), text).fields["status"] == "in_progress"
    assert one(ticket(environment="test"), text).fields["environment"] == "生产"


def test_a_required_field_that_is_missing_rejects_the_entry() -> None:
    text = LEAST + 'product = { from = "p", required = true }\n'
    assert reason(ticket(p=None), text) == "product is missing"


def test_nested_fields_numbers_lists_and_sections_find_their_places() -> None:
    text = LEAST + (
        '"impact.business" = "what"\n"impact.unavailable_minutes" = "minutes"\n'
        'tags = "tags"\nbackground = "story"\nsensitive = "secret"\n'
    )
    entry = ticket(what="下单失败", minutes="35", tags="网络，oss", story="a\r\nb", secret=True)
    fields = one(entry, text).fields
    assert fields["impact"] == {"business": "下单失败", "unavailable_minutes": 35}
    assert (fields["tags"], fields["background"]) == (["网络", "oss"], "a\nb")
    assert fields["sensitive"] is True


@pytest.mark.parametrize(
    ("times", "said", "meant"),
    [
        ("iso", "2026-10-03T14:05:09Z", "2026-10-03T14:05:09+00:00"),
        ("iso", "2026-10-03 14:05", "2026-10-03T14:05:00+08:00"),
        ("%Y/%m/%d %H:%M", "2026/10/03 14:05", "2026-10-03T14:05:00+08:00"),
        ("%d.%m.%Y", "03.10.2026", "2026-10-03"),
        ("unix", 1790000000, "2026-09-21T22:13:20+08:00"),
        ("unix_ms", "1790000000999", "2026-09-21T22:13:20+08:00"),
    ],
)
def test_times_are_read_in_the_forms_of_the_map(times: str, said: object, meant: str) -> None:
    found = one(ticket(at=said), f'times = ["{times}"]\n' + LEAST)
    assert found.fields["started_at"] == meant


def test_a_zone_of_the_map_stands_before_the_wikis() -> None:
    found = one(ticket(at="2026-07-03 14:05"), 'timezone = "America/New_York"\n' + LEAST)
    assert found.fields["started_at"] == "2026-07-03T14:05:00-04:00"


def test_a_bare_date_stays_one() -> None:
    assert one(ticket(at="2026-10-03")).started_at == date(2026, 10, 3)


@pytest.mark.parametrize("said", ["yesterday", "2026-13-03", "0001-01-01T00:00:00Z", "14:05", {}])
def test_a_time_that_is_none_rejects_the_entry(said: object) -> None:
    assert reason(ticket(at=said or {"a": 1})).startswith("started_at: ")


def test_html_and_control_characters_go_where_the_map_says() -> None:
    text = 'clean = ["html", "controls"]\n' + LEAST + 'background = "b"\n'
    found = one(ticket(b="<p>a &lt; b</p>5 < 6<br/>\x0bend<!-- x -->"), text)
    assert found.fields["background"] == "a < b\n5 < 6\nend"


def test_half_a_character_rejects_the_entry() -> None:
    raw = b'[{"id": "1", "title": "\\ud83d", "at": "2026-10-03"}]'
    (found,) = incidents(raw, read(LEAST), READING)
    assert isinstance(found, Rejection)
    assert found.reason == "title: the text holds half a character"


# --- the log ----------------------------------------------------------------------------

LOG = LEAST + '[log]\nfrom = "notes"\nat = "t"\nby = "who"\ntext = "say"\n'


def note(at: str, say: object, who: str = "ops desk") -> dict[str, object]:
    return {"t": f"2026-10-03T{at}+08:00", "say": say, "who": who}


def test_the_log_is_put_in_order_with_seconds_and_every_line() -> None:
    notes = [note("15:00:07", "恢复\n\n- 一\n  - 二\n## 标题\n> 引"), note("14:10:00", "first")]
    assert one(ticket(notes=notes), LOG).fields["log"].split("\n") == [
        "- 2026-10-03 14:10 +08:00 · ops desk · update: first",
        "- 2026-10-03 15:00:07 +08:00 · ops desk · update: 恢复",
        "",
        "  - 一",
        "    - 二",
        "  ## 标题",
        r"  \> 引",
    ]


def test_of_two_items_at_the_same_second_the_order_of_the_feed_decides() -> None:
    newest_first = [note("16:00:00", "c"), note("15:00:00", "b"), note("15:00:00", "a")]
    lines = one(ticket(notes=newest_first), LOG).fields["log"].split("\n")
    assert [line[-1] for line in lines] == ["a", "b", "c"]
    lines = one(ticket(notes=newest_first[::-1]), LOG).fields["log"].split("\n")
    assert [line[-1] for line in lines] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ("nothing", "notes: a list is expected"),
        (["hm"], "log 1: a mapping is expected"),
        ([note("14:10:00", "a"), {"say": "b", "who": "c"}], "log 2.at is missing"),
        ([note("25:10:00", "a")], "log 1.at: 2026-10-03T25:10:00+08:00 is not a time"),
        ([note("14:10:00", "")], "log 1.text is missing"),
        ([note("14:10:00", ["a"])], "log 1.text: a text is expected"),
        ([note("14:10:00", "a\x00b")], "control character"),
    ],
)
def test_a_bad_log_item_rejects_its_entry(notes: object, told: str) -> None:
    assert told in reason(ticket(notes=notes), LOG)


def test_an_entry_without_log_items_has_an_empty_log() -> None:
    assert one(ticket(), LOG).fields["log"] == ""
    assert one(ticket(notes=[]), LOG).fields["log"] == ""


def test_kinds_of_log_entries_can_be_mapped_and_labelled() -> None:
    text = LOG + 'kind = { from = "k", map = { "客户" = "customer" }, default = "note" }\n'
    entry = ticket(notes=[note("14:10:00", "a") | {"k": "客户"}, note("14:11:00", "b")])
    lines = one(entry, text).fields["log"].split("\n")
    assert [line.split(" · ")[2] for line in lines] == ["customer: a", "note: b"]
    assert "is no kind" in reason(
        ticket(notes=[note("14:10:00", "a") | {"k": "gossip"}]), LOG + 'kind = "k"\n'
    )


def test_without_a_list_the_entry_itself_is_the_one_log_item() -> None:
    text = LEAST + '[log]\nat = "done"\nby = "who"\ntext = "result"\n'
    found = one(ticket(done="2026-10-04T09:00:00+08:00", who="张 伟", result="已修复"), text)
    assert found.fields["log"] == "- 2026-10-04 09:00 +08:00 · 张 伟 · update: 已修复"
    assert one(ticket(result=""), text).fields["log"] == ""


# --- files ------------------------------------------------------------------------------


def test_bad_entries_have_their_place_and_id_and_do_not_stop_the_rest() -> None:
    entries = [ticket(), "text", {"id": "8"}, {"title": "x"}, ticket(id="9"), ticket(id="9")]
    found = made(entries)
    assert [(item.row, item.id) for item in found if isinstance(item, Incident)] == [
        (1, "7"),
        (5, "9"),
    ]
    bad = [item for item in found if isinstance(item, Rejection)]
    assert [(item.row, item.id) for item in bad] == [(2, ""), (3, "8"), (4, ""), (6, "9")]
    assert bad[3].reason == "the same id stands at entry 5 already"


def test_json_lines_are_rejected_line_by_line() -> None:
    text = LEAST.replace('"json"', '"jsonl"')
    raw = f"{json.dumps(ticket())}\n\n{{bad\n{json.dumps(ticket(id='8'))}\n".encode()
    found = list(incidents(raw, read(text), READING))
    assert [(item.row, type(item)) for item in found] == [
        (1, Incident),
        (3, Rejection),
        (4, Incident),
    ]


def test_a_csv_file_of_gb18030_has_its_columns_by_name() -> None:
    text = 'times = "%Y/%m/%d %H:%M"\ndelimiter = ";"\n' + LEAST.replace('"json"', '"csv"')
    text = text.replace('"id"', '"工单号"').replace('"title"', '"标题"').replace('"at"', '"时间"')
    raw = '工单号;标题 ;时间\n1;"上传\n超时";2026/10/03 14:05\n2;x;y;z\n3;只有标题\n'.encode(
        "gb18030"
    )
    found = list(incidents(raw, read(text), READING))
    first, *bad = found
    assert isinstance(first, Incident)
    assert (first.title, first.fields["started_at"]) == ("上传 超时", "2026-10-03T14:05:00+08:00")
    assert [item.reason for item in bad if isinstance(item, Rejection)] == [
        "it has more cells than there are columns",
        "started_at is missing",
    ]


def test_the_array_may_lie_deep_in_the_document_with_a_bom_before_it() -> None:
    raw = b"\xef\xbb\xbf" + json.dumps({"data": {"list": [ticket()]}}).encode()
    found = list(incidents(raw, read('records = "data.list"\n' + LEAST), READING))
    assert len(found) == 1
    with pytest.raises(BadInput, match="no list of records at the top") as caught:
        list(incidents(raw, read(LEAST), READING))
    assert "records" in caught.value.hint


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'[\n{"id": 1,,}]', "line 2, column 10"),
        (b"", "line 1, column 1"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[NaN]", "NaN is no number"),
        (b"\xff\xfe[", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_is_not_json_is_refused_with_the_place(raw: bytes, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        list(incidents(raw, read(LEAST), READING))
    assert told in caught.value.message


@pytest.mark.parametrize(("raw", "told"), [("a,b,a\n1,2,3", "called a"), ('a\n"b', "line 2")])
def test_a_broken_csv_file_is_refused(raw: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        list(incidents(raw.encode(), read(LEAST.replace('"json"', '"csv"')), READING))


def test_an_empty_list_makes_nothing() -> None:
    assert made([]) == []
