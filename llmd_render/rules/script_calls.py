"""The calls of gcloud and kubectl in the scripts of a tree; shared by the rules about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Violation

from .gateways import class_of, is_gke_class
from .objects import GATEWAY_API, objects, once
from .rule import TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree
    from llmd_render.script import Call, Word

_TPU_MACHINE = re.compile(r"(?:ct|tpu)\d\w*-[a-z]+-(\d+)t")
_PROGRAMS = ("gcloud", "kubectl")


@once
def invocations(tree: Tree) -> Iterator[Invocation]:
    """List the calls of commands that a table of ours knows."""
    # Most trees have no such script, and need neither the parser of scripts nor a table.
    if not any(program in text for text in _scripts(tree).values() for program in _PROGRAMS):
        return
    from llmd_render.command_line import read_call  # noqa: PLC0415
    from llmd_render.script import read_scripts  # noqa: PLC0415

    for script in read_scripts(_scripts(tree)).values():
        for call in script.calls:
            found = read_call(call)
            if found is not None:
                yield found


def _scripts(tree: Tree) -> dict[str, str]:
    return {path: text for path, text in tree.files.items() if path.endswith(".sh")}


def gcloud_calls(tree: Tree, *paths: str) -> Iterator[Invocation]:
    """List the calls of some commands of gcloud, in any track."""
    for item in invocations(tree):
        if item.command.path in paths and item.call.program.endswith("gcloud"):
            yield item


def tpu_chips(call: Invocation) -> int:
    """Give the chips of one machine of a TPU node pool; 0 where it is none, or not told."""
    found = _TPU_MACHINE.fullmatch(call.text("--machine-type"))
    return int(found[1]) if found else 0


def gke_class_in(tree: Tree) -> str:
    """Give the class of a Gateway in the tree that is GKE's, or nothing."""
    names = map(class_of, objects(tree, GATEWAY_API, "Gateway"))
    return next(filter(is_gke_class, names), "")


def violate(place: Call | Word, invocation: Invocation, message: str, hint: str) -> TreeViolation:
    """Make a violation at a call, or at a word of it."""
    location = Location(invocation.call.file, place.line, place.column)
    return TreeViolation(location, Violation((), message, hint))
