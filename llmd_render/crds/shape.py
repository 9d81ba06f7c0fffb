"""Whether a CustomResourceDefinition has the shape that a schema can be taken from.

Whoever judges manifests by it later relies on what is checked here, and checks nothing again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.scalars import is_number
from llmd_render.validate.words import name_of, show_with_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CRD = "CustomResourceDefinition"
API_VERSION = "apiextensions.k8s.io/v1"
_OLD = "apiextensions.k8s.io/v1beta1"

# Both become parts of file names.
_GROUP = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_KIND = re.compile(r"[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?")
_SCOPES = ("Cluster", "Namespaced")

_TEXT, _NUMBER, _INTEGER, _BOOLEAN = "a string", "a number", "an integer", "true or false"
_LIST, _TEXTS, _RULES, _MAPPING = "a list", "a list of strings", "a list of rules", "a mapping"
_KEYWORDS = {
    **dict.fromkeys(("format", "pattern", "type"), _TEXT),
    **dict.fromkeys(("x-kubernetes-list-type", "x-kubernetes-map-type"), _TEXT),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), _NUMBER),
    **{
        f"{end}{of}": _INTEGER for end in ("min", "max") for of in ("Items", "Length", "Properties")
    },
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum", "nullable", "uniqueItems"), _BOOLEAN),
    **dict.fromkeys(("x-kubernetes-embedded-resource", "x-kubernetes-int-or-string"), _BOOLEAN),
    "x-kubernetes-preserve-unknown-fields": _BOOLEAN,
    "enum": _LIST,
    **dict.fromkeys(("required", "x-kubernetes-list-map-keys"), _TEXTS),
    "x-kubernetes-validations": _RULES,
    "properties": _MAPPING,
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _LIST),
}
_FITS: dict[str, Callable[[Any], bool]] = {
    _TEXT: lambda value: isinstance(value, str),
    _NUMBER: is_number,
    _INTEGER: lambda value: isinstance(value, int) and is_number(value),
    _BOOLEAN: lambda value: isinstance(value, bool),
    _LIST: lambda value: isinstance(value, list),
    _TEXTS: lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    _RULES: lambda value: isinstance(value, list) and all(map(_is_rule, value)),
    _MAPPING: lambda value: isinstance(value, dict),
}
_LIST_MAP_KEYS = "x-kubernetes-list-map-keys"


def check_crd(crd: Mapping[str, Any]) -> Iterator[Violation]:
    """Find what keeps schemas from being taken from a CustomResourceDefinition."""
    if crd.get("apiVersion") == _OLD:
        message = (
            f"apiVersion is {_OLD}, which no Kubernetes since 1.22 serves; it must be {API_VERSION}"
        )
        hint = f"`kubectl get crd <name> -o yaml` gives it as {API_VERSION}"
        yield Violation(("apiVersion",), message, hint=hint, code="crd-version-removed")
        return
    if crd.get("apiVersion") != API_VERSION:
        yield _expected(("apiVersion",), crd, API_VERSION)
        return
    if not isinstance(crd.get("metadata"), dict):
        yield _expected(("metadata",), crd, _MAPPING)
    spec = crd.get("spec")
    if isinstance(spec, dict):
        yield from _check_spec(spec)
    else:
        yield _expected(("spec",), crd, _MAPPING)


def _check_spec(spec: Mapping[str, Any]) -> Iterator[Violation]:
    names = spec.get("names")
    yield from _check_name(("spec", "group"), spec, _GROUP, "a DNS name")
    if isinstance(names, dict):
        yield from _check_name(("spec", "names", "kind"), names, _KIND, "the name of a kind")
    else:
        yield _expected(("spec", "names"), spec, _MAPPING)
    if spec.get("scope") not in _SCOPES:
        yield _expected(("spec", "scope"), spec, "Cluster or Namespaced")
    versions = spec.get("versions")
    if not isinstance(versions, list) or not versions:
        yield _expected(("spec", "versions"), spec, "a list of versions")
        return
    for index, version in enumerate(versions):
        yield from _check_version(version, ("spec", "versions", index))


def _check_version(version: Any, path: DataPath) -> Iterator[Violation]:
    if not isinstance(version, dict):
        yield _wrong(
            path, f"versions[{path[-1]}] is {show_with_type(version)}; it must be {_MAPPING}"
        )
        return
    yield from _check_name((*path, "name"), version, _KIND, "a version such as v1")
    if not isinstance(version.get("served", True), bool):
        yield _expected((*path, "served"), version, _BOOLEAN)
    schema = version.get("schema", {})
    if not isinstance(schema, dict):
        yield _expected((*path, "schema"), version, _MAPPING)
    elif "openAPIV3Schema" in schema:
        yield from _check_schema(schema["openAPIV3Schema"], (*path, "schema", "openAPIV3Schema"))


def _check_name(
    path: DataPath, owner: Mapping[str, Any], form: re.Pattern[str], what: str
) -> Iterator[Violation]:
    value = owner.get(str(path[-1]))
    if not isinstance(value, str) or not form.fullmatch(value):
        yield _expected(path, owner, what)


def _check_schema(root: Any, start: DataPath) -> Iterator[Violation]:
    """Walk with a stack of its own, and into what aliases share only once."""
    waiting: list[tuple[Any, DataPath]] = [(root, start)]
    seen: set[int] = set()
    while waiting:
        node, path = waiting.pop()
        if not isinstance(node, dict):
            yield _wrong(
                path, f"{name_of(path, CRD)} is {show_with_type(node)}; it must be a schema"
            )
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        wrong = list(_check_keywords(node, path))
        yield from wrong
        if not wrong:
            waiting.extend(reversed([(part, (*path, *step)) for step, part in _parts(node)]))


def _check_keywords(node: Mapping[str, Any], path: DataPath) -> Iterator[Violation]:
    if "$ref" in node:
        hint = "write out what it refers to"
        yield _wrong((*path, "$ref"), "a schema of a CRD cannot refer to another one", hint)
    for key, value in node.items():
        if not isinstance(key, str):
            yield _wrong(path, f"{name_of(path, CRD)} has the key {show_with_type(key)}")
        elif key in _KEYWORDS and not _FITS[_KEYWORDS[key]](value):
            yield _expected((*path, key), node, _KEYWORDS[key])
    if node.get("x-kubernetes-list-type") == "map" and _LIST_MAP_KEYS not in node:
        message = f"{name_of(path, CRD)} is a list of type map and lacks {_LIST_MAP_KEYS}"
        yield _wrong(path, message)


def _parts(node: Mapping[str, Any]) -> Iterator[tuple[DataPath, Any]]:
    for name, part in node.get("properties", {}).items():
        yield ("properties", name), part
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, part in enumerate(node.get(keyword, ())):
            yield (keyword, index), part
    for keyword in ("items", "not"):
        if keyword in node:
            yield (keyword,), node[keyword]
    if not isinstance(node.get("additionalProperties", True), bool):
        yield ("additionalProperties",), node["additionalProperties"]


def _is_rule(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("rule"), str)


def _expected(path: DataPath, owner: Mapping[str, Any], what: str) -> Violation:
    key = str(path[-1])
    if key not in owner:
        return _wrong(path, f"{key} is missing; it must be {what}")
    return _wrong(path, f"{key} is {show_with_type(owner[key])}; it must be {what}")


def _wrong(path: DataPath, message: str, hint: str = "") -> Violation:
    return Violation(path, message, hint=hint, code="crd-malformed-definition")
