"""A startupProbe of vLLM on TPU chips leaves five minutes or more.

vLLM loads the weights and compiles for the TPU before it answers. Four minutes were measured for a
small model, and first compilations of 20 to 30 minutes are documented. A probe that gives up before
restarts the container, which begins anew.

Source: https://kubernetes.io/docs/concepts/workloads/pods/probes/ (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: qwen}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.11.1
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          startupProbe:
            httpGet: {path: /health, port: 8000}
            failureThreshold: 120
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: qwen}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.11.1
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          startupProbe:
            httpGet: {path: /health, port: 8000}
            failureThreshold: 6
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, group_of, mapping_at
from .subjects.vllm_command import seconds_to_failure, vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer

_ENOUGH = 300
_PROBE = "startupProbe"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        budget = _budget(server)
        if budget is None or budget >= _ENOUGH or not is_complete(tree, server.manifest):
            continue
        yield TreeViolation(
            server.manifest,
            Violation(
                (*server.path, _PROBE),
                f"the {_PROBE} restarts vLLM when it has not started after {budget} seconds; "
                "loading a small model and compiling it for a TPU takes four minutes",
                "allow 10 minutes or more, as in periodSeconds: 10 with failureThreshold: 120",
                key=True,
            ),
        )


def _budget(server: VllmContainer) -> int | None:
    """Count the seconds until the probe has failed too often; None where that cannot be read."""
    probe = mapping_at(server.container, _PROBE)
    fields = ("periodSeconds", "failureThreshold")
    # From a preset of KServe may come what is not written here.
    partial = any(value_at(probe, field) is None for field in fields)
    if not probe or (partial and group_of(server.manifest) == KSERVE):
        return None
    return seconds_to_failure(probe)


RULE = TreeRule(
    "tpu-startup-probe-too-short",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("startup-budget-too-short",),
)
