"""An LLMInferenceService has a name of at most 38 characters.

KServe names what it makes for a service after it, with an ending of up to 25 characters. A name
that then has more than 63 is cut and gets a hash, and scripts and policies that name the Service
or the InferencePool do not find it.

Source: https://github.com/opendatahub-io/kserve release-v0.15, pkg/controller/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen-of-the-machine-learning-platform, namespace: example}
    spec: {model: {uri: hf://Qwen/Qwen3-4B}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen-of-the-machine-learning-platform-1, namespace: example}
    spec: {model: {uri: hf://Qwen/Qwen3-4B}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import LONGEST_NAME, services
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        name = name_of(service)
        if len(name) > LONGEST_NAME:
            yield TreeViolation(
                service,
                Violation(
                    ("metadata", "name"),
                    f"the name {name} has {len(name)} characters, and KServe hashes the names of "
                    "some objects that it makes for it",
                    f"use a name of at most {LONGEST_NAME} characters",
                ),
            )


RULE = TreeRule("kserve-child-names-hashed", Severity.WARNING, _check, acknowledgeable=True)
