"""KServe is installed from a commit.

A branch or a tag can point at something else tomorrow, and what was tested is then not what is
installed. A commit stays.

Source: https://git-scm.com/docs/gitglossary (2026)

Passes:

    kserve: {ref: 9682be26da593e5dd52555848cfc39a0b9fef9cd}

Fails:

    kserve: {ref: release-v0.15}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_COMMIT = re.compile(r"[0-9a-f]{40}")


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    ref = profile.kserve.ref
    if ref is None or _COMMIT.fullmatch(ref):
        return
    release = catalog.kserve_releases.get(profile.kserve.version)
    tested = f", or leave it out, which means {release.ref}" if release else ""
    yield Violation(
        ("kserve", "ref"),
        f"kserve.ref is {ref}, which is not a full commit and may mean another one tomorrow",
        f"name the full commit of 40 digits{tested}",
    )


RULE = ProfileRule("kserve-ref-not-pinned", Severity.WARNING, _check)
