"""A container with TPU chips does not send its programs to another kind of device.

PJRT_DEVICE names the kind of device that programs of PyTorch/XLA run on. With another value than
TPU vLLM looks for that device, finds none and exits, or leaves the chips idle. The newer backend of
vLLM does not read it, so this is a warning.

Source: https://github.com/vllm-project/vllm (2025)

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
          env: [{name: PJRT_DEVICE, value: TPU}]
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
          env: [{name: PJRT_DEVICE, value: CUDA}]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at
from .subjects.tpu_pods import requested_chips, tpu_pods
from .subjects.vllm_words import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_VARIABLE = "PJRT_DEVICE"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        for place, container in items_at(pod.spec, "containers"):
            if not requested_chips(container):
                continue
            for path, item in items_at(container, "env"):
                value = text_at(item, "value")
                if text_at(item, "name") != _VARIABLE or not value or is_open(value):
                    continue
                if not value.startswith("TPU"):
                    yield TreeViolation(
                        pod.manifest,
                        Violation(
                            (*pod.path, *place, *path, "value"),
                            f"the container asks for TPU chips, and {_VARIABLE} is {value}",
                            f"set {_VARIABLE} to TPU, or remove it",
                        ),
                    )


RULE = TreeRule("pjrt-device-not-tpu", Severity.WARNING, _check, acknowledgeable=True)
