"""A container that leaves its command to KServe's preset has flags alone in its args.

The preset of every release with v1alpha2 runs `vllm serve /mnt/models` with the args behind it.
Release 0.15, which has v1alpha1 only, took args for a script; written so for a later one, vLLM
gets its own name as an argument and exits.

Source: https://github.com/opendatahub-io/kserve, tag odh-v3.4-EA2 (2026-03-19)

Passes:

    apiVersion: serving.kserve.io/v1alpha2
    kind: LLMInferenceService
    metadata: {name: example}
    spec:
      model: {uri: hf://some/model, name: some/model}
      template:
        containers:
          - name: main
            args: [--max-model-len=2048]

Fails:

    apiVersion: serving.kserve.io/v1alpha2
    kind: LLMInferenceService
    metadata: {name: example}
    spec:
      model: {uri: hf://some/model, name: some/model}
      template:
        containers:
          - name: main
            args: ["vllm serve /mnt/models --served-model-name=some/model --max-model-len=2048"]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .known_pods import has_presets
from .kserve_services import services
from .objects import items_at, mapping_at, pod_specs
from .rule import TreeRule, TreeViolation
from .vllm_command import find_whole_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_MESSAGE = (
    "args hold a whole command, and KServe's preset puts them behind `vllm serve /mnt/models`"
)
_HINT = (
    "write the command as command and args, such as `command: [vllm, serve, /mnt/models]`, or "
    "leave only the flags here"
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if has_presets(tree):
        return
    for service in services(tree):
        is_later = service.api_version.endswith("/v1alpha2")
        if is_later and not mapping_at(service.data, "spec").get("baseRefs"):
            for place in _find_commands(service):
                yield TreeViolation(service, Violation(place, _MESSAGE, _HINT))


def _find_commands(service: Manifest) -> Iterator[DataPath]:
    for path, spec in pod_specs(service):
        for place, container in items_at(spec, "containers"):
            if container.get("name") == "main" and not container.get("command"):
                found = find_whole_command((*path, *place), container)
                if found:
                    yield found


RULE = TreeRule("vllm-command-written-as-args", Severity.WARNING, _check, acknowledgeable=True)
