"""Every rule about a tree of files; a rule that is not here does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    autoscaler_fights_kserve_replicas,
    endpoint_picker_metrics_scheme_wrong,
    endpoint_picker_without_its_pool,
    gke_class_without_pools,
    gke_listener_without_certificate,
    gke_policy_target_missing,
    gke_policy_targets_generated_service,
    gke_pool_without_health_check,
    gke_route_feature_unsupported,
    gke_route_filter_refused,
    gke_route_has_timeouts,
    gke_route_left_to_preset,
    gke_route_matches_method,
    gke_route_path_not_literal,
    gpu_requested_on_tpu_node,
    image_root_user_refused,
    kserve_child_names_hashed,
    kustomization_file_missing,
    kustomization_file_unlisted,
    route_hostname_not_served,
    route_listener_not_found,
    route_namespace_not_admitted,
    scheduler_template_without_containers,
    workload_service_expects_tls,
)

if TYPE_CHECKING:
    from .rule import TreeRule

TREE_RULES: tuple[TreeRule, ...] = (
    autoscaler_fights_kserve_replicas.RULE,
    endpoint_picker_metrics_scheme_wrong.RULE,
    endpoint_picker_without_its_pool.RULE,
    gke_class_without_pools.RULE,
    gke_listener_without_certificate.RULE,
    gke_policy_target_missing.RULE,
    gke_policy_targets_generated_service.RULE,
    gke_pool_without_health_check.RULE,
    gke_route_feature_unsupported.RULE,
    gke_route_filter_refused.RULE,
    gke_route_has_timeouts.RULE,
    gke_route_left_to_preset.RULE,
    gke_route_matches_method.RULE,
    gke_route_path_not_literal.RULE,
    gpu_requested_on_tpu_node.RULE,
    image_root_user_refused.RULE,
    kserve_child_names_hashed.RULE,
    kustomization_file_missing.RULE,
    kustomization_file_unlisted.RULE,
    route_hostname_not_served.RULE,
    route_listener_not_found.RULE,
    route_namespace_not_admitted.RULE,
    scheduler_template_without_containers.RULE,
    workload_service_expects_tls.RULE,
)
"""Rules about a tree of files, by name."""
