"""The attention heads of a model can be shared out over the devices that vLLM is told of.

Each device takes an equal number of the model's attention heads, and its key and value heads are
shared out or copied evenly. vLLM stops at start where the numbers do not work out.

Source: https://github.com/vllm-project/vllm (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          command: [vllm, serve, Qwen/Qwen2.5-7B-Instruct, --tensor-parallel-size=4]
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x4
      containers:
        - name: main
          command: [vllm, serve, Qwen/Qwen2.5-7B-Instruct, --tensor-parallel-size=8]
          resources: {limits: {google.com/tpu: 8}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.tree_memory import served_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for served in served_models(tree):
        from .subjects.facts import listed  # noqa: PLC0415 - only trees with TPUs need it

        model, argument = served.model, served.argument
        if argument is None or model.allows_tensor_parallel(served.size):
            continue
        if any(item.name == "--hf-overrides" for item in served.server.arguments):
            continue
        valid = [
            str(size)
            for size in model.tensor_parallel
            if not served.devices or served.devices % size == 0
        ]
        yield TreeViolation(
            served.server.manifest,
            Violation(
                argument.path,
                f"{model.id} has {model.attention_heads} attention heads and {model.kv_heads} "
                f"key-value heads, which cannot be split over {served.size} devices",
                f"set {argument.name} to {listed(valid)}",
            ),
        )


RULE = TreeRule(
    "vllm-splits-no-heads",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("tensor-parallel-splits-no-heads",),
)
