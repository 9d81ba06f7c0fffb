"""The ports that a container declares include the one on which its vLLM serves.

A list of ports that leaves it out is nearly always a slip in one of the two. Whatever goes by the
declared ports, such as a Service with a named port, then finds nobody.

Source: https://www.mintlify.com/vllm-project/vllm/configuration/serve-args (2026)

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
          command: [vllm, serve, some/model, --port=8001]
          ports: [{containerPort: 8001}]
          resources: {limits: {google.com/tpu: 1}}

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
          command: [vllm, serve, some/model, --port=8001]
          ports: [{containerPort: 8000}]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at
from .subjects.vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        declared = [item.get("containerPort") for _, item in items_at(server.container, "ports")]
        numbers = [port for port in declared if isinstance(port, int)]
        if not server.is_complete or server.port is None or not numbers:
            continue
        if server.port in numbers:
            continue
        listed = " and ".join(map(str, numbers))
        origin = "as --port says" if server.last("--port") else "its default"
        yield TreeViolation(
            server.manifest,
            Violation(
                (*server.path, "ports"),
                f"the container declares {listed}, and vLLM serves on {server.port}, {origin}",
                f"declare {server.port} as a containerPort, or set --port to {numbers[0]}",
                key=True,
            ),
        )


RULE = TreeRule(
    "vllm-port-not-declared",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-set-twice",),
)
