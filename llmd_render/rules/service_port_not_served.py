"""A Service sends to a port on which the Pods that it selects answer.

By a number the Service reaches whatever listens there; where nothing does, every call is refused.
By a name it takes the container port of that name, and where no container has one the Service has
no endpoints. Of numbers this speaks only for Pods with one container and one port; of names not
beside kustomizations, where another one may add a container.

Source: https://kubernetes.io/docs/concepts/services-networking/service/ (2026)

Passes:

    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: llm}
    spec: {selector: {app: model}, ports: [{port: 80, targetPort: http}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec:
      containers:
        - name: main
          image: registry.example/vllm:v1
          ports: [{name: http, containerPort: 8000}]

Fails:

    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: llm}
    spec: {selector: {app: model}, ports: [{port: 80, targetPort: web}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: llm, labels: {app: model}}
    spec:
      containers:
        - name: main
          image: registry.example/vllm:v1
          ports: [{name: http, containerPort: 8000}]
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.known_pods import find_pods, selects
from .subjects.objects import (
    KSERVE,
    group_of,
    items_at,
    kustomizations,
    mapping_at,
    name_of,
    namespace_of,
    objects,
)
from .subjects.served_ports import find_served_ports
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

    from .subjects.served_ports import ServedPorts


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    pods_of = cache(partial(find_pods, tree))
    is_base = any(kustomizations(tree))
    for service in objects(tree, "", "Service"):
        selector = {"matchLabels": mapping_at(service.data, "spec", "selector")}
        if not selector["matchLabels"] or not namespace_of(service):
            continue
        pods = [
            item for item in pods_of(namespace_of(service)) if selects(selector, item, surely=True)
        ]
        served = [find_served_ports(tree, item) for item in pods]
        # Of several kinds of Pods, each may have ports of its own.
        if len(pods) == 1 and served[0] is not None:
            by_name = not is_base or group_of(pods[0].manifest) == KSERVE
            for violation in _judge(service, pods[0].owner, served[0], by_name=by_name):
                yield TreeViolation(service, violation)


def _judge(
    service: Manifest, owner: str, served: ServedPorts, *, by_name: bool
) -> Iterator[Violation]:
    for path, port in items_at(service.data, "spec", "ports"):
        target = port.get("targetPort", port.get("port"))
        place: DataPath = (*path, "targetPort" if "targetPort" in port else "port")
        begin = f"the Service {name_of(service)} sends to port {target} of its Pods"
        if isinstance(target, str) and not target.isdigit():
            if by_name and served.declared and target not in served.names:
                listed = " and ".join(served.declared)
                message = f"{begin}, and those of {owner} have no port of that name, only {listed}"
                yield Violation(place, message, f"write the name or number of a port: {listed}")
        elif type(target) is int and served.numbers and target not in served.numbers:
            there = min(served.numbers)
            message = f"{begin}, and those of {owner} answer on {there}"
            yield Violation(place, message, f"write targetPort: {there}")


RULE = TreeRule("service-port-not-served", Severity.WARNING, _check, acknowledgeable=True)
