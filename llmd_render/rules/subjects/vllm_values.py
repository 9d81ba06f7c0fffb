"""What vLLM refuses in the value of a flag; shared by the rules about values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .vllm_words import is_open

if TYPE_CHECKING:
    from llmd_render.catalog import FlagForm

    from .vllm_words import Given

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
_WHOLE = re.compile(r"\s*[-+]?\d+(_\d+)*\s*")
_SIZE = re.compile(r"\s*\d+(\.\d+)?[kKmMgGtT]\s*")
# Newer versions read numbers such as 80g in JSON.
_SIZE_IN_JSON = re.compile(r"\b\d+(\.\d+)?[kKmMgGtT]\b")
_EXPECTED = {
    "integer": ("a whole number", "8"),
    "json": ("JSON", '{"key": "value"}'),
    "number": ("a number", "0.9"),
    "size": ("a whole number, or one such as 4k", "4096"),
    "size-or-auto": ("a whole number, one such as 4k, or auto", "4096"),
}


def find_fault(form: FlagForm, given: Given) -> tuple[str, str] | None:
    """Say what is wrong with the value of a flag, and what to do; None where nothing is."""
    if form.values == "none":
        return _judge_switch(form, given)
    values = given.following
    if given.value is not None:
        values = (given.value,)
    elif form.values in {"one", "optional"}:
        values = given.following[:1]
    if not values:
        return _miss(form, given) if form.values in {"one", "many"} else None
    if given.has_keys:
        return None
    wrong = [value for value in values if not is_open(value) and not _accepts(form, value)]
    return _refuse(form, given, wrong[0]) if wrong else None


def _judge_switch(form: FlagForm, given: Given) -> tuple[str, str] | None:
    following = given.following[0] if given.following else ""
    value = following if given.value is None else given.value
    truth = value.lower()
    if given.value is None and truth not in _TRUE | _FALSE:
        return None  # more likely the name of the model
    hint = f"write {given.name} alone"
    if truth in _FALSE and form.kind == "boolean":
        is_off = given.name.startswith("--no-")
        hint = f"write {form.name if is_off else f'--no-{form.name[2:]}'}"
    elif truth in _FALSE:
        hint = f"remove {given.name}"
    return f"{given.name} is a switch, which takes no value, and {value} is given", hint


def _miss(form: FlagForm, given: Given) -> tuple[str, str]:
    where = f"the next word is {given.until}" if given.until else "it is the last word"
    example = form.choices[0] if form.choices else _EXPECTED.get(form.kind, ("", "VALUE"))[1]
    return f"{given.name} has no value: {where}", f"write {given.name}={example}, or remove it"


def _refuse(form: FlagForm, given: Given, value: str) -> tuple[str, str]:
    if form.kind == "choice":
        allowed = ", ".join(map(str, form.choices))
        return f"{value} is none of the values of {given.name}", f"use one of {allowed}"
    expected, example = _EXPECTED[form.kind]
    hint = f"write a value such as {example}"
    if form.kind == "json":
        hint = f"write JSON such as {example}, or {given.name}.key=value for each key"
    return f"the value {value} of {given.name} is not {expected}", hint


def _accepts(form: FlagForm, value: str) -> bool:
    if value in {"", "None"}:
        return True  # the default, where there is none
    whole, size = _WHOLE.fullmatch(value), _SIZE.fullmatch(value)
    refused = {
        "choice": value not in map(str, form.choices),
        "integer": not whole,
        "size": not (whole or size),
        "size-or-auto": not (whole or size or value.strip().lower() == "auto"),
        "number": not _is_number(value),
    }
    if form.kind == "json":
        return _is_json(value) or _is_json(_SIZE_IN_JSON.sub("0", value))
    return not refused.get(form.kind, False)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
