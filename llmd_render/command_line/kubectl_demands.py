"""What kubectl checks itself after its parser and before it asks a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, suggest
from llmd_render.script import HOLE

from .invocation import Refusal
from .suggestions import is_close
from .values import name_choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .invocation import Invocation
    from .table import Need, Table

_CONDITIONS = ("condition=", "jsonpath=")
_EVENTS = {"create", "delete"}
_FORMATS = (
    *("json", "yaml", "kyaml", "name", "wide", "jsonpath", "jsonpath-as-json", "jsonpath-file"),
    *("custom-columns", "custom-columns-file", "go-template", "go-template-file"),
    *("template", "templatefile"),
)


def find_unmet_needs(invocation: Invocation, table: Table) -> Iterator[Refusal]:
    """Find calls that lack a flag or an argument, and values that no server needs to refuse."""
    if invocation.has("--help"):
        return
    # A flag that is unknown, or has no value, was most likely meant for what seems to be missing.
    if not invocation.is_open and not invocation.refusals:
        for need in table.needs:
            if invocation.command.path in need.commands:
                yield from _judge_need(invocation, need)
        yield from _find_missing_update(invocation)
    yield from _find_bad_condition(invocation)
    yield from _find_bad_format(invocation)


def _judge_need(invocation: Invocation, need: Need) -> Iterator[Refusal]:
    what = f"kubectl {invocation.command.path}"
    if need.flags and not invocation.has(*need.flags):
        wanted = " or ".join(need.flags)
        yield Refusal("kubectl-flag-required", f"{what} needs {wanted}", f"add {wanted}")
    if len(invocation.arguments) < need.least and not invocation.has(*need.unless):
        message = f"{what} needs {need.what}"
        hint = f"write it as in `{what} {need.example}`"
        yield Refusal("kubectl-argument-missing", message, hint)


def _find_missing_update(invocation: Invocation) -> Iterator[Refusal]:
    """Labels and annotations are changed by arguments such as a=b and a-."""
    path = invocation.command.path
    if path not in {"annotate", "label"} or invocation.has("--list"):
        return
    texts = [word.text for word in invocation.arguments]
    if not any("=" in text or text.endswith("-") or HOLE in text for text in texts):
        message = f"kubectl {path} names nothing to set or take away"
        hint = "add KEY=VALUE, or KEY- to take it away"
        yield Refusal("kubectl-argument-missing", message, hint)


def _find_bad_condition(invocation: Invocation) -> Iterator[Refusal]:
    given = invocation.find("--for") if invocation.command.path == "wait" else None
    if given is None or given.value is None or given.value.is_many:
        return
    text = given.value.text
    if text.startswith((*_CONDITIONS, HOLE)) or text.lower() in _EVENTS:
        return
    hint = "give condition=NAME, jsonpath=EXPRESSION, create or delete"
    if text.isalpha() and text[0].isupper():
        hint = f"write it as --for=condition={text}"
    elif HOLE in text:
        return
    message = f"--for is `{text}`, which is nothing that kubectl waits for"
    yield Refusal("kubectl-flag-value-invalid", message, hint, given.value)


def _find_bad_format(invocation: Invocation) -> Iterator[Refusal]:
    given = invocation.find("--output")
    # Where objects are printed kubectl also knows this flag; elsewhere the formats are others.
    if given is None or "--allow-missing-template-keys" not in invocation.command.flags:
        return
    if given.value is None or given.value.is_many:
        return
    name = given.value.text.partition("=")[0].lower()
    if name in _FORMATS or HOLE in name or not name:
        return
    near = suggest(name, _FORMATS)
    is_slip = bool(near) and is_close(name, near)
    hint = f"did you mean `{near}`?" if is_slip else f"give {name_choices(_FORMATS)}"
    message = f"{given.written} is `{name}`, which is no format of kubectl's"
    severity = None if is_slip else Severity.WARNING
    yield Refusal("kubectl-format-unknown", message, hint, given.value, severity)
