"""Documents that a schema of ours allows, drawn from the schema itself, and ways to spoil them.

Pod templates are Kubernetes' own and metadata is the same for all kinds: both are taken from a few
good examples, and nothing in them is spoiled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from llmd_render.validate import Schema

Node = dict[str, Any]
Path = tuple[str | int, ...]

PODS = (
    {"containers": [{"name": "main"}]},
    {
        "serviceAccountName": "runner",
        "containers": [
            {
                "name": "main",
                "image": "vllm:v1",
                "env": [{"name": "A", "value": "b"}],
                "ports": [{"containerPort": 8000}],
                "resources": {"limits": {"google.com/tpu": "4", "memory": "2Gi"}},
            }
        ],
    },
)
APART = {("apiVersion",), ("kind",), ("metadata",), ("status",)}
MOST_FIELDS = 4
MOST_ITEMS = 2
NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
ANYTHING = st.dictionaries(NAMES, st.one_of(st.booleans(), st.integers(0, 9), NAMES), max_size=2)
FORMATS = {
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "duration": st.from_regex(r"[1-9][0-9]{0,3}(ms|s|m|h)", fullmatch=True),
}
RANGES = {"int32": 2**31, "int64": 2**63}


@st.composite
def documents_of(draw: st.DrawFn, schema: Schema, *, full: bool | None = None) -> Any:
    """Draw a document that is right in structure; CEL rules may still refuse it.

    A full one has all fields, and an item in each list.
    """
    properties = schema.root["properties"]
    fixed: dict[str, Any] = {"apiVersion": schema.api_version, "kind": schema.kind}
    if "spec" in properties:
        fixed["metadata"] = {"name": draw(NAMES)}
    rest = {key: part for key, part in properties.items() if (key,) not in APART}
    if full is None:
        full = draw(st.booleans())
    return fixed | _Drawing(draw, schema, full).value(schema.root | {"properties": rest})


class _Drawing(NamedTuple):
    """One document in the making."""

    draw: st.DrawFn
    schema: Schema
    full: bool

    def value(self, node: Node) -> Any:
        node = self._decided(self.schema.resolve(node))
        if is_pod(node):
            return deepcopy(self.draw(st.sampled_from(PODS)))
        if "enum" in node:
            allowed = [item for item in node["enum"] if item not in node.get("except", ())]
            return self.draw(st.sampled_from(allowed))
        if node.get("x-kubernetes-int-or-string"):
            name = self.draw(st.sampled_from(["integer", "string"]))
            return self._of_type(name, node)
        return self._of_type(node.get("type", "anything"), node)

    def _of_type(self, name: str, node: Node) -> Any:
        if name == "object":
            return self._mapping(node)
        if name == "array":
            return self._list(node)
        simple = {"string": texts, "integer": integers, "boolean": lambda _: st.booleans()}
        make: Callable[[Node], st.SearchStrategy[Any]] = simple.get(name, lambda _: ANYTHING)
        return self.draw(make(node))

    def _mapping(self, node: Node) -> dict[str, Any]:
        if "properties" not in node:
            return self._open_mapping(node)
        properties = node["properties"]
        required = set(node.get("required", ()))
        optional = sorted(properties.keys() - required - {"status"})
        least = max(0, node.get("minProperties", 0) - len(required))
        most = max(least, min(node.get("maxProperties", len(optional)), len(optional)))
        if self.full:
            least = most
        else:
            most = max(least, min(most, MOST_FIELDS))
        chosen: list[str] = []
        if optional:
            fields = st.lists(st.sampled_from(optional), min_size=least, max_size=most, unique=True)
            chosen = self.draw(fields)
        # In the order of the schema, so that the same choice is the same document.
        return {
            key: self.value(part) for key, part in properties.items() if key in {*required, *chosen}
        }

    def _open_mapping(self, node: Node) -> dict[str, Any]:
        rest = node.get("additionalProperties")
        if not isinstance(rest, dict):
            return self.draw(ANYTHING) if node.get("x-kubernetes-preserve-unknown-fields") else {}
        least = node.get("minProperties", 0)
        most = max(1, least) if self.full else least + MOST_ITEMS
        keys = self.draw(st.lists(NAMES, min_size=least, max_size=most, unique=True))
        return {key: self.value(rest) for key in keys}

    def _list(self, node: Node) -> list[Any]:
        least = node.get("minItems", 0)
        most = min(node.get("maxItems", least + MOST_ITEMS), least + MOST_ITEMS)
        if self.full:
            least = most = max(1, least)
        items = [self.value(node["items"]) for _ in range(self.draw(st.integers(least, most)))]
        kind = node.get("x-kubernetes-list-type")
        if kind not in {"map", "set"}:
            return items
        keys = node.get("x-kubernetes-list-map-keys", ())
        different = {
            json.dumps([item.get(key) for key in keys] if keys else item): item for item in items
        }
        return list(different.values())

    def _decided(self, node: Node) -> Node:
        """Settle on one form of a node that has several."""
        if node.get("x-kubernetes-int-or-string"):
            return node
        for keyword in ("oneOf", "anyOf"):
            if keyword in node:
                form = self.draw(st.sampled_from(node[keyword]))
                rest = {key: value for key, value in node.items() if key != keyword}
                return self._decided(_narrowed(rest, form, self.schema))
        return node


def _narrowed(node: Node, form: Node, schema: Schema) -> Node:
    """Lay a form over a node; fields that it speaks of must then be there."""
    narrowed = node | {key: value for key, value in form.items() if key != "properties"}
    if "not" in form:
        narrowed["except"] = form["not"]["enum"]
    if "properties" in form:
        parts = {
            key: _narrowed(schema.resolve(node["properties"][key]), part, schema)
            for key, part in form["properties"].items()
        }
        narrowed["properties"] = node["properties"] | parts
        narrowed["required"] = sorted({*node.get("required", ()), *parts})
    return narrowed


def texts(node: Node) -> st.SearchStrategy[str]:
    """Draw texts as a string node wants them."""
    least, most = node.get("minLength", 0), node.get("maxLength", 40)
    if node.get("format") in FORMATS:
        return FORMATS[node["format"]]
    if "pattern" not in node:
        return st.text(st.characters(codec="ascii"), min_size=least, max_size=min(most, least + 9))
    refused = node.get("except", ())
    return _texts_matching(node["pattern"]).filter(
        lambda text: least <= len(text) <= most and text not in refused
    )


@cache
def _texts_matching(pattern: str) -> st.SearchStrategy[str]:
    # In Go `$` is the end of the text; in Python also a newline before it.
    in_python = re.sub(r"(?<!\\)\$(?=$|[|)])", r"\\Z", pattern)
    return st.from_regex(re.compile(in_python, re.ASCII))


def integers(node: Node) -> st.SearchStrategy[int]:
    """Draw integers as an integer node wants them, its bounds among them."""
    limit = RANGES.get(node.get("format", ""), 2**53)
    least, most = node.get("minimum", -limit), node.get("maximum", limit - 1)
    return st.one_of(st.sampled_from([least, most]), st.integers(least, most))


def is_pod(node: Node) -> bool:
    """Whether a node is a pod's spec."""
    return {"containers", "restartPolicy"} <= set(node.get("properties", ()))


class Fault(NamedTuple):
    """One way to make a document wrong: what to put at which place."""

    way: str
    path: Path
    bad: Any

    def spoil(self, document: Any) -> Any:
        """Copy a document with this fault in it."""
        if not self.path:
            return self.bad
        spoilt = deepcopy(document)
        holder = spoilt
        for step in self.path[:-1]:
            holder = holder[step]
        holder[self.path[-1]] = self.bad
        return spoilt


def faults_of(document: Any, schema: Schema) -> list[Fault]:
    """List each way in which each value of a document can be spoilt."""
    return [
        Fault(way, path, bad)
        for path, value, node in _places(document, schema)
        for way, bad in _bad_values(value, node, schema)
    ]


def fields_of(schema: Schema) -> set[Path]:
    """List the place of each field that a document can have; each item of a list is item 0."""
    found = set()
    waiting: list[tuple[Path, Node]] = [((), schema.root)]
    while waiting:
        path, node = waiting.pop()
        node = schema.resolve(node)
        if is_pod(node) or path in APART:
            continue
        found.add(path)
        waiting += [((*path, key), part) for key, part in node.get("properties", {}).items()]
        if "items" in node:
            waiting.append(((*path, 0), node["items"]))
    return found


def fields_in(document: Any, schema: Schema) -> set[Path]:
    """List the fields of a document in the terms of `fields_of`."""
    places = (path for path, _, _ in _places(document, schema))
    return {tuple(0 if isinstance(step, int) else step for step in path) for path in places}


def _places(document: Any, schema: Schema) -> Iterator[tuple[Path, Any, Node]]:
    waiting: list[tuple[Path, Any, Node]] = [((), document, schema.root)]
    while waiting:
        path, value, node = waiting.pop()
        node = schema.resolve(node)
        if is_pod(node) or path in APART:
            continue
        yield path, value, node
        if isinstance(value, dict):
            rest = node.get("additionalProperties")
            parts = {key: node.get("properties", {}).get(key, rest) for key in value}
            waiting += [((*path, key), value[key], part) for key, part in parts.items() if part]
        elif isinstance(value, list) and "items" in node:
            waiting += [((*path, n), item, node["items"]) for n, item in enumerate(value)]


def _bad_values(value: Any, node: Node, schema: Schema) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from _bad_mappings(value, node, schema)
    elif isinstance(value, list):
        yield from _bad_lists(value, node)
    elif isinstance(value, str):
        yield from _bad_texts(node)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from _bad_integers(node)
    if node.get("x-kubernetes-int-or-string") or node.get("type") in {"string", "integer"}:
        yield "type", [True]
    elif "type" in node:
        yield "type", "text"


def _bad_mappings(value: Node, node: Node, schema: Schema) -> Iterator[tuple[str, Any]]:
    for key in node.get("required", ()):
        if key in value and "default" not in schema.resolve(node["properties"][key]):
            yield "required", {name: item for name, item in value.items() if name != key}
    closed = "additionalProperties" not in node
    if node.get("type") and closed and not node.get("x-kubernetes-preserve-unknown-fields"):
        yield "unknown", {**value, "surplus": 1}
    if "maxProperties" in node and not closed:
        some = next(iter(value.values()), "text")
        yield "most", {f"key-{n}": some for n in range(node["maxProperties"] + 1)}
    if node.get("minProperties"):
        yield "least", {}


def _bad_lists(value: list[Any], node: Node) -> Iterator[tuple[str, Any]]:
    if node.get("minItems"):
        yield "least", []
    if value and "maxItems" in node:
        yield "most", value[:1] * (node["maxItems"] + 1)
    if value and node.get("x-kubernetes-list-type") in {"map", "set"}:
        yield "duplicate", [*value, value[0]]


def _bad_texts(node: Node) -> Iterator[tuple[str, Any]]:
    if "enum" in node:
        yield "enum", "none-of-these"
    if node.get("minLength"):
        yield "least", ""
    if "maxLength" in node:
        yield "most", "a" * (node["maxLength"] + 1)
    if "format" in node:
        yield "format", "of no format"
    if "pattern" in node:
        for text in ("", "Ā Ā", "-"):
            if not re.search(node["pattern"], text):
                yield "pattern", text


def _bad_integers(node: Node) -> Iterator[tuple[str, Any]]:
    if "enum" in node:
        yield "enum", -1
    limit = RANGES.get(node.get("format", ""))
    if limit or "minimum" in node:
        yield "least", node.get("minimum", -(limit or 0)) - 1
    if limit or "maximum" in node:
        yield "most", node.get("maximum", (limit or 0) - 1) + 1
