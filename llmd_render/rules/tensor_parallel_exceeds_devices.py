"""Tensor parallelism uses as many devices as the selected slice has, or a whole fraction of them.

vLLM stops at start when it finds fewer devices than it was told, and parts of unequal number leave
some without work. Each chip is one device, but on TPU7x it is two. Every stage of a pipeline takes
as many devices as tensor parallelism does. From 0.17 on KServe's preset passes `parallelism.tensor`
on.

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
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import main_container, meets_later_kserve, starts_itself
from .subjects.lone_servers import may_know_others
from .subjects.objects import KSERVE, group_of
from .subjects.tpu_pods import chips_per_host, read_count, slices_of, tpu_pods
from .subjects.tree_memory import PARALLEL
from .subjects.vllm_command import vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

    from .subjects.tpu_pods import TpuPod
    from .subjects.vllm_command import VllmContainer

_PIPELINE = ("--pipeline-parallel-size", "-pp")
_TENSOR: DataPath = ("spec", "parallelism", "tensor")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        argument = server.last(*PARALLEL)
        size = read_count(argument.value) if argument else None
        found = _compare(server.pod, argument.name, size, argument.path) if argument else None
        found = found or _add_stages(server, size if argument else 1)
        if found:
            yield TreeViolation(server.manifest, found)
    for pod in tpu_pods(tree):
        if _passes_on(tree, pod):
            size = read_count(value_at(pod.manifest.data, *_TENSOR))
            found = _compare(pod, "parallelism.tensor", size, _TENSOR)
            if found:
                yield TreeViolation(pod.manifest, found)


def _compare(pod: TpuPod, name: str, size: int | None, path: DataPath) -> Violation | None:
    sizes = {row.tensor_parallel for row in slices_of(pod)}
    if not size or len(sizes) != 1:
        return None
    devices = sizes.pop()
    if devices % size == 0:
        return None
    from .subjects.facts import listed  # noqa: PLC0415 - it loads the catalog

    splits = listed(str(item) for item in range(1, devices + 1) if devices % item == 0)
    return Violation(
        path,
        f"{name} is {size}, and the topology {pod.topology} of {pod.accelerator} has {devices} "
        f"device{'s' if devices > 1 else ''}; it must be {splits}",
        f"set {name} to {devices}",
    )


def _add_stages(server: VllmContainer, size: int | None) -> Violation | None:
    """Compare what all stages of a pipeline take with what one host has."""
    pipeline = server.last(*_PIPELINE)
    stages = read_count(pipeline.value) if pipeline else None
    pod = server.pod
    rows = [row for row in slices_of(pod) if pod.chips == chips_per_host(row)]
    if pipeline is None or not stages or not size or len(rows) != 1 or rows[0].hosts > 1:
        return None
    devices = rows[0].tensor_parallel
    if size * stages <= devices or may_know_others(server) or _has_workers(server.manifest):
        return None
    return Violation(
        pipeline.path,
        f"{pipeline.name} is {stages} and {PARALLEL[0]} {size}, which takes {size * stages} "
        f"devices together, and the topology {pod.topology} of {pod.accelerator} has {devices}",
        f"remove {pipeline.name}",
    )


def _has_workers(manifest: Manifest) -> bool:
    return bool(value_at(manifest.data, "spec", "worker"))


def _passes_on(tree: Tree, pod: TpuPod) -> bool:
    """Whether a preset of KServe starts the server, and passes tensor parallelism on to it."""
    service = pod.manifest
    if group_of(service) != KSERVE or pod.path != ("spec", "template"):
        return False
    if not meets_later_kserve(tree, service) or not is_complete(tree, service):
        return False
    _, main = main_container(pod.spec)
    parallelism = value_at(service.data, "spec", "parallelism")
    others = isinstance(parallelism, dict) and parallelism.keys() != {"tensor"}
    return bool(main) and not starts_itself(main) and not others and not _has_workers(service)


RULE = TreeRule(
    "tensor-parallel-exceeds-devices",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("tensor-parallel-exceeds-slice",),
)
