"""The key of the certificate authority that KServe signs with is an RSA key of 2048 bits or more.

KServe signs a certificate for each LLMInferenceService with the key in the Secret `opendatahub-ca`,
and reads it as RSA. With ECDSA or Ed25519 no service gets ready. cert-manager takes RSA with 2048
bits where nothing is written.

Source: https://github.com/opendatahub-io/kserve release-v0.15, config/overlays (2026-03-20)

Passes:

    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata: {name: opendatahub-ca, namespace: cert-manager}
    spec:
      isCA: true
      secretName: opendatahub-ca
      privateKey: {algorithm: RSA, size: 4096}
      issuerRef: {name: opendatahub-selfsigned-issuer, kind: ClusterIssuer}

Fails:

    apiVersion: cert-manager.io/v1
    kind: Certificate
    metadata: {name: opendatahub-ca, namespace: cert-manager}
    spec:
      isCA: true
      secretName: opendatahub-ca
      privateKey: {algorithm: ECDSA, size: 256}
      issuerRef: {name: opendatahub-selfsigned-issuer, kind: ClusterIssuer}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import mapping_at, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_SECRET = "opendatahub-ca"  # noqa: S105 - the name of a Secret
_SMALLEST = 2048
_HINT = "write privateKey.algorithm RSA with a size of 4096"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for certificate in objects(tree, "cert-manager.io", "Certificate"):
        if text_at(certificate.data, "spec", "secretName") != _SECRET:
            continue
        key = mapping_at(certificate.data, "spec", "privateKey")
        algorithm, size = key.get("algorithm", "RSA"), value_at(key, "size")
        if algorithm != "RSA":
            field, found = "algorithm", f"is an {algorithm} key"
        elif isinstance(size, int) and size < _SMALLEST:
            field, found = "size", f"has {size} bits"
        else:
            continue
        yield TreeViolation(
            certificate,
            Violation(
                ("spec", "privateKey", field),
                f"KServe signs with the key in the Secret {_SECRET} as an RSA key of {_SMALLEST} "
                f"bits or more, and this one {found}",
                _HINT,
            ),
        )


RULE = TreeRule("kserve-authority-key-wrong", Severity.WARNING, _check, acknowledgeable=True)
