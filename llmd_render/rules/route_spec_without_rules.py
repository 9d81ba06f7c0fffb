"""A route that an LLMInferenceService describes has its rules written out.

The definition of LLMInferenceService has a default for spec.router.route.http.spec.rules: one rule
for / without backends. It is filled in as soon as there is a `spec`, even one with host names
alone, and replaces all rules of KServe's preset: every request is answered with an error.

Source: opendatahub-io/kserve@release-v0.15 config/crd/full/llmisvc (2026-03)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router:
        scheduler: {}
        route:
          http:
            spec:
              hostnames: [models.example.com]
              rules:
                - backendRefs:
                    - group: inference.networking.k8s.io
                      kind: InferencePool
                      name: qwen-inference-pool

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router:
        scheduler: {}
        route:
          http:
            spec:
              hostnames: [models.example.com]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gateways import HTTP_SPEC, lacks_rules, whole_objects
from .subjects.objects import KSERVE
from .subjects.whole_tree import is_patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if is_patched(tree):
        return
    for service in whole_objects(tree, KSERVE, "LLMInferenceService", "LLMInferenceServiceConfig"):
        if lacks_rules(service):
            violation = Violation(
                HTTP_SPEC,
                "the route has a spec without rules: the definition of LLMInferenceService then "
                "adds one for / without backends, and it replaces the rules of KServe's preset",
                "write the rules out, with matches and backendRefs",
                key=True,
            )
            yield TreeViolation(service, violation)


RULE = TreeRule("route-spec-without-rules", Severity.WARNING, _check, acknowledgeable=True)
