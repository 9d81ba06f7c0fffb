"""An image whose user is root does not have to run as another user.

With `runAsNonRoot` the kubelet refuses to start an image whose user is root; KServe's presets set
it for the container `main`. Which user an image has is rarely documented, so this is a warning.

Source: https://github.com/opendatahub-io/kserve branch release-v0.15, config/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template:
        containers:
          - name: main
            image: docker.io/vllm/vllm-tpu:v0.12.0
            securityContext: {runAsNonRoot: false}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template:
        containers:
          - name: main
            image: docker.io/vllm/vllm-tpu:v0.12.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, group_of, items_at, mapping_at, pod_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for manifest in tree.manifests:
        for path, image, refused_by in _refused(manifest):
            if _runs_as_root(image):
                yield TreeViolation(
                    manifest,
                    Violation(
                        (*path, "image"),
                        f"the image {image} most likely runs as root, which {refused_by} refuses",
                        "set securityContext.runAsNonRoot of the container to false, or runAsUser "
                        "to a user that the image works with",
                    ),
                )


def _refused(manifest: Manifest) -> Iterator[tuple[DataPath, str, str]]:
    """List the images that must not run as root, with the place and what says so."""
    of_kserve = group_of(manifest) == KSERVE
    if of_kserve and value_at(manifest.data, "spec", "baseRefs"):
        return
    for path, spec in pod_specs(manifest):
        for place, container in items_at(spec, "containers"):
            settings = mapping_at(spec, "securityContext") | mapping_at(
                container, "securityContext"
            )
            required = settings.get("runAsNonRoot")
            if required is None and of_kserve and container.get("name") == "main":
                yield from _unless_user(settings, (*path, *place), container, "KServe's preset")
            elif required is True:
                yield from _unless_user(settings, (*path, *place), container, "runAsNonRoot")


def _unless_user(
    settings: dict[str, Any], path: DataPath, container: dict[str, Any], refused_by: str
) -> Iterator[tuple[DataPath, str, str]]:
    image = text_at(container, "image")
    if image and settings.get("runAsUser") is None:
        yield path, image, refused_by


def _runs_as_root(image: str) -> bool:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with such images

    # What follows the last slash is a name, a tag and a digest; before it is a registry.
    folder, slash, last = image.partition("@")[0].rpartition("/")
    repository = f"{folder}{slash}{last.partition(':')[0]}"
    names = {repository, f"docker.io/{repository}"}
    return any(row.ref in names and row.runs_as_root for row in load_catalog().images.values())


RULE = TreeRule(
    "image-root-user-refused",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("image-runs-as-root",),
)
