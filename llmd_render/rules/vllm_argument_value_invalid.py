"""Every flag of a container has a value that the vLLM in its image can read.

vLLM exits at once when a value is missing, of the wrong kind or none of the choices, or when a
switch is given one. It is an error only where that is sure: every version that has the flag refuses
it, or this is an upstream image whose package was read.

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
          image: docker.io/vllm/vllm-tpu:v0.12.0
          command: [vllm, serve, some/model, --max-num-seqs=64]
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
          image: docker.io/vllm/vllm-tpu:v0.12.0
          command: [vllm, serve, some/model, --max-num-seqs=many]
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
        for item in line.invalid():
            if item.is_sure:
                yield TreeViolation(server.manifest, item.violation)


RULE = TreeRule(
    "vllm-argument-value-invalid",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-value-invalid",),
)
