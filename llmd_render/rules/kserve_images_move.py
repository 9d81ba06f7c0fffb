"""The KServe release names its images by tags that do not move.

The commit of the manifests is pinned, but they name images such as v0.15-latest. The controller of
a cluster made next month may be another one than today's.

Source: https://github.com/opendatahub-io/kserve (2026-03-20)

Passes:

    lint:
      ignore:
        - {rule: kserve-images-move, reason: a mirror of ours keeps the images}

Fails:

    lint: {ignore: []}
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
    release = catalog.kserve_releases.get(profile.kserve.version)
    if release is None or release.images_pinned:
        return
    yield Violation(
        ("kserve", "version") if "version" in profile.kserve.model_fields_set else (),
        f"KServe {release.version} names its images by tags that move, so a cluster made later may "
        "run another controller",
        "mirror the images you tested, or acknowledge this in lint.ignore",
    )


RULE = ProfileRule("kserve-images-move", Severity.WARNING, _check)
