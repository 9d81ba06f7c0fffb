"""What the values of flags must be like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .table import ValueKind

_PROJECT = re.compile(
    r"(?:(?:[-a-z0-9]{1,63}\.)*[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?:)?"
    r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
)
_SIZE = re.compile(r"(?P<number>\d+\.?\d*)(?P<unit>[a-zA-Z]*)")
_SCALES = {"": 30, "K": 10, "M": 20, "G": 30, "T": 40, "P": 50}
_SIMPLE_DURATION = re.compile(
    r"-?(?:\d+|(?=[\dpPtT])[pP]?(?:\d+\.?\d*[yYmMwWdD])*[tT]?(?:\d+\.?\d*(?:[hHmMsS]|[mun]s))*)"
)
_GO_DURATION = re.compile(r"[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)")
_MOST_SHOWN = 12


def find_flaw(kind: ValueKind, text: str) -> str:
    """Say what a value should be instead, or nothing when the flag takes it."""
    return _CHECKS[kind.name](kind, text)


def find_unknown_item(kind: ValueKind, text: str) -> str:
    """Name the first of several items, or keys, that a flag does not take."""
    if not kind.choices or kind.name not in {"list", "map"}:
        return ""
    items = (item.partition("=")[0] if kind.name == "map" else item for item in list_items(text))
    return next((item for item in items if item and item not in kind.choices), "")


def list_items(text: str) -> list[str]:
    """Take a list apart as gcloud does: at commas, or at what stands between two `^`."""
    delimiter = ","
    if text.startswith("^") and "^" in text[1:]:
        delimiter, _, text = text[1:].partition("^")
    return text.split(delimiter) if text and delimiter else []


def list_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Take a map apart, `a=b,c=d`."""
    for item in list_items(text):
        key, _, value = item.partition("=")
        yield key, value


def _check_text(_kind: ValueKind, _text: str) -> str:
    return ""


def _check_project(_kind: ValueKind, text: str) -> str:
    return "" if not text or _PROJECT.fullmatch(text) else "the ID of a project, in lower case"


def _check_choice(kind: ValueKind, text: str) -> str:
    if text in kind.choices:
        return ""
    if kind.any_dash:
        text = text.replace("-", "_")
    known = {item.lower() for item in kind.choices}
    known |= {item.replace("-", "_") for item in known if kind.any_dash}
    return "" if kind.any_case and text.lower() in known else name_choices(kind.choices)


def _check_number(kind: ValueKind, text: str) -> str:
    convert = int if kind.name == "int" else float
    wanted = "a whole number" if kind.name == "int" else "a number"
    try:
        number = convert(text)
    except ValueError:
        return wanted
    if kind.least is not None and number < kind.least:
        return f"{wanted} of {kind.least:g} or more"
    if kind.most is not None and number > kind.most:
        return f"{wanted} of {kind.most:g} or less"
    return ""


def _check_list(kind: ValueKind, text: str) -> str:
    items = list_items(text)
    if kind.least is not None and len(items) < kind.least:
        return f"a list of {kind.least:g} or more"
    if kind.most is not None and len(items) > kind.most:
        return f"no more than {kind.most:g}"
    if kind.choices and any(item not in kind.choices for item in items):
        return name_choices(kind.choices)
    return ""


def _check_map(kind: ValueKind, text: str) -> str:
    keys = set()
    for item in list_items(text):
        key, equals, _ = item.partition("=")
        if not key or not (equals or kind.keys_alone):
            return "a list of KEY=VALUE"
        if kind.choices and key not in kind.choices:
            return f"keys of {name_choices(kind.choices)}"
        keys.add(key)
    missing = [key for key in kind.needed if key not in keys]
    return f"a value for {missing[0]}" if missing else ""


def _check_size(kind: ValueKind, text: str) -> str:
    found = _SIZE.fullmatch(text)
    wanted = "a size such as 100GB"
    if found is None:
        return wanted
    unit = found["unit"].upper().removesuffix("B").removesuffix("I")
    if unit not in _SCALES:
        return wanted
    scale = 0 if found["unit"].upper() == "B" else _SCALES[unit]
    if kind.least is not None and float(found["number"]) * 2**scale < kind.least:
        return f"a size of {kind.least / 2**30:g}GB or more"
    return ""


def _check_duration(_kind: ValueKind, text: str) -> str:
    return "" if text and _SIMPLE_DURATION.fullmatch(text) else "a duration such as 30s or 5m"


def _check_go_duration(_kind: ValueKind, text: str) -> str:
    return "" if _GO_DURATION.fullmatch(text) else "a number with its unit, such as 60s or 5m"


def name_choices(choices: tuple[str, ...]) -> str:
    """Name what may be chosen from."""
    if len(choices) > _MOST_SHOWN:
        return f"one of {', '.join(choices[:_MOST_SHOWN])} and others"
    return f"one of {', '.join(choices)}" if len(choices) > 1 else choices[0]


_CHECKS: dict[str, Callable[[ValueKind, str], str]] = {
    "choice": _check_choice,
    "duration": _check_duration,
    "go-duration": _check_go_duration,
    "float": _check_number,
    "int": _check_number,
    "list": _check_list,
    "map": _check_map,
    "project": _check_project,
    "size": _check_size,
    "text": _check_text,
}
