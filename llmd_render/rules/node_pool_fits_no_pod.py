r"""The TPU node pools of a deployment have the machines that its Pods select.

A Pod runs where accelerator, topology and number of chips are those of the node. Where no node pool
has them, the Pod stays Pending, and the node pool of other machines is paid for. It is said only
where no node pool of the tree fits the Pod, and this one fits no Pod of it.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t --num-nodes=1
    pod.yaml: |
      apiVersion: v1
      kind: Pod
      metadata: {name: example}
      spec:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 2x2
        containers:
          - name: main
            image: docker.io/vllm/vllm-tpu:v0.11.1
            resources: {limits: {google.com/tpu: 4}}

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-8t --num-nodes=1
    pod.yaml: |
      apiVersion: v1
      kind: Pod
      metadata: {name: example}
      spec:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 2x2
        containers:
          - name: main
            image: docker.io/vllm/vllm-tpu:v0.11.1
            resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.deployments import are_near
from .subjects.node_pools import CREATE, slice_of_pool, tpu_chips, tpu_node_pools
from .subjects.objects import name_of
from .subjects.scripts import gcloud_calls
from .subjects.tpu_pods import chips_per_host, slices_of, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Topology
    from llmd_render.manifest import Tree

    from .subjects.node_pools import NodePool
    from .subjects.tpu_pods import TpuPod

_MACHINE = "--machine-type"
_TOPOLOGY = "--tpu-topology"
# With these the cluster makes node pools itself.
_AUTOMATIC = {"cloud.google.com/compute-class", "cloud.google.com/gke-nodepool"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    pools = tpu_node_pools(tree)
    if not pools or _has_others(tree):
        return
    pods = [(pod, slices) for pod in _list_pods(tree) if (slices := _slices(pod))]
    sizes = {id(pool): slice_of_pool(pool) for pool in pools}
    for pool in pools:
        own = sizes[id(pool)]
        if own is None or any(own in slices for _, slices in pods):
            continue
        for pod, slices in pods:
            left = not any(item in slices for item in sizes.values())
            if left and are_near(pod.manifest.file, pool.call.call.file):
                yield _say(pool, own, pod, slices)
                break


def _has_others(tree: Tree) -> bool:
    """Whether there may be more node pools with TPUs than those that can be read."""
    if any(gcloud_calls(tree, "container clusters create-auto")):
        return True
    return any(
        call.is_open
        or call.has("--enable-autoprovisioning", "--placement-policy")
        or (call.command.path == CREATE and _is_unclear(call.text(_MACHINE), tpu_chips(call)))
        for call in gcloud_calls(tree, CREATE, "container clusters create")
    ) or any(slice_of_pool(pool) is None for pool in tpu_node_pools(tree))


def _is_unclear(machine: str, chips: int) -> bool:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    return not machine or (chips > 0 and machine not in load_catalog().machine_types)


def _list_pods(tree: Tree) -> Iterator[TpuPod]:
    for pod in tpu_pods(tree):
        selector = pod.spec.get("nodeSelector")
        if isinstance(selector, dict) and _AUTOMATIC.isdisjoint(selector):
            yield pod


def _slices(pod: TpuPod) -> list[Topology]:
    return [row for row in slices_of(pod) if pod.chips in (None, chips_per_host(row))]


def _say(pool: NodePool, own: Topology, pod: TpuPod, slices: list[Topology]) -> TreeViolation:
    from .subjects.facts import listed  # noqa: PLC0415 - it loads the catalog

    who = f"{pod.manifest.kind} {name_of(pod.manifest)}"
    chips = f" with {pod.chips} chips" if pod.chips else ""
    message = (
        f"no node pool here takes {who}, which selects {pod.accelerator} {pod.topology}{chips}; "
        f"nodes of this one are {own.machine_type}, in slices of {own.topology}"
    )
    machines = dict.fromkeys(row.machine_type for row in slices)
    if own.machine_type in machines:
        row = next(item for item in slices if item.machine_type == own.machine_type)
        alone = row.hosts == 1
        hint = f"leave {_TOPOLOGY} out" if alone else f"set {_TOPOLOGY} to {row.topology}"
        place = pool.locate(_TOPOLOGY if pool.call.has(_TOPOLOGY) else _MACHINE)
    else:
        hint, place = f"set {_MACHINE} to {listed(machines)}", pool.locate(_MACHINE)
    return TreeViolation(place, Violation((), message, f"{hint}, or change what the Pod selects"))


RULE = TreeRule("node-pool-fits-no-pod", Severity.WARNING, _check, acknowledgeable=True)
