"""A call of gcloud gives a flag once, because of several only the last one counts.

gcloud says nothing about the first value, not even of lists: `--addons=A --addons=B` is B. The few
flags that collect their values, and a value that is the same again, are left alone.

Source: Google Cloud SDK 528.0.0, lib/third_party/argparse (2025-06)

Passes:

    labels.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --labels=team=llm,stage=test

Fails:

    labels.sh: |
      gcloud container clusters create llmd --zone=us-east5-b --labels=team=llm --labels=stage=test
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import invocations, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in invocations(tree):
        if not call.call.program.endswith("gcloud"):
            continue
        last = {item.flag.name: item for item in call.given}
        for item in call.given:
            kept = last[item.flag.name]
            if item is kept or item.flag.is_switch or item.flag.repeats != "replaces":
                continue
            if not item.text or not kept.text or item.text == kept.text:
                continue
            yield violate(
                item.word,
                call,
                f"{item.written} is given again later, and gcloud keeps only `{kept.text}`",
                f"give {item.written} once, with all that it should hold",
            )


RULE = TreeRule("gcloud-flag-given-twice", Severity.WARNING, _check, acknowledgeable=True)
