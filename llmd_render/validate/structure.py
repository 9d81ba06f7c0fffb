"""The structural walker: data against a schema, in the CRD dialect and in that of core kinds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, did_you_mean

from .scalars import check_value, wrong_type
from .words import listed, name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .references import Node
    from .store import Schema

_COMPOSED = frozenset({"allOf", "anyOf", "oneOf", "not"})
_CONSTRAINTS = _COMPOSED | {
    *("enum", "format", "pattern", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
}
_PLAIN_TYPES = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}
_EMBEDDED = ("apiVersion", "kind", "metadata")

# Of core kinds the server only warns about these duplicates, or says nothing; of the same lists in
# a custom resource it refuses them, because there the list type is all it has to go by.
_DUPLICATES_TOLERATED = frozenset(
    {"conditions", "env", "hostAliases", "imagePullSecrets", "ownerReferences"}
)
# The one key of core kinds that may be left out; the keys of custom resources have their defaults.
_KEY_DEFAULTS = {"protocol": "TCP"}


def check_structure(data: Any, schema: Schema) -> Iterator[Violation]:
    """Find every place where the data is not what the schema says, in the order of the data."""
    return _walk(data, schema.root, (), schema, values_only=False)


def _walk(
    data: Any, root: Node, start: DataPath, schema: Schema, *, values_only: bool
) -> Iterator[Violation]:
    """Walk with a stack of its own, so that deep data cannot exhaust Python's.

    `values_only` is for what stands inside anyOf and the like: there a schema only narrows
    values, and says nothing about which fields exist.
    """
    waiting: list[tuple[Any, Node, DataPath]] = [(data, root, start)]
    while waiting:
        value, node, path = waiting.pop()
        if "$ref" in node:
            node = schema.resolve(node)
        # Most values have the type that their schema names, and no schema says more of them.
        if type(value) is not _PLAIN_TYPES.get(_type_name(node)):
            problem = wrong_type(value, node, path, name_of(path, schema.kind))
            if problem:
                yield problem
                continue
            if value is None:
                continue
        if not _CONSTRAINTS.isdisjoint(node):
            yield from _check_constraints(value, node, path, schema)
        if isinstance(value, dict):
            yield from _check_required(value, node, path, schema)
            if not values_only:
                yield from _check_unknown(value, node, path, schema)
            waiting.extend(reversed(_fields(value, node, path)))
        elif isinstance(value, list):
            yield from _check_duplicates(value, node, path, schema)
            waiting.extend(reversed(_items(value, node, path)))


def _check_constraints(
    value: Any, node: Node, path: DataPath, schema: Schema
) -> Iterator[Violation]:
    thing = name_of(path, schema.kind)
    yield from check_value(value, node, path, thing)
    if not _COMPOSED.isdisjoint(node):
        yield from _check_composed(value, node, path, schema)
    if isinstance(value, float) and not schema.core:
        yield from _check_quantity(value, node, path, thing)


def _type_name(node: Node) -> str:
    names = node.get("type", "")
    if "x-kubernetes-int-or-string" in node:
        return ""
    # Core kinds write `[string, null]`: the first is what a value mostly is.
    return names if isinstance(names, str) else str(names[0])


def _fields(value: dict[str, Any], node: Node, path: DataPath) -> list[tuple[Any, Node, DataPath]]:
    properties = node.get("properties", {})
    rest = node.get("additionalProperties")
    found = []
    for key, item in value.items():
        part = properties.get(key, rest)
        if isinstance(part, dict):
            found.append((item, part, (*path, key)))
    return found


def _items(value: list[Any], node: Node, path: DataPath) -> list[tuple[Any, Node, DataPath]]:
    part = node.get("items")
    if not isinstance(part, dict):
        return []
    return [(item, part, (*path, index)) for index, item in enumerate(value)]


def _check_required(
    value: dict[str, Any], node: Node, path: DataPath, schema: Schema
) -> Iterator[Violation]:
    for name in node.get("required", ()):
        if name not in value:
            message = f"{name_of(path, schema.kind)} lacks {name}, a required field"
            yield Violation(path, message, code="schema-required-field", key=bool(path))


def _check_unknown(
    value: dict[str, Any], node: Node, path: DataPath, schema: Schema
) -> Iterator[Violation]:
    if node.get("x-kubernetes-preserve-unknown-fields"):
        return
    if node.get("additionalProperties", False) is not False:
        return
    if node.get("type") is None:
        return
    known: Collection[str] = node.get("properties", ())
    if node.get("x-kubernetes-embedded-resource"):
        known = {*known, *_EMBEDDED}
    for key in value:
        if key in known:
            continue
        fields = f"known here: {listed(sorted(known))}" if known else "no field is known here"
        hint = did_you_mean(str(key), known, fields)
        code = "schema-unknown-field"
        if schema.partial:
            code = "schema-unknown-field-partial"
            hint += "; but this schema is not complete"
        message = f"{key} is not a field of {name_of(path, schema.kind)}"
        yield Violation((*path, key), message, hint=hint, code=code, key=True)


def _check_composed(value: Any, node: Node, path: DataPath, schema: Schema) -> Iterator[Violation]:
    def judge(part: Node) -> list[Violation]:
        return list(_walk(value, part, path, schema, values_only=True))

    for part in node.get("allOf", ()):
        yield from judge(part)
    thing = name_of(path, schema.kind)
    code = "schema-no-alternative"
    if "not" in node and not judge(node["not"]):
        yield Violation(path, f"{thing} has a form that is not allowed", code=code)
    for keyword in ("anyOf", "oneOf"):
        if keyword not in node:
            continue
        results = [judge(part) for part in node[keyword]]
        fitting = sum(not result for result in results)
        if not fitting:
            reasons = dict.fromkeys(result[0].message for result in results)
            message = f"{thing} has none of the {len(results)} allowed forms"
            hint = "; or ".join(reasons)
            yield Violation(path, message, hint=hint, code=code)
        elif keyword == "oneOf" and fitting > 1:
            message = f"{thing} has {fitting} forms at once of which only one is allowed"
            yield Violation(path, message, code=code)


def _check_duplicates(
    value: list[Any], node: Node, path: DataPath, schema: Schema
) -> Iterator[Violation]:
    list_type = node.get("x-kubernetes-list-type")
    thing = name_of(path, schema.kind)
    if list_type == "map" and not (schema.core and _tolerates_duplicates(node, path)):
        keys = node["x-kubernetes-list-map-keys"]
        identities = [
            [item.get(key, _KEY_DEFAULTS.get(key)) for key in keys]
            if isinstance(item, dict)
            else None
            for item in value
        ]
        same = f"the same {' and '.join(keys)} as"
    elif (list_type == "set" and not schema.core) or node.get("uniqueItems"):
        identities = [[item] for item in value]
        same = "the same value as"
    else:
        return
    seen: dict[str, int] = {}
    for index, identity in enumerate(identities):
        if identity is None:
            continue
        # As JSON, because 1 and true are one key of a Python mapping and lists are none.
        first = seen.setdefault(json.dumps(identity, sort_keys=True, default=str), index)
        if first != index:
            message = f"{thing}[{index}] has {same} {thing}[{first}]: {listed(identity)}"
            yield Violation((*path, index), message, code="schema-duplicate-item")


def _tolerates_duplicates(node: Node, path: DataPath) -> bool:
    keys = node["x-kubernetes-list-map-keys"]
    return path[-1:] != () and (path[-1] in _DUPLICATES_TOLERATED or "containerPort" in keys)


def _check_quantity(value: float, node: Node, path: DataPath, thing: str) -> Iterator[Violation]:
    # In a custom resource a quantity is an integer or a string: only core kinds take fractions.
    if node.get("format") == "quantity" and not value.is_integer():
        message = f"{thing} is {value}, a number; in a custom resource it must be a string"
        hint = f'put it in quotes: "{value}"'
        yield Violation(path, message, hint=hint, code="schema-wrong-type")
