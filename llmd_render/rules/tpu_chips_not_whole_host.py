"""The containers of a Pod ask together for all TPU chips of a host.

GKE gives a TPU host to one Pod, with all its chips. It refuses a Pod that asks for fewer, or such
a Pod never finds a node; more than all there cannot be.

Source: https://github.com/GoogleCloudPlatform/accelerated-platforms (2026-08-20)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: first
          resources: {limits: {google.com/tpu: 2}}
        - name: second
          resources: {limits: {google.com/tpu: 2}}

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
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.tpu_pods import RESOURCE, chips_per_host, slices_of, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        if not pod.chips:
            continue
        hosts = sorted({chips_per_host(row) for row in slices_of(pod)})
        if not hosts or pod.chips in hosts:
            continue
        chips = f"{pod.chips} chip{'s' if pod.chips > 1 else ''}"
        several = len(pod.requests) > 1
        has = " or ".join(map(str, hosts))
        yield TreeViolation(
            pod.manifest,
            Violation(
                pod.requests[0],
                f"the {'containers of the Pod ask' if several else 'Pod asks'} for {chips} in all, "
                f"and a host of the topology {pod.topology} of {pod.accelerator} has {has}, "
                "which go to one Pod",
                f"let them ask for {has} {RESOURCE} in all"
                if several
                else f"set {RESOURCE} to {has}, or select another topology",
            ),
        )


RULE = TreeRule("tpu-chips-not-whole-host", Severity.ERROR, _check, acknowledgeable=True)
