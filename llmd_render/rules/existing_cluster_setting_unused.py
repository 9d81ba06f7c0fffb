"""Of an existing cluster, nothing is said that only a new one is given.

The scripts never change a cluster that was there before. A CPU pool or a release channel beside
`existing` has no effect, and whoever wrote it believes that the cluster has them.

Source: the scripts of cluster/ that are rendered for an existing cluster (2026)

Passes:

    cluster: {existing: true, name: shared-cluster, version: "1.34"}

Fails:

    cluster: {existing: true, name: shared-cluster, releaseChannel: rapid}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile

_ONLY_FOR_NEW = {"cpu_pool": "cpuPool", "release_channel": "releaseChannel"}


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    if not profile.cluster.existing:
        return
    for field, key in _ONLY_FOR_NEW.items():
        if field in profile.cluster.model_fields_set:
            yield Violation(
                ("cluster", key),
                f"cluster.{key} is given, and the cluster exists already: the scripts do not "
                "change it",
                f"remove cluster.{key}, or set cluster.existing to false",
            )


RULE = ProfileRule("existing-cluster-setting-unused", Severity.WARNING, _check)
