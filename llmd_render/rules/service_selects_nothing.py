"""A Service selects Pods that the tree makes.

A Service whose selector matches no Pod has no endpoints, and whoever calls it is refused. Only a
namespace whose Pods the tree makes is looked at, with the labels that KServe gives its Pods; labels
that the cluster or a controller may add are taken to match.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)
Source: https://kubernetes.io/docs/concepts/services-networking/service/ (2026)

Passes:

    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: llm}
    spec: {selector: {app: model}, ports: [{port: 8000}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec: {containers: [{name: main, image: "registry.example/vllm:v1"}]}

Fails:

    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: llm}
    spec: {selector: {app: modell}, ports: [{port: 8000}]}
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
from llmd_render.lookup import text_at

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
    for service in objects(tree, "", "Service"):
        labels = mapping_at(service.data, *_PATH)
        if not labels or text_at(service.data, "spec", "type") == "ExternalName":
            continue
        namespace = namespace_of(service)
        selector = {"matchLabels": labels}
        violation = explain_no_match(selector, namespace, pods_of(namespace), _PATH)
        if violation:
            yield TreeViolation(service, violation)


RULE = TreeRule("service-selects-nothing", Severity.WARNING, _check, acknowledgeable=True)
