"""A Service behind a Gateway of GKE names the protocol that its vLLM speaks.

By appProtocol the load balancer decides how it speaks to the Pods. With HTTPS it opens TLS, and a
vLLM without a certificate cannot answer: every request gets 503.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules: [{backendRefs: [{name: qwen, port: 8000}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {app: qwen}
      ports: [{port: 8000, appProtocol: http}]
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: qwen}}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.11.1
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          ports: [{containerPort: 8000}]
          resources: {limits: {google.com/tpu: 1}}
    ---
    apiVersion: networking.gke.io/v1
    kind: HealthCheckPolicy
    metadata: {name: qwen, namespace: llm}
    spec:
      default:
        config:
          type: HTTP
          httpHealthCheck: {portSpecification: USE_SERVING_PORT, requestPath: /health}
      targetRef: {group: "", kind: Service, name: qwen}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules: [{backendRefs: [{name: qwen, port: 8000}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {app: qwen}
      ports: [{port: 8000, appProtocol: HTTPS}]
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: qwen}}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.11.1
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          ports: [{containerPort: 8000}]
          resources: {limits: {google.com/tpu: 1}}
    ---
    apiVersion: networking.gke.io/v1
    kind: HealthCheckPolicy
    metadata: {name: qwen, namespace: llm}
    spec:
      default:
        config:
          type: HTTP
          httpHealthCheck: {portSpecification: USE_SERVING_PORT, requestPath: /health}
      targetRef: {group: "", kind: Service, name: qwen}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at, name_of
from .subjects.vllm_command import serves_https
from .subjects.vllm_services import vllm_services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for found in vllm_services(tree):
        if not found.server.is_complete or serves_https(found.server):
            continue
        for path, port in items_at(found.service.data, "spec", "ports"):
            if port.get("port") != found.port or text_at(port, "appProtocol").upper() != "HTTPS":
                continue
            owner = f"{found.server.manifest.kind} {name_of(found.server.manifest)}"
            yield TreeViolation(
                found.service,
                Violation(
                    (*path, "appProtocol"),
                    f"{found.class_name} speaks TLS to port {found.port}, and the vLLM of {owner} "
                    "has no --ssl-certfile",
                    "write appProtocol: http",
                ),
            )


RULE = TreeRule("service-protocol-contradicts-server", Severity.ERROR, _check, acknowledgeable=True)
