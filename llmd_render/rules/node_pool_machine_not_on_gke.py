r"""A TPU node pool is created with a machine type that GKE has.

Write-ups name machine types that nobody can create, put together from those of other generations.
GKE refuses the node pool, after the cluster was paid for.

Source: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator (2026-08-20)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=us-central1-b \
        --machine-type=ct5lp-hightpu-4t --num-nodes=1

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=us-central1-b \
        --machine-type=ct5e-standard-4t --num-nodes=1
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import CREATE
from .subjects.scripts import gcloud_calls, violate
from .subjects.tpu_pods import machines_of, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.manifest import Tree

_CREATING = (CREATE, "container clusters create")
_OPTION = "--machine-type"
# Names of TPU machines begin so; all others need no look into the catalog.
_GENERATION = re.compile(r"ct(?P<number>\d[a-z]*)-")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, *_CREATING):
        name, given = call.text(_OPTION), call.find(_OPTION)
        if given is None or not _GENERATION.match(name):
            continue
        from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only for TPU machines

        from .subjects.facts import listed  # noqa: PLC0415 - it loads the catalog, too

        catalog = load_catalog()
        if any(item.matches(name) for item in catalog.machine_types_not_on_gke):
            message = f"GKE has no machine type {name}, though write-ups mention it"
            better = _list_better(tree, catalog, name)
            hint = f"use {listed(better)}" if better else "use a machine type that GKE has"
            yield violate(given.word, call, message, hint)


def _list_better(tree: Tree, catalog: Catalog, name: str) -> list[str]:
    """List machine types for what Pods of the tree select, or else those of the generation."""
    found = _GENERATION.match(name)
    accelerator = f"v{found['number']}" if found else ""
    wanted = {item.name for pod in tpu_pods(tree) for item in machines_of(pod)}
    rows = catalog.machine_types.values()
    formed = {row.machine_type for row in catalog.topologies}
    return [item.name for item in rows if item.name in wanted] or [
        item.name for item in rows if item.accelerator == accelerator and item.name in formed
    ]


RULE = TreeRule("node-pool-machine-not-on-gke", Severity.ERROR, _check, acknowledgeable=True)
