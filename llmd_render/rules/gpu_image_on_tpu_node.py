"""A container that asks for TPU chips runs an image that is built for TPUs.

vLLM is built for one kind of hardware: an image for CUDA or ROCm looks for GPUs, finds none on a
TPU node, and exits. Mostly it is left from the example that a manifest was copied from. Images are
told by their names: `cuda` or `rocm` in them, or vLLM's own `vllm/vllm-openai`, for NVIDIA.

Source: https://docs.vllm.ai/en/stable/deployment/docker.html (2026)
Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.12.0
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: docker.io/vllm/vllm-openai:v0.12.0
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.image_names import TPU_IMAGES, maker_of_gpus
from .subjects.objects import items_at
from .subjects.tpu_pods import requested_chips, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        for place, container in items_at(pod.spec, "containers"):
            image = text_at(container, "image")
            maker = maker_of_gpus(image)
            if maker and requested_chips(container):
                yield TreeViolation(
                    pod.manifest,
                    Violation(
                        (*pod.path, *place, "image"),
                        f"the container asks for TPU chips, and its image {image} is built for "
                        f"GPUs of {maker}",
                        f"use an image that is built for TPUs, such as {TPU_IMAGES}",
                    ),
                )


RULE = TreeRule(
    "gpu-image-on-tpu-node",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("server-image-for-gpus",),
)
