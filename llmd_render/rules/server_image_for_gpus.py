"""The image of vLLM is built for TPUs.

vLLM is built for one kind of hardware: an image for CUDA or ROCm looks for GPUs, finds none on a
TPU node, and exits. Images are told by their names: `cuda` or `rocm` in them, or vLLM's own
`vllm/vllm-openai`, which is for NVIDIA.

Source: https://docs.vllm.ai/en/stable/deployment/docker.html (2026)
Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    server: {runAsRoot: true, image: "docker.io/vllm/vllm-tpu:v0.12.0"}

Fails:

    server: {image: "docker.io/vllm/vllm-openai:v0.12.0"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.image_names import TPU_IMAGES, maker_of_gpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    image = profile.server.image
    maker = maker_of_gpus(image)
    if maker:
        yield Violation(
            ("server", "image"),
            f"the image {image} is built for GPUs of {maker}, and vLLM is to run on TPUs",
            f"use an image that is built for TPUs, such as {TPU_IMAGES}",
        )


RULE = ProfileRule("server-image-for-gpus", Severity.ERROR, _check)
