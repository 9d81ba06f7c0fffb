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


_OTHERS = ("cert-manager", "cert-manager-operator", "default", "opendatahub")
_PREFIXES = ("gke-", "gmp-", "kube-")


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    namespace = profile.service.namespace
    taken = namespace in _OTHERS or namespace.startswith(_PREFIXES)
    if taken and profile.network_policies.enabled:
        yield Violation(
            ("service", "namespace"),
            f"the namespace {namespace} holds other things, which the service's NetworkPolicies "
            "would cut off",
            "use a namespace of its own, such as llm-d-inference-scheduling",
        )


RULE = ProfileRule("service-namespace-not-its-own", Severity.ERROR, _check)
