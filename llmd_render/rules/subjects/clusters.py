"""Which clusters the calls of a tree's scripts are about; shared by the rules about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .deployments import are_near
from .objects import once
from .scripts import CREATE_CLUSTER, invocations, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree
    from llmd_render.script import Word

_OF_CLUSTERS = "container clusters "
_OF_POOLS = "container node-pools "
_PLACES = ("--zone", "--region", "--location")


@dataclass(frozen=True, slots=True)
class ClusterCall:
    """A call about one cluster: its name, and where it is said to be; empty where that is open."""

    call: Invocation
    name: str
    name_word: Word
    place: str
    place_word: Word | None
    project: str
    project_word: Word | None

    @property
    def creates(self) -> bool:
        """Whether the call creates the cluster."""
        return self.call.command.path in CREATE_CLUSTER

    @property
    def file(self) -> str:
        """The script with the call."""
        return self.call.call.file


@once
def cluster_calls(tree: Tree) -> Iterator[ClusterCall]:
    """List the calls of gcloud about clusters and node pools whose cluster is known."""
    for call in invocations(tree):
        word = _find_name(call)
        if word is not None and word.is_known and word.text and not call.is_open:
            place = next((call.find(name) for name in _PLACES if call.has(name)), None)
            project = call.find("--project")
            yield ClusterCall(
                call,
                word.text,
                word,
                place.text if place else "",
                place.word if place else None,
                project.text if project else "",
                project.word if project else None,
            )


def _find_name(call: Invocation) -> Word | None:
    path = call.command.path
    if path.startswith(_OF_CLUSTERS) and len(call.arguments) == 1:
        return call.arguments[0]
    if path.startswith(_OF_POOLS):
        given = call.find("--cluster")
        # An option may bring its value with it, and stands at the same place.
        return given.value if given else None
    return None


def is_written_at(tree: Tree, item: ClusterCall, text: str, word: Word) -> bool:
    """Whether a value stands in the call itself, and does not come from a variable."""
    script = next(script for script in scripts(tree) if script.file == item.file)
    return text in script.excerpt(word.line)


def are_of_one_deployment(one: ClusterCall, other: ClusterCall) -> bool:
    """Whether two calls stand near enough to be about the same clusters."""
    return are_near(one.file, other.file)
