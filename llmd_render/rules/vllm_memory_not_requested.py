"""vLLM asks for the memory of its host that it needs.

When memory on a node runs short, Kubernetes first evicts Pods that use more of it than they asked
for. One that asks for none is always among them, and it takes minutes until vLLM has loaded the
model again. A Pod with all chips of a TPU host shares it with small system Pods only, so it can ask
for most of the memory at no cost.

Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ (2026)
Source: https://github.com/apple/axlearn/pull/532 (2024-06-20)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          command: [vllm, serve, some/model]
          resources:
            requests: {memory: 80Gi}
            limits: {google.com/tpu: 1}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          command: [vllm, serve, some/model]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import objects
from .subjects.pod_resources import requests_of
from .subjects.tpu_pods import machines_of
from .subjects.vllm_command import vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if any(objects(tree, "", "LimitRange")):
        return  # it fills in what Pods leave out
    for server in vllm_containers(tree):
        if not is_complete(tree, server.manifest) or any(requests_of(server.pod.spec, "memory")):
            continue
        yield TreeViolation(
            server.manifest,
            Violation(
                (*server.path, "resources"),
                "vLLM asks for no memory, so its Pod is among the first that Kubernetes evicts "
                "when the node runs short of it",
                f"set resources.requests.memory{_example(server)}",
                key=True,
            ),
        )


def _example(server: VllmContainer) -> str:
    sizes = {(machine.name, machine.memory_gb) for machine in machines_of(server.pod)}
    if len(sizes) != 1:
        return ""
    ((name, size),) = sizes
    return f", such as {size // 2}Gi, half of what a {name} has" if size else ""


RULE = TreeRule("vllm-memory-not-requested", Severity.INFO, _check, acknowledgeable=True)
