"""A PodMonitoring selects Pods that the tree makes.

Google's collectors say nothing when a selector matches no Pod: there are simply no metrics. Pods of
KServe are easily missed, because `app.kubernetes.io/component` of a model server is
`llminferenceservice-workload`, and the label `workload` is that of `kserve.io/component`.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: monitoring.googleapis.com/v1
    kind: PodMonitoring
    metadata: {name: model, namespace: llm}
    spec:
      selector: {matchLabels: {app: model}}
      endpoints: [{port: 8000, interval: 30s}]
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec: {containers: [{name: main, image: "registry.example/vllm:v1"}]}

Fails:

    apiVersion: monitoring.googleapis.com/v1
    kind: PodMonitoring
    metadata: {name: model, namespace: llm}
    spec:
      selector: {matchLabels: {app: modell}}
      endpoints: [{port: 8000, interval: 30s}]
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec: {containers: [{name: main, image: "registry.example/vllm:v1"}]}
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.known_pods import explain_no_match, find_pods
from .subjects.objects import mapping_at, namespace_of, objects
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_PATH = ("spec", "selector")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    pods_of = cache(partial(find_pods, tree))
    for monitoring in objects(tree, "monitoring.googleapis.com", "PodMonitoring"):
        selector = mapping_at(monitoring.data, *_PATH)
        namespace = namespace_of(monitoring)
        violation = explain_no_match(selector, namespace, pods_of(namespace), _PATH)
        if violation:
            yield TreeViolation(monitoring, violation)


RULE = TreeRule("monitoring-selects-nothing", Severity.WARNING, _check, acknowledgeable=True)
