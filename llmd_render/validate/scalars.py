"""What a schema says about one value by itself: its type, bounds, pattern, format and choices."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, did_you_mean

from .defaults import is_nullable
from .formats import integer_range, matches, wrong_format
from .words import expected, listed, show, show_with_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .references import Node


_UNITS = {"Length": "character", "Items": "item", "Properties": "key"}


def is_number(value: Any) -> bool:
    """Whether a value is a number of JSON, which knows no infinity and no truth in numbers."""
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return is_number(value) and (isinstance(value, int) or value.is_integer())


def has_type(value: Any, name: str) -> bool:
    """Whether a value is of a type of JSON Schema; 1.0 is an integer there."""
    if name == "integer":
        return _is_integer(value)
    if name == "number":
        return is_number(value)
    kinds = {"string": str, "boolean": bool, "array": list, "object": dict}
    return isinstance(value, kinds[name]) if name in kinds else value is None


def wrong_type(value: Any, node: Node, path: DataPath, thing: str) -> Violation | None:
    """Find a value of the wrong type."""
    types = node.get("type")
    if node.get("x-kubernetes-int-or-string"):
        types = ["integer", "string"]
    if value is None:
        if is_nullable(node):
            return None
        wanted = expected([types] if isinstance(types, str) else types or ())
        message = f"{thing} is null; it must be {wanted}"
        hint = "leave the key out if no value is meant"
        return Violation(path, message, hint=hint, code="schema-wrong-type")
    if types is None:
        return None
    names = [types] if isinstance(types, str) else types
    if any(has_type(value, name) for name in names):
        return None
    return Violation(
        path,
        f"{thing} is {show_with_type(value)}; it must be {expected(names)}",
        hint=_quoting(value, names),
        code="schema-wrong-type",
    )


def _quoting(value: Any, names: list[str]) -> str:
    if "string" in names and isinstance(value, (bool, int, float)):
        return f'put it in quotes: "{show(value)}"'
    if isinstance(value, str):
        unquoted = ("integer" in names and value.lstrip("-").isdecimal()) or (
            "boolean" in names and value in {"true", "false"}
        )
        return f"write it without quotes: {value}" if unquoted else ""
    return ""


def check_value(value: Any, node: Node, path: DataPath, thing: str) -> Iterator[Violation]:
    """Check a value of the right type against what is said about it alone."""
    if "enum" in node and not _is_one_of(value, node["enum"]):
        message = f"{thing} is {show(value)}; it must be {_choice(node['enum'])}"
        words = [item for item in node["enum"] if isinstance(item, str)]
        hint = did_you_mean(value, words) if isinstance(value, str) else ""
        yield Violation(path, message, hint=hint, code="schema-value-not-allowed")
    if isinstance(value, str):
        yield from _check_text(value, node, path, thing)
    elif is_number(value):
        yield from _check_number(value, node, path, thing)
    elif isinstance(value, list):
        yield from _check_count(len(value), "Items", node, path, thing)
    elif isinstance(value, dict):
        yield from _check_count(len(value), "Properties", node, path, thing)


def _is_one_of(value: Any, allowed: list[Any]) -> bool:
    # In Python True == 1; in JSON it is not.
    return any(
        value == item and isinstance(value, bool) == isinstance(item, bool) for item in allowed
    )


def _choice(allowed: list[Any]) -> str:
    return listed(allowed) if len(allowed) == 1 else f"one of {listed(allowed)}"


def _check_text(text: str, node: Node, path: DataPath, thing: str) -> Iterator[Violation]:
    fits = node.get("minLength", 0) <= len(text) <= node.get("maxLength", len(text))
    yield from _check_count(len(text), "Length", node, path, thing)
    # A pattern can take quadratic time, so that it meets only texts whose length is bounded; and
    # the server says no more of a text than one thing.
    if "pattern" in node and fits:
        yield from _check_pattern(text, node["pattern"], path, thing)
    meaning = wrong_format(text, node["format"]) if "format" in node else ""
    if meaning:
        message = f"{thing} is {show(text)}; it must be {meaning}"
        yield Violation(path, message, code="schema-pattern-mismatch")


def _check_pattern(text: str, pattern: str, path: DataPath, thing: str) -> Iterator[Violation]:
    found = matches(pattern, text)
    if found is None:
        message = f"{thing} could not be held against {pattern}, a pattern that only Go reads"
        yield Violation(path, message, code="schema-pattern-not-evaluated")
    elif not found:
        message = f"{thing} is {show(text)}; it must match {pattern}"
        yield Violation(path, message, code="schema-pattern-mismatch")


def _check_number(number: float, node: Node, path: DataPath, thing: str) -> Iterator[Violation]:
    complaints = []
    least, greatest = node.get("minimum"), node.get("maximum")
    implied = integer_range(node.get("format", ""))
    if implied:
        least = implied[0] if least is None else max(least, implied[0])
        greatest = implied[1] if greatest is None else min(greatest, implied[1])
    # A CRD says exclusiveMinimum: true beside minimum; later JSON Schema gives the number itself.
    if least is not None and (
        number <= least if node.get("exclusiveMinimum") is True else number < least
    ):
        complaints.append(
            f"{'greater than' if node.get('exclusiveMinimum') else 'at least'} {least}"
        )
    if greatest is not None and (
        number >= greatest if node.get("exclusiveMaximum") is True else number > greatest
    ):
        complaints.append(
            f"{'less than' if node.get('exclusiveMaximum') else 'at most'} {greatest}"
        )
    step = node.get("multipleOf")
    if step and not _divides(step, number):
        complaints.append(f"a multiple of {step}")
    for complaint in complaints:
        message = f"{thing} is {show(number)}; it must be {complaint}"
        yield Violation(path, message, code="schema-out-of-bounds")


def _divides(step: float, number: float) -> bool:
    from fractions import Fraction  # noqa: PLC0415 - few schemas ask for it

    # By what is written: as floats 0.3 is no multiple of 0.1, and large integers overflow.
    return (Fraction(str(number)) / Fraction(str(step))).denominator == 1


def _check_count(
    count: int, counted: str, node: Node, path: DataPath, thing: str
) -> Iterator[Violation]:
    least, most = node.get(f"min{counted}"), node.get(f"max{counted}")
    if least is not None and count < least:
        limit = f"at least {least}"
    elif most is not None and count > most:
        limit = f"at most {most}"
    else:
        return
    noun = _UNITS[counted] if count == 1 else f"{_UNITS[counted]}s"
    message = f"{thing} has {count or 'no'} {noun}; it must have {limit}"
    yield Violation(path, message, code="schema-out-of-bounds")
