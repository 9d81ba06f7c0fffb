"""A service that asks for TPU chips names the image of its model server.

Where `main` has no image, KServe takes that of its preset, which is built for CUDA: on a TPU node
it finds no GPU and exits. A cluster may have presets of its own, which no file here shows, so this
is a warning.

Source: https://github.com/opendatahub-io/kserve release-v0.15, config/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server-tpu:1.0
            resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.image_names import TPU_IMAGES
from .subjects.kserve_services import main_container
from .subjects.objects import KSERVE, group_of
from .subjects.tpu_pods import requested_chips, tpu_pods
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        if group_of(pod.manifest) != KSERVE or not is_complete(tree, pod.manifest):
            continue
        place, main = main_container(pod.spec)
        if main and not main.get("image") and requested_chips(main):
            yield TreeViolation(
                pod.manifest,
                Violation(
                    (*pod.path, *place),
                    "the container main asks for TPU chips and names no image, and the one of "
                    "KServe's preset is built for GPUs of NVIDIA",
                    f"name an image that is built for TPUs, such as {TPU_IMAGES}",
                ),
            )


RULE = TreeRule("tpu-image-left-to-preset", Severity.WARNING, _check, acknowledgeable=True)
