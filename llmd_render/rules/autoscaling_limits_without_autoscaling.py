r"""Limits of autoscaling come with --enable-autoscaling.

Without it gcloud drops --min-nodes, --max-nodes, their totals and --location-policy, and says
nothing: the pool keeps its size.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/api_lib/container/api_adapter.py (2025-06)

Passes:

    pool.sh: |
      gcloud container node-pools create cpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --enable-autoscaling --min-nodes=0 --max-nodes=3

Fails:

    pool.sh: |
      gcloud container node-pools create cpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --min-nodes=0 --max-nodes=3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


_LIMITS = (
    "--min-nodes",
    "--max-nodes",
    "--total-min-nodes",
    "--total-max-nodes",
    "--location-policy",
)
_CREATING = ("container clusters create", "container node-pools create")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, *_CREATING):
        given = next((item for item in call.given if item.flag.name in _LIMITS), None)
        if given is not None and call.lacks("--enable-autoscaling"):
            yield violate(
                given.word,
                call,
                f"{given.written} is dropped, because --enable-autoscaling is not there",
                "add --enable-autoscaling, or leave the limits out",
            )


RULE = TreeRule(
    "autoscaling-limits-without-autoscaling", Severity.WARNING, _check, acknowledgeable=True
)
