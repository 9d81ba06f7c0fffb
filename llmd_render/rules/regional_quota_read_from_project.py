"""A quota of a region is read from the region.

`gcloud compute project-info describe` shows the quotas that hold for all regions. Those of TPUs are
not among them, and the addresses that a regional load balancer takes count against its region.
Addresses are judged where the tree has a Gateway of a regional class.

Source: https://cloud.google.com/network-tiers/quotas (2026)

Passes:

    quota.sh: |
      gcloud compute regions describe europe-west4 --project=my-project | grep -A 1 IN_USE_ADDRESSES

Fails:

    quota.sh: |
      gcloud compute project-info describe --project=my-project | grep -i tpu
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_class_in
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


_TPUS = re.compile(r"\btpu|tpus?\b", re.IGNORECASE)
_ADDRESSES = re.compile(r"(?:IN_USE|STATIC)_ADDRESSES", re.IGNORECASE)
_TPU_QUOTAS = "gcloud beta quotas info list --service=compute.googleapis.com --project=PROJECT"
_REGIONAL = ("gke-l7-regional-", "gke-l7-rilb")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, "compute project-info describe"):
        lines = tree.files[call.call.file].split("\n")
        command = _read_command(lines, call.call.line)
        what, instead = ("TPUs", _TPU_QUOTAS) if _TPUS.search(command) else ("", "")
        if _ADDRESSES.search(command) and gke_class_in(tree).startswith(_REGIONAL):
            what, instead = "regional addresses", "gcloud compute regions describe REGION"
        if what:
            yield violate(
                call.call,
                call,
                f"the quota of {what} is not among those of the project",
                f"read it with {instead}",
            )


def _read_command(lines: list[str], line: int) -> str:
    """Read a command with what it is piped into, as far as its lines go on."""
    text = ""
    for part in lines[line - 1 :]:
        text += f"{part}\n"
        if not part.rstrip().endswith(("\\", "|")):
            break
    return text


RULE = TreeRule("regional-quota-read-from-project", Severity.WARNING, _check, acknowledgeable=True)
