"""GKE is new enough for the TPUs that a Pod selects.

Node pools of each generation of TPUs exist from a certain version on: TPU7x from
1.34.0-gke.2201000, v6e from 1.31.2-gke.1115000. On an older cluster no node ever gets the label,
and the Pod stays pending. Judged only where `--target` or a profile says what runs.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    # llmd-render lint --target gke=1.34
    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu7x
        cloud.google.com/gke-tpu-topology: 2x2x1
      containers:
        - {name: main, image: example/model:v1, resources: {limits: {google.com/tpu: 4}}}

Fails:

    # llmd-render lint --target gke=1.33
    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu7x
        cloud.google.com/gke-tpu-topology: 2x2x1
      containers:
        - {name: main, image: example/model:v1, resources: {limits: {google.com/tpu: 4}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.tpu_pods import ACCELERATOR, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree) if tree.target.gke else ():
        since = _first_version(pod.accelerator)
        if since and tree.target.is_before("gke", since):
            violation = Violation(
                (*pod.path, "nodeSelector", ACCELERATOR),
                f"GKE {tree.target.gke} has no nodes with {pod.accelerator}; {since} is the first",
                f"move the cluster to {since}",
            )
            yield TreeViolation(pod.manifest, violation)


def _first_version(label: str) -> str | None:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    rows = load_catalog().accelerators.values()
    return next((row.gke_min_version for row in rows if row.gke_accelerator == label), None)


RULE = TreeRule(
    "gke-too-old-for-tpu",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("gke-version-unsupported",),
)
