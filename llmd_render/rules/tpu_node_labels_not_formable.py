"""Nodes with the selected kind of TPU form the selected topology.

A slice is built from whole machines, so only some shapes exist, and each is written in one way:
with two numbers for v5e and v6e, with three in rising order for v4, v5p and TPU7x. A Pod that
selects another one waits for ever.

Source: https://github.com/AI-Hypercomputer/xpk (2026-06-25)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v5p-slice
        cloud.google.com/gke-tpu-topology: 2x2x1
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2x1
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.tpu_pods import TOPOLOGY, slices_labelled, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Topology
    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod

_CUBE = 4


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        if not re.fullmatch(r"\d{1,4}(x\d{1,4})*", pod.topology) or not pod.accelerator:
            continue
        known = sorted(slices_labelled(pod.accelerator), key=lambda row: (row.chips, row.hosts))
        if known and not _may_exist(_shape(pod.topology), known):
            yield TreeViolation(pod.manifest, _refuse(pod, known))


def _shape(topology: str) -> tuple[int, ...]:
    return tuple(int(size) for size in topology.split("x"))


def _may_exist(shape: tuple[int, ...], known: list[Topology]) -> bool:
    """Whether a slice is in the catalog, or beyond what the catalog lists."""
    if any(row.shape == shape for row in known):
        return True
    if len(shape) != len(known[0].shape):
        return False
    # Machines with fewer chips than those in the catalog are reported and not confirmed.
    if 0 < math.prod(shape) < known[0].chips:
        return True
    # Of larger slices in three dimensions the catalog lists only the usual ones.
    large = all(size and size % _CUBE == 0 for size in shape)
    return len(shape) > 2 and large and shape == tuple(sorted(shape))  # noqa: PLR2004


def _refuse(pod: TpuPod, known: list[Topology]) -> Violation:
    shape, wanted = _shape(pod.topology), len(known[0].shape)
    why = f"no nodes with {pod.accelerator} form the topology {pod.topology}"
    if len(shape) != wanted:
        why = (
            f"the topology {pod.topology} has {len(shape)} "
            f"number{'s' if len(shape) > 1 else ''} and those of {pod.accelerator} have {wanted}"
        )
    shapes = list(dict.fromkeys(row.topology for row in known))
    return Violation(
        (*pod.path, "nodeSelector", TOPOLOGY),
        f"{why}; there are {', '.join(shapes[:-1])} and {shapes[-1]}"
        if len(shapes) > 1
        else f"{why}; there is {shapes[0]}",
        f"use {_nearest(shape, known)}, and ask for the chips of its nodes",
    )


def _nearest(shape: tuple[int, ...], known: list[Topology]) -> str:
    """Name the same slice written otherwise, else those nearest in size."""
    for row in known:
        if _essence(row.shape) == _essence(shape):
            return row.topology
    size = math.prod(shape)
    smaller = [row.topology for row in known if row.chips <= size][-1:]
    larger = [row.topology for row in known if row.chips >= size][:1]
    return " or ".join(dict.fromkeys((*smaller, *larger)))


def _essence(shape: tuple[int, ...]) -> list[int]:
    return sorted(size for size in shape if size > 1)


RULE = TreeRule(
    "tpu-node-labels-not-formable",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("tpu-topology-not-formable",),
)
