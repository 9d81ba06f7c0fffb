"""Every rule about a tree of files; a rule that is not here does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    autoscaler_fights_kserve_replicas,
    endpoint_picker_metrics_scheme_wrong,
    endpoint_picker_without_its_pool,
    gpu_requested_on_tpu_node,
    image_root_user_refused,
    kserve_child_names_hashed,
    kustomization_file_missing,
    kustomization_file_unlisted,
    managed_route_has_timeouts,
    scheduler_template_without_containers,
    workload_service_expects_tls,
)

if TYPE_CHECKING:
    from .rule import TreeRule

TREE_RULES: tuple[TreeRule, ...] = (
    autoscaler_fights_kserve_replicas.RULE,
    endpoint_picker_metrics_scheme_wrong.RULE,
    endpoint_picker_without_its_pool.RULE,
    gpu_requested_on_tpu_node.RULE,
    image_root_user_refused.RULE,
    kserve_child_names_hashed.RULE,
    kustomization_file_missing.RULE,
    kustomization_file_unlisted.RULE,
    managed_route_has_timeouts.RULE,
    scheduler_template_without_containers.RULE,
    workload_service_expects_tls.RULE,
)
"""Rules about a tree of files, by name."""
