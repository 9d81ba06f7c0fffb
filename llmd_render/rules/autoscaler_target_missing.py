"""A HorizontalPodAutoscaler scales a workload that is there.

One whose target does not exist scales nothing, and only its own status says so. The target may be
on the cluster already, so this is a warning, and only where the tree holds other workloads of that
kind in the namespace.

Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ (2026)

Passes:

    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: proxy, namespace: llm}
    spec:
      selector: {matchLabels: {app: proxy}}
      template:
        metadata: {labels: {app: proxy}}
        spec: {containers: [{name: main, image: "registry.example/proxy:v1"}]}
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: proxy, namespace: llm}
    spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: proxy}}

Fails:

    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: proxy, namespace: llm}
    spec:
      selector: {matchLabels: {app: proxy}}
      template:
        metadata: {labels: {app: proxy}}
        spec: {containers: [{name: main, image: "registry.example/proxy:v1"}]}
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: proxy, namespace: llm}
    spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: prox}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, mapping_at, namespace_of, objects
from .subjects.whole_tree import Register, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_KINDS = ("Deployment", "ReplicaSet", "StatefulSet")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    registers = {kind: Register(tree, "apps", kind) for kind in _KINDS}
    services = Register(tree, KSERVE, "LLMInferenceService")
    for scaler in objects(tree, "autoscaling", "HorizontalPodAutoscaler"):
        target = mapping_at(scaler.data, "spec", "scaleTargetRef")
        kind, name = text_at(target, "kind"), text_at(target, "name")
        if kind not in registers:
            continue
        namespace = namespace_of(scaler)
        known = registers[kind].instead_of(name, namespace)
        made = any(name.startswith(f"{item}-") for item in services.at(namespace))
        if not known or made:
            continue
        # Objects that do not say where they are may be meant for different places.
        if not namespace and not find_misspelt(name, known):
            continue
        listed = ", ".join(known)
        yield TreeViolation(
            scaler,
            Violation(
                ("spec", "scaleTargetRef", "name"),
                f"there is no {kind} {name} here, only {listed}",
                did_you_mean(name, known, f"write the name of a {kind} that exists"),
            ),
        )


RULE = TreeRule("autoscaler-target-missing", Severity.WARNING, _check, acknowledgeable=True)
