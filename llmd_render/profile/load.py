"""Data with positions to a Profile, or to every error in it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from llmd_render.diagnostics import DataPath, Diagnostic, InputError, did_you_mean, dotted

from .model import API_VERSION, Profile
from .types import EXPLANATIONS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from llmd_render.source import Document, SourceMap

_AT_KEY = {"missing", "extra_forbidden", "invalid_key"}
_TYPE_NAMES = {
    "string_type": "text",
    "string_unicode": "text of valid Unicode characters",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a map of keys to values",
    "model_type": "a map of keys to values",
    "model_attributes_type": "a map of keys to values",
}
_BOUNDS = {
    "greater_than_equal": "be at least {ge}",
    "greater_than": "be more than {gt}",
    "less_than_equal": "be at most {le}",
    "string_too_long": "have at most {max_length} characters",
    "string_too_short": "have at least {min_length} characters",
    "too_long": "have at most {max_length} items",
    "finite_number": "be a finite number",
}
_HUB = "https://huggingface.co/"
_LARGEST_SHOWN = 10**60
_QUOTE_HINT = "put it in quotes to make it text"


def load_profile(document: Document) -> Profile:
    """Check the shape of a profile and type it.

    Raises InputError with one diagnostic for each thing that is wrong, all at once.
    """
    data, positions = document.data, document.positions
    if data is None:
        raise InputError(
            positions.diagnose(
                (),
                "the profile is empty",
                "profile-is-empty",
                hint=f"begin with `apiVersion: {API_VERSION}`; docs/profile.md lists the keys",
            )
        )
    if not isinstance(data, dict):
        message = f"a profile is a map of keys to values, not {_describe(data)}"
        raise InputError(positions.diagnose((), message, "profile-wrong-type"))
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        # Without the input of each error the message would leak nothing but also say nothing.
        found = [_explain(detail, data, positions) for detail in error.errors(include_url=False)]
        raise InputError(*dict.fromkeys(found)) from error


def _explain(detail: ErrorDetails, data: Any, positions: SourceMap) -> Diagnostic:
    kind = detail["type"]
    path = _path_in(data, detail["loc"])
    name = dotted(*path) or "the profile"
    key = kind in _AT_KEY or "[key]" in detail["loc"]
    if "[key]" in detail["loc"]:
        name = f"a key of {dotted(*path[:-1])}"
    if kind == "missing":
        return positions.diagnose(
            path, f"{name} is missing", "profile-missing-key", hint=_missing_hint(path), key=True
        )
    if kind in {"extra_forbidden", "invalid_key"}:
        return _explain_unknown_key(path, name, data, positions)
    code, message, hint = _explain_value(kind, detail, name, path)
    return positions.diagnose(path, message, code, hint=hint, key=key)


def _path_in(data: Any, loc: tuple[int | str, ...]) -> DataPath:
    """Turn Pydantic's location into a path, where keys are text and only indexes are numbers."""
    path: list[str | int] = []
    for step in loc:
        if step == "[key]":
            continue
        path.append(str(step) if isinstance(data, dict) else step)
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(path)


def _explain_unknown_key(path: DataPath, name: str, data: Any, positions: SourceMap) -> Diagnostic:
    known = keys_at(path[:-1])
    present: Any = data
    for step in path[:-1]:
        present = present[step]  # an unknown key has parents that exist
    free = set(known) - set(present) or known
    hint = did_you_mean(str(path[-1]), free, f"known here: {', '.join(known)}")
    return positions.diagnose(
        path, f"{name} is not a key of a profile", "profile-unknown-key", hint=hint, key=True
    )


def _explain_value(
    kind: str, detail: ErrorDetails, name: str, path: DataPath
) -> tuple[str, str, str]:
    value, context = detail["input"], detail.get("ctx", {})
    shown = _describe(value)
    if kind in _TYPE_NAMES:
        hint = ""
        if kind == "string_type" and isinstance(value, bool | int | float):
            hint = _QUOTE_HINT
        message = f"{name} is {shown}; it must be {_TYPE_NAMES[kind]}"
        return "profile-wrong-type", message, hint
    if kind == "literal_error":
        allowed = _literals_at(path)
        hint = did_you_mean(value if isinstance(value, str) else shown.partition(" ")[0], allowed)
        choice = "one of " if len(allowed) > 1 else ""
        message = f"{name} is {shown}; it must be {choice}{', '.join(allowed)}"
        return "profile-value-not-allowed", message, hint
    if kind == "string_pattern_mismatch":
        allowed_text = EXPLANATIONS.get(str(context["pattern"]), f"like {context['pattern']}")
        hint = ""
        if str(value).startswith(_HUB):
            hint = f"write it as hf://{str(value).removeprefix(_HUB).strip('/')}"
        return "profile-value-malformed", f"{name} is {shown}; it must be {allowed_text}", hint
    sentence = _BOUNDS.get(kind)
    rule = sentence.format(**context) if sentence else detail["msg"]
    return "profile-value-out-of-range", f"{name} is {shown}; it must {rule}", ""


def _describe(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"{str(value).lower()} (a truth value)"
    if isinstance(value, int | float):
        # Python refuses to write integers of more than 4,300 digits.
        too_large = isinstance(value, int) and abs(value) > _LARGEST_SHOWN
        return f"{'very large' if too_large else value} (a number)"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…` ({len(text)} characters)"  # noqa: PLR2004


def _missing_hint(path: DataPath) -> str:
    example = {
        ("apiVersion",): API_VERSION,
        ("name",): "qwen-3b-v6e",
        ("project",): "my-project",
        ("zone",): "europe-west4-a",
        ("model",): "{uri: hf://Qwen/Qwen2.5-3B-Instruct}",
        ("model", "uri"): "hf://Qwen/Qwen2.5-3B-Instruct",
        ("tpu",): "{type: v6e, topology: 2x2}",
        ("tpu", "type"): "v6e",
        ("tpu", "topology"): "2x2",
        ("gateway",): "{className: gke-l7-rilb}",
        ("gateway", "className"): "gke-l7-rilb",
    }.get(tuple(str(step) for step in path))
    return f"add `{path[-1]}: {example}`" if example else f"add `{path[-1]}:`"


def _schema_at(path: DataPath) -> dict[str, Any]:
    """Find the JSON Schema of one place in the profile."""
    root = Profile.model_json_schema()
    node = _follow(root, root)
    for step in path:
        if isinstance(step, int):
            node = _follow(node.get("items", {}), root)
        else:
            properties = node.get("properties", {})
            node = _follow(properties.get(step, node.get("additionalProperties", {})), root)
    return node


def _follow(node: Any, root: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(node, dict):
        return {}
    for option in node.get("anyOf", ()):
        if option.get("type") != "null":
            return _follow(option, root)
    if "$ref" in node:
        return _follow(root["$defs"][node["$ref"].rsplit("/", 1)[-1]], root)
    return node


def keys_at(path: DataPath) -> list[str]:
    """List the keys that a profile knows at a path."""
    return list(_schema_at(path).get("properties", {}))


def _literals_at(path: DataPath) -> list[str]:
    node = _schema_at(path)
    return list(node.get("enum", [node["const"]] if "const" in node else []))
