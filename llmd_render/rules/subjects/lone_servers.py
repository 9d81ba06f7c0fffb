"""Servers of vLLM that nothing starts together with others; shared by the rules about slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.lookup import value_at

from .objects import KSERVE, group_of, variables_of
from .tpu_pods import chips_per_host, slices_of
from .whole_tree import is_complete

if TYPE_CHECKING:
    from llmd_render.catalog import Topology
    from llmd_render.manifest import Tree

    from .vllm_command import VllmContainer

# Those whose Pods are all alike and know nothing of each other.
_APART = {("apps", "Deployment"), ("apps", "ReplicaSet"), (KSERVE, "LLMInferenceService")}
# With these vLLM waits for others, or is one of them.
_TOGETHER = {
    "--distributed-executor-backend",
    "--headless",
    "--master-addr",
    "--nnodes",
    "--node-rank",
    "-n",
    "-r",
}
# What Ray, GKE's webhooks and multi-host backends read: somebody has thought of several hosts.
_GROUPED = (
    "MEGASCALE_",
    "NUM_SLICES",
    "RAY_",
    "TPU_MULTIHOST_BACKEND",
    "TPU_PROCESS_",
    "TPU_WORKER_",
    "VLLM_HOST_IP",
)


def starts_alone(tree: Tree, server: VllmContainer) -> bool:
    """Whether vLLM is all that runs in its Pod, and knows of no other Pod."""
    manifest = server.manifest
    if (group_of(manifest), manifest.kind) not in _APART or not is_complete(tree, manifest):
        return False
    if group_of(manifest) == KSERVE:
        workload = value_at(manifest.data, *server.pod.path[:-1])
        if server.pod.path[-1] == "worker" or value_at(workload, "worker"):
            return False
    return not may_know_others(server)


def may_know_others(server: VllmContainer) -> bool:
    """Whether something makes vLLM one of several, or something that is not written here may."""
    if not server.is_complete or server.container.get("envFrom"):
        return True
    if any(item.name in _TOGETHER for item in server.arguments):
        return True
    return any(name.startswith(_GROUPED) for name in variables_of(server.container))


def slice_of_lone_server(tree: Tree, server: VllmContainer) -> Topology | None:
    """Give the slice of several hosts that a server selects although it starts alone."""
    rows = [row for row in slices_of(server.pod) if server.pod.chips == chips_per_host(row)]
    if len(rows) != 1 or rows[0].hosts == 1 or len(server.pod.requests) != 1:
        return None
    return rows[0] if starts_alone(tree, server) else None
