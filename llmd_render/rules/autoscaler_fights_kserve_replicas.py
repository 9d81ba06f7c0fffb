"""No autoscaler scales a Deployment whose replicas KServe sets.

KServe writes the replicas of an LLMInferenceService into its Deployment each time it looks at it.
What an autoscaler wrote there is undone, and Pods come and go. KServe 0.15 takes 1 where the
service says nothing; from 0.17 on it then leaves alone what is there. 0.15 is meant where neither
`--target`, a profile nor an object in v1alpha2 says what runs.

Source: https://github.com/opendatahub-io/kserve tag odh-v3.5, pkg/controller (2026-08-14)

Passes:

    # llmd-render lint --target kserve=0.17
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
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import meets_later_kserve, services
from .subjects.objects import agree, mapping_at, name_of, namespace_of, objects
from .subjects.whole_tree import is_complete

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
                if (target_kind, target) == ("Deployment", deployment) and agree(
                    namespace_of(service), namespace_of(scaler)
                ):
                    yield _report(scaler, service, deployment, replicas)


def _fixed_deployments(tree: Tree) -> Iterator[tuple[Manifest, str, str]]:
    """List the Deployments whose replicas a service fixes, each with how many."""
    for service in services(tree):
        for path, ending in ((("spec",), "-kserve"), (("spec", "prefill"), "-kserve-prefill")):
            workload = mapping_at(service.data, *path)
            replicas = workload.get("replicas")
            many = "" if replicas == 1 else "s"
            if isinstance(replicas, int) and name_of(service):
                yield service, f"{name_of(service)}{ending}", f"{replicas} replica{many}, as"
            elif replicas is None and workload and _is_filled_in(tree, service):
                yield service, f"{name_of(service)}{ending}", "1 replica, which is left out of"


def _is_filled_in(tree: Tree, service: Manifest) -> bool:
    """Whether KServe writes one replica where a service says nothing."""
    return not meets_later_kserve(tree, service) and is_complete(tree, service)


def _report(scaler: Manifest, service: Manifest, deployment: str, replicas: str) -> TreeViolation:
    says = " says" if replicas.endswith(" as") else ""
    return TreeViolation(
        scaler,
        Violation(
            ("spec", "scaleTargetRef", "name"),
            f"KServe keeps the Deployment {deployment} at {replicas} the "
            f"LLMInferenceService {name_of(service)}{says}",
            "remove the autoscaler; from 0.17 on KServe lets it work when replicas is left out",
        ),
    )


RULE = TreeRule("autoscaler-fights-kserve-replicas", Severity.WARNING, _check, acknowledgeable=True)
