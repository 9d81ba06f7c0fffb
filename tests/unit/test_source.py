from __future__ import annotations

from pathlib import Path

import pytest

from llmd_render.diagnostics import InputError, Location
from llmd_render.source import parse, read_text

BOMB = "\n".join(
    [
        "a: &a [x,x,x,x,x,x,x,x,x,x]",
        *(
            f"{name}: &{name} [{','.join(f'*{before}' for _ in range(10))}]"
            for before, name in zip("abcde", "bcdef", strict=True)
        ),
    ]
)


def test_every_key_and_value_has_its_line_and_column() -> None:
    positions = parse("a: 1\nb:\n  - x\n  - c: y\n", "f.yaml").positions
    assert positions.locate(("a",)) == Location("f.yaml", 1, 4)
    assert positions.locate(("a",), key=True) == Location("f.yaml", 1, 1)
    assert positions.locate(("b", 0)) == Location("f.yaml", 3, 5)
    assert positions.locate(("b", 1, "c")) == Location("f.yaml", 4, 8)


def test_a_path_that_the_file_lacks_is_located_at_its_nearest_ancestor() -> None:
    positions = parse("a:\n  b: 1\n", "f.yaml").positions
    assert positions.locate(("a", "c", "d"), key=True) == Location("f.yaml", 1, 1)


def test_an_empty_value_is_located_at_its_key() -> None:
    positions = parse("a:\nb: 1\n", "f.yaml").positions
    assert positions.locate(("a",)) == Location("f.yaml", 1, 1)


def test_a_merged_key_is_located_where_it_is_written() -> None:
    positions = parse("x: &x {a: 1}\ny:\n  <<: *x\n  b: 2\n", "f.yaml").positions
    assert positions.locate(("y", "a")) == Location("f.yaml", 1, 11)


def test_profiles_are_read_as_yaml_1_2() -> None:
    data = parse("a: on\nb: 010\nc: 2026-01-01\nd: 12:30:45\n", "f.yaml").data
    assert data == {"a": "on", "b": 10, "c": "2026-01-01", "d": "12:30:45"}


@pytest.mark.parametrize(
    ("text", "place", "code", "message"),
    [
        ("a: 1\nb:\n\t- x\n", "f.yaml:3:1", "yaml-tab-indentation", "a tab indents this line"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "yaml-duplicate-key", 'duplicate key "a"'),
        ("a: [1", "f.yaml:1:6", "yaml-syntax-error", "this is not YAML: expected ',' or ']'"),
        ("a: &x [*x]\n", "f.yaml:1:8", "yaml-alias-bomb", "an alias contains itself"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1", "yaml-syntax-error", "a second document begins here"),
        ("a: \x00", "f.yaml:1:4", "yaml-syntax-error", "unacceptable character #x0000"),
        ("a: !!python/name:os.system x", "f.yaml:1:4", "yaml-syntax-error", "the tag"),
        ("a: *nope", "f.yaml:1:4", "yaml-syntax-error", "undefined alias 'nope'"),
        (BOMB, "f.yaml:5:29", "yaml-alias-bomb", "aliases expand to more than 100,000 values"),
        ("[" * 5000, "f.yaml:1:101", "yaml-nested-too-deep", "more than 100 levels deep"),
        ("a: {" * 120, "f.yaml:1:400", "yaml-nested-too-deep", "more than 100 levels deep"),
        ("- " * 120 + "a", "f.yaml:1:201", "yaml-nested-too-deep", "100 levels deep"),
        ("a: !!set {b, c}", "f.yaml:1:4", "yaml-syntax-error", "could not determine"),
        ("a: !!int x", "f.yaml:1:1", "yaml-syntax-error", "invalid literal"),
        ("? {x: 1}\n: y", "f.yaml:1:3", "yaml-syntax-error", "unhashable"),
    ],
)
def test_what_is_not_yaml_is_refused_at_its_place(
    text: str, place: str, code: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    (found,) = caught.value.diagnostics
    assert str(found.location).startswith(place)
    assert found.code == code
    assert message in found.message


def test_the_offending_line_comes_with_the_finding() -> None:
    with pytest.raises(InputError) as caught:
        parse("a: 1\nb: [1\nc: 2\n", "f.yaml")
    assert caught.value.diagnostics[0].excerpt == "c: 2"


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_text(tmp_path / "none.yaml", 100)


def test_a_folder_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Is a directory"):
        read_text(tmp_path, 100)


def test_a_binary_file_is_a_finding_with_its_byte(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"ab\n\xff\xfe")
    with pytest.raises(InputError, match=r"not UTF-8 text \(byte 3, line 2\)"):
        read_text(tmp_path / "f", 100)


def test_a_file_past_the_limit_is_a_finding_and_one_at_the_limit_is_not(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x" * 100)
    assert len(read_text(tmp_path / "f", 100)) == 100
    with pytest.raises(InputError, match="larger than 99 bytes"):
        read_text(tmp_path / "f", 99)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_text(tmp_path / "f", 100) == "a: 1"
