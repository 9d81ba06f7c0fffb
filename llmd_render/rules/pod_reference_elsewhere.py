"""A Secret, ConfigMap, ServiceAccount or claim is in the namespace of the Pod that names it.

A Pod sees those of its own namespace only: it never starts, or is never made, while the object is
in another. One of the same name may well be on the cluster, so this speaks only where the tree has
it in one other namespace, nothing there uses it, and no script speaks of it.

Source: https://kubernetes.io/docs/concepts/configuration/secret/ (2026)

Passes:

    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: model-reader, namespace: llm}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm}
    spec:
      serviceAccountName: model-reader
      containers: [{name: main, image: "registry.example/vllm:v1"}]

Fails:

    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: model-reader, namespace: default}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm}
    spec:
      serviceAccountName: model-reader
      containers: [{name: main, image: "registry.example/vllm:v1"}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import name_of, namespace_of, objects
from .subjects.pod_references import GENERATORS, KINDS, pod_references
from .subjects.whole_tree import Register, generated_names, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

# What copies objects to other namespaces is told so by their annotations.
_COPIERS = ("reflector", "replicat", "kubed", "sync", "clone")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    references = pod_references(tree)
    used = {(item.kind, namespace_of(item.manifest), item.name) for item in references}
    registers = {kind: Register(tree, "", kind) for kind in KINDS}
    generated = {kind: generated_names(tree, field) for kind, field in GENERATORS.items()}
    told: set[tuple[str, str, str]] = set()
    for item in references:
        namespace = namespace_of(item.manifest)
        told_as = (item.kind, namespace, item.name)
        if not namespace or told_as in told or item.name in generated.get(item.kind, ()):
            continue
        register = registers[item.kind]
        if item.name in register.at(namespace) or not register.is_readable(namespace):
            continue
        there = _find_place(tree, item.kind, item.name)
        if not there or (item.kind, there, item.name) in used or _is_in_script(tree, item.name):
            continue
        told.add(told_as)
        message = (
            f"the {item.kind} {item.name} is in the namespace {there}, and the Pod looks for it in "
            f"its own, {namespace}"
        )
        hint = f"put the {item.kind} into the namespace {namespace}"
        yield TreeViolation(item.manifest, Violation(item.path, message, hint))


def _find_place(tree: Tree, kind: str, name: str) -> str:
    """Name the one namespace that has an object, if nothing copies it to others."""
    found = [item for item in objects(tree, "", kind) if name_of(item) == name]
    places = {namespace_of(item) for item in found}
    return places.pop() if len(places) == 1 and not any(map(_is_copied, found)) else ""


def _is_copied(manifest: Manifest) -> bool:
    marks = [value_at(manifest.data, "metadata", field) for field in ("annotations", "labels")]
    keys = " ".join(str(key) for mark in marks if isinstance(mark, dict) for key in mark)
    return any(word in keys for word in _COPIERS)


def _is_in_script(tree: Tree, name: str) -> bool:
    return any(name in text for path, text in tree.files.items() if path.endswith(".sh"))


RULE = TreeRule("pod-reference-elsewhere", Severity.WARNING, _check, acknowledgeable=True)
