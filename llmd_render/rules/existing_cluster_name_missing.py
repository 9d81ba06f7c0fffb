"""An existing cluster is named.

Without a name the scripts look for a cluster called after the profile, which is how they would call
one of their own. That somebody else made one of that name is unlikely.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/types-of-clusters (2026)

Passes:

    cluster: {existing: true, name: shared-cluster}

Fails:

    cluster: {existing: true}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    if profile.cluster.existing and profile.cluster.name is None:
        yield Violation(
            ("cluster", "existing"),
            f"the existing cluster has no name, so that the scripts look for llmd-{profile.name}",
            "set cluster.name to what `gcloud container clusters list` shows",
        )


RULE = ProfileRule("existing-cluster-name-missing", Severity.WARNING, _check)
