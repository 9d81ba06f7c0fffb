"""Plain words and numbers in YAML that kubectl reads otherwise than other programs do."""

from __future__ import annotations

import re
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
_STRING = f"{_TAG}str"
_YAML_1_2 = {
    f"{_TAG}bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    f"{_TAG}int": re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    f"{_TAG}float": re.compile(
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    ),
    f"{_TAG}null": re.compile(r"~|null|Null|NULL|"),
}
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_FILE_MODE = re.compile(r"0[0-7]{3}")  # such as 0644, which is meant as kubectl reads it
_WORDS = {"bool": "a truth value", "int": "a number", "float": "a number"}


def judge_scalar(node: Any) -> str:
    """Say how readers disagree about a plain scalar, whose tag is what kubectl reads, or nothing.

    What kubectl reads as text is no trap here.
    """
    text = node.value
    if node.tag.removeprefix(_TAG) not in _WORDS or _FILE_MODE.fullmatch(text):
        return ""
    if _OCTAL.fullmatch(text):
        return f"kubectl reads {text} as {int(text, 8)}, and YAML 1.2 as {int(text)}"
    new = _resolve_as_1_2(text)
    if new != node.tag and {new, node.tag} != {f"{_TAG}int", f"{_TAG}float"}:
        return f"kubectl reads {text} as {_show(node)}, and YAML 1.2 as text"
    if _resolve_as_1_1(text) == _STRING:
        return f"kubectl reads {text} as {_show(node)}, and YAML 1.1 as text"
    return ""


def _show(node: Any) -> str:
    if node.tag == f"{_TAG}bool":
        return "true" if node.value.lower() in {"y", "yes", "true", "on"} else "false"
    return _WORDS[node.tag.removeprefix(_TAG)]


def _resolve_as_1_2(text: str) -> str:
    for tag, pattern in _YAML_1_2.items():
        if pattern.fullmatch(text):
            return tag
    return _STRING


def _resolve_as_1_1(text: str) -> str:
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return str(tag)
    return _STRING
