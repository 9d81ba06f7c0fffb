from __future__ import annotations

import pytest

from llmd_render.diagnostics import Violation
from llmd_render.manifest import read_manifests, read_tree
from llmd_render.render import RenderedFile

BOMB = "\n".join(
    [
        "a: &a [x,x,x,x,x,x,x,x,x,x]",
        *(
            f"{name}: &{name} [{','.join(f'*{before}' for _ in range(10))}]"
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ]
)


def read(text: str) -> object:
    manifests, problems = read_manifests(text, "f.yaml")
    assert problems == []
    return manifests[0].data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", True),
        ("yes", True),
        ("y", True),
        ("N", False),
        ("yy", "yy"),
        ("010", 8),
        ("0o17", 15),
        ("0x1f", 31),
        ("1e3", 1000.0),
        ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"),
        ("=", "="),
        ("-7", -7),
        ("1_000", 1000),
        (".5", 0.5),
        ("1.", 1.0),
        ("'010'", "010"),
    ],
)
def test_scalars_mean_what_they_mean_to_kubectl(written: str, value: object) -> None:
    read_value = read_manifests(f"a: {written}\n", "f.yaml")[0][0].data
    assert read_value == {"a": value}
    assert isinstance(read_value, dict)
    assert type(read_value["a"]) is type(value)


def test_each_document_of_a_file_has_its_own_positions() -> None:
    text = "a: 1\n---\n---\nb:\n  - c: 2\n"
    manifests, problems = read_manifests(text, "f.yaml")
    assert problems == []
    assert [(item.index, item.data) for item in manifests] == [
        (0, {"a": 1}),
        (2, {"b": [{"c": 2}]}),
    ]
    found = manifests[1].diagnose(Violation(("b", 0, "c"), "wrong", code="some-code-here"))
    assert str(found.location) == "f.yaml:5:8"
    assert found.excerpt == "  - c: 2"


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1", "yaml-duplicate-key"),
        ("x:\n  a: 1\n  a: 2\n", "f.yaml:3:3", "yaml-duplicate-key"),
        ("a: [1\n", "f.yaml:2:1", "yaml-syntax-error"),
        ("a:\n\t- b\n", "f.yaml:2:1", "yaml-syntax-error"),
        ("a: !!python/name:os.system x\n", "f.yaml:1:4", "yaml-syntax-error"),
        ("? [a]\n: b\n", "f.yaml:1:3", "yaml-syntax-error"),
        ("[" * 100_000, "f.yaml:1:101", "yaml-nested-too-deep"),
        ("- " * 3000 + "a", "f.yaml:1:201", "yaml-nested-too-deep"),
        ("a: &a {b: *a}\n", "f.yaml:1:11", "yaml-alias-bomb"),
        (BOMB, "f.yaml:6:17", "yaml-alias-bomb"),
    ],
)
def test_what_strict_decoding_refuses_is_found_at_its_place(
    text: str, place: str, code: str
) -> None:
    _, (problem,) = read_manifests(text, "f.yaml")
    assert (str(problem.location), problem.code) == (place, code)


def test_documents_before_a_broken_one_are_kept() -> None:
    manifests, problems = read_manifests("a: 1\n---\nb: [\n", "f.yaml")
    assert [item.data for item in manifests] == [{"a": 1}]
    assert len(problems) == 1


def test_a_finding_names_the_template() -> None:
    files = [RenderedFile("a.yaml", "a: 1\n", "templates/a.yaml.j2")]
    tree, _ = read_tree(files)
    found = tree.manifests[0].diagnose(Violation(("a",), "wrong", "mend it", "some-code-here"))
    assert found.hint == "mend it; rendered from templates/a.yaml.j2"


def test_only_yaml_is_read_as_manifests_and_every_file_is_kept() -> None:
    files = [RenderedFile(path, "a: 1\n", "") for path in ("a.yaml", "b.yml", "c.sh", "d.json")]
    tree, problems = read_tree(files)
    assert problems == []
    assert [item.file for item in tree.manifests] == ["a.yaml", "b.yml"]
    assert list(tree.files) == ["a.yaml", "b.yml", "c.sh", "d.json"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: {b: x}\n", 1, 8),
        ("# c\n---\na:\n  b: x\n", 4, 6),
        ("--- {a: {b: x}}\n", 1, 13),
        ("one: 1\n--- # c\n# d\na: {b: x}\n...\n---\ntwo: 2\n", 4, 8),
        ("one: 1\n--- !!map\na: {b: x}\n", 3, 8),
        ("one: 1\r\n---\r\na:\r\n  b: x\r\n", 4, 6),
        ("one: ä\n---\na: {ö: 1, b: x}\n", 3, 14),
        ("- 1\n---\n&m\na: &n {b: x}\n", 4, 11),
        ("%YAML 1.1\n---\na: {b: x}\n", 3, 8),
    ],
)
def test_a_place_is_found_in_any_layout_of_documents(text: str, line: int, column: int) -> None:
    manifests, problems = read_manifests(text, "f.yaml")
    assert problems == []
    (manifest,) = [item for item in manifests if isinstance(item.data, dict) and "a" in item.data]
    found = manifest.diagnose(Violation(("a", "b"), "wrong", code="x"))
    assert (found.location.line, found.location.column) == (line, column)
    assert found.excerpt.rstrip("\r") == text.split("\n")[line - 1].rstrip("\r")
    assert manifest.locate(("a", "b")) == found.location


def test_a_place_under_a_tag_of_the_whole_file_is_the_file() -> None:
    text = "%TAG !k! tag:yaml.org,2002:\n---\na: !k!str 1\n"
    (manifest,), _ = read_manifests(text, "f.yaml")
    assert manifest.data == {"a": "1"}
    assert manifest.diagnose(Violation(("a",), "wrong", code="x")).location.line == 0


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n", {"b": 3, "c": 2}),
        ("a: [&x {b: 1}, &y {b: 2, c: 3}]\nd: {<<: [*x, *y]}\n", {"b": 1, "c": 3}),
        ("d: {true: 1, 2: x, 1.5: z}\n", {"true": 1, "2": "x", "1.5": "z"}),
    ],
)
def test_merges_and_keys_become_what_json_has(text: str, data: object) -> None:
    (manifest,), problems = read_manifests(text, "f.yaml")
    assert problems == []
    assert manifest.data["d"] == data


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("a: !!set {x}\n", 4, "this is not YAML: the tag !!set is not one that JSON knows"),
        ("a: !mine x\n", 4, "this is not YAML: the tag !mine is not one that JSON knows"),
        ("a: !!int x\n", 4, "this is not YAML: 'x' is not what its tag says"),
        ("a: {<<: x}\n", 9, "this is not YAML: what is merged by << must be a mapping"),
        ("? [a]\n: 1\n", 3, "this is not YAML: a key that is not text"),
        ("~: 1\n", 1, "this is not YAML: a key that is not text"),
        ("a: *x\n", 4, "this is not YAML: found undefined alias"),
    ],
)
def test_what_json_does_not_know_is_refused(text: str, column: int, message: str) -> None:
    _, (problem,) = read_manifests(text, "f.yaml")
    assert (problem.location.line, problem.location.column) == (1, column)
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", 18446744073709551616.0),
        ("-9223372036854775809", -9223372036854775809.0),
        ("0x" + "f" * 17, "0x" + "f" * 17),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_numbers_beyond_64_bits_are_what_go_makes_of_them(written: str, value: object) -> None:
    data = read_manifests(f"a: {written}\n", "f.yaml")[0][0].data["a"]
    assert (type(data), data) == (type(value), value)
