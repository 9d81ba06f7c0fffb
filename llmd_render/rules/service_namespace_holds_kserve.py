"""The service has a namespace of its own.

The NetworkPolicies deny everything in the service's namespace that they do not name. In KServe's
own namespace they would cut off the webhooks of its controller, and nothing of KServe's could be
created or changed any more.

Source: https://github.com/opendatahub-io/kserve (2026-03-20)

Passes:

    service: {namespace: llm-d-inference-scheduling}

Fails:

    service: {namespace: opendatahub}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_CROWDED = ("opendatahub", "cert-manager", "kube-system")


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    namespace = profile.service.namespace
    if namespace in _CROWDED and profile.network_policies.enabled:
        yield Violation(
            ("service", "namespace"),
            f"the namespace {namespace} holds controllers that the NetworkPolicies of the service "
            "would cut off",
            "use a namespace of its own, such as llm-d-inference-scheduling",
        )


RULE = ProfileRule("service-namespace-holds-kserve", Severity.ERROR, _check)
