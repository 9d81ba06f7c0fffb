"""A container gives no flag of vLLM two different values.

Of two values vLLM takes the last and says nothing, and whoever reads the manifest may go by the
first.

Source: https://docs.python.org/3/library/argparse.html (2026)

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
          command: [vllm, serve, some/model, --max-model-len=2048]
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
          command: [vllm, serve, some/model, --max-model-len=2048, --max-model-len=4096]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import Argument

# Flags that take one value; others may be meant to come more than once.
_SINGLE = {
    "--data-parallel-size",
    "--dtype",
    "--gpu-memory-utilization",
    "--host",
    "--max-model-len",
    "--max-num-batched-tokens",
    "--max-num-seqs",
    "--model",
    "--pipeline-parallel-size",
    "--port",
    "--quantization",
    "--tensor-parallel-size",
    "--tokenizer",
}
_SHORT = {"-tp": "--tensor-parallel-size", "-pp": "--pipeline-parallel-size"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        earlier: dict[str, Argument] = {}
        for argument in server.arguments:
            name = _SHORT.get(argument.name, argument.name)
            before = earlier.get(name)
            if name in _SINGLE and before and before.value != argument.value:
                yield TreeViolation(
                    server.manifest,
                    Violation(
                        argument.path,
                        f"{name} is {before.value} first and {argument.value} here, and vLLM takes "
                        "the last",
                        f"remove one of the two; keep {name}={argument.value} to change nothing",
                    ),
                )
            earlier[name] = argument


RULE = TreeRule(
    "vllm-argument-given-twice",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-set-twice",),
)
