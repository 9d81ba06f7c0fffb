"""Reading data of any shape, and the findings that many kinds have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, did_you_mean
from llmd_render.validate.words import listed, name_of, show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Mapping = dict[Any, Any]
"""What YAML says of one object; nothing is known about its keys and values."""

_TOO_GREAT = 2**63


def mapping(value: Any) -> Mapping:
    """Give a mapping; what is none counts as empty, because the structure check reports it."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """Give a list; what is none counts as empty."""
    return value if isinstance(value, list) else []


def named(value: Any) -> Iterator[tuple[str, Any]]:
    """Give what a mapping has under keys that are text; YAML knows others, JSON does not."""
    return ((key, item) for key, item in mapping(value).items() if isinstance(key, str))


def entries(owner: Mapping, key: str, path: DataPath) -> Iterator[tuple[Mapping, DataPath]]:
    """Give the mappings of a list with their places."""
    for index, item in enumerate(sequence(owner.get(key))):
        if isinstance(item, dict):
            yield item, (*path, key, index)


def texts(owner: Mapping, key: str, path: DataPath) -> Iterator[tuple[str, DataPath]]:
    """Give the strings of a list with their places."""
    for index, item in enumerate(sequence(owner.get(key))):
        if isinstance(item, str):
            yield item, (*path, key, index)


def text(owner: Mapping, key: str) -> str:
    """Give a string, or an empty one."""
    value = owner.get(key)
    return value if isinstance(value, str) else ""


def integer(value: Any) -> int | None:
    """Give a whole number of at most 64 bits, which JSON may write as 1.0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # No field takes more, and Python refuses to write what is much longer.
    return int(value) if abs(value) < _TOO_GREAT and value == int(value) else None


def is_set(owner: Mapping, key: str) -> bool:
    """Whether a field is there; null is the same as leaving it out."""
    return owner.get(key) is not None


def require(
    owner: Mapping, key: str, path: DataPath, code: str = "native-required-field-missing"
) -> Iterator[Violation]:
    """Report a field that is missing or empty."""
    value = owner.get(key)
    if value is None:
        message = f"{name_of(path, 'the object')} lacks {key}, which must be there"
        yield Violation(path, message, code=code, key=bool(path) and isinstance(path[-1], str))
    elif value in ("", [], {}) and not isinstance(value, bool):
        yield Violation((*path, key), f"{key} is empty; it must not be", code=code)


def check_choice(
    owner: Mapping, key: str, allowed: Collection[str], path: DataPath
) -> Iterator[Violation]:
    """Report a word that is none of those allowed; an empty one is as good as none."""
    value = owner.get(key)
    if isinstance(value, str) and value and value not in allowed:
        yield refuse_choice(value, allowed, (*path, key))


def refuse_choice(
    value: Any, allowed: Collection[str], path: DataPath, code: str = "native-value-not-allowed"
) -> Violation:
    """Say that a word is none of those allowed."""
    choices = sorted(allowed)
    wanted = f"one of {listed(choices)}" if len(choices) > 1 else listed(choices)
    message = f"{name_of(path, 'it')} is {show(value)}; it must be {wanted}"
    hint = did_you_mean(value, choices) if isinstance(value, str) else ""
    return Violation(path, message, hint=hint, code=code)


def check_bounds(
    owner: Mapping,
    key: str,
    path: DataPath,
    least: int = 0,
    most: int | None = None,
) -> Iterator[Violation]:
    """Report a whole number outside its bounds."""
    value = integer(owner.get(key))
    if value is None or (value >= least and (most is None or value <= most)):
        return
    wanted = f"at least {least}" if most is None else f"from {least} to {most}"
    message = f"{key} is {show(value)}; it must be {wanted}"
    yield Violation((*path, key), message, code="native-number-out-of-range")


def check_unique(
    values: list[tuple[Any, DataPath]], code: str, what: str = "one before it"
) -> Iterator[Violation]:
    """Report each value that an earlier place has as well."""
    seen = set()
    for value, path in values:
        if value in seen:
            parts = value if isinstance(value, tuple) else (show(value),)
            shown = " ".join(str(part) for part in parts if part)
            message = f"{name_of(path, 'it')} is {shown}, the same as {what}; it must be unique"
            yield Violation(path, message, code=code)
        seen.add(value)
