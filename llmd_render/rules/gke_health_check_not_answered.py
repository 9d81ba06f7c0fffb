"""A HealthCheckPolicy for an LLMInferenceService asks what its vLLM answers.

Google's load balancer sends nothing to a Pod whose health check fails, whatever the probes of the
Pod say. vLLM answers /health in plain HTTP on its own port, without a certificate; it answers no
gRPC, and / with 404, which is what a policy without requestPath asks for.

Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (2026)
Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

Passes:

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

Fails:

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
          httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /}
      targetRef:
        {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import is_pool
from .subjects.gke_pools import service_of_pool
from .subjects.objects import GKE, mapping_at, name_of, namespace_of, objects
from .subjects.vllm_command import serves_https, vllm_containers
from .subjects.vllm_paths import is_unanswered
from .subjects.whole_tree import is_complete, is_patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_CONFIG = ("spec", "default", "config")
_BLOCKS = {"HTTP": "httpHealthCheck", "HTTPS": "httpsHealthCheck", "HTTP2": "http2HealthCheck"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for policy in () if is_patched(tree) else objects(tree, GKE, "HealthCheckPolicy"):
        target = mapping_at(policy.data, "spec", "targetRef")
        service = service_of_pool(tree, text_at(target, "name"), namespace_of(policy))
        if service is None or not is_pool(target) or not mapping_at(policy.data, *_CONFIG):
            continue
        for violation in (
            _judge_type(tree, policy, service),
            _judge_path(policy, service),
            _judge_port(tree, policy, service),
        ):
            if violation:
                yield TreeViolation(policy, violation)


def _judge_type(tree: Tree, policy: Manifest, service: Manifest) -> Violation | None:
    kind = text_at(policy.data, *_CONFIG, "type")
    if kind == "GRPC":
        found = "speaks gRPC, which it does not answer"
    elif kind == "HTTPS" and any(
        server.manifest is service and server.is_complete and not serves_https(server)
        for server in vllm_containers(tree)
    ):
        found = "speaks HTTPS, and it has no --ssl-certfile"
    else:
        return None
    return Violation(
        (*_CONFIG, "type"),
        f"the health check of the vLLM of LLMInferenceService {name_of(service)} {found}",
        "write type: HTTP, with httpHealthCheck for /health",
    )


def _judge_path(policy: Manifest, service: Manifest) -> Violation | None:
    block = _BLOCKS.get(text_at(policy.data, *_CONFIG, "type"), "")
    check = value_at(policy.data, *_CONFIG, block)
    if not isinstance(check, dict) or not is_unanswered(check.get("requestPath", "/")):
        return None
    asked = check.get("requestPath")
    path = (*_CONFIG, block, "requestPath") if asked else (*_CONFIG, block)
    return Violation(
        path,
        f"the health check asks for {asked or '/, for want of a requestPath'}, and the vLLM of "
        f"LLMInferenceService {name_of(service)} answers that with 404",
        "set requestPath to /health",
    )


def _judge_port(tree: Tree, policy: Manifest, service: Manifest) -> Violation | None:
    block = _BLOCKS.get(text_at(policy.data, *_CONFIG, "type"), "")
    port = value_at(policy.data, *_CONFIG, block, "port")
    ports = {server.port for server in vllm_containers(tree) if server.manifest is service}
    served = next(iter(ports), None)
    if len(ports) != 1 or served is None or not isinstance(port, int) or port == served:
        return None
    if not is_complete(tree, service) or value_at(service.data, "spec", "prefill"):
        return None
    return Violation(
        (*_CONFIG, block, "port"),
        f"the health check asks on port {port}, and the vLLM of LLMInferenceService "
        f"{name_of(service)} serves on {served}",
        f"set port to {served}",
    )


RULE = TreeRule("gke-health-check-not-answered", Severity.WARNING, _check, acknowledgeable=True)
