"""The nodeSelector names a kind of TPU by the label that GKE puts on its nodes.

The label is another word than the name of the generation or that of the accelerator type in the
TPU API: nodes with TPU v6e carry `tpu-v6e-slice`. A Pod that selects another value waits for ever.

Source: https://github.com/AI-Hypercomputer/xpk (2026-06-25)

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
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean

from .rule import TreeRule, TreeViolation
from .subjects.tpu_pods import ACCELERATOR, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

# Older generations, which the catalog leaves out, and text that something else fills in.
_BEYOND_THE_CATALOG = re.compile(r"tpu-v[23]\b.*|.*[${].*")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        label = pod.accelerator
        if not label or _BEYOND_THE_CATALOG.fullmatch(label):
            continue
        from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

        rows = load_catalog().accelerators.values()
        known = sorted({name for row in rows for name in (row.gke_accelerator, *row.other_labels)})
        if label in known:
            continue
        named = [
            row.gke_accelerator
            for row in rows
            if label.lower().removeprefix("tpu-") in {row.id, *(name.lower() for name in row.names)}
        ]
        yield TreeViolation(
            pod.manifest,
            Violation(
                (*pod.path, "nodeSelector", ACCELERATOR),
                f"the tool knows no TPU with the node label {label}; there are {', '.join(known)}",
                f"use {named[0]}"
                if named
                else did_you_mean(label, known, "use the label that the nodes carry"),
            ),
        )


RULE = TreeRule("tpu-accelerator-label-unknown", Severity.WARNING, _check, acknowledgeable=True)
