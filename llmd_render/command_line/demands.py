"""What gcloud checks itself after its parser and before it sends anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .invocation import Refusal
from .values import list_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .invocation import Invocation
    from .table import Demand, Table

_TOPOLOGY = re.compile(r"\d{1,3}x\d{1,3}(x\d{1,3})?")
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def find_unmet_demands(invocation: Invocation, table: Table) -> Iterator[Refusal]:
    """Find flags that need others, and taints that are none."""
    path = invocation.command.path
    for demand in table.demands:
        if path not in demand.commands or not _is_given(invocation, demand):
            continue
        if demand.value and invocation.text(demand.flag) != demand.value:
            continue
        wanted, _, value = demand.needs.partition("=")
        given = invocation.find(wanted)
        if (given is None and not invocation.is_open) or (
            given is not None and value and given.text and given.text != value
        ):
            item = invocation.find(demand.flag)
            yield Refusal(
                "gcloud-flag-required",
                f"{demand.flag} needs {demand.needs}",
                f"add {demand.needs}, or leave {demand.flag} out",
                item.word if item else None,
            )
    yield from _find_bad_taints(invocation)
    if path.startswith("container node-pools ") and invocation.lacks("--cluster"):
        message = f"gcloud {path} has no --cluster, and its configuration seldom names one"
        hint = "add --cluster=NAME"
        yield Refusal("gcloud-flag-required", message, hint, severity=Severity.WARNING)
    if path == "container node-pools create" and not invocation.is_open:
        yield from _find_unreadable_slice(invocation)


def _is_given(invocation: Invocation, demand: Demand) -> bool:
    if demand.in_any_form:
        return invocation.has(demand.flag)
    return invocation.is_on(demand.flag)


def _find_bad_taints(invocation: Invocation) -> Iterator[Refusal]:
    given = invocation.find("--node-taints")
    for key, value in list_pairs(given.text) if given else ():
        text, colon, effect = value.partition(":")
        if not colon or effect not in _EFFECTS:
            message = f"the taint `{key}={value}` has no effect that a node knows"
            hint = f"write it as {key}={text}:EFFECT with one of {', '.join(_EFFECTS)}"
            word = given.value if given else None
            yield Refusal("gcloud-flag-value-invalid", message, hint, word)


def _find_unreadable_slice(invocation: Invocation) -> Iterator[Refusal]:
    """Without a number of nodes gcloud works it out from topology and machine type."""
    topology, machine = invocation.find("--tpu-topology"), invocation.find("--machine-type")
    if topology is None:
        return
    if invocation.has("--num-nodes"):
        if machine is None:
            message = "--tpu-topology stands without --machine-type, and GKE's default has no TPU"
            hint = "add --machine-type, such as ct6e-standard-4t"
            code = "gcloud-flag-required"
            yield Refusal(code, message, hint, topology.word, Severity.WARNING)
        return
    if topology.text and not _TOPOLOGY.fullmatch(topology.text):
        message = f"--tpu-topology is `{topology.text}`"
        hint = "write it as 2x4, or as 2x2x2 for a TPU of three dimensions"
        yield Refusal("gcloud-flag-value-invalid", message, hint, topology.value)
    if machine is None:
        message = "--tpu-topology needs --machine-type: gcloud divides one by the other"
        yield Refusal("gcloud-flag-required", message, "add --machine-type", topology.word)
    elif machine.text and not re.search(r"\d+t$", machine.text):
        message = f"the machine type `{machine.text}` does not say how many chips it has"
        hint = "name one that ends in the number, as in ct6e-standard-4t, or add --num-nodes"
        yield Refusal("gcloud-flag-value-invalid", message, hint, machine.value)
