"""The image of vLLM is named by a tag that stays, or by a digest.

`latest` and `nightly` are another vLLM after every pull: a pod that restarts may come back with
other flags, another compiler and other answers.

Source: https://kubernetes.io/docs/concepts/containers/images/ (2026)

Passes:

    server: {runAsRoot: true, image: "docker.io/vllm/vllm-tpu:v0.12.0"}

Fails:

    server: {image: "registry.redhat.io/rhaiis/vllm-tpu-rhel9:latest"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.image_names import MOVING_TAGS, split_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    image = split_image(profile.server.image)
    if image.digest or image.tag not in MOVING_TAGS:
        return
    found = f"the tag {image.tag}, which moves" if image.tag else "no tag, which means latest"
    yield Violation(
        ("server", "image"),
        f"the image {image.repository} has {found}",
        "name a version or a digest, as in image:v0.12.0 or image@sha256:…",
    )


RULE = ProfileRule("image-tag-not-pinned", Severity.WARNING, _check)
