"""The vLLM inside a container's image has every flag that the container passes.

vLLM exits at once when it meets a flag that it does not have, and the Pod restarts for ever. It is
an error only where that is sure: no version has the flag, or this is an upstream image whose
package was read. On GPUs only `--prefix-cache-block-size` is judged, which no vLLM has.

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
          command: [vllm, serve, some/model, --max-num-sequences=64]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.vllm_flags import other_lines, tree_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server, line in tree_lines(tree):
        for item in line.unknown():
            if item.is_sure:
                yield TreeViolation(server.manifest, item.violation)
    # What no vLLM has stops it on GPUs, too.
    for server, line in (*tree_lines(tree), *other_lines(tree)):
        for violation in line.nowhere():
            yield TreeViolation(server.manifest, violation)


RULE = TreeRule(
    "vllm-argument-unknown-to-image",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-unknown-to-image",),
)
