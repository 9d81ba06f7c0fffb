"""No flag is one that newer versions of vLLM have dropped.

vLLM exits at once when it meets a flag that its version no longer has: on a newer image, where this
one still takes the flag and calls it deprecated, or already now, where nobody knows which version
is in the image.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    server: {args: [--no-enable-log-requests]}

Fails:

    server: {args: [--disable-log-requests]}
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
    line = profile_line(profile, catalog)
    yield from line.deprecated()
    yield from line.dropped()
    yield from line.likely_dropped()


RULE = ProfileRule("vllm-flag-removed-upstream", Severity.WARNING, _check)
