"""A slice of several hosts gets a group of Pods, one on each host.

Chips of a slice work together only when a process runs on each of its hosts, started as a group: a
LeaderWorkerSet, a JobSet or Ray. A Pod sees the chips of its own host. The Pods of a Deployment, or
of an LLMInferenceService without `worker`, know nothing of each other: a vLLM that starts alone in
one waits for the other hosts, or does not find the devices that it was told of.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)
Source: https://github.com/kserve/kserve/issues/4946 (2026-01-12)

Passes:

    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: example}
    spec:
      selector: {matchLabels: {app: example}}
      template:
        metadata: {labels: {app: example}}
        spec:
          nodeSelector:
            cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
            cloud.google.com/gke-tpu-topology: 2x4
          containers:
            - name: main
              image: docker.io/vllm/vllm-tpu:v0.12.0
              command: [vllm, serve, some/model, --tensor-parallel-size=8]
              resources: {limits: {google.com/tpu: 8}}

Fails:

    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: example}
    spec:
      selector: {matchLabels: {app: example}}
      template:
        metadata: {labels: {app: example}}
        spec:
          nodeSelector:
            cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
            cloud.google.com/gke-tpu-topology: 2x4
          containers:
            - name: main
              image: docker.io/vllm/vllm-tpu:v0.12.0
              command: [vllm, serve, some/model, --tensor-parallel-size=8]
              resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.lone_servers import slice_of_lone_server
from .subjects.tpu_pods import TOPOLOGY, chips_per_host, slices_labelled
from .subjects.vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        row = slice_of_lone_server(tree, server)
        if row is not None:
            pod = server.pod
            yield TreeViolation(
                pod.manifest,
                Violation(
                    (*pod.path, "nodeSelector", TOPOLOGY),
                    f"the topology {row.topology} of {pod.accelerator} is {row.hosts} nodes with "
                    f"{chips_per_host(row)} chips each, and vLLM starts alone in a Pod of this "
                    f"{pod.manifest.kind}, which has the chips of one node",
                    _advise(pod),
                ),
            )


def _advise(pod: TpuPod) -> str:
    rows = sorted(
        (row for row in slices_labelled(pod.accelerator) if row.hosts == 1),
        key=lambda row: row.chips,
    )
    if not rows:
        return "run one Pod on each node as a group, such as a LeaderWorkerSet with Ray"
    from .subjects.facts import listed  # noqa: PLC0415 - it loads the catalog

    chips = dict.fromkeys(f"{row.topology} with {row.chips}" for row in rows)
    return (
        f"select a topology of one node and ask for all its chips: {listed(chips)}; or run one Pod "
        "on each node as a group, such as a LeaderWorkerSet with Ray"
    )


RULE = TreeRule(
    "tpu-slice-needs-group",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("tpu-slice-spans-hosts",),
)
