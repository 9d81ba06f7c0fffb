"""A call in a script that asks a person has --quiet.

These commands ask before they go on. Where no terminal is there, as in CI, they fail; and what is
piped into them is no answer. A script that sets `disable_prompts` has said it for all calls.

Source: Google Cloud SDK 528.0.0, lib/surface/container (2025-06)

Passes:

    delete.sh: |
      gcloud container clusters delete llmd --zone=europe-west4-a --quiet

Fails:

    delete.sh: |
      gcloud container clusters delete llmd --zone=europe-west4-a
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


_ASKING = (
    "container clusters delete",
    "container clusters resize",
    "container clusters upgrade",
    "container node-pools delete",
    "container node-pools rollback",
)
_REPLACING = ("--node-labels", "--node-taints", "--tags")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if any("disable_prompts" in text.lower() for text in tree.files.values()):
        return
    for call in gcloud_calls(tree, *_ASKING, "container node-pools update"):
        asks = call.command.path in _ASKING or call.has(*_REPLACING)
        if asks and call.lacks("--quiet"):
            yield violate(
                call.call,
                call,
                f"gcloud {call.command.path} asks, and fails where no terminal is there",
                "add --quiet, and ask in the script itself",
            )


RULE = TreeRule("gcloud-prompt-without-quiet", Severity.WARNING, _check, acknowledgeable=True)
