"""Asks the real gcloud what it takes, inside its own Python; a program of its own, not a test.

Each line of standard input is a question in JSON, and gets a line in answer: the path of a command,
whose flags are described; a mapping with the path of a group, whose commands are listed; or the
arguments of a call, and what gcloud has against them. No command is run: with `--deep` it goes on
until gcloud would send something, else only through its parser.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

LIB = sys.argv[1]
# gcloud brings an old argparse of its own, and goes wrong silently with any other.
sys.path[:0] = [LIB, os.path.join(LIB, "third_party")]  # noqa: PTH118 - pathlib imports argparse

from apitools.base.py import base_api  # noqa: E402
from googlecloudsdk import gcloud_main  # noqa: E402
from googlecloudsdk.calliope import arg_parsers, backend, parser_errors  # noqa: E402


class _WouldGoOnError(Exception):
    """gcloud took a call."""


def _stop(*_: object, **__: object) -> None:
    raise _WouldGoOnError


def _answer(service: Any, method: Any, *_: object, **__: object) -> Any:
    """Say nothing on whether an API is enabled, which is asked first; any other request ends it."""
    client = service._client
    if method.method_id != "serviceusage.services.get":
        raise _WouldGoOnError
    return getattr(client.MESSAGES_MODULE, method.response_type_name)()


def judge(cli: Any, arguments: list[str]) -> str:
    """Give what gcloud has against a call, or nothing."""
    try:
        cli.Execute(arguments)
    except _WouldGoOnError:
        return ""
    except SystemExit as error:
        return "refused" if error.code else ""
    except (parser_errors.ArgumentError, ValueError, TypeError) as error:
        return str(error) or "refused"
    return ""


def describe(cli: Any, path: str) -> dict[str, Any] | None:
    """Describe a command: its flags by every name, and its arguments."""
    element = cli._TopElement()
    for step in path.split():
        element = element.LoadSubElement(step)
        if element is None:
            return None
    actions = element._parser._actions
    return {
        "flags": {
            name: _describe_flag(item)
            for item in actions
            for name in item.option_strings
            if not _is_removed(item)
        },
        "arguments": [str(item.nargs) for item in actions if not item.option_strings],
    }


def list_commands(cli: Any, path: str) -> list[str]:
    """List what may follow a group of commands, with what its help hides."""
    element = cli._TopElement()
    for step in path.split():
        element = element.LoadSubElement(step)
    return sorted(
        name.replace("_", "-") for name in element.AllSubElements() if _may_load(element, name)
    )


def _may_load(element: Any, name: str) -> bool:
    try:
        return element.LoadSubElement(name) is not None
    except Exception:  # noqa: BLE001 - what only other tracks have fails in many ways
        return False


def _is_removed(action: Any) -> bool:
    """Whether a flag is only there to say that it is gone."""
    return "(REMOVED)" in str(action.help)


def _describe_flag(action: Any) -> dict[str, Any]:
    kind = action.type
    found = {
        "name": action.option_strings[0],
        "value": action.nargs != 0,
        "choices": sorted(map(str, action.choices or getattr(kind, "choices", None) or ())),
        "adds": any(part in type(action).__name__ for part in ("Append", "Update")),
        "hidden": bool(getattr(action, "is_hidden", False)),
        "plain": kind is None or kind is str,
    }
    if isinstance(kind, arg_parsers.ArgDict):
        found |= {
            "kind": "map",
            "keys": sorted(kind.spec or ()),
            "needed": sorted(kind.required_keys),
        }
    elif isinstance(kind, arg_parsers.ArgList):
        found |= {"kind": "list", "least": kind.min_length, "most": kind.max_length}
    else:
        found |= _describe_number(kind)
    return found


def _describe_number(kind: Any) -> dict[str, Any]:
    if kind in {int, float}:
        return {"kind": kind.__name__}
    names = getattr(getattr(kind, "__code__", None), "co_freevars", ())
    cells = [cell.cell_contents for cell in getattr(kind, "__closure__", None) or ()]
    inner = dict(zip(names, cells, strict=True))
    if "type_builder" not in inner:
        return {}
    builder = inner["type_builder"].__name__
    return {"kind": builder, "least": inner["lower_bound"], "most": inner["upper_bound"]}


def main() -> None:
    """Answer line by line."""
    # What gcloud itself prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    cli = gcloud_main.CreateCLI([])
    if "--deep" in sys.argv:
        base_api.BaseApiService._RunMethod = _answer
    else:
        backend.Command.Run = _stop
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, dict):
            found: Any = list_commands(cli, asked["group"])
        else:
            found = describe(cli, asked) if isinstance(asked, str) else judge(cli, asked)
        print(json.dumps(found), file=answers, flush=True)


main()
