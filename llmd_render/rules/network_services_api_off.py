r"""Scripts that prepare a project for GKE's Inference Gateway enable the Network Services API.

By it the load balancer asks the Endpoint Picker which Pod a request should go to. While
networkservices.googleapis.com is off the route to an InferencePool is not programmed, and requests
are aborted.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway (2026)

Passes:

    prepare.sh: |
      gcloud services enable compute.googleapis.com container.googleapis.com \
        networkservices.googleapis.com
    objects.yaml: |
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
        rules:
          - backendRefs:
              - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: qwen, namespace: llm}
      spec:
        model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
        router: {scheduler: {}}
      ---
      apiVersion: networking.gke.io/v1
      kind: HealthCheckPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default:
          config:
            type: HTTP
            httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: networking.gke.io/v1
      kind: GCPBackendPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default: {timeoutSec: 3600}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}

Fails:

    prepare.sh: |
      gcloud services enable compute.googleapis.com container.googleapis.com
    objects.yaml: |
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
        rules:
          - backendRefs:
              - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: qwen, namespace: llm}
      spec:
        model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
        router: {scheduler: {}}
      ---
      apiVersion: networking.gke.io/v1
      kind: HealthCheckPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default:
          config:
            type: HTTP
            httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: networking.gke.io/v1
      kind: GCPBackendPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default: {timeoutSec: 3600}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.gke_pools import routed_pools
from .subjects.scripts import CREATE_CLUSTER, gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

_API = "networkservices.googleapis.com"
_SIGN = "networkservices"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    pools = routed_pools(tree)
    if not pools:
        return
    enabling = list(gcloud_calls(tree, "services enable"))
    place = next(iter(enabling), None) or next(gcloud_calls(tree, *CREATE_CLUSTER), None)
    if place is None or _is_on(tree, enabling):
        return
    missing = (
        f"{_API}, by which the load balancer of {pools[0].class_name} asks the Endpoint Picker"
    )
    yield violate(
        place.call,
        place,
        f"the APIs that are enabled here lack {missing}"
        if enabling
        else f"no script enables {missing}",
        f"enable {_API}, too" if enabling else f"run gcloud services enable {_API} before",
    )


def _is_on(tree: Tree, enabling: list[Invocation]) -> bool:
    """Whether something may enable the API: a call of a script, or a file such as Terraform's."""
    if any(call.is_open or not _is_known(call) for call in enabling):
        return True
    if any(_SIGN in word.text for call in enabling for word in call.arguments):
        return True
    # Where no script enables any, a text that speaks of it does for a script.
    silent = (".sh", ".md") if enabling else ()
    return any(_SIGN in text for path, text in tree.files.items() if not path.endswith(silent))


def _is_known(call: Invocation) -> bool:
    return all(word.is_known for word in call.arguments)


RULE = TreeRule("network-services-api-off", Severity.WARNING, _check, acknowledgeable=True)
