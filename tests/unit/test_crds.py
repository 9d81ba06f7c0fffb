"""The user's own CRDs: read from whatever kubectl prints, refused with a place, listed."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import tree

from llmd_render.crds import LoadedCRDs, SchemaRow, describe_schemas, load_crds, reading
from llmd_render.crds.compact import releases_of, strip_schema, write_compact
from llmd_render.diagnostics import Severity
from llmd_render.validate import Release, SchemaStore, check_object

THING = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: A thing.
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, description: How large it is.}
              description: {type: string, maxLength: 5}
            x-kubernetes-validations:
            - rule: self.size > 0
              message: too small
"""
OTHER = THING.replace("Thing", "Other").replace("things", "others")
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def data(text: str = THING) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def kinds(loaded: LoadedCRDs) -> list[str]:
    assert loaded.diagnostics == ()
    return [item.crd["spec"]["names"]["kind"] for item in loaded.crds]


def problems(loaded: LoadedCRDs, folder: Path) -> list[str]:
    return [
        f"{str(item.location).removeprefix(f'{folder.as_posix()}/')} {item.code}: {item.message}"
        for item in loaded.diagnostics
    ]


def verdict(store: SchemaStore, **spec: Any) -> list[str]:
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}}
    return [item.message for item in check_object(thing | {"spec": spec}, store)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("things.yaml", THING),
        ("things.json", json.dumps(data())),
        ("things", THING),
        ("two.yaml", f"---\n{CONFIG_MAP}---\n{THING}---\n"),
        ("list.yaml", yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [data()]})),
        ("list.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": [data()]})),
        (
            "typed.json",
            json.dumps(
                {
                    "apiVersion": "apiextensions.k8s.io/v1",
                    "kind": "CustomResourceDefinitionList",
                    "items": [{key: data()[key] for key in ("metadata", "spec")}],
                }
            ),
        ),
        ("compact.json", write_compact(data(), Release("a", "b", "c"))),
    ],
)
def test_crds_are_read_as_kubectl_writes_them(name: str, text: str, tmp_path: Path) -> None:
    file = tree(tmp_path, {name: text}) / name
    loaded = load_crds([file])
    assert kinds(loaded) == ["Thing"]
    assert [item.origin for item in loaded.crds] == [file.as_posix()]
    store = SchemaStore("1.34", loaded.crds)
    assert verdict(store, size=1, description="short") == []
    assert verdict(store, size="1") == ["size is '1', a string; it must be an integer"]
    assert verdict(store, description="longer")


def test_a_folder_stands_for_the_crds_under_it(tmp_path: Path) -> None:
    files = {
        "b/other.yml": OTHER,
        "a/things.yaml": THING,
        "a/config.yaml": CONFIG_MAP,
        "notes.md": "not: [yaml",
        ".hidden.yaml": "not: [yaml",
        ".git/config.yaml": "not: [yaml",
        "index.json": '{"format": 1}',
    }
    loaded = load_crds([tree(tmp_path, files)])
    assert kinds(loaded) == ["Thing", "Other"]
    assert [Path(item.origin).relative_to(tmp_path).as_posix() for item in loaded.crds] == [
        "a/things.yaml",
        "b/other.yml",
    ]
    assert loaded.files == 4


def test_a_file_that_is_named_must_have_a_crd(tmp_path: Path) -> None:
    tree(tmp_path, {"config.yaml": CONFIG_MAP, "empty.yaml": "", "none/a.yaml": CONFIG_MAP})
    paths = [tmp_path / name for name in ("config.yaml", "empty.yaml", "none", "absent.yaml")]
    loaded = load_crds(paths)
    assert loaded.crds == ()
    assert problems(loaded, tmp_path) == [
        "config.yaml crd-not-found: the file has no CustomResourceDefinition",
        "empty.yaml crd-not-found: the file has no CustomResourceDefinition",
        "none crd-not-found: the folder has no CustomResourceDefinition",
        "absent.yaml file-not-readable: cannot read the file: No such file or directory",
    ]
    assert "kubectl get crd" in loaded.diagnostics[0].hint


def test_broken_yaml_is_located_and_the_rest_of_the_folder_is_read(tmp_path: Path) -> None:
    files = {
        "a.yaml": "kind: List\nitems: [\n",
        "b.json": '{"kind": "List",\n "items": }',
        "c.yaml": "a: 1\na: 2\n",
        "d.json": '{"a": 1, "a": 2}',
        "e.json": f"{'[' * 101}{']' * 101}",
        "f.json": "[" * 100_000,
        "g.json": '{"a": NaN}',
        "h.yaml": THING,
    }
    tree(tmp_path, files)
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    loaded = load_crds([tmp_path])
    assert [item.origin for item in loaded.crds] == [(tmp_path / "h.yaml").as_posix()]
    assert problems(loaded, tmp_path) == [
        "a.yaml:3:1 yaml-syntax-error: this is not YAML: did not find expected node content",
        "b.json:2:11 json-syntax-error: this is not JSON: Expecting value",
        "c.yaml:2:1 yaml-duplicate-key: duplicate key 'a'",
        "d.json json-syntax-error: this is not JSON: duplicate key 'a'",
        "e.json json-nested-too-deep: the data is nested more than 100 levels deep",
        "f.json json-nested-too-deep: the data is nested more than 100 levels deep",
        "g.json json-syntax-error: this is not JSON: NaN is no number of JSON",
        "latin.yaml file-not-text: the file is not UTF-8 text (byte 3, line 1)",
    ]
    assert loaded.diagnostics[1].excerpt == ' "items": }'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "apiextensions.k8s.io/v1",
            "apiextensions.k8s.io/v1beta1",
            (
                "1:13 crd-version-removed: apiVersion is apiextensions.k8s.io/v1beta1, which no "
                "Kubernetes since 1.22 serves; it must be apiextensions.k8s.io/v1"
            ),
        ),
        (
            "apiVersion: apiextensions.k8s.io/v1\n",
            "",
            (
                "1:1 crd-malformed-definition: apiVersion is missing; "
                "it must be apiextensions.k8s.io/v1"
            ),
        ),
        (
            "apiextensions.k8s.io/v1",
            "v1",
            (
                "1:13 crd-malformed-definition: apiVersion is 'v1', a string; "
                "it must be apiextensions.k8s.io/v1"
            ),
        ),
        (
            "{kind: Thing,",
            "{kind: 5,",
            "7:17 crd-malformed-definition: kind is 5, an integer; it must be the name of a kind",
        ),
        (
            "group: example.com",
            "group: ../etc",
            "6:10 crd-malformed-definition: group is '../etc', a string; it must be a DNS name",
        ),
        (
            "  scope: Namespaced\n",
            "",
            "6:3 crd-malformed-definition: scope is missing; it must be Cluster or Namespaced",
        ),
        (
            "served: true",
            "served: 'true'",
            "11:13 crd-malformed-definition: served is 'true', a string; it must be true or false",
        ),
        (
            "{type: integer,",
            "{type: [integer],",
            "21:28 crd-malformed-definition: type is a list; it must be a string",
        ),
        (
            "maxLength: 5",
            "maxLength: true",
            "22:54 crd-malformed-definition: maxLength is true, a boolean; it must be an integer",
        ),
        (
            "{type: string, maxLength: 5}",
            "text",
            "22:28 crd-malformed-definition: description is 'text', a string; it must be a schema",
        ),
        (
            "{type: string, maxLength: 5}",
            "{$ref: '#/definitions/Text'}",
            "22:35 crd-malformed-definition: a schema of a CRD cannot refer to another one",
        ),
        (
            "{type: string, maxLength: 5}",
            "{type: array, x-kubernetes-list-type: map}",
            (
                "22:28 crd-malformed-definition: description is a list of type map and lacks "
                "x-kubernetes-list-map-keys"
            ),
        ),
        (
            "- rule: self.size > 0",
            "- self.size > 0\n            - a: 1",
            (
                "24:13 crd-malformed-definition: x-kubernetes-validations is a list; "
                "it must be a list of rules"
            ),
        ),
        (
            "schema:\n      openAPIV3Schema:",
            "schema:\n      openAPIV3Schema: {}\n    other:",
            "",
        ),
    ],
)
def test_a_crd_of_the_wrong_shape_is_refused_where_it_is_wrong(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert old in THING
    tree(tmp_path, {"a.yaml": THING.replace(old, new, 1)})
    loaded = load_crds([tmp_path])
    assert problems(loaded, tmp_path) == ([f"a.yaml:{message}"] if message else [])
    assert len(loaded.crds) == (0 if message else 1)


@pytest.mark.parametrize("field", ["metadata", "spec", "names", "versions"])
@pytest.mark.parametrize("value", [None, 5, [5], "text"])
def test_a_crd_with_something_else_in_a_place_of_a_mapping_is_refused(
    field: str, value: Any, tmp_path: Path
) -> None:
    crd = data()
    owner = crd if field in crd else crd["spec"]
    owner[field] = value
    tree(tmp_path, {"a.yaml": yaml.safe_dump(crd)})
    loaded = load_crds([tmp_path / "a.yaml"])
    assert loaded.crds == ()
    assert {item.code for item in loaded.diagnostics} == {"crd-malformed-definition"}
    assert all(item.location.line for item in loaded.diagnostics)


def test_a_mistake_inside_a_list_is_located(tmp_path: Path) -> None:
    wrong = deepcopy(data(OTHER))
    wrong["spec"]["scope"] = "Everywhere"
    listing = {"apiVersion": "v1", "kind": "List", "items": [data(), wrong]}
    text = yaml.safe_dump(listing, sort_keys=False)
    loaded = load_crds([tree(tmp_path, {"a.yaml": text}) / "a.yaml"])
    line = [number for number, row in enumerate(text.split("\n"), 1) if "Everywhere" in row]
    assert [item.location.line for item in loaded.diagnostics] == line
    assert [item.crd["spec"]["names"]["kind"] for item in loaded.crds] == ["Thing"]


def test_no_more_than_ten_mistakes_of_a_crd_are_told(tmp_path: Path) -> None:
    crd = data()
    root = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    root["properties"] = {f"a{number}": number for number in range(100)}
    loaded = load_crds([tree(tmp_path, {"a.yaml": yaml.safe_dump(crd)})])
    assert len(loaded.diagnostics) == 10


def test_the_later_definition_of_a_kind_counts_and_a_warning_says_so(tmp_path: Path) -> None:
    tree(
        tmp_path,
        {
            "old.yaml": THING,
            "new.yaml": THING.replace("integer", "string").replace("self.size", "size(self.size)"),
        },
    )
    loaded = load_crds([tmp_path / "old.yaml", tmp_path / "new.yaml"])
    assert problems(loaded, tmp_path) == [
        (
            "new.yaml:10:11 crd-defined-twice: example.com/v1 Thing is defined otherwise in "
            f"{(tmp_path / 'old.yaml').as_posix()}; this definition counts"
        )
    ]
    assert loaded.diagnostics[0].severity is Severity.WARNING
    store = SchemaStore("1.34", loaded.crds)
    assert verdict(store, size="1") == []
    schema = store.find("example.com/v1", "Thing")
    assert schema
    assert schema.origin == (tmp_path / "new.yaml").as_posix()


@pytest.mark.parametrize(
    "same",
    [
        THING,
        THING.replace("A thing.", "Whatever."),
        write_compact(data(), Release("a", "b", "c")),
        THING.replace("served: true", "served: false").replace("integer", "string"),
        THING.replace("name: v1\n", "name: v2\n").replace("integer", "string"),
    ],
)
def test_equal_definitions_need_no_warning(same: str, tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml": THING, "b.yaml": same})
    assert kinds(load_crds([tmp_path / "a.yaml", tmp_path])) == ["Thing"] * 3


def test_too_many_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST_FILES", 2)
    tree(tmp_path, {f"{name}.yaml": CONFIG_MAP for name in "abc"})
    loaded = load_crds([tmp_path])
    assert [item.code for item in loaded.diagnostics] == ["crds-too-many"]


def test_a_folder_that_cannot_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    scan = os.scandir

    def refuse(path: str) -> Any:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert problems(load_crds([tmp_path]), tmp_path) == [
        "closed file-not-readable: cannot read the folder: Permission denied"
    ]


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    tree(tmp_path, {"a/things.yaml": THING})
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert kinds(load_crds([tmp_path])) == ["Thing"]


def test_aliases_are_followed_and_bombs_are_not(tmp_path: Path) -> None:
    shared = THING.replace("{type: integer, d", "&a {type: integer, d").replace(
        "{type: string, maxLength: 5}", "*a"
    )
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{chr(ord(name) - 1)}'] * 10)}]\n" for name in "bcdefgh"
    )
    assert kinds(load_crds([tree(tmp_path, {"a.yaml": shared}) / "a.yaml"])) == ["Thing"]
    loaded = load_crds([tree(tmp_path, {"b.yaml": bomb}) / "b.yaml"])
    assert [item.code for item in loaded.diagnostics] == ["yaml-alias-bomb"]


def test_a_compact_crd_is_one_line_without_what_only_people_read() -> None:
    text = write_compact(data(), Release("Things v2", "https://example.com/things", "2026-01-02"))
    assert text.count("\n") == 1
    made = json.loads(text)
    assert made["metadata"] == {
        "name": "things.example.com",
        "annotations": {
            "llmd-render/release": "Things v2",
            "llmd-render/source": "https://example.com/things",
            "llmd-render/date": "2026-01-02",
        },
    }
    assert made["spec"]["versions"][0]["schema"]["openAPIV3Schema"] == {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {
                    "size": {"type": "integer"},
                    "description": {"type": "string", "maxLength": 5},
                },
                "x-kubernetes-validations": [{"rule": "self.size > 0", "message": "too small"}],
            }
        },
    }
    assert releases_of(made) == (Release("Things v2", "https://example.com/things", "2026-01-02"),)


def test_the_bytes_of_a_compact_crd_depend_on_its_content_alone() -> None:
    release = Release("a", "b", "c")
    assert write_compact(backwards(data()), release) == write_compact(data(), release)


def backwards(value: Any) -> Any:
    if isinstance(value, list):
        return [backwards(item) for item in value]
    if isinstance(value, dict):
        return {key: backwards(item) for key, item in reversed(value.items())}
    return value


@pytest.mark.parametrize(
    ("schema", "stripped"),
    [
        ({"default": {"description": "a"}}, {"default": {"description": "a"}}),
        ({"enum": [{"title": 1}], "title": "a"}, {"enum": [{"title": 1}]}),
        ({"items": {"description": "a"}}, {"items": {}}),
        ({"not": {"example": 1}}, {"not": {}}),
        ({"additionalProperties": {"title": "a"}}, {"additionalProperties": {}}),
        ({"additionalProperties": True}, {"additionalProperties": True}),
        (
            {"anyOf": [{"title": "a", "required": ["title"]}]},
            {"anyOf": [{"required": ["title"]}]},
        ),
        ({"properties": {"properties": {"title": "a"}}}, {"properties": {"properties": {}}}),
    ],
)
def test_only_the_words_of_a_schema_are_left_out(schema: Any, stripped: Any) -> None:
    before = deepcopy(schema)
    assert strip_schema(schema) == stripped
    assert schema == before


def test_a_crd_says_what_release_it_is_of_if_it_knows() -> None:
    crd = data()
    assert releases_of(crd) == ()
    crd["metadata"]["annotations"] = {"example.com/bundle-version": "v1.4.0", "b": "c"}
    assert releases_of(crd) == (Release("bundle v1.4.0", "", ""),)
    crd["metadata"]["annotations"] = None
    assert releases_of(crd) == ()


def test_the_listing_says_which_schema_serves_each_kind(tmp_path: Path) -> None:
    compact = write_compact(data(), Release("Things v2", "https://example.com", "2026-01-02"))
    gateway = data(THING)
    gateway["spec"]["group"] = "gateway.networking.k8s.io"
    gateway["spec"]["names"]["kind"] = "Gateway"
    gateway["metadata"]["annotations"] = {"gateway.networking.k8s.io/bundle-version": "v9"}
    tree(tmp_path, {"things.json": compact, "gateway.yaml": yaml.safe_dump(gateway)})
    loaded = load_crds([tmp_path])
    store = SchemaStore("1.34", loaded.crds)
    rows = {row.kind: row for row in describe_schemas(store) if row.api_version.endswith("v1")}
    assert rows["Thing"] == SchemaRow(
        api_version="example.com/v1",
        kind="Thing",
        scope="Namespaced",
        origin=(tmp_path / "things.json").as_posix(),
        releases=("Things v2",),
        dates=("2026-01-02",),
        partial=False,
        rules=1,
    )
    assert rows["Gateway"].origin == (tmp_path / "gateway.yaml").as_posix()
    assert (rows["Gateway"].releases, rows["Gateway"].dates) == (("bundle v9",), ())
    assert rows["HTTPRoute"].origin == "llmd-render schema for Gateway API v1.4.1"
    assert rows["HTTPRoute"].rules == 77


def test_rules_are_counted_wherever_a_schema_can_have_them() -> None:
    rule = {"x-kubernetes-validations": [{"rule": "true"}]}
    root = {
        "type": "object",
        "properties": {"a": rule, "b": {"items": rule}, "c": {"additionalProperties": rule}},
        "allOf": [rule, {"not": rule}],
        "anyOf": [rule],
        "oneOf": [rule],
    } | {"x-kubernetes-validations": [{"rule": "true"}, {"rule": "false"}]}
    crd = data()
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = root
    rows = [row for row in describe_schemas(SchemaStore("1.34", [crd])) if row.kind == "Thing"]
    assert [row.rules for row in rows] == [9]
