"""A container that runs vLLM on TPU chips passes only flags and values that vLLM takes there.

vLLM exits at once when it meets a flag or a value that it does not support on TPUs. The Pod then
restarts for ever.

Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

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
          command: [vllm, serve, some/model, --quantization=fp8]
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
          command: [vllm, serve, some/model, --quantization=gptq]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.vllm_command import vllm_containers
from .subjects.vllm_flags import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import VllmFlag
    from llmd_render.manifest import Tree

    from .subjects.vllm_command import Argument


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with vLLM need it

        catalog = load_catalog()
        for argument in server.arguments:
            known = catalog.vllm_flags.get(argument.name)
            message = explain_refusal(known, server.image, catalog)
            violation = _judge(argument, known, message) if known else None
            if violation:
                yield TreeViolation(server.manifest, violation)


def _judge(argument: Argument, known: VllmFlag, message: str) -> Violation | None:
    if message:
        return Violation(argument.path, message, f"use {known.use}" if known.use else "remove it")
    value = argument.value.lower()
    if known.verdict != "restricted" or not known.values or not value or "$" in value:
        return None
    # Flags that take JSON name the value somewhere inside it.
    if any(item.lower() in value for item in known.values):
        return None
    return Violation(
        argument.path,
        f"the value {argument.value} of {argument.name} is none that vLLM supports on TPUs",
        f"use one of {', '.join(known.values)}",
    )


RULE = TreeRule(
    "vllm-argument-refused-on-tpu",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-refused-on-tpu", "vllm-flag-value-unsupported-on-tpu"),
)
