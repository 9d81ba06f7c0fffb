"""Tensor parallelism uses as many devices as the selected slice has, or a whole fraction of them.

vLLM stops at start when it finds fewer devices than it was told, and parts of unequal number leave
some without work. Each chip is one device, but on TPU7x it is two.

Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu7x
        cloud.google.com/gke-tpu-topology: 2x2x1
      containers:
        - name: main
          command: [vllm, serve, some/model, --tensor-parallel-size=8]
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
          command: [vllm, serve, some/model, --tensor-parallel-size=8]
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.tpu_pods import read_count, slices_of
from .subjects.vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        argument = server.last("--tensor-parallel-size", "-tp")
        size = read_count(argument.value) if argument else None
        sizes = {row.tensor_parallel for row in slices_of(server.pod)}
        if argument is None or not size or len(sizes) != 1:
            continue
        devices = sizes.pop()
        if devices % size == 0:
            continue
        from .subjects.facts import listed  # noqa: PLC0415 - it loads the catalog

        splits = listed(str(item) for item in range(1, devices + 1) if devices % item == 0)
        yield TreeViolation(
            server.manifest,
            Violation(
                argument.path,
                f"{argument.name} is {size}, and the topology {server.pod.topology} of "
                f"{server.pod.accelerator} has {devices} device{'s' if devices > 1 else ''}; "
                f"it must be {splits}",
                f"set {argument.name} to {devices}",
            ),
        )


RULE = TreeRule(
    "tensor-parallel-exceeds-devices",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("tensor-parallel-exceeds-slice",),
)
