"""What the scripts of a tree call; shared by the rules about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Violation
from llmd_render.rules.rule import TreeViolation
from llmd_render.script import HOLE, read_scripts

from .objects import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree
    from llmd_render.script import Call, Script, Word

_PROGRAMS = ("gcloud", "kubectl")

CREATE_CLUSTER = ("container clusters create", "container clusters create-auto")
"""The commands of gcloud that create a cluster."""


@once
def scripts(tree: Tree) -> Iterator[Script]:
    """List the shell scripts of a tree."""
    return iter(read_scripts(tree.files).values())


@once
def calls(tree: Tree, program: str) -> Iterator[Call]:
    """List the calls of a program in all scripts, whatever folder it is called in."""
    for script in scripts(tree):
        for call in script.calls:
            if call.program.rpartition("/")[2] == program:
                yield call


@once
def invocations(tree: Tree) -> Iterator[Invocation]:
    """List the calls of gcloud and kubectl whose commands a table of ours knows."""
    if not any(calls(tree, program) for program in _PROGRAMS):
        return
    # Most trees have no such script, and need no table.
    from llmd_render.command_line import read_call  # noqa: PLC0415

    for script in scripts(tree):
        for call in script.calls:
            found = read_call(call)
            if found is not None:
                yield found


@once
def unread_calls(tree: Tree) -> Iterator[Call]:
    """List the calls of gcloud and kubectl whose commands no table of ours knows."""
    read = {id(item.call) for item in invocations(tree)}
    for program in _PROGRAMS:
        for call in calls(tree, program):
            if id(call) not in read:
                yield call


def gcloud_calls(tree: Tree, *paths: str) -> Iterator[Invocation]:
    """List the calls of some commands of gcloud, in any track."""
    for item in invocations(tree):
        if item.call.program.endswith("gcloud") and item.command.path in paths:
            yield item


def kubectl_calls(tree: Tree, *verbs: str) -> Iterator[Invocation]:
    """List the calls of kubectl with some verbs, such as `get`; with all where none is named."""
    for item in invocations(tree):
        verb = item.command.path.partition(" ")[0]
        if item.call.program.endswith("kubectl") and (not verbs or verb in verbs):
            yield item


def list_targets(call: Invocation) -> Iterator[tuple[str, str, Word]]:
    """List the objects that a call of kubectl names, as (kind, name, word)."""
    kind = ""
    for word in call.arguments:
        if not word.is_known:
            return
        before, slash, after = word.text.partition("/")
        if slash:
            yield before.lower(), after, word
        elif kind:
            yield kind, word.text, word
        else:
            kind = word.text.lower()


def list_values(call: Invocation, *flags: str) -> Iterator[tuple[Word, str]]:
    """List the values of some flags, with a hole for what only a run tells, and their words."""
    for item in call.given:
        if item.flag.name in flags and item.value is not None:
            yield item.value, item.value.text


def is_hole(text: str) -> bool:
    """Whether only a run of the script tells a text, or a part of it."""
    return HOLE in text


def violate(place: Call | Word, invocation: Invocation, message: str, hint: str) -> TreeViolation:
    """Make a violation at a call, or at a word of it."""
    location = Location(invocation.call.file, place.line, place.column)
    return TreeViolation(location, Violation((), message, hint))
