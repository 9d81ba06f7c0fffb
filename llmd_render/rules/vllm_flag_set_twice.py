"""What the profile has a key for is set by that key alone.

The rendered command line has these flags already. Of two values vLLM takes the last, while probes,
routes, tests and cost estimate go by the first.

Source: https://docs.python.org/3/library/argparse.html (2026)

Passes:

    server: {maxModelLen: 4096}

Fails:

    server: {args: [--max-model-len=4096]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import flags_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_KEYS = {
    "--model": "model.uri",
    "--served-model-name": "service.servedModelName",
    "--dtype": "server.dtype",
    "--max-model-len": "server.maxModelLen",
    "--tensor-parallel-size": "server.tensorParallel",
    "-tp": "server.tensorParallel",
    "--enable-prefix-caching": "server.prefixCaching",
}
_PORT = "--port"
_NO_CACHING = "--no-enable-prefix-caching"


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    for flag in flags_of(profile):
        path = ("server", "args", flag.index)
        if flag.name == _PORT:
            yield Violation(
                path,
                "server.args sets --port, and probes, NetworkPolicies and the InferencePool use "
                "8000",
                "remove it",
            )
        elif flag.name in _KEYS:
            key = _KEYS[flag.name]
            yield Violation(
                path,
                f"server.args sets {flag.name}, which the tool writes from {key}",
                f"remove it and set {key} instead",
            )
        elif flag.name == _NO_CACHING and profile.server.prefix_caching:
            yield Violation(
                path,
                f"server.args sets {flag.name}, and server.prefixCaching is true",
                "remove it, or set server.prefixCaching to false",
            )


RULE = ProfileRule("vllm-flag-set-twice", Severity.ERROR, _check)
