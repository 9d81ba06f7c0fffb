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

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.model_memory import (
    SHARE_FLAG,
    Devices,
    Need,
    compare,
    is_sized_otherwise,
    least_need,
    most_need,
    shares,
)
from .subjects.objects import items_at
from .subjects.tpu_pods import TOPOLOGY, read_count, slices_of
from .subjects.tree_memory import served_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

    from .subjects.tree_memory import Served

_LENGTH = "--max-model-len"
_SHORTEST = 256


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for served in served_models(tree):
        server = served.server
        path, length = _longest_request(served)
        names = (item.name for item in server.arguments)
        variables = [text_at(item, "name") for _, item in items_at(server.container, "env")]
        if not length or not served.devices or served.devices % served.size:
            continue
        if not served.model.allows_tensor_parallel(served.size):
            continue
        if is_sized_otherwise(names, variables):
            continue
        need, devices, advised = _size(served)
        if not need.fits(length, devices.budget):
            yield TreeViolation(
                server.manifest,
                Violation(
                    path, compare(served.model, need, length, devices, "needs"), _advise(advised)
                ),
            )


def _longest_request(served: Served) -> tuple[DataPath, int]:
    """Find how long a request may be, and what says so; 0 where that cannot be read."""
    server = served.server
    argument = server.last(_LENGTH)
    if argument:
        return argument.path, read_count(argument.value) or 0
    path = (*server.pod.path, "nodeSelector", TOPOLOGY)
    return path, served.model.context if server.is_complete else 0


def _size(served: Served) -> tuple[Need, Devices, int]:
    """Give the need by the lower account, the devices at best, and the length to advise."""
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    from .subjects.facts import version_in_image  # noqa: PLC0415 - it loads the catalog, too

    catalog, server = load_catalog(), served.server
    given = server.last(SHARE_FLAG)
    version = version_in_image(server.image, catalog)
    least, largest = shares(catalog, version, (given.value or "?") if given else "")
    accelerator = catalog.accelerators[slices_of(server.pod)[0].accelerator]
    careful = Devices(accelerator, served.size, least)
    longest = most_need(served.model, served.size, catalog).longest(careful.budget)
    need = least_need(served.model, served.size)
    return need, Devices(accelerator, served.size, largest), min(longest, served.model.context)


def _advise(longest: int) -> str:
    larger = "split the model over more devices, those of a larger topology if need be"
    return f"pass {_LENGTH}={longest}, or {larger}" if longest >= _SHORTEST else larger


RULE = TreeRule(
    "vllm-context-exceeds-memory",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("model-context-exceeds-memory", "model-weights-exceed-memory"),
)
