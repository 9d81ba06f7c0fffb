"""The node pool with CPU nodes is not emptied while model servers stay.

The endpoint picker, KServe's controller and cert-manager tolerate no TPU taint, so they run on CPU
nodes only. With default-pool at 0 they stay Pending, and no request is routed. Who stops everything
empties the TPU node pool, too, which is what costs most.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example}
      spec: {model: {uri: hf://some/model, name: example}}
    stop.sh: |
      gcloud container clusters resize llmd --node-pool=tpu --num-nodes=0 --quiet

Fails:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example}
      spec: {model: {uri: hf://some/model, name: example}}
    stop.sh: |
      gcloud container clusters resize llmd --node-pool=default-pool --num-nodes=0 --quiet
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.node_pools import CREATE, tpu_chips
from .subjects.objects import name_of
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_RESIZE = "container clusters resize"
_POOL = "default-pool"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    service = next(services(tree), None)
    calls = list(gcloud_calls(tree, _RESIZE)) if service is not None else []
    # Some other node pool may have CPU nodes.
    if any(not tpu_chips(call) for call in gcloud_calls(tree, CREATE)):
        return
    for call in calls:
        given = call.find("--num-nodes")
        if given is None or given.text != "0" or call.text("--node-pool") != _POOL:
            continue
        beside = [item for item in calls if item.call.file == call.call.file]
        if any(item.text("--node-pool") != _POOL for item in beside):
            continue
        who = f"{service.kind} {name_of(service)}" if service is not None else ""
        yield violate(
            given.word,
            call,
            f"{_POOL} gets no nodes, and the endpoint picker of {who} and KServe itself run on CPU "
            "nodes only",
            "resize the TPU node pool instead, or both",
        )


RULE = TreeRule("cpu-pool-resized-to-zero", Severity.WARNING, _check, acknowledgeable=True)
