"""An InferencePool sends to a port on which the Pods that it selects answer.

The load balancer calls each Pod of a pool on the pool's targetPorts. On a port where nothing
answers every request is refused, whatever the probes of the Pods say. Only Pods of one container
are looked at: in others, a second container may answer.

Source: https://gateway-api-inference-extension.sigs.k8s.io/reference/spec (2026)

Passes:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: vllm}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: vllm}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.11.1
          command: [vllm, serve, m]
          ports: [{containerPort: 8000}]

Fails:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: vllm}}
      targetPorts: [{number: 8080}]
      endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: vllm}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.11.1
          command: [vllm, serve, m]
          ports: [{containerPort: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.inference_pools import inference_pools, pods_of
from .subjects.objects import name_of
from .subjects.served_ports import find_served_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in inference_pools(tree):
        wanted = {port for _, port in pool.ports}
        for pods in pods_of(tree, pool) if wanted else ():
            served = find_served_ports(tree, pods)
            if served is None or not served.numbers or wanted & served.numbers:
                continue
            path, port = pool.ports[0]
            there = min(served.numbers)
            violation = Violation(
                path,
                f"the InferencePool {name_of(pool.manifest)} sends to port {port} of its Pods, and "
                f"those of {pods.owner} answer on {there}",
                f"write {there}",
            )
            yield TreeViolation(pool.manifest, violation)
            break


RULE = TreeRule("pool-port-not-served", Severity.WARNING, _check, acknowledgeable=True)
