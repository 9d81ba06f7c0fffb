"""Bounds of a TPU slice are three whole numbers with commas between them.

GKE writes the chips of a host and the hosts of a slice along three dimensions, as in `2,2,1`, where
the topology is written `2x2`. What libtpu makes of another form is documented nowhere, so this is a
warning.

Source: https://github.com/kubernetes-sigs/dra-driver-google-tpu (2026)

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
          env: [{name: TPU_CHIPS_PER_HOST_BOUNDS, value: "2,2,1"}]
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
          env: [{name: TPU_CHIPS_PER_HOST_BOUNDS, value: 2x2}]
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at
from .subjects.tpu_pods import requested_chips, tpu_pods
from .subjects.vllm_words import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_BOUNDS = {
    "CHIPS_PER_HOST_BOUNDS",
    "HOST_BOUNDS",
    "TPU_CHIPS_PER_HOST_BOUNDS",
    "TPU_HOST_BOUNDS",
}
_TRIPLE = re.compile(r"\s*\d+\s*(,\s*\d+\s*){2}")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        for place, container in items_at(pod.spec, "containers"):
            for path, item in items_at(container, "env") if requested_chips(container) else ():
                name, value = text_at(item, "name"), text_at(item, "value")
                if name not in _BOUNDS or not value or is_open(value) or "<" in value:
                    continue
                if not _TRIPLE.fullmatch(value):
                    yield TreeViolation(
                        pod.manifest,
                        Violation(
                            (*pod.path, *place, *path, "value"),
                            f"{name} is {value}, and bounds are three whole numbers with commas "
                            "between them",
                            f"remove {name}, which GKE sets, or write three numbers such as 2,2,1",
                        ),
                    )


RULE = TreeRule("tpu-bounds-not-triple", Severity.WARNING, _check, acknowledgeable=True)
