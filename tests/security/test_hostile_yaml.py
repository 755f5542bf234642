"""Front matter made to harm: nothing crashes, takes long or builds more than plain data."""

from __future__ import annotations

import tracemalloc

import pytest

from aswiki.store.frontmatter import split
from aswiki.store.yaml12 import load, locate

DEEP = 30_000
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "nested brackets": "a: " + "[" * DEEP,
    "nested brackets, closed": "a: " + "[" * DEEP + "]" * DEEP,
    "nested braces": "a: " + "{b: " * DEEP,
    "nested dashes": "a:\n" + "- " * DEEP,
    "nested dashes below": "a:\n " + "- " * DEEP + "x",
    "nested questions": "? " * DEEP,
    "nested keys": "".join(f"{' ' * depth}a:\n" for depth in range(500)),
    "brackets on lines": "a:\n" + " [\n" * DEEP,
    "mixed brackets": "a: " + "[{b: " * DEEP,
    "billion laughs": LAUGHS,
    "quadratic blow-up": "a: &a " + "x" * 1000 + "\nb: [" + "*a," * 1000 + "]\n",
    "anchor alone": "a: &x 1\n",
    "anchor on a key": "&x a: 1\n",
    "anchor on a list": "a: &x [1]\n",
    "anchor on the whole": "&x\na: 1\n",
    "alias to nothing": "a: *x\n",
    "alias as a key": "*x : 1\n",
    "alias to itself": "a: &a [*a]\n",
    "merge of an alias": "a: &a {b: 1}\nc:\n  <<: *a\n",
    "python object": "a: !!python/object/apply:os.system ['true']\n",
    "python name": "a: !!python/name:os.system\n",
    "python tuple": "a: !!python/tuple [1, 2]\n",
    "verbatim tag": "a: !<tag:yaml.org,2002:python/object/new:type> x\n",
    "declared tag": "%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!name:os.system\n",
    "binary": "a: !!binary aGVsbG8=\n",
    "set": "a: !!set {b}\n",
    "ordered map": "a: !!omap [b: 1]\n",
    "many exclamation marks": "!" * 100_000 + "\n",
    "string tag": "a: !!str 1\n",
    "own tag": "a: !x y\n",
    "tag alone": "a: ! y\n",
    "tag on a key": "!!str a: 1\n",
    "tag on the whole": "!!map\na: 1\n",
    "second document": "a: 1\n---\nb: 2\n",
    "third document": "a: 1\n---\n---\n",
    "document end and more": "a: 1\n...\nb: 2\n",
    "list as key": "? [a]\n: b\n",
    "mapping as key": "{{a: b}: c}\n",
    "too large": "a: " + "x" * (4 * 1024 * 1024),
    "too many values": "a: [" + "1," * 1_000_000 + "]\n",
    "too many lines": "a:\n" + "- x\n" * 1_000_000,
}
BROKEN = {
    "NUL": "a: \x00\n",
    "NUL first": "\x00a: 1\n",
    "escape": "a: \x1b[31m\n",
    "delete": "a: \x7f\n",
    "not a character": "a: \ufffe\n",
    "half a character": "a: \udcff\n",
    "unterminated single": "a: 'x\n" + "y\n" * 1000,
    "unterminated double": 'a: "' + "x" * 1_000_000,
    "unterminated list": "a: [1, 2\n",
    "unterminated mapping": "a: {b: 1\n",
    "tab for indentation": "a:\n\tb: 1\n",
    "tabs only": "\t\t\ta: 1\n",
    "reserved at": "a: @b\n",
    "reserved tick": "a: `b\n",
    "bad escape": 'a: "\\q"\n',
    "half a character escaped": 'a: "\\ud800"\n',
    "too high a character": 'a: "\\UFFFFFFFF"\n',
    "version of the future": "%YAML 9.9\n---\na: 1\n",
    "bad directive": "%\n---\na: 1\n",
    "a list": "- a\n",
    "a scalar": "only words\n",
    "colon in a value": "a: b: c: d\n",
    "closing alone": "]\n",
    "many colons": ":" * 100_000 + "\n",
    "a long key": "k" * 100_000 + ": 1\n",
}
WHOLE = {
    "NEL": "a: 'x\x85y'\n",
    "line separator": 'a: "x\u2028y"\n',
    "byte order mark": "\ufeffa: 1\n",
    "huge whole number": "a: " + "9" * 1_000_000 + "\n",
    "huge hexadecimal": "a: 0x" + "f" * 1_000_000 + "\n",
    "huge exponent": "a: 1e999999999\n",
    "tiny exponent": "a: -1e-999999999\n",
    "merge key": "<<: {a: 1}\n",
    "twenty deep": "a: " + "[" * 20 + "]" * 20 + "\n",
    "bidi": "a: \u202e x\n",
    "many blank lines": "\n" * 1_000_000 + "a: 1\n",
    "many comments": "# x\n" * 500_000 + "a: 1\n",
    "a long literal": "a: |\n" + "  x\n" * 500_000,
    "script": "a: <script>alert(1)</script>\n",
}
MOST_BYTES = 200_000_000


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused(name: str) -> None:
    loaded = load(REFUSED[name])
    assert loaded.data == {}
    assert loaded.stopped
    assert [mistake.code for mistake in loaded.mistakes] in (["ASW112"], ["ASW111"])
    if name != "document end and more":
        assert loaded.mistakes[0].code == "ASW112"


@pytest.mark.parametrize("name", BROKEN)
def test_broken_yaml_is_a_mistake_at_a_place(name: str) -> None:
    loaded = load(BROKEN[name])
    assert [mistake.code for mistake in loaded.mistakes] == ["ASW111"]
    assert loaded.mistakes[0].line >= 1
    assert loaded.mistakes[0].column >= 1


@pytest.mark.parametrize("name", WHOLE)
def test_odd_but_sound_yaml_is_read(name: str) -> None:
    loaded = load(WHOLE[name])
    assert loaded.mistakes == []
    assert len(loaded.data) == 1


@pytest.mark.usefixtures("no_hang")
def test_all_of_it_ends_and_is_small() -> None:
    for text in {**REFUSED, **BROKEN, **WHOLE}.values():
        load(text)
        locate(text, ("a", 0, 0), at_key=False)
    tracemalloc.start()
    for name in ("nested brackets, closed", "too many values", "too large", "billion laughs"):
        load(REFUSED[name])
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_BYTES


def test_a_flood_of_mistakes_is_told_in_part() -> None:
    loaded = load("a: 1\n" * 20_000)
    assert loaded.data == {"a": 1}
    assert len(loaded.mistakes) == 100


@pytest.mark.usefixtures("no_hang")
def test_boundaries_made_of_dashes_are_found_without_a_detour() -> None:
    for text in ("-" * 2_000_000 + "x", "---" + " " * 2_000_000 + "x", "---\n" + "\n" * 2_000_000):
        assert split(text) is None


def test_the_refusals_and_oddities_are_at_least_fifty() -> None:
    assert len(REFUSED) + len(BROKEN) + len(WHOLE) >= 50
