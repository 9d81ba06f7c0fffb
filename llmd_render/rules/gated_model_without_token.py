"""A gated model comes with a Hugging Face token where it is downloaded.

KServe downloads the model in an init container. That sees the token by the annotation
serving.kserve.io/storageSecretName, or by a Secret of the Pod's ServiceAccount, and not by an
environment variable of the container that runs vLLM. Without it the download ends with 401.

Source: https://huggingface.co/docs/hub/models-gated (2026)
Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata:
      name: gemma
      namespace: llm
      annotations: {serving.kserve.io/storageSecretName: hf-token}
    spec:
      model: {uri: "hf://google/gemma-3-4b-it", name: google/gemma-3-4b-it}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata:
      name: gemma
      namespace: llm
    spec:
      model: {uri: "hf://google/gemma-3-4b-it", name: google/gemma-3-4b-it}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.objects import items_at, objects, variables_of
from .subjects.pod_references import SECRET_ANNOTATION
from .subjects.whole_tree import is_complete, is_patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_URI = ("spec", "model", "uri")
_SCHEME = "hf://"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        uri = text_at(service.data, *_URI)
        if not uri.startswith(_SCHEME) or is_patched(tree) or not is_complete(tree, service):
            continue
        if _has_token(tree, service) or not _is_gated(uri.removeprefix(_SCHEME)):
            continue
        message = f"{uri.removeprefix(_SCHEME)} is gated, and the download gets no token"
        if _has_variable(service):
            message += "; it does not see HF_TOKEN of the container main"
        hint = f"add the annotation {SECRET_ANNOTATION} with a Secret that has the key HF_TOKEN"
        violation = Violation(_URI, message, hint)
        yield TreeViolation(service, violation)


def _has_token(tree: Tree, service: Manifest) -> bool:
    if value_at(service.data, "metadata", "annotations", SECRET_ANNOTATION):
        return True
    template = value_at(service.data, "spec", "template")
    account = any(item.data.get("secrets") for item in objects(tree, "", "ServiceAccount"))
    own = any(True for _ in items_at(template, "initContainers"))
    return account or own or bool(value_at(template, "serviceAccountName"))


def _has_variable(service: Manifest) -> bool:
    containers = items_at(service.data, "spec", "template", "containers")
    return any("HF_TOKEN" in variables_of(container) for _, container in containers)


def _is_gated(model: str) -> bool:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with services need it

    known = load_catalog().models.get(model)
    return known is not None and known.gated is True


# A Secret of the ServiceAccount `default` would do, and is in no tree.
RULE = TreeRule(
    "gated-model-without-token",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("model-gated-without-token",),
)
