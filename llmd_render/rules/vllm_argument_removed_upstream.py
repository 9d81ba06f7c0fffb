"""No flag that a container passes is deprecated in its image and gone from newer ones.

vLLM exits at once when it meets a flag that its version no longer has, as it will on a newer image:
this one still takes the flag and calls it deprecated. Or nobody has read the package of the version
in the image, and the one read before it, or the one after it, has no such flag any more.

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
      imagePullSecrets: [{name: redhat-pull-secret}]
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
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
        for found in (*line.deprecated(), *line.likely_dropped()):
            yield TreeViolation(server.manifest, found)


RULE = TreeRule(
    "vllm-argument-removed-upstream",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-removed-upstream",),
)
