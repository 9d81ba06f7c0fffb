"""Calls about a cluster name the zone or region, and the project, that it is created in.

gcloud finds a cluster by all three. A node pool with another zone is refused with "not found", at
worst after minutes; credentials of another project belong to another cluster of that name.

Source: https://cloud.google.com/sdk/gcloud/reference/container/node-pools/create (2026)

Passes:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --project=example --quiet
      gcloud container clusters get-credentials llmd --zone=europe-west4-a --project=example

Fails:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --project=example --quiet
      gcloud container clusters get-credentials llmd --zone=us-east5-a --project=example
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.clusters import are_of_one_deployment, cluster_calls, is_written_at
from .subjects.scripts import violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Word

    from .subjects.clusters import ClusterCall


def _check(tree: Tree) -> Iterator[TreeViolation]:
    made: dict[str, list[ClusterCall]] = {}
    for item in cluster_calls(tree):
        if item.creates:
            made.setdefault(item.name, []).append(item)
    for item in cluster_calls(tree) if made else ():
        first = next(iter(made.get(item.name, ())), None)
        if item.creates or first is None or not are_of_one_deployment(item, first):
            continue
        # Of clusters with one name in several places nobody can tell which one is meant.
        if len({(other.place, other.project) for other in made[item.name]}) == 1:
            yield from _compare(tree, item, first)


def _compare(tree: Tree, item: ClusterCall, made: ClusterCall) -> Iterator[TreeViolation]:
    wrong = [
        (what, there, here, word)
        for what, there, here, word in (
            ("", made.place, item.place, item.place_word),
            ("project ", made.project, item.project, item.project_word),
        )
        if there and word is not None and _differs(tree, item, made, (there, here, word))
    ]
    if wrong:
        source = made.call.call.location
        there = " of ".join(f"{what}{value}" for what, value, _, _ in wrong)
        here = " of ".join(f"{what}{value}" for what, _, value, _ in wrong)
        yield violate(
            wrong[0][3],
            item.call,
            f"the cluster {item.name} is created in {there} in {source.file}:{source.line}, and "
            f"this call looks for it in {here}",
            f"write {there} here, too",
        )


def _differs(
    tree: Tree, item: ClusterCall, made: ClusterCall, values: tuple[str, str, Word]
) -> bool:
    there, here, word = values
    if not here or here == there:
        return False
    # Scripts with other defaults for a variable are told of that.
    return item.file == made.file or is_written_at(tree, item, here, word)


RULE = TreeRule("script-places-cluster-elsewhere", Severity.WARNING, _check, acknowledgeable=True)
