"""An image whose user is root is declared as such.

KServe's presets demand that the container runs as another user than root; the kubelet refuses to
start an image whose user is root, and the pod stays in CreateContainerConfigError. Which user an
image has is rarely documented, so this is a warning.

Source: https://github.com/opendatahub-io/kserve branch release-v0.15, config/llmisvc (2026-03-20)

Passes:

    server: {image: "docker.io/vllm/vllm-tpu:v0.12.0", runAsRoot: true}

Fails:

    server: {image: "docker.io/vllm/vllm-tpu:v0.12.0"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    if profile.server.run_as_root:
        return
    image = profile.server.image
    repository = image.partition("@")[0].rpartition(":")[0] or image
    names = {image, repository, f"docker.io/{repository}"}
    if any(row.ref in names and row.runs_as_root for row in catalog.images.values()):
        yield Violation(
            ("server", "image"),
            f"the image {image} most likely runs as root, which KServe refuses",
            "set server.runAsRoot to true",
        )


RULE = ProfileRule("image-runs-as-root", Severity.WARNING, _check)
