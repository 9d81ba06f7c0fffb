"""Every rule: what the linter checks, what `explain` explains, what the documentation lists."""

from __future__ import annotations

from . import (
    allowed_source_range_invalid,
    allowed_source_range_unenforced,
    capacity_reservation_missing,
    capacity_reservation_unused,
    compile_cache_class_not_shareable,
    compile_cache_disk_unknown,
    compile_cache_volume_not_shared,
    cpu_pool_limits_swapped,
    gateway_backend_timeout_short,
    gateway_class_not_managed_by_gke,
    gateway_class_unknown_to_catalog,
    gateway_class_unproven_with_inference_pool,
    gateway_class_without_inference_pool,
    gateway_health_check_missing,
    gateway_open_to_internet,
    gateway_tls_certificate_ambiguous,
    gke_version_unsupported,
    image_runs_as_root,
    image_tag_not_pinned,
    inference_pool_crd_not_bundled,
    kserve_images_move,
    kserve_ref_not_pinned,
    kserve_version_unknown,
    kubernetes_schemas_missing,
    kustomization_file_missing,
    kustomization_file_unlisted,
    model_context_exceeded,
    model_gated_without_token,
    model_licence_forbids_commercial_use,
    model_licence_has_conditions,
    model_licence_limits_use,
    model_unknown_to_catalog,
    model_uri_scheme_unsupported,
    model_weights_exceed_memory,
    network_policies_switched_off,
    node_pool_too_small,
    proxy_only_subnet_range_invalid,
    proxy_only_subnet_unmanaged,
    route_timeouts_refused_by_gke,
    secret_value_in_profile,
    served_model_name_is_path,
    service_namespace_not_its_own,
    tensor_parallel_exceeds_slice,
    tensor_parallel_leaves_chips_idle,
    tensor_parallel_splits_no_heads,
    tpu_dtype_not_bfloat16,
    tpu_machine_type_ambiguous,
    tpu_machine_type_unknown,
    tpu_slice_spans_hosts,
    tpu_topology_not_formable,
    tpu_zone_unknown_to_catalog,
    tpu_zone_without_accelerator,
    vllm_flag_refused_on_tpu,
    vllm_flag_removed_from_image,
    vllm_flag_removed_upstream,
    vllm_flag_set_twice,
    vllm_flag_value_unsupported_on_tpu,
    vllm_serves_tls_behind_gateway,
    vllm_variable_set_twice,
)
from .kustomizations import list_references
from .rule import ProfileRule, Rule, TreeRule, TreeViolation

PROFILE_RULES: tuple[ProfileRule, ...] = (
    allowed_source_range_invalid.RULE,
    allowed_source_range_unenforced.RULE,
    capacity_reservation_missing.RULE,
    capacity_reservation_unused.RULE,
    compile_cache_class_not_shareable.RULE,
    compile_cache_disk_unknown.RULE,
    compile_cache_volume_not_shared.RULE,
    cpu_pool_limits_swapped.RULE,
    gateway_backend_timeout_short.RULE,
    gateway_class_not_managed_by_gke.RULE,
    gateway_class_unknown_to_catalog.RULE,
    gateway_class_unproven_with_inference_pool.RULE,
    gateway_class_without_inference_pool.RULE,
    gateway_health_check_missing.RULE,
    gateway_open_to_internet.RULE,
    gateway_tls_certificate_ambiguous.RULE,
    gke_version_unsupported.RULE,
    image_runs_as_root.RULE,
    image_tag_not_pinned.RULE,
    inference_pool_crd_not_bundled.RULE,
    kserve_images_move.RULE,
    kserve_ref_not_pinned.RULE,
    kserve_version_unknown.RULE,
    kubernetes_schemas_missing.RULE,
    model_context_exceeded.RULE,
    model_gated_without_token.RULE,
    model_licence_forbids_commercial_use.RULE,
    model_licence_has_conditions.RULE,
    model_licence_limits_use.RULE,
    model_unknown_to_catalog.RULE,
    model_uri_scheme_unsupported.RULE,
    model_weights_exceed_memory.RULE,
    network_policies_switched_off.RULE,
    node_pool_too_small.RULE,
    proxy_only_subnet_range_invalid.RULE,
    proxy_only_subnet_unmanaged.RULE,
    route_timeouts_refused_by_gke.RULE,
    secret_value_in_profile.RULE,
    served_model_name_is_path.RULE,
    service_namespace_not_its_own.RULE,
    tensor_parallel_exceeds_slice.RULE,
    tensor_parallel_leaves_chips_idle.RULE,
    tensor_parallel_splits_no_heads.RULE,
    tpu_dtype_not_bfloat16.RULE,
    tpu_machine_type_ambiguous.RULE,
    tpu_machine_type_unknown.RULE,
    tpu_slice_spans_hosts.RULE,
    tpu_topology_not_formable.RULE,
    tpu_zone_unknown_to_catalog.RULE,
    tpu_zone_without_accelerator.RULE,
    vllm_flag_refused_on_tpu.RULE,
    vllm_flag_removed_from_image.RULE,
    vllm_flag_removed_upstream.RULE,
    vllm_flag_set_twice.RULE,
    vllm_flag_value_unsupported_on_tpu.RULE,
    vllm_serves_tls_behind_gateway.RULE,
    vllm_variable_set_twice.RULE,
)
"""Rules about a profile, by name."""

TREE_RULES: tuple[TreeRule, ...] = (
    kustomization_file_missing.RULE,
    kustomization_file_unlisted.RULE,
)
"""Rules about a tree of files, by name."""

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted((*PROFILE_RULES, *TREE_RULES), key=lambda rule: rule.name)
)
"""All rules, by name."""

_BY_NAME = {rule.name: rule for rule in ALL_RULES}

__all__ = [
    "ALL_RULES",
    "PROFILE_RULES",
    "TREE_RULES",
    "ProfileRule",
    "Rule",
    "TreeRule",
    "TreeViolation",
    "find_rule",
    "list_references",
]


def find_rule(name: str) -> Rule | None:
    """Return the rule of this name, if there is one."""
    return _BY_NAME.get(name)
