"""A service with a pipeline over several Pods brings the preset that KServe would take for it.

For `worker` with `parallelism.pipeline` KServe looks for a preset that it does not bring: no
release up to 0.20 has one. The service then reports that it failed to get the
LLMInferenceServiceConfig, and no Pod is made. Somebody may have put one of the name into the
cluster, so this is a warning.

Source: https://github.com/kserve/kserve/pull/5315 (2026-08-14)
Source: https://github.com/opendatahub-io/kserve release-v0.15, pkg/controller/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      parallelism: {data: 2, dataLocal: 1}
      worker: {containers: [{name: main}]}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      parallelism: {pipeline: 2}
      worker: {containers: [{name: main}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.objects import KSERVE, name_of, objects
from .subjects.whole_tree import is_patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

_WORKLOADS: tuple[DataPath, ...] = (("spec",), ("spec", "prefill"))


def _check(tree: Tree) -> Iterator[TreeViolation]:
    configs = objects(tree, KSERVE, "LLMInferenceServiceConfig")
    if is_patched(tree) or any("pipeline" in name_of(item) for item in configs):
        return
    for service in services(tree):
        for path in _WORKLOADS:
            worker = value_at(service.data, *path, "worker")
            stages = value_at(service.data, *path, "parallelism", "pipeline")
            if isinstance(worker, dict) and stages:
                yield TreeViolation(
                    service,
                    Violation(
                        (*path, "parallelism", "pipeline"),
                        f"parallelism.pipeline is {stages} beside a worker, for which KServe wants "
                        "an LLMInferenceServiceConfig that no release of it brings",
                        "use parallelism.tensor on one node, or apply a configuration of your own "
                        "by the name that the status of the service asks for",
                        key=True,
                    ),
                )


RULE = TreeRule("pipeline-preset-not-brought", Severity.WARNING, _check, acknowledgeable=True)
