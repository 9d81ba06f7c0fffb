"""Two HTTPRoutes of a Gateway do not claim the same path.

Of two routes with the same host names and the same match, the Gateway follows the one that was
created first, and the other gets no request, without an error anywhere. Only routes of one file are
compared, or of one folder that has their Gateway or a kustomization that lists both: elsewhere they
may be examples of which one is applied.

Source: https://gateway-api.sigs.k8s.io/reference/spec/ (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: small, namespace: llm}
    spec:
      parentRefs: [{name: gate}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /small}}]
          backendRefs: [{name: small, port: 8000}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: large, namespace: llm}
    spec:
      parentRefs: [{name: gate}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /large}}]
          backendRefs: [{name: large, port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: small, namespace: llm}
    spec:
      parentRefs: [{name: gate}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}}]
          backendRefs: [{name: small, port: 8000}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: large, namespace: llm}
    spec:
      parentRefs: [{name: gate}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}}]
          backendRefs: [{name: large, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import route_rules, whole_objects
from .subjects.objects import GATEWAY_API, items_at, kustomizations, name_of, namespace_of, objects
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

Claim = tuple[object, ...]

_CATCH_ALL = {"type": "PathPrefix", "value": "/"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    routes = whole_objects(tree, GATEWAY_API, "HTTPRoute")
    if not is_settled(tree):
        return
    claims: dict[Claim, list[Manifest]] = {}
    for route in routes:
        told = False
        for claim, path, match in _list_claims(route):
            before = claims.setdefault(claim, [])
            others = [item for item in before if _are_applied_together(tree, item, route)]
            before.append(route)
            if told or not others:
                continue
            told, other = True, others[0]
            asked = text_at(match, "path", "value") or _CATCH_ALL["value"]
            gateway = text_at(route.data, "spec", "parentRefs", 0, "name")
            place = other.file if other.file != route.file else "the same file"
            violation = Violation(
                path,
                f"the HTTPRoutes {name_of(route)} and {name_of(other)}, in {place}, both claim "
                f"{asked} on the Gateway {gateway}, which then follows the older one alone",
                "give one of them another path, or put both backends into one rule with weights",
            )
            yield TreeViolation(route, violation)


def _are_applied_together(tree: Tree, one: Manifest, other: Manifest) -> bool:
    """Whether two routes are different ones and surely meet on the cluster."""
    if (namespace_of(one), name_of(one)) == (namespace_of(other), name_of(other)):
        return False
    if one.file == other.file:
        return True
    folder, _, name = one.file.rpartition("/")
    there, _, other_name = other.file.rpartition("/")
    if folder != there:
        return False
    if any(_folder(item) == folder for item in objects(tree, GATEWAY_API, "Gateway")):
        return True
    lists = [
        value_at(item.data, "resources") for item in kustomizations(tree) if _folder(item) == folder
    ]
    return any(isinstance(item, list) and {name, other_name} <= {*map(str, item)} for item in lists)


def _folder(manifest: Manifest) -> str:
    return manifest.file.rpartition("/")[0]


def _list_claims(route: Manifest) -> Iterator[tuple[Claim, DataPath, dict[str, Any]]]:
    """List what a route claims: equal where two claim the same."""
    hosts = value_at(route.data, "spec", "hostnames")
    names = tuple(sorted(map(str, hosts))) if isinstance(hosts, list) else ()
    parents = [
        (
            text_at(parent, "namespace") or namespace_of(route),
            *(str(parent.get(field)) for field in ("name", "sectionName", "port")),
        )
        for _, parent in items_at(route.data, "spec", "parentRefs")
        if parent.get("kind", "Gateway") == "Gateway"
    ]
    for path, rule in route_rules(route):
        if not rule.get("backendRefs"):
            continue
        matches = list(items_at(rule, "matches")) or [((), {})]
        for place, match in matches:
            for parent in parents:
                yield (names, parent, _spell(match)), (*path, *place), match


def _spell(match: dict[str, Any]) -> tuple[str, ...]:
    path = match.get("path")
    full = {**match, "path": {**_CATCH_ALL, **(path if isinstance(path, dict) else {})}}
    full["path"] = sorted(full["path"].items(), key=str)
    return tuple(sorted(map(str, full.items())))


RULE = TreeRule("routes-share-path", Severity.WARNING, _check, acknowledgeable=True)
