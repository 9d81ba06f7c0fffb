"""Which texts of a profile may hold anything, found in the profile's own model."""

from __future__ import annotations

import string
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from support import MINIMAL_DATA, merge

from llmd_render.profile import Profile, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple[str | int, ...]
WORDS = "a list of words"
# What every reader takes for itself, wherever it stands; a dash only in front.
HARMLESS = frozenset(string.ascii_letters + string.digits + "-._/:@+=,%")
SPECIAL = sorted({*string.printable, "\0", "\x7f", "\u2028", "é", "☃"} - HARMLESS)
ANY_ONE = settings(database=None, derandomize=True, phases=[Phase.generate])
TYPES: dict[str, str] = {
    rule.pattern: name
    for name, kind in vars(types).items()
    if get_origin(kind) is Annotated
    for rule in get_args(kind)[1].metadata
    if hasattr(rule, "pattern")
}
# The field that must come with it, and what comes before the text.
FREE: dict[str, Callable[[str], dict[str, Any]]] = {
    "model.uri": lambda text: {"model": {"uri": f"hf://org/{text}"}},
    "service.servedModelName": lambda text: {"service": {"servedModelName": text}},
    "server.args[0]": lambda text: {"server": {"args": [f"--response-role={text}"]}},
    "server.env.NOTE": lambda text: {"server": {"env": {"NOTE": text}}},
    "cluster.capacity.reservation": lambda text: {
        "cluster": {"capacity": {"kind": "reservation", "reservation": text}}
    },
    "prices.basis": lambda text: {"prices": {"tpuChipHour": 1.0, "basis": text}},
    "lint.ignore[0].reason": lambda text: {
        "lint": {"ignore": [{"rule": "kserve-images-move", "reason": text}]}
    },
}
"""How any text gets into each free field of a profile that renders."""


@cache
def text_fields() -> dict[str, tuple[Path, dict[str, Any]]]:
    """List every text of a profile by its name, with its path and its schema."""
    schema = Profile.model_json_schema()
    return {named(path): (path, node) for path, node in _walk(schema, schema["$defs"], ())}


def _walk(
    node: dict[str, Any], definitions: dict[str, Any], path: Path
) -> Iterator[tuple[Path, dict[str, Any]]]:
    if "$ref" in node:
        node = definitions[node["$ref"].rpartition("/")[2]]
    parts: list[tuple[Path, dict[str, Any]]] = [(path, item) for item in node.get("anyOf", ())]
    parts += [((*path, key), item) for key, item in node.get("properties", {}).items()]
    for pattern, item in node.get("patternProperties", {}).items():
        parts += [((*path, "KEY"), {"type": "string", "pattern": pattern, "key": True})]
        parts += [((*path, "NOTE"), item)]
    if isinstance(node.get("additionalProperties"), dict):
        parts += [((*path, "NOTE"), node["additionalProperties"])]
    if "items" in node:
        parts += [((*path, 0), node["items"])]
    for where, item in parts:
        yield from _walk(item, definitions, where)
    if not parts and (node.get("type") == "string" or "enum" in node or "const" in node):
        yield path, node


def named(path: Path) -> str:
    """Write a path as people do."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def nested(path: Path, value: Any) -> Any:
    """Make the data that has a value at a path, and nothing else."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def takes(name: str, text: str) -> bool:
    """Whether the model takes a text in a field, whatever the rules say to it later."""
    path, node = text_fields()[name]
    key = "key" in node
    data = nested((*path[:-1], text), "") if key else nested(path, text)
    place = path[:-1] if key else path
    try:
        Profile.model_validate(merge(MINIMAL_DATA, data))
    except ValidationError as error:
        return not any(detail["loc"][: len(place)] == place for detail in error.errors())
    return True


def closed_by(name: str) -> str:
    """Tell what keeps a field from holding what a reader could take for its own; empty if free."""
    node = text_fields()[name][1]
    if "pattern" not in node:
        return WORDS if {"enum", "const"} & set(node) else ""
    pattern: str = node["pattern"]
    texts = st.from_regex(pattern, fullmatch=True)
    known = find(texts, lambda text: takes(name, text), settings=ANY_ONE)
    if any(
        takes(name, known[:at] + sign + known[at:])
        for sign in SPECIAL
        for at in range(len(known) + 1)
    ):
        return ""
    assert not takes(name, f"-{known}"), f"{name} could be taken for a flag"
    return TYPES[pattern]
