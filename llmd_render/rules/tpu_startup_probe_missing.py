"""vLLM on TPU chips has a startupProbe, or a livenessProbe that leaves ten minutes to start.

vLLM loads the weights and compiles for the TPU before it answers: four minutes were measured for a
small model, and first compilations of 20 to 30 minutes are documented. Without a startupProbe the
livenessProbe counts from the start, and a Pod that it restarts begins anew. The presets of KServe
have a startupProbe from 0.17 on.

Source: https://kubernetes.io/docs/concepts/workloads/pods/probes/ (2026)

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
          startupProbe: {httpGet: {path: /health, port: 8000}, failureThreshold: 120}
          livenessProbe: {httpGet: {path: /health, port: 8000}}
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
          command: [vllm, serve, some/model]
          livenessProbe:
            httpGet: {path: /health, port: 8000}
            initialDelaySeconds: 120
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import meets_later_kserve
from .subjects.objects import KSERVE, group_of, mapping_at
from .subjects.vllm_command import seconds_to_failure, vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer

_ENOUGH = 600
# KServe's preset waits longer at first than a probe that says nothing.
_PRESET_DELAY = 120


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        probe = mapping_at(server.container, "livenessProbe")
        if not probe or "startupProbe" in server.container or _has_preset_probe(tree, server):
            continue
        delay = _PRESET_DELAY if group_of(server.manifest) == KSERVE else 0
        budget = seconds_to_failure(probe, delay)
        if budget is None or budget >= _ENOUGH or not is_complete(tree, server.manifest):
            continue
        yield TreeViolation(
            server.manifest,
            Violation(
                (*server.path, "livenessProbe"),
                f"without a startupProbe, the livenessProbe restarts vLLM when it has not started "
                f"after {budget} seconds; compiling for a TPU can take longer",
                "add a startupProbe that allows 10 minutes or more, as in periodSeconds: 10 with "
                "failureThreshold: 120",
                key=True,
            ),
        )


def _has_preset_probe(tree: Tree, server: VllmContainer) -> bool:
    """Whether the preset of the KServe that runs has a startupProbe of its own."""
    service = server.manifest
    return group_of(service) == KSERVE and meets_later_kserve(tree, service)


RULE = TreeRule("tpu-startup-probe-missing", Severity.WARNING, _check, acknowledgeable=True)
