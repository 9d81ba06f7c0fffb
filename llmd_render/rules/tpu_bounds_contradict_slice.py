"""Environment variables about the TPU slice agree with the slice that the Pod selects.

GKE sets these variables itself, and a value of one's own replaces the right one. With bounds of
another size libtpu looks for chips or hosts that are not there.

Source: https://github.com/kubernetes-sigs/dra-driver-google-tpu (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          env: [{name: TPU_CHIPS_PER_HOST_BOUNDS, value: "2,2,1"}]
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          env: [{name: TPU_CHIPS_PER_HOST_BOUNDS, value: "2,4,1"}]
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.lone_servers import slice_of_lone_server
from .subjects.objects import items_at
from .subjects.tpu_pods import chips_per_host, slices_of, tpu_pods
from .subjects.vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Topology
    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod

_CHIPS = ("TPU_CHIPS_PER_HOST_BOUNDS", "CHIPS_PER_HOST_BOUNDS")
_HOSTS = ("TPU_HOST_BOUNDS", "HOST_BOUNDS")
_SHAPE = "TPU_TOPOLOGY"
# With these a process takes only a part of the host's chips, and bounds are those of the part.
_PARTS = {"TPU_VISIBLE_CHIPS", "TPU_VISIBLE_DEVICES", "TPU_PROCESS_BOUNDS"}
_BOUNDS = re.compile(r"\d{1,4}(,\d{1,4}){2}")
_SHAPED = re.compile(r"\d{1,4}([,x]\d{1,4}){1,2}")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    # Their bounds are not what is wrong: tpu-slice-needs-group.
    alone = {
        (id(item.manifest), item.pod.path)
        for item in vllm_containers(tree)
        if slice_of_lone_server(tree, item)
    }
    for pod in tpu_pods(tree):
        if (id(pod.manifest), pod.path) in alone:
            continue
        rows = [row for row in slices_of(pod) if chips_per_host(row) == pod.chips]
        if len(rows) == 1 and len(pod.requests) == 1:
            for violation in _compare(pod, rows[0]):
                yield TreeViolation(pod.manifest, violation)


def _compare(pod: TpuPod, row: Topology) -> Iterator[Violation]:
    place = pod.requests[0][: len(pod.path) + 2]
    variables = list(items_at(value_at(pod.manifest.data, *place), "env"))
    if any(text_at(item, "name") in _PARTS for _, item in variables):
        return
    expected = {
        **dict.fromkeys(
            _CHIPS, (chips_per_host(row), "chips of a host in", row.chips_per_host_bounds)
        ),
        **dict.fromkeys(_HOSTS, (row.hosts, "hosts of", row.host_bounds)),
        _SHAPE: (row.chips, "chips of", row.topology),
    }
    for path, item in variables:
        name, value = text_at(item, "name"), text_at(item, "value")
        form = _SHAPED if name == _SHAPE else _BOUNDS
        if name not in expected or not form.fullmatch(value):
            continue  # tpu-bounds-not-triple
        wanted, what, right = expected[name]
        found = math.prod(int(number) for number in re.findall(r"\d+", value))
        if found != wanted:
            yield Violation(
                (*place, *path, "value"),
                f"{name} is {value}, which is {found} in all, and it must be {wanted}, the number "
                f"of {what} {row.topology} of {pod.accelerator}",
                f"remove {name}, which GKE sets, or write {right}",
            )


RULE = TreeRule("tpu-bounds-contradict-slice", Severity.ERROR, _check, acknowledgeable=True)
