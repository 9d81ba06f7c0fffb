r"""The TPU node pool may grow to one node for each replica.

A replica takes all chips of its nodes, so no two share one. Replicas beyond what the node pools of
their kind may grow to wait for ever.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    create.sh: |
      gcloud container node-pools create tpu --cluster=c --machine-type=ct6e-standard-4t \
        --zone=europe-west4-a --num-nodes=1 --enable-autoscaling --max-nodes=2
    service.yaml: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: example}
      spec:
        replicas: 2
        selector: {matchLabels: {a: b}}
        template:
          metadata: {labels: {a: b}}
          spec:
            nodeSelector:
              cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
              cloud.google.com/gke-tpu-topology: 2x2
            containers:
              - name: main
                resources: {limits: {google.com/tpu: 4}}

Fails:

    create.sh: |
      gcloud container node-pools create tpu --cluster=c --machine-type=ct6e-standard-4t \
        --zone=europe-west4-a --num-nodes=1 --enable-autoscaling --max-nodes=1
    service.yaml: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: example}
      spec:
        replicas: 2
        selector: {matchLabels: {a: b}}
        template:
          metadata: {labels: {a: b}}
          spec:
            nodeSelector:
              cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
              cloud.google.com/gke-tpu-topology: 2x2
            containers:
              - name: main
                resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import tpu_node_pools
from .subjects.objects import KSERVE, group_of, name_of
from .subjects.scripts import gcloud_calls
from .subjects.tpu_pods import label_of, read_count, slices_of, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Manifest, Tree

    from .subjects.node_pools import NodePool
    from .subjects.tpu_pods import TpuPod

_LIMIT = "--max-nodes"
# With these the limit is another, or the pool is not all that there is.
_OTHER_LIMITS = {"--total-max-nodes", "--enable-autoprovisioning", "--tpu-topology"}
_KINDS = {("apps", "Deployment"), ("apps", "StatefulSet"), (KSERVE, "LLMInferenceService")}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    pods = [pod for pod in tpu_pods(tree) if _is_counted(pod)]
    if not pods:
        return
    known: set[tuple[tuple[str, str], int]] = set()
    for pool in (*tpu_node_pools(tree), *_list_updates(tree)):
        limit = _limit_of(pool)
        # That a limit is 0 is another fault, and told as such.
        if not limit or _has_sibling(tree, pool):
            continue
        fitting = [pod.manifest for pod in pods if _takes_a_node(pod, pool)]
        wanted = sum(_replicas(item) for item in fitting)
        told = (_name_of(pool.call), limit)
        if wanted > limit and (told not in known or pool.creates):
            known.add(told)
            names = " and ".join(f"{item.kind} {name_of(item)}" for item in fitting)
            yield TreeViolation(
                pool.locate(_LIMIT),
                Violation(
                    (),
                    f"{_LIMIT} is {limit}, and the replicas of {names} are {wanted}, each of which "
                    f"takes a whole {pool.machine.name}",
                    f"set {_LIMIT} to {wanted} or more",
                ),
            )


def _list_updates(tree: Tree) -> Iterator[NodePool]:
    """List the calls that change the limits of node pools which are created here."""
    pools = {_name_of(pool.call): pool for pool in tpu_node_pools(tree)}
    for call in gcloud_calls(tree, "container node-pools update"):
        pool = pools.get(_name_of(call))
        if pool is not None and all(_name_of(call)):
            yield replace(pool, call=call)


def _name_of(call: Invocation) -> tuple[str, str]:
    name = call.arguments[0] if call.arguments else None
    return call.text("--cluster"), name.text if name is not None and name.is_known else ""


def _limit_of(pool: NodePool) -> int | None:
    """Read how far the pool may grow; none where something else limits it, or nobody can tell."""
    zones = pool.text("--node-locations") or pool.text("--zone")
    if pool.call.is_open or pool.call.has(*_OTHER_LIMITS) or not zones or "," in zones:
        return None
    return read_count(pool.text(_LIMIT))


def _has_sibling(tree: Tree, pool: NodePool) -> bool:
    """Whether another pool has the same machines, perhaps one that the Pods run on."""
    machines = [item.machine.name for item in tpu_node_pools(tree)]
    return machines.count(pool.machine.name) > 1


def _is_counted(pod: TpuPod) -> bool:
    manifest = pod.manifest
    path = ("spec", "template") if group_of(manifest) == KSERVE else ("spec", "template", "spec")
    return (group_of(manifest), manifest.kind) in _KINDS and pod.path == path


def _takes_a_node(pod: TpuPod, pool: NodePool) -> bool:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    if pod.accelerator != label_of(pool.machine, load_catalog()):
        return False
    rows = slices_of(pod)
    return len(rows) == 1 and rows[0].machine_type == pool.machine.name and rows[0].hosts == 1


def _replicas(manifest: Manifest) -> int:
    count = value_at(manifest.data, "spec", "replicas")
    return 1 if count is None else read_count(count) or 0


RULE = TreeRule(
    "node-pool-below-replicas",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("node-pool-too-small",),
)
