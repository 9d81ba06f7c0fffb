"""KServe brings the definitions of the inference objects that a tree holds.

KServe 0.15 brings InferenceModel and InferenceObjective of `inference.networking.x-k8s.io`. 0.17
brings neither: InferenceModel is gone, and InferenceObjective is of the group `llm-d.ai`. Judged
only where `--target` or a profile says what runs.

Source: https://github.com/opendatahub-io/kserve tag odh-v3.5, config/llmisvc (2026-08-14)

Passes:

    # llmd-render lint --target kserve=0.15
    apiVersion: inference.networking.x-k8s.io/v1alpha2
    kind: InferenceObjective
    metadata: {name: urgent, namespace: example}
    spec: {poolRef: {name: qwen-inference-pool}}

Fails:

    # llmd-render lint --target kserve=0.17
    apiVersion: inference.networking.x-k8s.io/v1alpha2
    kind: InferenceObjective
    metadata: {name: urgent, namespace: example}
    spec: {poolRef: {name: qwen-inference-pool}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import OLD_INFERENCE, has, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_HINTS = {
    "InferenceModel": "remove it, or apply its definition yourself",
    "InferenceObjective": "write llm-d.ai/v1alpha2, or apply the old definition yourself",
}
_CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not tree.target.has("kserve", "0.17"):
        return
    for kind, hint in _HINTS.items():
        if has(tree, *_CRD, f"{kind.lower()}s.{OLD_INFERENCE}"):
            continue
        for manifest in objects(tree, OLD_INFERENCE, kind):
            message = (
                f"KServe {tree.target.kserve} does not bring {kind} of {OLD_INFERENCE}; 0.15 does"
            )
            yield TreeViolation(manifest, Violation(("apiVersion",), message, hint))


RULE = TreeRule("inference-definition-not-brought", Severity.WARNING, _check, acknowledgeable=True)
