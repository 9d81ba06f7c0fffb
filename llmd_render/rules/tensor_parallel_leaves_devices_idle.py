"""Tensor parallelism uses every device of the host that the Pod takes.

GKE gives a TPU host to one Pod with all its chips, whatever the Pod does with them. vLLM uses one
of them unless it is told otherwise; those that it does not use cost the same as the others.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          command: [vllm, serve, some/model, -tp=2, --data-parallel-size=2]
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          command: [vllm, serve, some/model, -tp=2]
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import variables_of
from .subjects.tpu_pods import chips_per_host, read_count, slices_of
from .subjects.tree_memory import PARALLEL
from .subjects.vllm_command import vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import Argument, VllmContainer

_DEFAULT = 1
_OTHER_PARALLELISM = {
    "--additional-config",
    "--data-parallel-size",
    "--data-parallel-size-local",
    "--decode-context-parallel-size",
    "--pipeline-parallel-size",
    "--prefill-context-parallel-size",
    "-dcp",
    "-dp",
    "-dpl",
    "-pcp",
    "-pp",
}
# Of a process with these the rest of the host is another's, or several run side by side.
_OTHER_DEVICES = ("TPU_", "PREFILL_SLICES", "DECODE_SLICES", "NUM_SLICES", "VLLM_DP_")
_WHOLE_SLICE = {"TPU_CHIPS_PER_HOST_BOUNDS", "TPU_HOST_BOUNDS"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        argument = server.last(*PARALLEL)
        if argument is None and not (server.pod.chips and is_complete(tree, server.manifest)):
            continue
        size = read_count(argument.value) if argument else _DEFAULT
        devices = _devices_on_one_host(server)
        if not size or len(devices) != 1 or not _is_alone(server):
            continue
        number = devices.pop()
        if size < number and number % size == 0:
            yield TreeViolation(server.manifest, _explain(server, argument, size, number))


def _devices_on_one_host(server: VllmContainer) -> set[int]:
    chips = server.pod.chips
    rows = [row for row in slices_of(server.pod) if chips in (None, chips_per_host(row))]
    return {row.tensor_parallel if row.hosts == 1 else 0 for row in rows}


def _explain(server: VllmContainer, argument: Argument | None, size: int, number: int) -> Violation:
    idle = (
        f"{number - size} of the {number} devices of the topology {server.pod.topology} are paid "
        "for and do nothing"
    )
    if argument:
        return Violation(
            argument.path,
            f"{argument.name} is {size}: {idle}",
            f"set {argument.name} to {number}, or select a smaller topology",
        )
    return Violation(
        server.place,
        f"{PARALLEL[0]} is not given, and vLLM takes {size}: {idle}",
        f"add {PARALLEL[0]}={number}, or select a smaller topology",
        key=True,
    )


def _is_alone(server: VllmContainer) -> bool:
    """Whether this is all that uses the chips, and tensor parallelism all that splits."""
    if not server.is_complete or len(server.pod.requests) != 1:
        return False
    names = [item.name for item in server.arguments]
    if not _OTHER_PARALLELISM.isdisjoint(names) or sum(names.count(name) for name in PARALLEL) > 1:
        return False
    return not any(
        name.startswith(_OTHER_DEVICES) and name not in _WHOLE_SLICE
        for name in variables_of(server.container)
    )


RULE = TreeRule(
    "tensor-parallel-leaves-devices-idle",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("tensor-parallel-leaves-chips-idle",),
)
