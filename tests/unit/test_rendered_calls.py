"""The calls of programs that no table is about: each is known here, word for word."""

from __future__ import annotations

import re

import pytest
from command_lines import golden_calls

PINNED = re.compile(r"\?ref=\S+|-[0-9a-f]{40}\b")
KSERVE = "https://github.com/opendatahub-io/kserve/config/overlays"
CALLS = {
    "helm": {"helm plugin list", "helm version --short"},
    "helmfile": {"helmfile destroy --selector name=cert-manager-operator"},
    "kustomize": {
        f"kustomize build {KSERVE}/odh-test/cert-manager",
        f"kustomize build {KSERVE}/odh-xks",
        "kustomize version",
    },
    "make": {"make -C …/.cache/llmd-render/infrastructure deploy-cert-manager"},
}


@pytest.mark.parametrize("program", CALLS)
def test_a_rendered_tree_calls_it_as_is_known_to_work(program: str) -> None:
    assert {PINNED.sub("", str(item)) for item in golden_calls(program)} == CALLS[program]
