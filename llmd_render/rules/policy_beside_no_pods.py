"""A NetworkPolicy is in the namespace of the Pods that it is for.

A policy means Pods of its own namespace only. One in another namespace is no error anywhere: it has
no effect, and what it should cut off stays open. Pods may be made by others, so this speaks only
of a namespace of which the tree has nothing but policies, where their labels fit Pods of one other
namespace that has no policies.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec: {containers: [{name: main, image: "registry.example/vllm:v1"}]}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: model, namespace: llm}
    spec: {podSelector: {matchLabels: {app: model}}, policyTypes: [Ingress]}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec: {containers: [{name: main, image: "registry.example/vllm:v1"}]}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: model, namespace: llmd}
    spec: {podSelector: {matchLabels: {app: model}}, policyTypes: [Ingress]}
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.placeholders import has_placeholder

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import AT
from .subjects.known_pods import find_pods, selects
from .subjects.objects import mapping_at, name_of, namespace_of, objects
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    policies = list(objects(tree, "networking.k8s.io", "NetworkPolicy"))
    if not policies or not is_settled(tree):
        return
    covered = {namespace_of(item) for item in policies}
    ours = {namespace_of(item) for item in tree.manifests if item.kind != "NetworkPolicy"}
    ours |= {name_of(item) for item in objects(tree, "", "Namespace")}
    told: set[str] = set()
    pods_of = cache(partial(find_pods, tree))
    for policy in policies:
        own = namespace_of(policy)
        selector = mapping_at(policy.data, *AT)
        if not own or own in ours | told or has_placeholder(own) or not selector:
            continue
        found = [
            (there, pods.owner)
            for there in sorted(ours - covered - {""})
            for pods in pods_of(there)
            if selects(selector, pods, surely=True)
        ]
        if len({there for there, _ in found}) == 1:
            told.add(own)
            there, owner = found[0]
            message = (
                f"the NetworkPolicy {name_of(policy)} is in the namespace {own}, of which nothing "
                f"else is here, and the Pods of {owner} with its labels are in {there}"
            )
            violation = Violation(("metadata", "namespace"), message, f"write {there}")
            yield TreeViolation(policy, violation)


RULE = TreeRule("policy-beside-no-pods", Severity.WARNING, _check, acknowledgeable=True)
