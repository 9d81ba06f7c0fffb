"""All rules of KServe's admission webhooks, put to one object.

Not mirrored, because one manifest alone does not show it:

- On update, validateImmutable compares the size of a group of pods with that of the object in the
  cluster, for spec and spec.prefill. The size is data / dataLocal rounded down and at least 1, or
  pipeline, or 1.
- On update of a well-known config the webhook warns; on delete 0.15 warns and 0.17 refuses, in the
  namespace of KServe.
- The defaulting webhook of 0.17 sets labels of local model caches and of the routing group, which
  no rule reads. That it names the model after the service is mirrored. 0.15 has no such webhook.
- The webhook of configs needs the ConfigMap inferenceservice-config.

No webhook checks the length of names, reserved names, or what baseRefs refer to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at

from .confidential import check_confidential
from .configs import check_base_refs
from .deferred import check_gateway_namespaces, check_model_uri
from .device_claims import check_device_claims
from .kv_cache import check_kv_cache
from .lora import check_lora
from .parallelism import check_parallelism
from .reading import mapping_at
from .release import KServeRelease
from .routing import check_parents, check_parents_match, check_routes, check_traffic
from .scaling import check_scaling
from .scheduler import check_scheduler_config, check_scheduler_replicas
from .subject import ALPHA1, ALPHA2, CONFIG, GROUP, SERVICE, Rule, Subject
from .templates import check_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import Violation

_V0_15, _V0_17 = KServeRelease.V0_15, KServeRelease.V0_17
_SERVED = {_V0_15: (ALPHA1,), _V0_17: (ALPHA1, ALPHA2)}

RULES = (
    Rule(check_routes),
    Rule(check_parents, versions=(ALPHA1,)),
    Rule(check_parents_match, since=_V0_17, versions=(ALPHA2,)),
    Rule(check_traffic, since=_V0_17),
    Rule(check_parallelism),
    Rule(check_scheduler_replicas, since=_V0_17),
    Rule(check_scheduler_config, since=_V0_17),
    Rule(check_scaling, since=_V0_17),
    Rule(check_lora, since=_V0_17),
    Rule(check_kv_cache, since=_V0_17, versions=(ALPHA2,)),
    Rule(check_device_claims, since=_V0_17),
    Rule(check_confidential, since=_V0_17, versions=(ALPHA2,)),
    Rule(check_model_uri, until=_V0_15),
    Rule(check_gateway_namespaces, until=_V0_15),
    Rule(check_templates),
    Rule(check_base_refs, kind=CONFIG),
    Rule(check_scheduler_replicas, kind=CONFIG, since=_V0_17),
    Rule(check_templates, kind=CONFIG),
)
"""Every check, and the kind, releases and API versions that it holds for."""


def check_kserve(data: Any, release: KServeRelease) -> Iterator[Violation]:
    """Find what the webhooks of a KServe release refuse; other kinds have no findings."""
    kind = text_at(data, "kind")
    group, _, version = text_at(data, "apiVersion").partition("/")
    if group != GROUP or version not in _SERVED[release] or kind not in {SERVICE, CONFIG}:
        return
    metadata, spec = mapping_at(data, "metadata") or {}, mapping_at(data, "spec") or {}
    subject = Subject(kind, version, release, metadata, spec)
    for rule in RULES:
        if rule.holds_for(subject):
            yield from rule.check(subject)
