"""The vLLM in the image has every flag that is passed to it.

vLLM exits at once when it meets a flag that it does not have, and the Pod restarts for ever. It is
an error only where that is sure: no version has the flag, or this is an upstream image whose
package was read.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    server: {args: [--max-num-seqs=64]}

Fails:

    server: {args: [--max-num-sequences=64]}
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
    yield from (item.violation for item in line.unknown() if item.is_sure)
    yield from line.nowhere()


RULE = ProfileRule("vllm-flag-unknown-to-image", Severity.ERROR, _check)
