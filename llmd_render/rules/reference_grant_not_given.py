"""What a route or a Gateway takes from another namespace is granted there.

An HTTPRoute that sends to a Service or InferencePool of another namespace, and a listener with a
certificate from one, need a ReferenceGrant beside what they name. Without it the route answers 500,
and the listener is not programmed.

Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/ (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: gateway}]
      rules: [{backendRefs: [{name: qwen, namespace: models, port: 8000}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: qwen, namespace: models}
    spec:
      selector: {app: qwen}
      ports: [{port: 8000}]
    ---
    apiVersion: gateway.networking.k8s.io/v1beta1
    kind: ReferenceGrant
    metadata: {name: routes, namespace: models}
    spec:
      from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: llm}]
      to: [{group: "", kind: Service}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: gateway}]
      rules: [{backendRefs: [{name: qwen, namespace: models, port: 8000}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: qwen, namespace: models}
    spec:
      selector: {app: qwen}
      ports: [{port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import route_rules, whole_objects
from .subjects.objects import GATEWAY_API, items_at, namespace_of, objects
from .subjects.route_targets import is_only_elsewhere
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    found = [*_list_backends(tree), *_list_certificates(tree)]
    far = [item for item in found if _is_far(item[0], item[2])]
    if not far or not is_settled(tree):
        return
    # Of a namespace in which the tree has nothing, it need not have the grants either.
    ours = {namespace_of(item) for item in tree.manifests if item.is_object}
    for manifest, path, reference, kind in far:
        namespace = text_at(reference, "namespace")
        if (
            namespace not in ours
            or "$" in namespace
            or _is_granted(tree, manifest, reference, kind)
        ):
            continue
        # What is in another namespace needs no grant for this one: another rule says where it is.
        if is_only_elsewhere(tree, manifest, path):
            continue
        yield TreeViolation(
            manifest,
            Violation(
                (*path, "namespace"),
                f"no ReferenceGrant in the namespace {namespace} lets {manifest.kind}s of "
                f"{namespace_of(manifest)} name {kind} {text_at(reference, 'name')}",
                f"add a ReferenceGrant to {namespace}, from {manifest.kind} in "
                f"{namespace_of(manifest)} to {kind}",
            ),
        )


def _list_backends(tree: Tree) -> Iterator[tuple[Manifest, DataPath, dict[str, Any], str]]:
    for route in whole_objects(tree, GATEWAY_API, "HTTPRoute"):
        # Between Services of a mesh, a route of the consumer needs none.
        parents = [item for _, item in items_at(route.data, "spec", "parentRefs")]
        if any(item.get("kind", "Gateway") != "Gateway" for item in parents):
            continue
        for path, rule in route_rules(route):
            for place, backend in items_at(rule, "backendRefs"):
                yield route, (*path, *place), backend, backend.get("kind", "Service")


def _list_certificates(tree: Tree) -> Iterator[tuple[Manifest, DataPath, dict[str, Any], str]]:
    for gateway in whole_objects(tree, GATEWAY_API, "Gateway"):
        for path, listener in items_at(gateway.data, "spec", "listeners"):
            for place, secret in items_at(listener, "tls", "certificateRefs"):
                yield gateway, (*path, *place), secret, secret.get("kind", "Secret")


def _is_far(manifest: Manifest, reference: dict[str, Any]) -> bool:
    namespace, own = text_at(reference, "namespace"), namespace_of(manifest)
    return bool(namespace) and bool(own) and namespace != own


def _is_granted(tree: Tree, manifest: Manifest, reference: dict[str, Any], kind: str) -> bool:
    source = (GATEWAY_API, manifest.kind, namespace_of(manifest))
    target, name = (text_at(reference, "group"), kind), text_at(reference, "name")
    for grant in objects(tree, GATEWAY_API, "ReferenceGrant"):
        if namespace_of(grant) not in {"", text_at(reference, "namespace")}:
            continue
        lets = any(
            (item.get("group"), item.get("kind"), item.get("namespace")) == source
            for _, item in items_at(grant.data, "spec", "from")
        )
        names = any(
            (item.get("group", ""), item.get("kind")) == target and item.get("name", name) == name
            for _, item in items_at(grant.data, "spec", "to")
        )
        if lets and names:
            return True
    return False


RULE = TreeRule("reference-grant-not-given", Severity.WARNING, _check, acknowledgeable=True)
