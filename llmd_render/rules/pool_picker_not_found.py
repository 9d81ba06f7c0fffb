"""An InferencePool names the Service of its endpoint picker, and a port that the Service has.

For each request the load balancer asks the endpoint picker which Pod to send it to. Where it does
not find the picker, requests fail, or with `failureMode: FailOpen` go to any Pod. The Service may
be on the cluster already, so a name is a finding only where another Service here leads to a picker
that no pool names, or is spelt nearly like it.

Source: https://gateway-api-inference-extension.sigs.k8s.io/reference/spec (2026)

Passes:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: vllm}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-picker, port: {number: 9002}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: qwen-picker, namespace: llm}
    spec: {ports: [{port: 9002}]}

Fails:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: vllm}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-piker, port: {number: 9002}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: qwen-picker, namespace: llm}
    spec: {ports: [{port: 9002}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.placeholders import has_placeholder

from .rule import TreeRule, TreeViolation
from .subjects.inference_pools import inference_pools, pickers_behind
from .subjects.objects import items_at, name_of, namespace_of
from .subjects.route_targets import SERVICE, names_in
from .subjects.whole_tree import Register, find_misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

    from .subjects.inference_pools import InferencePool


def _check(tree: Tree) -> Iterator[TreeViolation]:
    pools = inference_pools(tree)
    services = Register(tree, "", SERVICE)
    for pool in pools:
        namespace = namespace_of(pool.manifest)
        if not pool.picker or has_placeholder(pool.picker) or not services.is_readable(namespace):
            continue
        there = services.at(namespace)
        if pool.picker in there:
            violation = _judge_port(pool, there[pool.picker])
        elif pool.picker in names_in(tree, SERVICE, namespace):
            continue
        else:
            named = {item.picker for item in pools if namespace_of(item.manifest) == namespace}
            free = {name: items for name, items in there.items() if name not in named}
            violation = _judge_name(tree, pool, free)
        if violation:
            yield TreeViolation(pool.manifest, violation)


def _judge_port(pool: InferencePool, services: list[Manifest]) -> Violation | None:
    ports = {
        item["port"]
        for service in services
        for _, item in items_at(service.data, "spec", "ports")
        if type(item.get("port")) is int
    }
    if pool.picker_port is None or not ports or pool.picker_port in ports:
        return None
    listed = " and ".join(map(str, sorted(ports)))
    return Violation(
        pool.picker_port_path,
        f"the InferencePool {name_of(pool.manifest)} asks its endpoint picker on port "
        f"{pool.picker_port}, and the Service {pool.picker} has {listed}",
        f"write port {min(ports)}, or give the Service the port {pool.picker_port}",
    )


def _judge_name(
    tree: Tree, pool: InferencePool, free: dict[str, list[Manifest]]
) -> Violation | None:
    leading = [
        name
        for name, items in free.items()
        if any(pickers_behind(tree, service) for service in items)
    ]
    near = leading[0] if len(leading) == 1 else find_misspelt(pool.picker, free)
    if not near:
        return None
    what = "leads to an endpoint picker" if near in leading else "is there"
    return Violation(
        pool.picker_path,
        f"there is no Service {pool.picker} in the namespace {namespace_of(pool.manifest)} here "
        f"for the InferencePool {name_of(pool.manifest)}, and the Service {near} {what}",
        f"write {near}",
    )


RULE = TreeRule("pool-picker-not-found", Severity.WARNING, _check, acknowledgeable=True)
