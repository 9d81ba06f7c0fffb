"""Every flag in a container is one of vLLM, as far as the version in the image can be told.

vLLM exits at once when it meets a flag that it does not have. A vendor may have added one to the
vLLM in its image, and of other images nobody knows the version: hence no error.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      imagePullSecrets: [{name: redhat-pull-secret}]
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
          command: [vllm, serve, some/model, --swap-space=0]
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      imagePullSecrets: [{name: redhat-pull-secret}]
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
          command: [vllm, serve, some/model, --max-num-queued-reqs=8]
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
        for item in line.unknown():
            if not item.is_sure:
                yield TreeViolation(server.manifest, item.violation)


RULE = TreeRule(
    "vllm-argument-likely-unknown",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-likely-unknown",),
)
