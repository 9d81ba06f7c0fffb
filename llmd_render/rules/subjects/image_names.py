"""The parts of an image reference; shared by rules about profiles and rules about trees."""

from __future__ import annotations

from dataclasses import dataclass

MOVING_TAGS = {"", "latest", "nightly"}
"""Tags under which another image may come with every pull; no tag means `latest`."""

TPU_IMAGES = "docker.io/vllm/vllm-tpu:v0.12.0 or registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5"
"""Images of vLLM that run on TPUs, as a hint names them."""

# The image that vLLM's project calls by what it serves, not by what it runs on.
_FOR_NVIDIA = {"vllm/vllm-openai", "docker.io/vllm/vllm-openai"}
_MAKERS = {"cuda": "NVIDIA", "rocm": "AMD"}


@dataclass(frozen=True, slots=True)
class ImageName:
    """The parts of an image reference; a part that is left out is empty."""

    repository: str
    tag: str
    digest: str


def split_image(reference: str) -> ImageName:
    """Split an image reference; a colon before the last slash belongs to the registry's port."""
    name, _, digest = reference.partition("@")
    folder, slash, last = name.rpartition("/")
    base, _, tag = last.partition(":")
    return ImageName(f"{folder}{slash}{base}", tag, digest)


def maker_of_gpus(reference: str) -> str:
    """Name the maker of the GPUs that an image is built for, where its name says so."""
    image = split_image(reference)
    name = f"{image.repository.rpartition('/')[2]}-{image.tag}"
    words = name.lower().replace("_", "-").split("-")
    if "tpu" in words:
        return ""
    said = next((maker for word, maker in _MAKERS.items() if word in words), "")
    return said or (_MAKERS["cuda"] if image.repository in _FOR_NVIDIA else "")
