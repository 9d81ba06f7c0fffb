"""A route sends to an InferencePool that the tree, or KServe out of the tree, makes.

KServe names the pool of a service `<name>-inference-pool`, and makes one only for a service with
`spec.router.scheduler`. A route to a pool that nobody makes answers every request with an error.
The pool may be on the cluster already, so this is a warning, and only where KServe makes other
pools in that namespace, the name is nearly that of a pool, or the pool is in one other namespace.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: model-inference-pool, namespace: llm}
    spec:
      targetPorts: [{number: 8000}]
      selector: {matchLabels: {app: model}}
      endpointPickerRef: {name: model-epp, port: {number: 9002}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: model, namespace: llm}
    spec:
      rules:
        - backendRefs:
            - group: inference.networking.k8s.io
              kind: InferencePool
              name: model-inference-pool

Fails:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: model-inference-pool, namespace: llm}
    spec:
      targetPorts: [{number: 8000}]
      selector: {matchLabels: {app: model}}
      endpointPickerRef: {name: model-epp, port: {number: 9002}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: model, namespace: llm}
    spec:
      rules:
        - backendRefs:
            - group: inference.networking.k8s.io
              kind: InferencePool
              name: model-inferense-pool
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean

from .rule import TreeRule, TreeViolation
from .subjects.objects import INFERENCE, KSERVE, OLD_INFERENCE
from .subjects.route_targets import (
    POOL,
    explain_unmade_pool,
    find_only_elsewhere,
    move,
    names_in,
    route_backends,
)
from .subjects.whole_tree import Register, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.route_targets import Backend


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    services = Register(tree, KSERVE, "LLMInferenceService")
    pools = [Register(tree, group, "InferencePool") for group in (INFERENCE, OLD_INFERENCE)]
    registers = (services, *pools)
    told: set[tuple[str, str]] = set()
    for backend in route_backends(tree):
        name, namespace = backend.name, backend.namespace
        if backend.kind != POOL or not namespace:
            continue
        if not all(register.is_readable(namespace) for register in registers):
            continue
        known = names_in(tree, POOL, namespace)
        unmade = explain_unmade_pool(tree, name, namespace)
        there = find_only_elsewhere(tree, backend)
        if name in known:
            continue
        if there:
            yield _say_elsewhere(backend, there)
        elif unmade:
            if unmade in told:
                continue
            told.add(unmade)
            yield TreeViolation(backend.route, Violation((*backend.path, "name"), *unmade))
        # Of pools that people make, others may be elsewhere; those of KServe have one name.
        elif known and (services.holds(namespace) or find_misspelt(name, known)):
            listed = ", ".join(sorted(known))
            violation = Violation(
                (*backend.path, "name"),
                f"nothing here makes the InferencePool {name} in the namespace {namespace}; "
                f"what is made there is {listed}",
                did_you_mean(name, known, "write the name of a pool that exists"),
            )
            yield TreeViolation(backend.route, violation)


def _say_elsewhere(backend: Backend, there: str) -> TreeViolation:
    path, hint = move(backend, there)
    message = (
        f"the InferencePool {backend.name} is in the namespace {there}, and this route looks for "
        f"it in {backend.namespace}"
    )
    return TreeViolation(backend.route, Violation(path, message, hint))


RULE = TreeRule("route-backend-pool-missing", Severity.WARNING, _check, acknowledgeable=True)
