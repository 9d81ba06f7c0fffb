"""A Pod reads only keys that the ConfigMap or Secret has.

A container whose variable or file comes from a key that is not there never starts:
CreateContainerConfigError, or a volume that cannot be mounted. Only what the tree holds is compared
with: an object that the cluster fills in, such as the token of a ServiceAccount, is passed over.

Source: https://kubernetes.io/docs/concepts/configuration/configmap/ (2026)

Passes:

    apiVersion: v1
    kind: ConfigMap
    metadata: {name: limits, namespace: llm}
    data: {length: "2048"}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm}
    spec:
      containers:
        - name: main
          image: registry.example/vllm:v1
          env: [{name: LENGTH, valueFrom: {configMapKeyRef: {name: limits, key: length}}}]

Fails:

    apiVersion: v1
    kind: ConfigMap
    metadata: {name: limits, namespace: llm}
    data: {length: "2048"}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm}
    spec:
      containers:
        - name: main
          image: registry.example/vllm:v1
          env: [{name: LENGTH, valueFrom: {configMapKeyRef: {name: limits, key: lenght}}}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import mapping_at, namespace_of
from .subjects.pod_references import pod_references
from .subjects.whole_tree import Register, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_FIELDS = ("binaryData", "data", "stringData")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    registers = {kind: Register(tree, "", kind) for kind in ("ConfigMap", "Secret")}
    for item in pod_references(tree):
        if not item.key:
            continue
        sources = registers[item.kind].at(namespace_of(item.manifest)).get(item.name, [])
        if not sources or any(map(_is_filled_elsewhere, sources)):
            continue
        keys = {key for source in sources for key in _keys(source)}
        if item.key not in keys:
            listed = ", ".join(sorted(keys))
            yield TreeViolation(
                item.manifest,
                Violation(
                    item.key_path,
                    f"the {item.kind} {item.name} has no key {item.key}; it has {listed}",
                    did_you_mean(item.key, keys, f"add the key to the {item.kind}"),
                ),
            )


def _keys(source: Manifest) -> list[str]:
    return [str(key) for field in _FIELDS for key in mapping_at(source.data, field)]


def _is_filled_elsewhere(source: Manifest) -> bool:
    marks = (*mapping_at(source.data, "metadata", "annotations"),)
    marks += (*mapping_at(source.data, "metadata", "labels"),)
    return (
        not _keys(source)
        or text_at(source.data, "type") == "kubernetes.io/service-account-token"
        or any("inject" in str(mark) for mark in marks)
    )


RULE = TreeRule("config-key-missing", Severity.WARNING, _check, acknowledgeable=True)
