"""A NetworkPolicy selects Pods by labels as they are.

A policy that selects nothing is no error anywhere: it simply has no effect, and what it should
admit stays cut off. Policies may be meant for Pods that others make, so this speaks only of labels
of which all but one fit Pods in the tree, and the other is nearly theirs: KServe's Endpoint Picker
is `llminferenceservice-router-scheduler`, not `router-scheduler`.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}, router: {scheduler: {}}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: picker, namespace: llm}
    spec:
      podSelector:
        matchLabels: {app.kubernetes.io/component: llminferenceservice-router-scheduler}
      policyTypes: [Egress]
      egress: [{}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}, router: {scheduler: {}}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: picker, namespace: llm}
    spec:
      podSelector: {matchLabels: {app.kubernetes.io/component: router-scheduler}}
      policyTypes: [Egress]
      egress: [{}]
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import AT
from .subjects.known_pods import find_near_labels, find_pods, selects
from .subjects.objects import mapping_at, namespace_of, objects
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    pods_of = cache(partial(find_pods, tree))
    for policy in objects(tree, "networking.k8s.io", "NetworkPolicy"):
        selector = mapping_at(policy.data, *AT)
        pods = pods_of(namespace_of(policy))
        if not pods or any(selects(selector, item) for item in pods):
            continue
        for key, value, meant, owner in find_near_labels(mapping_at(selector, "matchLabels"), pods):
            yield TreeViolation(
                policy,
                Violation(
                    (*AT, "matchLabels", key),
                    f"no Pod that is made here has {key}={value}; Pods of {owner} have "
                    f"{key}={meant}",
                    f"write {key}: {meant}",
                ),
            )
            break


RULE = TreeRule("policy-selects-nothing", Severity.WARNING, _check, acknowledgeable=True)
