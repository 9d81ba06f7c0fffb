"""A service names presets that are there.

KServe looks for an LLMInferenceServiceConfig in the namespace of the service and then in its own,
and stops where it finds none. A preset may be on the cluster already, so this is a warning, and
only where the tree holds presets of its own. What begins with `kserve-config-llm-` comes with
KServe.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc/config_merge.go (2026-03)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceServiceConfig
    metadata: {name: long-context, namespace: llm}
    spec: {replicas: 2}
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      baseRefs: [{name: long-context}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceServiceConfig
    metadata: {name: long-context, namespace: llm}
    spec: {replicas: 2}
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      baseRefs: [{name: long-contexts}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, items_at, namespace_of, objects
from .subjects.whole_tree import Register, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_SHIPPED = "kserve-config-llm-"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    presets = Register(tree, KSERVE, "LLMInferenceServiceConfig")
    everywhere = presets.at("")
    for service in objects(tree, KSERVE, "LLMInferenceService"):
        beside = presets.at(namespace_of(service))
        known = {name for name in beside if not name.startswith(_SHIPPED)}
        for path, reference in items_at(service.data, "spec", "baseRefs"):
            name = text_at(reference, "name")
            if not everywhere or not known or name in {"", *everywhere}:
                continue
            if name.startswith(_SHIPPED):
                continue
            listed = ", ".join(sorted(known))
            yield TreeViolation(
                service,
                Violation(
                    (*path, "name"),
                    f"there is no LLMInferenceServiceConfig {name} here, only {listed}",
                    did_you_mean(name, known, "add the preset, or remove the reference"),
                ),
            )


RULE = TreeRule("base-reference-missing", Severity.WARNING, _check, acknowledgeable=True)
