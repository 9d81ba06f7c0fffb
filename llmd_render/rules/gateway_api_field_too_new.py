"""Routes and Gateways use what the running release of the Gateway API has.

The standard channel has `percent` and `fraction` of a mirror and addresses without a value from 1.3
on, and names of rules from 1.4 on. An older definition refuses the object or drops the field. GKE
brings 1.2 with 1.32, 1.3 with 1.33 and 1.4 with 1.34. Judged only where `--target` or a profile
says what runs; what is newer than 1.4 is for the schemas to say.

Source: https://github.com/kubernetes-sigs/gateway-api v1.2.0 to v1.4.1, config/crd (2025-12-03)

Passes:

    # llmd-render lint --target gke=1.34
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      rules: [{name: everything, backendRefs: [{name: qwen, port: 8000}]}]

Fails:

    # llmd-render lint --target gke=1.33
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      rules: [{name: everything, backendRefs: [{name: qwen, port: 8000}]}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import GATEWAY_API, items_at, objects
from .subjects.whole_tree import route_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_Use = tuple["DataPath", str, str]
_NEWEST = "1.4"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not tree.target.is_before("gateway_api", _NEWEST):
        return
    for manifest, (path, what, since) in _uses(tree):
        if tree.target.is_before("gateway_api", since):
            violation = Violation(
                path,
                f"{what} came with Gateway API {since}, and {tree.target.gateway_api} runs",
                f"remove it, or move to Gateway API {since}",
                key=True,
            )
            yield TreeViolation(manifest, violation)


def _uses(tree: Tree) -> Iterator[tuple[Manifest, _Use]]:
    for manifest in tree.manifests:
        for path, spec in route_specs(manifest):
            for place, rule in items_at(spec, "rules"):
                for use in _uses_of_rule((*path, *place), rule):
                    yield manifest, use
    for gateway in objects(tree, GATEWAY_API, "Gateway"):
        for place, address in items_at(gateway.data, "spec", "addresses"):
            if not address.get("value"):
                yield gateway, (place, "an address without a value", "1.3")


def _uses_of_rule(path: DataPath, rule: dict[str, Any]) -> Iterator[_Use]:
    if rule.get("name"):
        yield (*path, "name"), "the name of a rule", "1.4"
    for place, item in items_at(rule, "filters"):
        for field in ("percent", "fraction"):
            if value_at(item, "requestMirror", field) is not None:
                yield (*path, *place, "requestMirror", field), f"{field} of a mirror", "1.3"


RULE = TreeRule("gateway-api-field-too-new", Severity.WARNING, _check, acknowledgeable=True)
