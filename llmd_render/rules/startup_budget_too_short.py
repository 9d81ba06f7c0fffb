"""The start-up budget leaves time to download the model and to start vLLM.

`server.startupBudget` is the limit of the startup probe and of every wait of the scripts. The
estimate rests on one measured download and one measured start, so it is rough; another zone or
another version of vLLM may be faster.

Source: llm-d-xks-gke @7630140 ISSUES.md, and a public report of one v6e chip on GKE (2026-08-25)

Passes:

    server: {startupBudget: 15m}

Fails:

    server: {startupBudget: 8m}
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.stack import seconds

from .rule import ProfileRule
from .subjects.facts import model_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile

_MINUTE = 60
_STEP = 5 * _MINUTE


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model, budget = model_row(profile, catalog), profile.server.startup_budget
    if model is None:
        return
    speed = catalog.sizing["download-gib-per-second"].value
    start = catalog.sizing["start-seconds"].value
    download = model.weights_gib_bf16 / speed
    if seconds(budget) >= download + start:
        return
    enough = math.ceil((download + start) / _STEP) * _STEP // _MINUTE
    yield Violation(
        ("server", "startupBudget"),
        f"server.startupBudget is {budget}; {model.weights_gib_bf16:g} GiB of {model.id} take "
        f"about {_minutes(download)} to download at {speed:g} GiB a second, and vLLM about "
        f"{_minutes(start)} to start, as measured elsewhere",
        f"set server.startupBudget to {enough}m or more",
    )


def _minutes(duration: float) -> str:
    count = math.ceil(duration / _MINUTE)
    return f"{count} minute{'s' if count > 1 else ''}"


RULE = ProfileRule("startup-budget-too-short", Severity.WARNING, _check)
