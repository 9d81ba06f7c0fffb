"""A call of gcloud compute gives --region a region, and --zone a zone.

europe-west4 is a region and europe-west4-a is a zone in it. gcloud itself does not look; Google
Cloud answers that there is no such region.

Source: https://cloud.google.com/compute/docs/regions-zones (2026)

Passes:

    address.sh: |
      gcloud compute addresses create llmd --region=europe-west4

Fails:

    address.sh: |
      gcloud compute addresses create llmd --region=europe-west4-a
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.google_places import find_region, is_region
from .subjects.scripts import invocations, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Given, Invocation
    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    told: set[str] = set()
    for call in invocations(tree):
        # A location of GKE may be either, whichever of the flags it stands in.
        if not call.call.program.endswith("gcloud") or not call.command.path.startswith("compute "):
            continue
        region, zone = call.find("--region"), call.find("--zone")
        meant = find_region(region.text) if region else ""
        if region and meant and _is_news(tree, call, region, told):
            message = f"--region is {region.text}, which is a zone"
            yield violate(region.word, call, message, f"use --region={meant}")
        if zone and is_region(zone.text) and _is_news(tree, call, zone, told):
            message = f"--zone is {zone.text}, which is a region"
            yield violate(zone.word, call, message, f"name a zone, such as {zone.text}-a")


def _is_news(tree: Tree, call: Invocation, flag: Given, told: set[str]) -> bool:
    """Whether the value stands here, or the variable that has it is seen for the first time."""
    line = tree.files[call.call.file].splitlines()[flag.word.line - 1]
    if flag.text in line:
        return True
    is_news = flag.text not in told
    told.add(flag.text)
    return is_news


RULE = TreeRule("gcloud-region-is-zone", Severity.ERROR, _check, acknowledgeable=True)
