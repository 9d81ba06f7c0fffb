"""vLLM speaks plain HTTP to the load balancer.

GKE's load balancers speak HTTP to the pods of an InferencePool, and the pool has no setting to
change that. The probes of the tree are HTTP as well. TLS belongs at the Gateway.

Source: https://gateway-api-inference-extension.sigs.k8s.io/api-types/inferencepool/ (2026)

Passes:

    gateway: {tls: {secret: gateway-certificate}}

Fails:

    server: {args: [--ssl-certfile=/etc/tls/tls.crt]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import flags_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    for flag in flags_of(profile):
        if flag.name.startswith("--ssl-"):
            yield Violation(
                ("server", "args", flag.index),
                f"{flag.name} makes vLLM serve HTTPS, and GKE's load balancer speaks plain HTTP to "
                "an InferencePool",
                "remove it; for HTTPS to clients set gateway.tls",
            )


RULE = ProfileRule("vllm-serves-tls-behind-gateway", Severity.ERROR, _check)
