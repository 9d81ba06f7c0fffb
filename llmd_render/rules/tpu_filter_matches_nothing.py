r"""A filter of accelerator types uses the names of Google Cloud, not the node labels of GKE.

`gcloud compute tpus accelerator-types list` knows types such as v6e-4. The label that GKE puts on
nodes, tpu-v6e-slice, is none of them: the list is empty, and looks as if the zone had no TPUs.

Source: https://cloud.google.com/sdk/gcloud/reference/compute/tpus/accelerator-types/list (2026)

Passes:

    zones.sh: |
      gcloud compute tpus tpu-vm accelerator-types list --zone=europe-west4-a \
        --filter=type=v6e-4

Fails:

    zones.sh: |
      gcloud compute tpus tpu-vm accelerator-types list --zone=europe-west4-a \
        --filter=type=tpu-v6e-slice
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_LISTS = (
    "compute accelerator-types list",
    "compute tpus accelerator-types list",
    "compute tpus tpu-vm accelerator-types list",
)
# A label of nodes, as a word of its own.
_LABEL = re.compile(r"(?<![\w-])tpu-v\d\w*(?:-\w+)?-(?:slice|podslice|device)(?![\w-])")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, *_LISTS):
        found = call.find("--filter")
        label = _LABEL.search(found.text) if found else None
        if found and label:
            yield violate(
                found.word,
                call,
                f"{label[0]} is a label of GKE's nodes, and no accelerator type has that name",
                "ask for the machine types that GKE uses, as in gcloud compute machine-types list "
                "--zones=ZONE --filter='name~^ct6e'",
            )


RULE = TreeRule("tpu-filter-matches-nothing", Severity.WARNING, _check, acknowledgeable=True)
