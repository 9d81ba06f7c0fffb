"""A port that a script forwards is a port of the Service.

`kubectl port-forward svc/NAME LOCAL:REMOTE` takes ports of the Service, not those that its Pods or
some load balancer have, and ends at once where the Service has no such port. The Service that
KServe makes of a LLMInferenceService has port 8000.

Source: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/ (2026)

Passes:

    service.yaml: |
      apiVersion: v1
      kind: Service
      metadata: {name: example, namespace: models}
      spec:
        ports: [{port: 80, targetPort: 8000}]
    test.sh: |
      kubectl port-forward --namespace models svc/example 8080:80

Fails:

    service.yaml: |
      apiVersion: v1
      kind: Service
      metadata: {name: example, namespace: models}
      spec:
        ports: [{port: 80, targetPort: 8000}]
    test.sh: |
      kubectl port-forward --namespace models svc/example 8080:8000
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.objects import items_at, name_of, namespace_of
from .subjects.scripts import kubectl_calls
from .subjects.whole_tree import Register, child_name, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

_SERVICES = ("service/", "services/", "svc/")
_WORKLOAD = "-kserve-workload-svc"
_WORKLOAD_PORT = "8000"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in kubectl_calls(tree, "port-forward"):
        target, *words = call.arguments or (None,)
        if target is None or not target.is_known or not target.text.startswith(_SERVICES):
            continue
        name = target.text.partition("/")[2]
        ports = _list_ports(tree, call, name)
        for word in words:
            local, colon, remote = word.text.rpartition(":")
            if word.is_known and ports and remote not in ports:
                message = (
                    f"the script asks Service {name} for port {remote}, and the Service has "
                    f"{' and '.join(ports)}"
                )
                hint = f"write {local}{colon}{ports[0]}"
                yield TreeViolation(call.call.locate(word), Violation((), message, hint))


def _list_ports(tree: Tree, call: Invocation, name: str) -> list[str]:
    """List the ports of a Service by number and name; none where the tree does not know it."""
    namespace = call.text("--namespace")
    if not is_settled(tree):
        return []
    for service in services(tree):
        if child_name(name_of(service), _WORKLOAD) == name:
            return [_WORKLOAD_PORT] if namespace_of(service) == namespace else []
    found = Register(tree, "", "Service").at(namespace).get(name, [])
    if len(found) != 1 or namespace_of(found[0]) != namespace:
        return []
    ports = [item for _, item in items_at(found[0].data, "spec", "ports")]
    return [str(item[key]) for key in ("port", "name") for item in ports if key in item]


RULE = TreeRule("script-port-not-served", Severity.WARNING, _check, acknowledgeable=True)
