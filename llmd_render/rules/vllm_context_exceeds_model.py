"""The limit of a request is no longer than the context of the model.

vLLM refuses to start with a `--max-model-len` that is longer than the context in the model's
configuration, unless it is told how to stretch that. Judged for models that the catalog knows.

Source: https://github.com/vllm-project/vllm/blob/main/vllm/config/model.py (2026)

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
          command: [vllm, serve, Qwen/Qwen3-4B, --max-model-len=40960]
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
          command: [vllm, serve, Qwen/Qwen3-4B, --max-model-len=65536]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import variables_of
from .subjects.tpu_pods import read_count
from .subjects.tree_memory import LENGTH, known_models
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer

_STRETCHING_FLAGS = {"--rope-scaling", "--rope-theta", "--hf-overrides", "--hf-config-path"}
_STRETCHING_VARIABLE = "VLLM_ALLOW_LONG_MAX_MODEL_LEN"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server, model in known_models(tree):
        argument = server.last(LENGTH)
        length = read_count(argument.value) if argument else None
        if argument is None or not length or length <= model.context:
            continue
        if is_complete(tree, server.manifest) and not _may_stretch(server):
            yield TreeViolation(
                server.manifest,
                Violation(
                    argument.path,
                    f"{LENGTH} is {length}, and the context of {model.id} is {model.context} "
                    "tokens: vLLM does not start",
                    f"set {LENGTH} to {model.context} or less",
                ),
            )


def _may_stretch(server: VllmContainer) -> bool:
    """Whether something makes the context longer, or something that is not written here may."""
    if not server.is_complete or server.container.get("envFrom"):
        return True
    if any(item.name.partition(".")[0] in _STRETCHING_FLAGS for item in server.arguments):
        return True
    return _STRETCHING_VARIABLE in variables_of(server.container)


RULE = TreeRule(
    "vllm-context-exceeds-model",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("model-context-exceeded",),
)
