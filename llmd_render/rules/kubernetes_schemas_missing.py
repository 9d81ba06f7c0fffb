"""The Kubernetes version is one whose schemas are at hand.

What is rendered is checked against the schemas of the cluster's Kubernetes version. Without them a
mistake would show only in the cluster.

Source: https://github.com/willthames/kubernetes-validate (2026)

Passes:

    cluster: {version: "1.35"}

Fails:

    cluster: {version: "1.38"}
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


NEWEST = 37
"""The newest minor version with schemas; the oldest ones no Gateway works on anyway."""


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    version = kubernetes_minor(profile.cluster.version)
    if int(version.partition(".")[2]) <= NEWEST:
        return
    yield Violation(
        ("cluster", "version"),
        f"there are no schemas of Kubernetes {version} to check against, only up to 1.{NEWEST}",
        f'set cluster.version to "1.{NEWEST}"',
    )


RULE = ProfileRule("kubernetes-schemas-missing", Severity.ERROR, _check, acknowledgeable=False)
