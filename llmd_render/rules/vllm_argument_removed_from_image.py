"""The vLLM inside a container's image still knows every flag that the container passes.

vLLM exits at once when it meets a flag that its version no longer has. This is a warning and no
error, because the vLLM inside a vendor's image may keep a flag that upstream dropped.

Source: https://github.com/vllm-project/vllm/pull/29402 (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.12.0
          command: [vllm, serve, some/model, --no-enable-log-requests]
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          image: docker.io/vllm/vllm-tpu:v0.12.0
          command: [vllm, serve, some/model, --disable-log-requests]
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .vllm_command import VllmContainer


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        for violation in _find_removed(server):
            yield TreeViolation(server.manifest, violation)


def _find_removed(server: VllmContainer) -> Iterator[Violation]:
    # Only trees with vLLM need the catalog.
    from llmd_render.catalog import load_catalog  # noqa: PLC0415

    from .facts import version_in_image, version_numbers  # noqa: PLC0415

    catalog = load_catalog()
    running = version_in_image(server.image, catalog)
    if running is None:
        return
    for argument in server.arguments:
        known = catalog.vllm_flags.get(argument.name)
        if known is None or known.verdict != "removed" or known.removed_in is None:
            continue
        if running >= version_numbers(known.removed_in):
            version = ".".join(str(number) for number in running)
            yield Violation(
                argument.path,
                f"vLLM {version}, in the image, lost the flag {argument.name} in "
                f"{known.removed_in}",
                f"use {known.use}" if known.use else "remove it",
            )


RULE = TreeRule(
    "vllm-argument-removed-from-image",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-flag-removed-from-image", "vllm-flag-removed-upstream"),
)
