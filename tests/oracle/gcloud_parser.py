"""Asks the parser of the real gcloud, inside its own Python; a program of its own, not a test.

Standard input holds JSON: `surface`, paths of commands whose flags are wanted, and `calls`, lists
of arguments. Standard output gets an answer to each of them. No command is ever run.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

LIB = sys.argv[1]
# gcloud brings an old argparse of its own, and goes wrong silently with any other.
sys.path[:0] = [LIB, os.path.join(LIB, "third_party")]  # noqa: PTH118 - no pathlib before argparse

from googlecloudsdk import gcloud_main  # noqa: E402
from googlecloudsdk.calliope import arg_parsers, backend, parser_errors  # noqa: E402

_BOUNDS = ("lower_bound", "upper_bound")


class _Parsed(Exception):  # noqa: N818 - nothing is wrong
    """The parser took a call, and would now run it."""


def _stop(*_: object, **__: object) -> None:
    raise _Parsed


def judge(cli: Any, arguments: list[str]) -> str:
    """Give what the parser says against a call, or nothing."""
    try:
        cli.Execute(arguments)
    except _Parsed:
        return ""
    except SystemExit as error:
        return "" if not error.code else "refused"
    except (parser_errors.ArgumentError, ValueError) as error:
        return str(error) or "refused"
    return ""


def describe(cli: Any, path: str) -> dict[str, Any] | None:
    """Describe a command: its flags, positional arguments and groups."""
    element = cli._TopElement()
    for step in path.split():
        element = element.LoadSubElement(step)
        if element is None:
            return None
    actions = element._parser._actions
    return {
        "flags": {name: _describe_flag(item) for item in actions for name in item.option_strings},
        "positionals": [
            {"nargs": item.nargs, "name": item.metavar or item.dest}
            for item in actions
            if not item.option_strings
        ],
        "groups": [_describe_group(item) for item in element.ai.arguments if item.is_group],
        "required": [
            item.option_strings[0]
            for item in element.ai.arguments
            if not item.is_group and item.is_required and getattr(item, "option_strings", None)
        ],
    }


def _describe_flag(action: Any) -> dict[str, Any]:
    return {
        "value": action.nargs != 0,
        "choices": sorted(map(str, action.choices)) if action.choices else None,
        "append": "Append" in type(action).__name__,
        "hidden": bool(getattr(action, "is_hidden", False)),
        "type": _describe_type(action.type),
        "name": action.option_strings[0],
        "kind": type(action).__name__,
    }


def _describe_type(kind: Any) -> dict[str, Any]:
    if isinstance(kind, arg_parsers.ArgDict):
        return {
            "kind": "map",
            "keys": sorted(kind.spec) if kind.spec is not None else None,
            "required": sorted(kind.required_keys),
            "key_only": kind.allow_key_only,
        }
    if isinstance(kind, arg_parsers.ArgList):
        choices = sorted(map(str, kind.choices)) if kind.choices else None
        return {
            "kind": "list",
            "choices": choices,
            "least": kind.min_length,
            "most": kind.max_length,
        }
    if kind in {int, float}:
        return {"kind": kind.__name__}
    inner = dict(
        zip(
            getattr(getattr(kind, "__code__", None), "co_freevars", ()),
            [cell.cell_contents for cell in getattr(kind, "__closure__", None) or ()],
        )
    )
    if "type_builder" in inner:
        return {"kind": inner["type_builder"].__name__, **{key: inner.get(key) for key in _BOUNDS}}
    name = getattr(kind, "__qualname__", type(kind).__qualname__ if kind else "")
    return {
        "kind": name,
        **{key: str(inner[key]) for key in _BOUNDS if inner.get(key) is not None},
        "pattern": inner.get("pattern"),
    }


def _describe_group(group: Any) -> dict[str, Any]:
    return {
        "mutex": group.is_mutex,
        "required": group.is_required,
        "members": [
            _describe_group(item)
            if item.is_group
            else (item.option_strings or [item.metavar or item.dest])[0]
            for item in group.arguments
        ],
        "needed": [
            (item.option_strings or [item.metavar or item.dest])[0]
            for item in group.arguments
            if not item.is_group and item.is_required
        ],
    }


def main() -> None:
    """Answer what standard input asks."""
    asked = json.load(sys.stdin)
    answers, sys.stdout = sys.stdout, sys.stderr
    cli = gcloud_main.CreateCLI([])
    backend.Command.Run = _stop
    json.dump(
        {
            "surface": {path: describe(cli, path) for path in asked.get("surface", ())},
            "calls": [judge(cli, arguments) for arguments in asked.get("calls", ())],
        },
        answers,
    )


main()
