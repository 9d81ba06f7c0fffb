"""A Pod for a TPU node asks for no GPU.

Nodes with TPUs have no GPUs: a Pod that selects such a node and asks for `nvidia.com/gpu` is
never scheduled. Mostly it is left from the example that a manifest was copied from.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

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
          image: registry.example/vllm-tpu:1.0
          resources: {requests: {google.com/tpu: "4"}, limits: {google.com/tpu: "4"}}

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
          image: registry.example/vllm-tpu:1.0
          resources:
            requests: {google.com/tpu: "4"}
            limits: {google.com/tpu: "4", nvidia.com/gpu: "1"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at, mapping_at, pod_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_TPU_LABEL = "cloud.google.com/gke-tpu-"
_GPU = "nvidia.com/gpu"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for manifest in tree.manifests:
        for path, spec in pod_specs(manifest):
            selector = mapping_at(spec, "nodeSelector")
            if not any(str(label).startswith(_TPU_LABEL) for label in selector):
                continue
            for place, container in items_at(spec, "containers"):
                # Kubernetes requests what is only limited, so one finding a container is enough.
                field = next(
                    (
                        field
                        for field in ("limits", "requests")
                        if mapping_at(container, "resources", field).get(_GPU) not in (None, 0, "0")
                    ),
                    None,
                )
                if field:
                    yield TreeViolation(
                        manifest,
                        Violation(
                            (*path, *place, "resources", field, _GPU),
                            f"the nodeSelector wants a node with TPUs, which has no {_GPU}",
                            f"remove {_GPU}",
                            key=True,
                        ),
                    )


RULE = TreeRule("gpu-requested-on-tpu-node", Severity.ERROR, _check, acknowledgeable=True)
