"""A release of cert-manager is named only where it is installed.

Red Hat's operator decides its own version of cert-manager. A release or a checksum beside it has no
effect, and whoever wrote it believes that something else is installed.

Source: https://github.com/aneeshkp/llm-d-infra-xks (2026-02-09)

Passes:

    certManager: {source: upstream, version: v1.20.3}

Fails:

    certManager: {version: v1.20.3}
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
    chosen = profile.cert_manager
    if chosen.source == "upstream":
        return
    for key, value in (("version", chosen.version), ("sha256", chosen.sha256)):
        if value is not None:
            yield Violation(
                ("certManager", key),
                f"certManager.{key} is given, and certManager.source is {chosen.source}, which "
                "does not use it",
                f"set certManager.source to upstream, or remove certManager.{key}",
            )


RULE = ProfileRule("cert-manager-version-unused", Severity.ERROR, _check)
