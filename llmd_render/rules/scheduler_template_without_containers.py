"""A template of the scheduler lists the container that it changes.

KServe 0.15 merges a template without containers as one that has none: the endpoint picker's own
container is gone, and no Deployment can be made. Later releases keep it.

Source: https://github.com/opendatahub-io/kserve release-v0.15, pkg/controller/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {scheduler: {template: {priorityClassName: high, containers: [{name: main}]}}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {scheduler: {template: {priorityClassName: high}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import SCHEDULER, meets_later_kserve, own_scheduler, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        if meets_later_kserve(tree, service):
            continue
        template = (own_scheduler(service) or {}).get("template")
        if isinstance(template, dict) and not template.get("containers"):
            yield TreeViolation(
                service,
                Violation(
                    (*SCHEDULER, "template"),
                    "the scheduler's template has no containers, and KServe 0.15 then drops the "
                    "endpoint picker's own",
                    "add `containers: [{name: main}]` to the template",
                    key=True,
                ),
            )


# Only 0.15 does this, and mostly nobody says which release a tree meets.
RULE = TreeRule(
    "scheduler-template-without-containers", Severity.WARNING, _check, acknowledgeable=True
)
