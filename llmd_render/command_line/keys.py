"""The keys of --format and --filter, which gcloud takes whether the answer has them or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, suggest
from llmd_render.kubectl_yaml import read_document
from llmd_render.resources import data_file
from llmd_render.script import HOLE

from .invocation import Refusal
from .suggestions import is_close

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .invocation import Given, Invocation

_PROJECTION = re.compile(
    r"\s*(?:csv|get|json|list|table|value|yaml)\s*(?:\[[^\]]*\])?\((.*)\)\s*", re.DOTALL
)
_KEY = re.compile(r"[A-Za-z_][\w-]*(?:\[\d*\])?(?:\.[A-Za-z_][\w-]*(?:\[\d*\])?)*")
_TERM = re.compile(
    r"[\s(]*(?:(?:NOT|-)\s*)?[\s(]*(?P<key>[A-Za-z_][\w.-]*(?:\[\d*\])?(?:\.[\w-]+)*)"
    r"\s*(?:!?~|!=|<=|>=|[=<>:])\s*"
    r"(?P<value>\"[^\"]*\"|'[^']*'|\([^()]*\)|[^\s()\"']+)"
    r"[\s)]*(?P<then>AND\b|OR\b|$|(?=[\w(-]))"
)
_ALIKE = 0.7
# Keys that gcloud itself adds.
_ADDED = ("x_gcloud_",)


@dataclass(frozen=True)
class Resource:
    """What a command answers: the fields of each path that is known."""

    name: str
    fields: dict[str, frozenset[str]]
    columns: frozenset[str]

    def find_unknown(self, path: str) -> tuple[str, str] | None:
        """Find the first step of a path that is no field, and the path before it."""
        before = ""
        for step in path.split("."):
            known = self.fields.get(before)
            if known is None:
                return None
            field = next((item for item in _spell(step) if item in known), "")
            if not field:
                return step, before
            before = f"{before}.{field}".lstrip(".")
        return None

    def suggest(self, path: str, step: str, before: str) -> str:
        """Say which path was meant: a field that is somewhere else, or one spelt like it."""
        rest = path.split(".")[len(before.split(".")) if before else 0 :]
        for parent, known in self.fields.items():
            found = ".".join(filter(None, (parent, *rest)))
            if step in known and self.find_unknown(found) is None:
                return f"did you mean `{found}`?"
        near = suggest(step, self.fields[before])
        return f"did you mean `{near}`?" if near and (before or is_close(step, near)) else ""

    def suggest_alike(self, step: str, before: str) -> str:
        """Name a field of the same place that is spelt a little like it."""
        near = suggest(step, self.fields[before])
        return f", or you meant `{near}`" if near and is_close(step, near, _ALIKE) else ""


@cache
def load_resources() -> dict[str, Resource]:
    """Load what commands answer, by command."""
    text = data_file("gcloud_resources.yaml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = read_document(text)
    found: dict[str, Resource] = {}
    for name, row in rows.items():
        fields = {path: frozenset(names.split()) for path, names in row["fields"].items()}
        columns = frozenset(row.get("columns", "").lower().split())
        for command in row["commands"]:
            # Only lists are shown as tables, whose columns gcloud takes for keys, too.
            is_list = command.endswith(" list")
            found[command] = Resource(name, fields, columns if is_list else frozenset())
    return found


def find_unknown_keys(invocation: Invocation) -> Iterator[Refusal]:
    """Find keys in --format and --filter that the answer of the command does not have."""
    if not invocation.has("--format", "--filter") or invocation.track:
        return
    resource = load_resources().get(invocation.command.path)
    if resource is None:
        return
    given = invocation.find("--format")
    for key in list_format_keys(_read(given)):
        yield from _judge(key, given, resource, "gcloud-format-key-unknown", "always empty")
    given = invocation.find("--filter")
    for key in list_filter_keys(_read(given)):
        yield from _judge(key, given, resource, "gcloud-filter-key-unknown", "never set")


def _read(given: Given | None) -> str:
    if given is None or given.value is None or given.value.is_many:
        return ""
    return given.value.text


def _judge(
    key: str, given: Given | None, resource: Resource, code: str, effect: str
) -> Iterator[Refusal]:
    path = re.sub(r"\[\d*\]", "", key)
    unknown = resource.find_unknown(path)
    if unknown is None or path.startswith(_ADDED):
        return
    step, before = unknown
    hint = resource.suggest(path, step, before)
    if not before and step.lower() in resource.columns:
        return
    where = f"{resource.name} has no field {step}" + (f" in {before}" if before else "")
    # A newer version may have more fields, but none that is called like another one.
    severity = Severity.ERROR if hint else Severity.WARNING
    if not hint:
        alike = resource.suggest_alike(step, before)
        hint = f"see what the command answers with --format=json{alike}"
    word = given.value if given else None
    yield Refusal(code, f"the {where}, so `{key}` is {effect}", hint, word, severity)


def list_format_keys(text: str) -> Iterator[str]:
    """List the keys of `value(a.b, c)` and its like; what transforms make is left out."""
    found = _PROJECTION.fullmatch(text)
    for item in _split(found[1]) if found else ():
        key = _KEY.match(item.strip())
        if key is None or HOLE in item:
            continue
        rest = item.strip()[key.end() :]
        path = key[0]
        if rest.startswith("("):
            path = path.rpartition(".")[0]
        if path and (not rest or rest[0] in "(.:~[ "):
            yield path


def _split(text: str) -> Iterator[str]:
    """Cut at commas that stand in no bracket and no quotes."""
    depth, quote, begin = 0, "", 0
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and not depth:
            yield text[begin:index]
            begin = index + 1
    yield text[begin:]


def list_filter_keys(text: str) -> Iterator[str]:
    """List the keys of a filter; nothing where it is more than terms joined by AND and OR."""
    keys = []
    place = 0
    while place < len(text.rstrip()):
        found = _TERM.match(text, place)
        if found is None or found.end() == place:
            return
        keys.append(found["key"])
        place = found.end()
    yield from keys


def _spell(step: str) -> tuple[str, ...]:
    """Give the ways in which gcloud looks for a key."""
    first, *rest = step.split("_")
    camel = first + "".join(item.title() for item in rest)
    snake = re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", step).lower()
    return step, camel, snake
