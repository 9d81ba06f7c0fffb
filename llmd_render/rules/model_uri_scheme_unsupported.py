"""KServe can download the model from where the profile says.

The storage initializer of an LLMInferenceService knows few kinds of places; with another one the
controller refuses the service.

Source: https://github.com/opendatahub-io/kserve (2026-03-20)

Passes:

    model: {uri: "pvc://models/qwen3-4b"}

Fails:

    model: {uri: "gs://bucket/qwen3-4b"}
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
    release = catalog.kserve_releases.get(profile.kserve.version)
    scheme = profile.model.uri.partition("://")[0]
    if release is None or scheme in release.uri_schemes:
        return
    allowed = listed(f"{item}://" for item in release.uri_schemes)
    yield Violation(
        ("model", "uri"),
        f"KServe {release.version} cannot download a model from {scheme}://",
        f"put the model where {allowed} reaches it",
    )


RULE = ProfileRule("model-uri-scheme-unsupported", Severity.ERROR, _check, acknowledgeable=False)
