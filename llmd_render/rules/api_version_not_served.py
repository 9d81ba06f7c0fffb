"""The release that runs serves the version that an object is written in.

KServe serves LLMInferenceService v1alpha2 from 0.17 on, and the standard channel of the Gateway API
has BackendTLSPolicy v1 from 1.4 and ReferenceGrant v1 from 1.5 on. An older API server answers that
it knows no such kind. Judged only where `--target` or a profile says what runs.

Source: https://github.com/opendatahub-io/kserve tag odh-v3.5, config/crd (2026-08-14)
Source: https://github.com/kubernetes-sigs/gateway-api v1.2.0 to v1.6.1, config/crd (2026-07-16)

Passes:

    # llmd-render lint --target kserve=0.17
    apiVersion: serving.kserve.io/v1alpha2
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec: {model: {uri: hf://Qwen/Qwen3-4B}}

Fails:

    # llmd-render lint --target kserve=0.15
    apiVersion: serving.kserve.io/v1alpha2
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec: {model: {uri: hf://Qwen/Qwen3-4B}}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import GATEWAY_API, KSERVE, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


@dataclass(frozen=True, slots=True)
class _Served:
    """Since which release of a component kinds are served in a version."""

    group: str
    version: str
    kinds: tuple[str, ...]
    component: str
    name: str
    since: str
    instead: str = ""


_SERVED = (
    _Served(
        KSERVE,
        "v1alpha2",
        ("LLMInferenceService", "LLMInferenceServiceConfig"),
        "kserve",
        "KServe",
        "0.17",
        "write serving.kserve.io/v1alpha1, or ",
    ),
    _Served(
        GATEWAY_API,
        "v1",
        ("ReferenceGrant",),
        "gateway_api",
        "the Gateway API",
        "1.5",
        "write gateway.networking.k8s.io/v1beta1, or ",
    ),
    _Served(GATEWAY_API, "v1", ("BackendTLSPolicy",), "gateway_api", "the Gateway API", "1.4"),
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in _SERVED:
        if not tree.target.is_before(item.component, item.since):
            continue
        running = getattr(tree.target, item.component)
        for manifest in objects(tree, item.group, *item.kinds):
            if manifest.api_version == f"{item.group}/{item.version}":
                violation = Violation(
                    ("apiVersion",),
                    f"{item.name} {running} does not serve {manifest.kind} {item.version}",
                    f"{item.instead}move to {item.name} {item.since}",
                )
                yield TreeViolation(manifest, violation)


RULE = TreeRule("api-version-not-served", Severity.ERROR, _check, acknowledgeable=True)
