"""A model that is served by its id on Hugging Face is spelt as it is there.

vLLM compares names letter by letter. A name that differs from the id only in capital letters looks
right to everybody, and clients that copy the id from Hugging Face get 404.

Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
      router: {scheduler: {}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: qwen/qwen3-4b}
      router: {scheduler: {}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_SCHEME = "hf://"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        uri = text_at(service.data, "spec", "model", "uri")
        name = text_at(service.data, "spec", "model", "name")
        model = uri.removeprefix(_SCHEME).partition(":")[0]
        if model not in {uri, name} and name.lower() == model.lower():
            message = f"the name {name} and the id {model} in uri differ only in capital letters"
            hint = f"write {model} in both, or the spelling that Hugging Face has"
            yield TreeViolation(service, Violation(("spec", "model", "name"), message, hint))


RULE = TreeRule(
    "model-name-case-differs",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("served-name-case-differs",),
)
