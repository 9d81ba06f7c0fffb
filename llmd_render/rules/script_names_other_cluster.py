"""A script that creates a cluster goes on with that cluster.

A node pool for a cluster of another name ends in "not found", or in a cluster that was not meant,
and on whose bill it is. It is said where all that is created has one name, and one script names
another.

Source: https://cloud.google.com/sdk/gcloud/reference/container/node-pools/create (2026)

Passes:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --quiet
      gcloud container node-pools create cpu --cluster=llmd --zone=europe-west4-a --quiet

Fails:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --quiet
      gcloud container node-pools create cpu --cluster=lmd --zone=europe-west4-a --quiet
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.clusters import are_of_one_deployment, cluster_calls, is_written_at
from .subjects.scripts import violate
from .subjects.whole_tree import find_misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.clusters import ClusterCall

# What is looked at or deleted may be an older cluster.
_GOING_ON = ("create", "get-credentials", "resize", "update")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    made = [item for item in cluster_calls(tree) if item.creates]
    names = {item.name for item in made}
    told: set[tuple[str, str]] = set()
    for item in cluster_calls(tree) if made else ():
        near = [other for other in made if are_of_one_deployment(item, other)]
        if item.name in names or len({other.name for other in near}) != 1:
            continue
        if (item.file, item.name) not in told and _is_meant(tree, item, near):
            told.add((item.file, item.name))
            source = near[0].call.call.location
            yield violate(
                item.name_word,
                item.call,
                f"this call is about the cluster {item.name}, and the one that is created in "
                f"{source.file}:{source.line} is {near[0].name}",
                f"write {near[0].name}",
            )


def _is_meant(tree: Tree, item: ClusterCall, near: list[ClusterCall]) -> bool:
    """Whether the cluster that is created must be meant: it is so just before, or nearly named."""
    if any(_goes_on(item, other) for other in near):
        # Who calls the same for both knows of two.
        return not any(
            other.name == near[0].name
            and other.file == item.file
            and other.call.command.path == item.call.command.path
            for other in cluster_calls(tree)
        )
    written = is_written_at(tree, item, item.name, item.name_word)
    return written and bool(find_misspelt(item.name, [near[0].name]))


def _goes_on(item: ClusterCall, made: ClusterCall) -> bool:
    verb = item.call.command.path.rpartition(" ")[2]
    later = item.file == made.file and item.call.call.line > made.call.call.line
    return later and verb in _GOING_ON


RULE = TreeRule("script-names-other-cluster", Severity.WARNING, _check, acknowledgeable=True)
