"""A preset that is asked for tensor parallelism passes it on.

In KServe 0.15 the presets without data parallelism ignore `parallelism.tensor`: vLLM uses one
device, and the other chips are paid for and idle. From 0.17 on they pass it on. 0.15 is meant where
neither `--target`, a profile nor an object in v1alpha2 says what runs.

Source: https://github.com/opendatahub-io/kserve release-v0.15, config/llmisvc (2026-03-20)

Passes:

    # llmd-render lint --target kserve=0.17
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      parallelism: {tensor: 4}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      parallelism: {tensor: 4}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at
from llmd_render.versions import ASSUMED

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import main_container, meets_later_kserve, services, starts_itself
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        if meets_later_kserve(tree, service) or not _is_left_to_preset(service):
            continue
        tensor = value_at(service.data, "spec", "parallelism", "tensor")
        if type(tensor) is int and tensor > 1 and is_complete(tree, service):
            version = tree.target.kserve or ASSUMED.kserve
            violation = Violation(
                ("spec", "parallelism", "tensor"),
                f"the preset of KServe {version} ignores parallelism.tensor, so vLLM uses one "
                f"device and not {tensor}",
                f"set VLLM_ADDITIONAL_ARGS to --tensor-parallel-size={tensor} in the container "
                "main, or give it a command and args of its own",
            )
            yield TreeViolation(service, violation)


def _is_left_to_preset(service: Manifest) -> bool:
    """Whether nothing of the service itself starts the server, on a single node."""
    _, main = main_container(service.data, "spec", "template")
    return not starts_itself(main) and not value_at(service.data, "spec", "worker")


RULE = TreeRule("parallelism-ignored-by-preset", Severity.WARNING, _check, acknowledgeable=True)
