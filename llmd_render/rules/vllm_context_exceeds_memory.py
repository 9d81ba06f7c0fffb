"""The weights of a model and one request of the longest kind fit into the memory of the TPUs.

vLLM takes a share of the memory (`--gpu-memory-utilization`, 90 % or 92 % by default), puts the
weights there, and refuses to start where keys and values of one request of `--max-model-len` tokens
do not fit beside them. Without that flag a request may be as long as the model's own context.

Source: https://github.com/vllm-project/vllm/blob/main/vllm/v1/core/kv_cache_utils.py (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          command: [vllm, serve, meta-llama/Llama-3.1-8B-Instruct, --max-model-len=65536]
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          command: [vllm, serve, meta-llama/Llama-3.1-8B-Instruct, --max-model-len=131072]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.model_memory import (
    SHARE_FLAG,
    SHORTEST,
    Devices,
    Need,
    compare,
    find_roomier,
    is_sized_otherwise,
    least_need,
    most_need,
    shares,
)
from .subjects.objects import variables_of
from .subjects.tpu_pods import TOPOLOGY, read_count, slices_labelled, slices_of
from .subjects.tree_memory import LENGTH, PARALLEL, served_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

    from .subjects.tree_memory import Served


@dataclass(frozen=True, slots=True)
class _Account:
    """The need by the lower account, with the devices at best, and the devices at worst."""

    catalog: Catalog
    need: Need
    devices: Devices
    careful: Devices


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for served in served_models(tree):
        server = served.server
        path, length = _longest_request(served)
        names = (item.name for item in server.arguments)
        if not length or not served.devices or served.devices % served.size:
            continue
        if not served.model.allows_tensor_parallel(served.size):
            continue
        if is_sized_otherwise(names, variables_of(server.container)):
            continue
        account = _size(served)
        if not account.need.fits(length, account.devices.budget):
            message = compare(served.model, account.need, length, account.devices, "needs")
            hint = _advise(served, account, length)
            yield TreeViolation(server.manifest, Violation(path, message, hint))


def _longest_request(served: Served) -> tuple[DataPath, int]:
    """Find how long a request may be, and what says so; 0 where that cannot be read."""
    server = served.server
    argument = server.last(LENGTH)
    if argument:
        return argument.path, read_count(argument.value) or 0
    path = (*server.pod.path, "nodeSelector", TOPOLOGY)
    return path, served.model.context if server.is_complete else 0


def _size(served: Served) -> _Account:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    from .subjects.facts import version_in_image  # noqa: PLC0415 - it loads the catalog, too

    catalog, server = load_catalog(), served.server
    given = server.last(SHARE_FLAG)
    version = version_in_image(server.image, catalog)
    least, largest = shares(catalog, version, (given.value or "?") if given else "")
    accelerator = catalog.accelerators[slices_of(server.pod)[0].accelerator]
    return _Account(
        catalog,
        least_need(served.model, served.size),
        Devices(accelerator, served.size, largest),
        Devices(accelerator, served.size, least),
    )


def _advise(served: Served, account: _Account, length: int) -> str:
    model, catalog = served.model, account.catalog
    careful = most_need(model, served.size, catalog).longest(account.careful.budget)
    most = min(account.need.longest(account.devices.budget), model.context)
    ways: list[str] = []
    if careful >= SHORTEST:
        ways.append(f"pass {LENGTH}={min(careful, model.context)}")
    elif most >= SHORTEST:
        ways.append(f"pass {LENGTH}={most}, the most that can fit")
    here = served.server.pod.topology
    rows = [row for row in slices_labelled(served.server.pod.accelerator) if row.hosts == 1]
    rows.sort(key=lambda row: (row.topology != here, row.chips))
    for row in find_roomier(rows, model, length, account.careful, catalog):
        select = "" if row.topology == here else f"select the topology {row.topology} and "
        ways.append(f"{select}pass {PARALLEL[0]}={row.tensor_parallel}")
    return ", or ".join(ways) or "use a smaller model"


RULE = TreeRule(
    "vllm-context-exceeds-memory",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("model-context-exceeds-memory", "model-weights-exceed-memory"),
)
