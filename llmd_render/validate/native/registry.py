"""Which kind is checked by which function."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from llmd_render.diagnostics import Violation

    from .findings import Mapping

    Check = Callable[[Mapping], Iterator[Violation]]

KINDS = {
    ("", "ConfigMap"): ("configuration", "check_config_map"),
    ("", "PersistentVolumeClaim"): ("storage", "check_claim"),
    ("", "Pod"): ("pods", "check_pod"),
    ("", "Secret"): ("configuration", "check_secret"),
    ("", "Service"): ("services", "check_service"),
    ("apps", "DaemonSet"): ("workloads", "check_daemon_set"),
    ("apps", "Deployment"): ("workloads", "check_deployment"),
    ("apps", "ReplicaSet"): ("workloads", "check_replica_set"),
    ("apps", "StatefulSet"): ("workloads", "check_stateful_set"),
    ("autoscaling", "HorizontalPodAutoscaler"): ("policies", "check_autoscaler"),
    ("batch", "CronJob"): ("batch", "check_cron_job"),
    ("batch", "Job"): ("batch", "check_job"),
    ("networking.k8s.io", "Ingress"): ("networking", "check_ingress"),
    ("networking.k8s.io", "NetworkPolicy"): ("networking", "check_network_policy"),
    ("policy", "PodDisruptionBudget"): ("policies", "check_disruption_budget"),
    ("rbac.authorization.k8s.io", "ClusterRole"): ("rbac", "check_cluster_role"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("rbac", "check_cluster_role_binding"),
    ("rbac.authorization.k8s.io", "Role"): ("rbac", "check_role"),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("rbac", "check_role_binding"),
    ("storage.k8s.io", "StorageClass"): ("storage", "check_storage_class"),
}
"""The module and function for each group and kind that has rules worth their lines."""


def check_native(data: Any) -> Iterator[Violation]:
    """Find what the server's Go code refuses of an object; of unknown kinds nothing is said."""
    if not isinstance(data, dict):
        return
    api_version, kind = data.get("apiVersion"), data.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return
    group = api_version.rpartition("/")[0]
    place = KINDS.get((group, kind))
    if place is not None:
        yield from _load(*place)(data)


@cache
def _load(module: str, name: str) -> Check:
    # By name, so that a run loads only what its kinds need.
    found: Check = getattr(import_module(f".{module}", __package__), name)
    return found
