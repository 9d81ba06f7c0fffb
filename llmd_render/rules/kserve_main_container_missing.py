"""The container that an LLMInferenceService describes for vLLM is called `main`.

KServe merges the containers of a service into those of its preset by their names. A container of
another name is added beside the preset's own `main`, which still starts: a second vLLM with the
image for GPUs, without chips and without the arguments that were written. Both want port 8000.

Source: https://github.com/opendatahub-io/kserve release-v0.15, config/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template:
        containers:
          - name: main
            image: registry.example/vllm-tpu:1.0
          - name: proxy
            image: registry.example/proxy:1.0

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template:
        containers:
          - name: vllm
            image: registry.example/vllm-tpu:1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.image_names import split_image
from .subjects.kserve_services import services
from .subjects.objects import items_at, pod_specs
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_MAIN = "main"
_DEVICES = ("google.com/tpu", "nvidia.com/gpu", "amd.com/gpu")
# A proxy or a job beside the server may speak of vLLM, too; these start one.
_STARTS = ("vllm serve", "vllm.entrypoints.")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        for path, spec in pod_specs(service):
            found = list(items_at(spec, "containers"))
            names = [text_at(item, "name") for _, item in found]
            if _MAIN in names or not is_complete(tree, service):
                continue
            servers = [(place, item) for place, item in found if _is_server(item)]
            if len(servers) == 1 and text_at(servers[0][1], "name"):
                place, server = servers[0]
                name = text_at(server, "name")
                yield TreeViolation(
                    service,
                    Violation(
                        (*path, *place, "name"),
                        f"the container of vLLM is called {name}, so KServe adds it to the "
                        f"container {_MAIN} of its preset, which starts a vLLM of its own",
                        f"name it {_MAIN}: KServe then completes this container instead",
                    ),
                )


def _is_server(container: dict[str, Any]) -> bool:
    """Whether a container runs a model: it has the devices, starts vLLM, or is made of it."""
    limits = [value_at(container, "resources", field) for field in ("limits", "requests")]
    if any(isinstance(item, dict) and item.get(name) for item in limits for name in _DEVICES):
        return True
    lists = [container.get(field) for field in ("command", "args")]
    line = " ".join(str(word) for words in lists if isinstance(words, list) for word in words)
    if any(start in line for start in _STARTS):
        return True
    last = split_image(text_at(container, "image")).repository.rpartition("/")[2]
    return last.startswith("vllm")


RULE = TreeRule("kserve-main-container-missing", Severity.ERROR, _check, acknowledgeable=True)
