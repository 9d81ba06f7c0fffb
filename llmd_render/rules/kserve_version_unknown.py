"""The KServe version is one that the catalog knows.

Releases differ in what they are called, what they install and what their scheduler is told, so a
tree can be rendered only for a release whose facts are known.

Source: https://github.com/opendatahub-io/kserve (2026-03-20)

Passes:

    kserve: {version: "0.15"}

Fails:

    kserve: {version: "0.16"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    version = profile.kserve.version
    if version in catalog.kserve_releases:
        return
    known = listed(f'"{item}"' for item in catalog.kserve_releases)
    yield Violation(
        ("kserve", "version"),
        f"the tool cannot render for KServe {version}",
        f"set kserve.version to {known}; --target kserve=VERSION judges against other releases",
    )


RULE = ProfileRule("kserve-version-unknown", Severity.ERROR, _check, acknowledgeable=False)
