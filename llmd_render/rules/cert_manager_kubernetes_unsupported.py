"""The cert-manager release supports the cluster's Kubernetes version.

Each release of cert-manager supports and is tested with a few minor versions of Kubernetes. On
another one it may not start, and KServe then gets no certificates.

Source: https://cert-manager.io/docs/releases/ (2026-08-22)

Passes:

    certManager: {source: upstream}

Fails:

    certManager: {source: upstream}
    cluster: {version: "1.37"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.versions import kubernetes_minor

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    known = catalog.cert_manager
    chosen = profile.cert_manager
    if chosen.source != "upstream" or chosen.version not in {None, known.version}:
        return
    minor = kubernetes_minor(profile.cluster.version)
    if minor not in known.kubernetes:
        yield Violation(
            ("certManager", "version") if chosen.version else ("certManager", "source"),
            f"cert-manager {known.version} supports Kubernetes {known.kubernetes[0]} to "
            f"{known.kubernetes[-1]}, and cluster.version is {profile.cluster.version}",
            "set certManager.version to a release that supports it, or change cluster.version",
        )


RULE = ProfileRule("cert-manager-kubernetes-unsupported", Severity.WARNING, _check)
