"""The TPU node pools that the scripts of a tree create; shared by the rules about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location
from llmd_render.script import Word

from .objects import once
from .scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from llmd_render.catalog import MachineType
    from llmd_render.manifest import Tree
    from llmd_render.script import Call

_COMMAND = ["container", "node-pools", "create"]
_TRACKS = {"alpha", "beta"}


@dataclass(frozen=True, slots=True)
class NodePool:
    """A call that creates a node pool of TPU machines, with its options by name."""

    call: Call
    machine: MachineType
    options: Mapping[str, Word]

    def text(self, option: str) -> str:
        """Give the value of an option; nothing where it has none or only a run would tell."""
        word = self.options.get(option)
        return word.text if word and word.is_known else ""

    def locate(self, option: str) -> Location:
        """Give the place of an option, or of the call where it has none."""
        word = self.options.get(option)
        line, column = (word.line, word.column) if word else (self.call.line, self.call.column)
        return Location(self.call.file, line, column)


@once
def tpu_node_pools(tree: Tree) -> Iterator[NodePool]:
    """List the calls of scripts that create node pools of machines that the catalog knows."""
    for script in scripts(tree):
        for call in script.calls:
            options = _read_options(call)
            name = options.get("--machine-type")
            machine = _find_machine(name.text) if name else None
            if machine:
                yield NodePool(call, machine, options)


def _find_machine(name: str) -> MachineType | None:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with scripts need it

    return load_catalog().machine_types.get(name)


def _read_options(call: Call) -> dict[str, Word]:
    """Read the options of `gcloud container node-pools create`; none for another command."""
    words = list(call.words)
    if words and words[0].text in _TRACKS:
        words = words[1:]
    if call.program != "gcloud" or [word.text for word in words[:3]] != _COMMAND:
        return {}
    found: dict[str, Word] = {}
    for index, word in enumerate(words):
        name, joined, value = word.text.partition("=")
        if not name.startswith("--"):
            continue
        if joined:
            found[name] = Word(value, word.line, word.column, word.is_many)
        elif index + 1 < len(words) and not words[index + 1].text.startswith("-"):
            found[name] = words[index + 1]
    return found
