"""A route sends to a Service that the tree, or KServe out of the tree, makes.

KServe names the Service of a service `<name>-kserve-workload-svc`. A route to a Service that is not
there answers every request with 500. The Service may be on the cluster already, so this is a
warning, and only where the name is nearly that of one here, or that of one in another namespace.

Source: https://gateway-api.sigs.k8s.io/reference/spec/ (2026)
Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: v1
    kind: Service
    metadata: {name: qwen-frontend, namespace: llm}
    spec: {ports: [{port: 8000}]}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec: {rules: [{backendRefs: [{name: qwen-frontend, port: 8000}]}]}

Fails:

    apiVersion: v1
    kind: Service
    metadata: {name: qwen-frontend, namespace: llm}
    spec: {ports: [{port: 8000}]}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec: {rules: [{backendRefs: [{name: qwen-frontnd, port: 8000}]}]}
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.known_pods import is_understood
from .subjects.objects import KSERVE, has, name_of, namespace_of, objects
from .subjects.route_targets import SERVICE, find_only_elsewhere, move, names_in, route_backends
from .subjects.whole_tree import Register, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.route_targets import Backend

_NEAR = 0.75


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    services = Register(tree, "", SERVICE)
    for backend in route_backends(tree):
        namespace = backend.namespace
        if backend.kind != SERVICE or not namespace or not services.is_readable(namespace):
            continue
        known = names_in(tree, SERVICE, namespace)
        if backend.name in known:
            continue
        there = find_only_elsewhere(tree, backend)
        near = _find_near(tree, backend, known)
        if there:
            path, hint = move(backend, there)
            message = (
                f"the Service {backend.name} is in the namespace {there}, and this route looks "
                f"for it in {namespace}"
            )
            yield TreeViolation(backend.route, Violation(path, message, hint))
        elif near:
            message = (
                f"nothing here makes the Service {backend.name} in the namespace {namespace}, "
                f"where the Service {near} is made"
            )
            violation = Violation((*backend.path, "name"), message, f"write {near}")
            yield TreeViolation(backend.route, violation)


def _find_near(tree: Tree, backend: Backend, known: set[str]) -> str:
    """Find the Service that is meant; nothing where the one that is named may be elsewhere."""
    slip = find_misspelt(backend.name, known)
    if slip:
        return slip
    # A tree that makes a namespace, and nothing that makes Services, has all of them.
    whole = has(tree, "", "Namespace", backend.namespace) and is_understood(tree, backend.namespace)
    if not whole and not _is_of_kserve(tree, backend):
        return ""
    return next(iter(get_close_matches(backend.name, sorted(known), n=1, cutoff=_NEAR)), "")


def _is_of_kserve(tree: Tree, backend: Backend) -> bool:
    """Whether a name begins as the names do that KServe gives to what it makes."""
    return any(
        namespace_of(service) == backend.namespace
        and backend.name.startswith(f"{name_of(service)}-")
        for service in objects(tree, KSERVE, "LLMInferenceService")
    )


RULE = TreeRule("route-backend-service-missing", Severity.WARNING, _check, acknowledgeable=True)
