from __future__ import annotations

import shlex
from io import StringIO

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from llmd_render.manifest import read_manifests
from llmd_render.render.quoting import quote_md, quote_sh, quote_yaml

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TRICKY = [
    *("yes", "no", "on", "off", "y", "n", "null", "~", "true", "False", "=", "<<", ".inf", ".nan"),
    *("010", "1e3", "0x1f", "0o17", "12:30:45", "1_000", "2026-01-01", "+1", "-", "- a", "a: b"),
    *("", " ", "a ", "#", "a #b", "a\nb", "\t", "\x7f", "\x85", "\u2028", "\ufeff", "\U0001f600"),
    *(
        "'",
        '"',
        "\\",
        "{{",
        "{%",
        "&a",
        "*a",
        "!x",
        "|",
        ">",
        "%a",
        "@a",
        "`",
        "a:8000",
        "hf://a/b",
    ),
    *("face", "e1", "inf", "NaN", "Infinity", "a:", "a:b", "[a]", "{a}", ",", "?", "-1", "/a:b"),
]


def read_by_every_reader(text: str) -> list[object]:
    document = f"key: {text}\nlist:\n  - {text}\n"
    yaml_1_1 = yaml.safe_load(document)
    yaml_1_2 = YAML(typ="safe", pure=True).load(StringIO(document))
    as_kubectl = read_manifests(document, "f.yaml")[0][0].data
    return [
        value
        for data in (yaml_1_1, yaml_1_2, as_kubectl)
        for value in (data["key"], data["list"][0])
    ]


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_text_survives_yaml_1_1_and_1_2(text: str) -> None:
    assert read_by_every_reader(quote_yaml(text)) == [text] * 6


@given(ANY_TEXT)
def test_any_text_survives_yaml_1_1_and_1_2(text: str) -> None:
    assert read_by_every_reader(quote_yaml(text)) == [text] * 6


@given(st.text("aeynofl.01x-_:/A", min_size=1))
def test_text_that_looks_like_something_else_survives(text: str) -> None:
    assert read_by_every_reader(quote_yaml(text)) == [text] * 6


@pytest.mark.parametrize("value", [0, -1, 8000, True, False])
def test_numbers_and_truth_values_keep_their_type(value: int) -> None:
    assert read_by_every_reader(quote_yaml(value)) == [value] * 6
    assert type(read_by_every_reader(quote_yaml(value))[0]) is type(value)


@given(ANY_TEXT.filter(lambda text: "\0" not in text))
def test_any_text_is_one_word_of_the_shell(text: str) -> None:
    assert shlex.split(f"command --flag={quote_sh(text)} {quote_sh(text)}") == [
        "command",
        f"--flag={text}",
        text,
    ]


@given(ANY_TEXT)
def test_markdown_stays_on_its_line_and_in_its_cell(text: str) -> None:
    shown = quote_md(text)
    assert "\n" not in shown
    assert shown.replace("\\\\", "").replace("\\|", "").count("|") == 0


def test_what_people_read_is_not_quoted_without_need() -> None:
    for word in ("qwen2-3b-pattern1", "hf://Qwen/Qwen2.5-3B-Instruct", "/health", "HTTP"):
        assert quote_yaml(word) == word


@pytest.mark.parametrize("quote", [quote_yaml, quote_sh, quote_md])
@pytest.mark.parametrize("value", [None, ["a"], {"a": 1}, 1.5])
def test_only_text_and_numbers_print(quote: object, value: object) -> None:
    with pytest.raises(TypeError, match="only text and numbers print"):
        quote(value)  # type: ignore[operator]
