"""The probes of a container that runs vLLM ask on the port on which vLLM serves.

vLLM serves on the port that `--port` names, else on 8000, and nowhere else. A probe of another port
always fails where no other container of the Pod may answer it: the Pod never becomes ready, or is
restarted for ever.

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
          ports: [{name: http, containerPort: 8001}]
          readinessProbe: {httpGet: {path: /health, port: http}}
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
          readinessProbe: {httpGet: {path: /health, port: 8000}}
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at
from .subjects.vllm_command import PROBES, probe_port, vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        if not server.is_complete or server.port is None or _has_neighbours(server):
            continue
        for probe in PROBES:
            found = probe_port(server.container, probe)
            if found is None or found == server.port:
                continue
            origin = "as --port says" if server.last("--port") else "its default"
            yield TreeViolation(
                server.manifest,
                Violation(
                    (*server.path, probe, "httpGet", "port"),
                    f"the {probe} asks on port {found}, and vLLM serves on {server.port}, {origin}",
                    f"set the port of the probe to {server.port}, or --port to {found}",
                ),
            )


def _has_neighbours(server: VllmContainer) -> bool:
    """Whether another container of the Pod may answer; KServe adds one beside a prefill."""
    beside = len(list(items_at(server.pod.spec, "containers"))) > 1
    sidecars = any(items_at(server.pod.spec, "initContainers"))
    return beside or sidecars or bool(value_at(server.manifest.data, "spec", "prefill"))


RULE = TreeRule(
    "vllm-port-not-probed",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-set-twice",),
)
