"""A Pod names a Secret, ConfigMap, ServiceAccount or claim as the object beside it is spelt.

A Pod that names a Secret, a ConfigMap or a claim that does not exist never starts, and one with an
unknown ServiceAccount is never made. An object may well be on the cluster and not in the tree; but
where the tree holds one whose name differs by one letter, that one is most likely meant.

Source: https://kubernetes.io/docs/concepts/configuration/secret/ (2026)

Passes:

    apiVersion: v1
    kind: ConfigMap
    metadata: {name: chat-template, namespace: llm}
    data: {chat.jinja: hello}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm}
    spec:
      containers:
        - name: main
          image: registry.example/vllm:v1
          envFrom: [{configMapRef: {name: chat-template}}]

Fails:

    apiVersion: v1
    kind: ConfigMap
    metadata: {name: chat-template, namespace: llm}
    data: {chat.jinja: hello}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm}
    spec:
      containers:
        - name: main
          image: registry.example/vllm:v1
          envFrom: [{configMapRef: {name: chat-templates}}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import namespace_of
from .subjects.pod_references import GENERATORS, KINDS, pod_references
from .subjects.whole_tree import Register, find_misspelt, generated_names, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    registers = {kind: Register(tree, "", kind) for kind in KINDS}
    generated = {kind: generated_names(tree, field) for kind, field in GENERATORS.items()}
    told: set[object] = set()
    for item in pod_references(tree):
        place = (item.manifest.file, item.manifest.index, item.manifest.within, item.path)
        if place in told:
            continue
        told.add(place)
        others = registers[item.kind].instead_of(item.name, namespace_of(item.manifest))
        near = find_misspelt(item.name, others)
        if near and item.name not in generated.get(item.kind, ()):
            yield TreeViolation(
                item.manifest,
                Violation(
                    item.path,
                    f"there is no {item.kind} {item.name} here, but there is a {item.kind} {near}",
                    f"write {near}, or add the {item.kind} {item.name}",
                ),
            )


RULE = TreeRule("pod-reference-misspelt", Severity.WARNING, _check, acknowledgeable=True)
