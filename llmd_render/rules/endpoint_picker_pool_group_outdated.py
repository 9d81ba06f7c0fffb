"""The endpoint picker watches the pool that its KServe keeps.

KServe 0.15 tells its picker to watch the InferencePool of `inference.networking.x-k8s.io`. For 0.17
that of `inference.networking.k8s.io` is the main one, its preset names no group, and the old one is
made only where its definition is installed. Arguments copied from 0.15 are added to those of 0.17,
and lead the picker to the old pool. That follows from the code and was not seen on a cluster.

Source: https://github.com/opendatahub-io/kserve tag odh-v3.5, config/llmisvcconfig (2026-08-14)

Passes:

    # llmd-render lint --target kserve=0.17
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {scheduler: {template: {containers: [{name: main, args: [--v, "4"]}]}}}

Fails:

    # llmd-render lint --target kserve=0.17
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router:
        scheduler:
          template:
            containers:
              - name: main
                args: [--pool-name, qwen-inference-pool, --pool-namespace, example,
                       --pool-group, inference.networking.x-k8s.io]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import (
    SCHEDULER,
    flags_of_picker,
    main_container,
    meets_later_kserve,
    own_scheduler,
    place_in_picker,
    services,
)
from .subjects.objects import INFERENCE, OLD_INFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


_FLAG = "pool-group"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        if own_scheduler(service) is None or not meets_later_kserve(tree, service):
            continue
        place, picker = main_container(service.data, *SCHEDULER, "template")
        if (flags_of_picker(picker) or {}).get(_FLAG) == OLD_INFERENCE:
            violation = Violation(
                (*place, *place_in_picker(picker, _FLAG)),
                f"--pool-group is {OLD_INFERENCE}, and from KServe 0.17 on the pool of {INFERENCE} "
                "is the one that counts",
                "remove --pool-group: without it the picker finds the pool that KServe makes",
            )
            yield TreeViolation(service, violation)


RULE = TreeRule(
    "endpoint-picker-pool-group-outdated", Severity.WARNING, _check, acknowledgeable=True
)
