"""A Pod asks for no more CPU and memory than a TPU host can give.

GKE and the system keep a part of each machine. A Pod that asks for all of it, or for more, fits on
no node: it stays Pending, and no autoscaler helps.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          resources:
            requests: {cpu: 40, memory: 160Gi}
            limits: {google.com/tpu: 1}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          resources:
            requests: {cpu: 44, memory: 160Gi}
            limits: {google.com/tpu: 1}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at
from llmd_render.quantities import ONE, parse_quantity

from .rule import TreeRule, TreeViolation
from .subjects.pod_resources import requests_of
from .subjects.tpu_pods import machines_of, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import MachineType
    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod

_GIB = 1024**3


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        machines = machines_of(pod)
        for resource in ("cpu", "memory") if machines else ():
            found = _judge(pod, resource, machines)
            if found:
                yield TreeViolation(pod.manifest, found)


def _judge(pod: TpuPod, resource: str, machines: list[MachineType]) -> Violation | None:
    asked = list(requests_of(pod.spec, resource))
    total = sum(amount for _, amount in asked)
    if not all(_exceeds(total, machine, resource) for machine in machines):
        return None
    place, _ = max(asked, key=lambda item: item[1])
    value = value_at(pod.spec, *place)
    machine = machines[-1]
    who = f"the Pod asks for {value} of {resource}"
    if len(asked) > 1:
        who = f"the containers of the Pod ask for more {resource} in all, here for {value},"
    has = f"{machine.vcpu} vCPU" if resource == "cpu" else f"{machine.memory_gb} GB"
    return Violation(
        (*pod.path, *place),
        f"{who} and a {machine.name}, of which the system takes a part, has {has}",
        f"ask for less {resource}, such as {_half(machine, resource)}",
    )


def _exceeds(amount: int, machine: MachineType, resource: str) -> bool:
    whole, measured = (
        (machine.vcpu, machine.allocatable_cpu)
        if resource == "cpu"
        else ((machine.memory_gb or 0) * _GIB, machine.allocatable_memory)
    )
    if not whole:
        return False
    most = parse_quantity(measured) if measured else whole * ONE - 1
    return most is not None and amount > most


def _half(machine: MachineType, resource: str) -> str:
    if resource == "cpu":
        return str((machine.vcpu or 0) // 2)
    return f"{(machine.memory_gb or 0) // 2}Gi"


RULE = TreeRule("tpu-pod-exceeds-host", Severity.ERROR, _check, acknowledgeable=True)
