"""A route sends to an InferencePool that the tree, or KServe out of the tree, makes.

KServe names the pool of a service `<name>-inference-pool`. A route to a pool that nobody makes
answers every request with an error. The pool may be on the cluster already, so this is a warning,
and only where KServe makes other pools in that namespace, or the name is nearly that of a pool.

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
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import INFERENCE, KSERVE, OLD_INFERENCE, namespace_of
from .subjects.whole_tree import Register, backends, child_name, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    services = Register(tree, KSERVE, "LLMInferenceService")
    pools = [Register(tree, group, "InferencePool") for group in (INFERENCE, OLD_INFERENCE)]
    registers = (services, *pools)
    for manifest in tree.manifests:
        for path, backend in backends(manifest):
            name, group = text_at(backend, "name"), text_at(backend, "group")
            namespace = text_at(backend, "namespace") or namespace_of(manifest)
            if backend.get("kind") != "InferencePool" or not name or "{{" in name:
                continue
            if group not in {INFERENCE, OLD_INFERENCE} or not namespace:
                continue
            if not any(register.holds(namespace) for register in registers):
                continue
            known = {*_name_pools(services.at(namespace))}.union(
                *(register.at(namespace) for register in pools)
            )
            readable = all(register.is_readable(namespace) for register in registers)
            if name in known or not readable:
                continue
            # Of pools that people make, others may be elsewhere; those of KServe have one name.
            if not services.holds(namespace) and not find_misspelt(name, known):
                continue
            listed = ", ".join(sorted(known))
            yield TreeViolation(
                manifest,
                Violation(
                    (*path, "name"),
                    f"nothing here makes the InferencePool {name} in the namespace {namespace}; "
                    f"what is made there is {listed}",
                    did_you_mean(name, known, "write the name of a pool that exists"),
                ),
            )


def _name_pools(services: dict[str, list[Manifest]]) -> Iterator[str]:
    for name, manifests in services.items():
        yield child_name(name, "-inference-pool")
        for service in manifests:
            elsewhere = text_at(service.data, "spec", "router", "scheduler", "pool", "ref", "name")
            if elsewhere:
                yield elsewhere


RULE = TreeRule("route-backend-pool-missing", Severity.WARNING, _check, acknowledgeable=True)
