"""The GKE version has what the deployment needs.

GKE's Gateway controller knows the InferencePool from a certain version on, and node pools of each
TPU generation exist from a certain version on. An older cluster refuses them.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    cluster: {version: "1.34"}

Fails:

    cluster: {version: "1.31"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.versions import is_older, kubernetes_minor, parse_gke_version

from .rule import ProfileRule
from .subjects.facts import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    version = profile.cluster.version
    unmet = [item for item in requirements(profile, catalog) if is_older(version, item[1])]
    if not unmet:
        return
    pools = catalog.gke_features.get("inference-pool-v1")
    wanted = [minimum for _, minimum in unmet]
    if pools and pools.minimum:
        wanted.append(pools.minimum)  # so that the advice does not lead to the next finding
    newest = kubernetes_minor(max(wanted, key=parse_gke_version))
    reasons = " and ".join(f"{what} needs {since}" for what, since in unmet)
    yield Violation(
        ("cluster", "version"),
        f"cluster.version is {version}, and {reasons} or later",
        f'set cluster.version to "{newest}", which means its newest build',
    )


RULE = ProfileRule("gke-version-unsupported", Severity.ERROR, _check)
