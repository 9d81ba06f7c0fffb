"""A call about an address, a forwarding rule or a backend service says of which region it is.

These exist in a region and worldwide. Without --region and --global gcloud asks which one is meant;
where no terminal is there it fails, unless its configuration names a region. Of a tree whose files
set one, by `compute/region` or CLOUDSDK_COMPUTE_REGION, nothing is said.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/command_lib/compute/flags.py (2025-06)

Passes:

    address.sh: |
      gcloud compute addresses describe llmd --region=europe-west4

Fails:

    address.sh: |
      gcloud compute addresses describe llmd
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

_CALLS = tuple(
    f"compute {kind} {verb}"
    for kind, verbs in {
        "addresses": ("create", "delete", "describe"),
        "backend-services": ("delete", "describe", "get-health"),
        "forwarding-rules": ("delete", "describe"),
    }.items()
    for verb in verbs
)
_CONFIGURED = re.compile(r"compute/region|CLOUDSDK_COMPUTE_REGION")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    found = [
        call
        for call in gcloud_calls(tree, *_CALLS)
        # A name may be a path with its region.
        if call.lacks("--region", "--global")
        and all(word.is_known and "/" not in word.text for word in call.arguments)
    ]
    if not found or any(_CONFIGURED.search(text) for text in tree.files.values()):
        return
    for call in found:
        yield violate(
            call.call,
            call,
            f"gcloud {call.command.path} has neither --region nor --global, and fails where no "
            "terminal is there",
            "add --region=REGION, or --global for a load balancer of all regions",
        )


RULE = TreeRule("gcloud-place-left-open", Severity.WARNING, _check, acknowledgeable=True)
