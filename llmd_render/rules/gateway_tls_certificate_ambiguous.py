"""HTTPS at the Gateway has exactly one certificate, of a kind that the class reads.

A listener takes its certificate from a Secret or from Certificate Manager. With neither the
listener is refused, and with both it is not defined which one counts. Only the regional classes
read certificates of Certificate Manager by name.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway (2026)

Passes:

    gateway: {tls: {secret: gateway-certificate}}

Fails:

    gateway: {tls: {secret: gateway-certificate, certificate: gateway-certificate}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    tls = profile.gateway.tls
    if tls is None:
        return
    if (tls.secret is None) == (tls.certificate is None):
        found = (
            "neither a secret nor a certificate"
            if tls.secret is None
            else "both a secret and a certificate"
        )
        yield Violation(
            ("gateway", "tls"),
            f"gateway.tls names {found}; the listener takes its certificate from one source",
            "set gateway.tls.secret or gateway.tls.certificate, and only one of them",
        )
    elif tls.certificate and not _reads_certificates(profile.gateway.class_name, catalog):
        yield Violation(
            ("gateway", "tls", "certificate"),
            f"the GatewayClass {profile.gateway.class_name} does not read certificates of "
            f"Certificate Manager, and gateway.tls.certificate names {tls.certificate}",
            "set gateway.tls.secret instead, or use gke-l7-regional-external-managed or "
            "gke-l7-rilb",
        )


def _reads_certificates(class_name: str, catalog: Catalog) -> bool:
    known = catalog.gateway_classes.get(class_name)
    if known is None or (not known.tls and known.scope != "in-cluster"):
        return True  # nobody can say, and then nobody says
    return "cert-manager-certs" in known.tls


RULE = ProfileRule(
    "gateway-tls-certificate-ambiguous", Severity.ERROR, _check, acknowledgeable=False
)
