"""What the tool works out for the TPU is not set by hand.

These variables describe the slice that tpu.type and tpu.topology name, or the volume of the compile
cache. A value of one's own replaces the right one, and vLLM then finds no TPU or no cache.

Source: https://github.com/kubernetes-sigs/dra-driver-google-tpu (2026)

Passes:

    server: {env: {SKIP_JAX_PRECOMPILE: "1"}}

Fails:

    server: {env: {TPU_HOST_BOUNDS: "1,1,1"}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_ALWAYS = {
    "PJRT_DEVICE": "tpu.type",
    "TPU_CHIPS_PER_HOST_BOUNDS": "tpu.topology",
    "TPU_HOST_BOUNDS": "tpu.topology",
}
_WITH_CACHE = {
    "VLLM_XLA_CACHE_PATH": "server.compileCache",
    "JAX_COMPILATION_CACHE_DIR": "server.compileCache",
}


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    own = _ALWAYS | (_WITH_CACHE if profile.server.compile_cache else {})
    for name in profile.server.env:
        if name in own:
            yield Violation(
                ("server", "env", name),
                f"server.env sets {name}, which the tool works out from {own[name]}",
                "remove it",
                key=True,
            )


RULE = ProfileRule("vllm-variable-set-twice", Severity.WARNING, _check)
