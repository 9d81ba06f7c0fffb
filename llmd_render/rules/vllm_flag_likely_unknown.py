"""Every flag is one of vLLM, as far as the version in the image can be told.

vLLM exits at once when it meets a flag that it does not have. A vendor may have added one to the
vLLM in its image, and of other images nobody knows the version: hence no error.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    server: {args: [--swap-space=0]}

Fails:

    server: {args: [--max-num-queued-reqs=8]}
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
    found = profile_line(profile, catalog).unknown()
    yield from (item.violation for item in found if not item.is_sure)


RULE = ProfileRule("vllm-flag-likely-unknown", Severity.WARNING, _check)
