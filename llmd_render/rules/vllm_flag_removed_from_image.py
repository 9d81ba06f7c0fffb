"""The image's vLLM still has every flag that is passed to it.

vLLM exits at once when it meets a flag that its version no longer has. This is a warning and no
error, because the vLLM inside a vendor's image may keep a flag that upstream dropped.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    server:
      runAsRoot: true
      image: docker.io/vllm/vllm-tpu:v0.18.0
      args: [--no-enable-log-requests]

Fails:

    server:
      runAsRoot: true
      image: docker.io/vllm/vllm-tpu:v0.18.0
      args: [--disable-log-requests]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import ProfileRule
from .subjects.vllm_flags import profile_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.diagnostics import Violation
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    return profile_line(profile, catalog).removed()


RULE = ProfileRule("vllm-flag-removed-from-image", Severity.WARNING, _check)
