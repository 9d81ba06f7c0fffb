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


_OWNERS = {
    "cert-manager": "cert-manager",
    "cert-manager-operator": "the operator of cert-manager",
    "default": "whatever names no namespace",
    "opendatahub": "KServe's controller",
}
_PREFIXES = ("gke-", "gmp-", "kube-")


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    namespace = profile.service.namespace
    owner = _OWNERS.get(namespace, "GKE" if namespace.startswith(_PREFIXES) else "")
    if owner and profile.network_policies.enabled:
        yield Violation(
            ("service", "namespace"),
            f"the namespace {namespace} is that of {owner}, which the service's NetworkPolicies "
            "would cut off",
            "use a namespace of its own, such as llm-d-inference-scheduling",
        )


RULE = ProfileRule("service-namespace-not-its-own", Severity.ERROR, _check)
