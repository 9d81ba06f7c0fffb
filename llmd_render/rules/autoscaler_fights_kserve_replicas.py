"""No autoscaler scales a Deployment whose replicas KServe sets.

KServe writes the replicas of an LLMInferenceService into its Deployment each time it looks at it.
What an autoscaler wrote there is undone, and Pods come and go.

Source: https://github.com/opendatahub-io/kserve tag odh-v3.5, pkg/controller (2026-08-14)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec: {model: {uri: hf://Qwen/Qwen3-4B}}
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: qwen, namespace: example}
    spec:
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: qwen-kserve}
      maxReplicas: 3

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec: {model: {uri: hf://Qwen/Qwen3-4B}, replicas: 1}
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: qwen, namespace: example}
    spec:
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: qwen-kserve}
      maxReplicas: 3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .kserve_services import same_namespace, services
from .objects import name_of, namespace_of, objects
from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_AUTOSCALERS = (("autoscaling", "HorizontalPodAutoscaler"), ("keda.sh", "ScaledObject"))


def _check(tree: Tree) -> Iterator[TreeViolation]:
    fixed = list(_fixed_deployments(tree))
    for group, kind in _AUTOSCALERS:
        for scaler in objects(tree, group, kind):
            # KEDA takes a target without a kind for a Deployment.
            target = text_at(scaler.data, "spec", "scaleTargetRef", "name")
            target_kind = text_at(scaler.data, "spec", "scaleTargetRef", "kind") or "Deployment"
            for service, deployment, replicas in fixed:
                if (target_kind, target) == ("Deployment", deployment) and same_namespace(
                    namespace_of(service), namespace_of(scaler)
                ):
                    yield _report(scaler, service, deployment, replicas)


def _fixed_deployments(tree: Tree) -> Iterator[tuple[Manifest, str, int]]:
    """List the Deployments whose replicas a service fixes."""
    for service in services(tree):
        for path, ending in ((("spec",), "-kserve"), (("spec", "prefill"), "-kserve-prefill")):
            replicas = value_at(service.data, *path, "replicas")
            if isinstance(replicas, int) and name_of(service):
                yield service, f"{name_of(service)}{ending}", replicas


def _report(scaler: Manifest, service: Manifest, deployment: str, replicas: int) -> TreeViolation:
    return TreeViolation(
        scaler,
        Violation(
            ("spec", "scaleTargetRef", "name"),
            f"KServe keeps the Deployment {deployment} at {replicas} replicas, as the "
            f"LLMInferenceService {name_of(service)} says",
            "remove the autoscaler; KServe of odh-v3.5 also lets it work when replicas is left out",
        ),
    )


RULE = TreeRule("autoscaler-fights-kserve-replicas", Severity.WARNING, _check, acknowledgeable=True)
