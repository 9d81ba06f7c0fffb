r"""A cluster is created without --addons, or with load balancing and Pod autoscaling in the list.

The list does not add to the default: gcloud sends HttpLoadBalancing and HorizontalPodAutoscaling as
disabled when --addons names others and not them. Without the first GKE runs no Gateway.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/api_lib/container/api_adapter.py (2025-06)

Passes:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard

Fails:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a \
        --addons=GcePersistentDiskCsiDriver
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


_DEFAULT = ("HttpLoadBalancing", "HorizontalPodAutoscaling")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    from llmd_render.command_line import list_pairs  # noqa: PLC0415 - most trees have no such call

    for call in gcloud_calls(tree, "container clusters create"):
        given = call.find("--addons")
        if given is None or not given.text:
            continue
        named = {key for key, _ in list_pairs(given.text)}
        off = [name for name in _DEFAULT if name not in named]
        if off:
            message = (
                f"--addons leaves out {' and '.join(off)}, and so switches off what it leaves out"
            )
            hint = f"leave --addons out, or add {','.join(off)} to the list"
            yield violate(given.word, call, message, hint)


RULE = TreeRule("cluster-addons-switched-off", Severity.WARNING, _check, acknowledgeable=True)
