"""Arguments for KServe's model server fit the command of the preset that they meet.

In 0.15 the preset's command is `bash -c`, and `args` is one script: a list of flags is no program.
From 0.17 on the preset's script runs `vllm serve` and adds `args` to it: a whole command line
there is taken for arguments. A service with both `command` and `args` works with either. 0.15 is
meant where neither `--target`, a profile nor an object in v1alpha2 says what runs.

Source: https://github.com/opendatahub-io/kserve tag odh-v3.5, config/llmisvcconfig (2026-08-14)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template: {containers: [{name: main, command: [vllm], args: [serve, /mnt/models]}]}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      template: {containers: [{name: main, args: [--max-model-len=4096]}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import (
    main_container,
    meets_later_kserve,
    services,
)
from .subjects.vllm_command import find_whole_command
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

_HINT = (
    "write the command as command and args, such as command [vllm] and args [serve, /mnt/models]"
)

# A script with one of these, or with a variable, may know what it does with the others.
_MORE_THAN_A_WORD = set(" \n\t;&|$`")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        path, main = main_container(service.data, "spec", "template")
        args = main.get("args")
        if main.get("command") or not isinstance(args, list) or not is_complete(tree, service):
            continue
        place: DataPath | None = (*path, "args", 0)
        if meets_later_kserve(tree, service):
            place = find_whole_command(path, main)
            message = "args hold a whole command, and KServe's preset puts them behind `vllm serve`"
        elif args and str(args[0]).startswith("-"):
            message = (
                "KServe before 0.17 hands args to bash -c as a script, and this script begins with "
                f"{args[0]}"
            )
        elif _is_split_up(path, main, args):
            message = (
                "KServe before 0.17 hands args to bash -c, which takes the first of them alone for "
                f"the script: {args[0]}"
            )
        else:
            place = None
        if place:
            yield TreeViolation(service, Violation(place, message, _HINT))


def _is_split_up(path: DataPath, main: dict[str, Any], args: list[Any]) -> bool:
    """Whether the words that start vLLM are a list, of which a shell runs the first alone."""
    if not args[1:] or set(str(args[0])) & _MORE_THAN_A_WORD:
        return False
    return args[0] == "serve" or find_whole_command(path, main) is not None


RULE = TreeRule("vllm-args-without-command", Severity.WARNING, _check, acknowledgeable=True)
