"""The vLLM inside a container's image still has every flag that the container passes.

vLLM exits at once when it meets a flag that its version no longer has. This is a warning and no
error, because the vLLM inside a vendor's image may keep a flag that upstream dropped.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

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
          image: docker.io/vllm/vllm-tpu:v0.18.0
          command: [vllm, serve, some/model, --no-enable-log-requests]
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
          image: docker.io/vllm/vllm-tpu:v0.18.0
          command: [vllm, serve, some/model, --disable-log-requests]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.vllm_flags import tree_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server, line in tree_lines(tree):
        for found in line.removed():
            yield TreeViolation(server.manifest, found)


RULE = TreeRule(
    "vllm-argument-removed-from-image",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-removed-from-image",),
)
