"""A Service of vLLM behind a Gateway of GKE has a HealthCheckPolicy.

Without one Google's load balancer probes /, vLLM answers that with 404, and no request gets
through. The probes of the Pods do not reach the load balancer.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

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
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import GKE, agree, mapping_at, name_of, namespace_of, objects
from .subjects.vllm_services import vllm_services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for found in vllm_services(tree):
        if _is_checked(tree, found.service):
            continue
        yield TreeViolation(
            found.route,
            Violation(
                (*found.path, "name"),
                f"no HealthCheckPolicy here is for Service {name_of(found.service)}: "
                f"{found.class_name} then probes /, which its vLLM answers with 404",
                "add a HealthCheckPolicy for /health whose targetRef names the Service",
            ),
        )


def _is_checked(tree: Tree, service: Manifest) -> bool:
    for policy in objects(tree, GKE, "HealthCheckPolicy"):
        target = mapping_at(policy.data, "spec", "targetRef")
        same = text_at(target, "name") == name_of(service) and target.get("kind") == "Service"
        if same and agree(namespace_of(policy), namespace_of(service)):
            return True
    return False


RULE = TreeRule("gke-service-without-health-check", Severity.WARNING, _check, acknowledgeable=True)
