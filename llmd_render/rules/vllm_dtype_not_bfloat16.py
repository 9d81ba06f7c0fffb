"""A container that runs vLLM on TPU chips asks for bfloat16.

Up to 0.11 vLLM's own TPU backend, which Red Hat's images have, turns half precision and float32
into bfloat16 with no more than a line in its log: the manifest then says what is not so. Of later
versions and of other backends nobody knows.

Source: https://github.com/vllm-project/vllm, vllm/platforms/tpu.py of 0.11.2 (2025)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      imagePullSecrets: [{name: redhat-pull-secret}]
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
          command: [vllm, serve, some/model, --dtype=bfloat16]
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      imagePullSecrets: [{name: redhat-pull-secret}]
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
          command: [vllm, serve, some/model, --dtype=half]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_VENDOR = "registry.redhat.io/"
_FIRST_UNKNOWN = (0, 12)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        argument = server.last("--dtype")
        if argument is None or not server.image.startswith(_VENDOR):
            continue
        # Only trees with vLLM need the catalog.
        from llmd_render.catalog import load_catalog  # noqa: PLC0415

        from .subjects.facts import version_in_image  # noqa: PLC0415

        catalog = load_catalog()
        known = catalog.vllm_flags.get("--dtype")
        version = version_in_image(server.image, catalog)
        if known is None or version is None or version >= _FIRST_UNKNOWN:
            continue
        if known.verdict == "ignored" and argument.value in known.values:
            yield TreeViolation(
                server.manifest,
                Violation(
                    argument.path,
                    f"the dtype is {argument.value}, which vLLM on a TPU turns into bfloat16",
                    "write --dtype=bfloat16",
                ),
            )


RULE = TreeRule(
    "vllm-dtype-not-bfloat16",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("tpu-dtype-not-bfloat16",),
)
