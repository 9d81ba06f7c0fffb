"""Each container names its image by a tag that stays, or by a digest.

`latest` and `nightly` are another program after every pull: a Pod that restarts may come back with
other flags and other behaviour. An image without a tag is `latest`.

Source: https://kubernetes.io/docs/concepts/containers/images/ (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      containers:
        - name: main
          image: docker.io/library/busybox:1.37

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      containers:
        - name: main
          image: docker.io/library/busybox:latest
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.kustomization import is_kustomization
from llmd_render.lookup import text_at
from llmd_render.placeholders import has_placeholder

from .rule import TreeRule, TreeViolation
from .subjects.image_names import MOVING_TAGS, split_image
from .subjects.kserve_services import SCHEDULER
from .subjects.objects import KSERVE, containers, group_of, items_at
from .subjects.whole_tree import is_patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if is_patched(tree):
        return
    replaced = _replaced_images(tree)
    for manifest in tree.manifests:
        for path, container in (*containers(manifest, init=True), *_pickers(manifest)):
            reference = text_at(container, "image")
            image = split_image(reference)
            # No image has capitals in its name: what stands there is filled in by somebody.
            is_open = has_placeholder(reference) or image.repository != image.repository.lower()
            if not reference or "$" in reference or "{" in reference or is_open or image.digest:
                continue
            if image.tag not in MOVING_TAGS or image.repository in replaced:
                continue
            found = f"the tag {image.tag}, which moves" if image.tag else "no tag, which is latest"
            yield TreeViolation(
                manifest,
                Violation(
                    (*path, "image"),
                    f"the image {image.repository} has {found}",
                    "name a version or a digest, as in image:v0.12.0 or image@sha256:…",
                ),
            )


def _pickers(manifest: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the containers of the Endpoint Picker that a service changes."""
    if group_of(manifest) == KSERVE:
        yield from items_at(manifest.data, *SCHEDULER, "template", "containers")


def _replaced_images(tree: Tree) -> set[str]:
    """List the images to which kustomize gives another name or tag."""
    return {
        text_at(item, "name")
        for manifest in tree.manifests
        if is_kustomization(manifest.file)
        for _, item in items_at(manifest.data, "images")
    }


RULE = TreeRule(
    "container-image-not-pinned",
    Severity.INFO,
    _check,
    acknowledgeable=True,
    covered_by=("image-tag-not-pinned",),
)
