"""GKE brings the InferencePool definition itself.

The load balancer follows InferencePools of `inference.networking.k8s.io/v1`. Older GKE does not
install that definition, and it then comes only with the manifests of KServe, or not at all.

Source: https://llm-d.ai/docs (2026)

Passes:

    cluster: {version: "1.34.1-gke.1829001"}

Fails:

    cluster: {version: "1.33"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.versions import is_older, kubernetes_minor

from .rule import ProfileRule
from .subjects.facts import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    version = profile.cluster.version
    feature = catalog.gke_features.get("inference-pool-v1")
    if feature is None or feature.minimum is None or not is_older(version, feature.minimum):
        return
    if any(is_older(version, minimum) for _, minimum in requirements(profile, catalog)):
        return  # gke-version-unsupported
    newest = kubernetes_minor(feature.minimum)
    yield Violation(
        ("cluster", "version"),
        f"GKE {version} does not bring the InferencePool definition; GKE does from "
        f"{feature.minimum} on",
        f'set cluster.version to "{newest}", which means its newest build, or apply the '
        "definition yourself",
    )


RULE = ProfileRule("inference-pool-crd-not-bundled", Severity.WARNING, _check)
