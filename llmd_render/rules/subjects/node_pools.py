"""The TPU node pools that the scripts of a tree create; shared by the rules about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .objects import once
from .scripts import gcloud_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import MachineType, Topology
    from llmd_render.command_line import Invocation
    from llmd_render.diagnostics import Location
    from llmd_render.manifest import Tree

CREATE = "container node-pools create"
"""The command of gcloud that creates a node pool."""

_TOPOLOGY = "--tpu-topology"
_TPU_MACHINE = re.compile(r"(?:ct|tpu)\d\w*-[a-z]+-(\d+)t")


@dataclass(frozen=True, slots=True)
class NodePool:
    """A call that creates a node pool of TPU machines."""

    call: Invocation
    machine: MachineType

    @property
    def creates(self) -> bool:
        """Whether the call creates the pool, and does not change it."""
        return self.call.command.path == CREATE

    def text(self, option: str) -> str:
        """Give the value of an option; nothing where it has none or only a run would tell."""
        return self.call.text(option)

    def locate(self, option: str) -> Location:
        """Give the place of an option, or of the call where it has none."""
        found = self.call.find(option)
        return self.call.call.locate(found.word) if found else self.call.call.location


@once
def tpu_node_pools(tree: Tree) -> Iterator[NodePool]:
    """List the calls of scripts that create node pools of machines that the catalog knows."""
    for call in gcloud_calls(tree, CREATE):
        machine = _find_machine(call.text("--machine-type"))
        if machine:
            yield NodePool(call, machine)


def slice_of_pool(pool: NodePool) -> Topology | None:
    """Give the slices that a node pool has; None where nobody can tell, or GKE refuses the pool."""
    from llmd_render.catalog import load_catalog, topologies_of  # noqa: PLC0415 - seldom needed

    topology = pool.text(_TOPOLOGY)
    if pool.call.is_open or (pool.call.has(_TOPOLOGY) and not topology):
        return None
    rows = list(topologies_of(load_catalog(), pool.machine.name))
    if not topology:
        return next((row for row in rows if row.hosts == 1), None)
    found = next((row for row in rows if row.topology == topology), None)
    nodes = pool.text("--num-nodes")
    if found is not None and found.hosts > 1 and nodes not in {"", str(found.hosts)}:
        return None
    return found


def tpu_chips(call: Invocation) -> int:
    """Give the chips of one machine of a TPU node pool; 0 where it is none, or not told."""
    found = _TPU_MACHINE.fullmatch(call.text("--machine-type"))
    return int(found[1]) if found else 0


def _find_machine(name: str) -> MachineType | None:
    if not name:
        return None
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with scripts need it

    return load_catalog().machine_types.get(name)
