"""A Pod that selects a zone selects one where GKE has the kind of TPU.

TPUs exist in a few zones, often in one letter of a region and not in the next. A Pod that selects
both a zone and a kind of TPU that it has not waits for ever.

Source: https://cloud.google.com/tpu/docs/regions-zones (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        topology.kubernetes.io/zone: us-central1-b
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        topology.kubernetes.io/zone: us-central1-a
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.tpu_pods import slices_labelled, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod

_ZONES = ("topology.kubernetes.io/zone", "topology.gke.io/zone")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        for label in _ZONES:
            zone = text_at(pod.spec, "nodeSelector", label)
            better = _zones_instead(pod, zone) if zone else []
            if better:
                from .subjects.facts import listed  # noqa: PLC0415 - only trees with TPUs need it

                yield TreeViolation(
                    pod.manifest,
                    Violation(
                        (*pod.path, "nodeSelector", label),
                        f"the zone {zone} has no {pod.accelerator} on GKE",
                        f"select {listed(better)}",
                    ),
                )


def _zones_instead(pod: TpuPod, zone: str) -> list[str]:
    """List zones with the TPUs of a Pod where this one is known to have none."""
    from llmd_render.catalog import find_zone, load_catalog  # noqa: PLC0415 - seldom needed

    from .subjects.facts import zones_with  # noqa: PLC0415 - it loads the catalog, too

    catalog = load_catalog()
    for accelerator in {row.accelerator for row in slices_labelled(pod.accelerator)}:
        row = find_zone(catalog, accelerator, zone)
        if row is not None and row.listed is False:
            return zones_with(catalog, accelerator, zone)
    return []


# The zones without are known from reports that others contradict.
RULE = TreeRule("zone-selector-without-accelerator", Severity.WARNING, _check, acknowledgeable=True)
