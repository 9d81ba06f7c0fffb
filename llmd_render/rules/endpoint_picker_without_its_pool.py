"""Arguments for the endpoint picker name the InferencePool of the service.

KServe 0.15 replaces the whole list of arguments by the one that a service gives; from 0.17 on it
adds them to those of the preset. Alone, the picker needs
the name of the pool, which it does not start without, and its namespace, which is `default`
otherwise; a picker of another pool never becomes ready. Without KServe, the pool is the one whose
endpointPickerRef names the Service of the picker.

Source: https://github.com/opendatahub-io/kserve branch release-v0.15, config/llmisvc (2026-03-20)
Source: https://github.com/kubernetes-sigs/gateway-api-inference-extension v1.2.0, cmd/epp (2025)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router:
        scheduler:
          template:
            containers:
              - name: main
                args: [--pool-name, qwen-inference-pool, --pool-namespace, example, --v, "4"]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {scheduler: {template: {containers: [{name: main, args: [--v, "4"]}]}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.placeholders import has_placeholder

from .rule import TreeRule, TreeViolation
from .subjects.inference_pools import inference_pools, pickers_behind
from .subjects.kserve_services import (
    LONGEST_NAME,
    SCHEDULER,
    flags_of_picker,
    main_container,
    meets_later_kserve,
    own_scheduler,
    place_in_picker,
    services,
)
from .subjects.objects import items_at, name_of, namespace_of, objects, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

    from .subjects.inference_pools import InferencePool, Picker


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        if own_scheduler(service) is None:
            continue
        place, picker = main_container(service.data, *SCHEDULER, "template")
        flags = flags_of_picker(picker)
        # Newer pickers can select Pods without a pool.
        if flags is None or "endpoint-selector" in flags:
            continue
        # From 0.17 on the arguments are added to those of the preset, which name the pool.
        alone = not meets_later_kserve(tree, service)
        for flag, message, hint in _judge(service, picker, flags, alone=alone):
            where = (*place, *place_in_picker(picker, flag))
            yield TreeViolation(service, Violation(where, message, hint))
    yield from _judge_own(tree)


def _judge_own(tree: Tree) -> Iterator[TreeViolation]:
    """Judge the pickers that people run themselves, by the one pool that refers to each."""
    pools = inference_pools(tree)
    for service in objects(tree, "", "Service") if pools else ():
        namespace, name = namespace_of(service), name_of(service)
        beside = [item for item in pools if namespace_of(item.manifest) == namespace]
        named = {name_of(item.manifest): item for item in beside if item.picker == name}
        if len(named) != 1:
            continue
        for picker in pickers_behind(tree, service):
            yield from _compare(picker, next(iter(named.values())), service)


def _compare(picker: Picker, pool: InferencePool, service: Manifest) -> Iterator[TreeViolation]:
    name, namespace = name_of(pool.manifest), namespace_of(pool.manifest)
    refers = f"the InferencePool {name} in {namespace} names the Service {name_of(service)}"
    leads = f"{refers}, which leads to this picker"
    for flag, wanted in (("pool-name", name), ("pool-namespace", namespace)):
        given = picker.flags.get(flag)
        if given and not has_placeholder(given) and _is_other(given, wanted):
            where = (*picker.path, *place_in_picker(picker.container, flag))
            message = f"--{flag} is {given}, and {leads}"
            violation = Violation(where, message, f"write --{flag} {wanted}")
            yield TreeViolation(picker.pods.manifest, violation)
    given = picker.flags.get("grpc-port", "")
    for _, port in items_at(service.data, "spec", "ports"):
        target = port.get("targetPort", port.get("port"))
        asked = pool.picker_port is not None and port.get("port") == pool.picker_port
        if asked and type(target) is int and given.isdigit() and int(given) != target:
            where = (*picker.path, *place_in_picker(picker.container, "grpc-port"))
            message = f"--grpc-port is {given}, and {refers}, which sends to port {target}"
            violation = Violation(where, message, f"write --grpc-port {target}")
            yield TreeViolation(picker.pods.manifest, violation)


def _judge(
    service: Manifest, picker: dict[str, Any], flags: dict[str, str], *, alone: bool
) -> Iterator[tuple[str, str, str]]:
    pool = f"{name_of(service)}-inference-pool"
    flag = "pool-name"
    given = flags.get(flag)
    if given is None and alone:
        yield (
            flag,
            "these arguments name no pool, and the picker does not start without",
            f"add --pool-name {pool}, and the other arguments of KServe's preset",
        )
    elif given is not None and _is_other(given, pool) and len(name_of(service)) <= LONGEST_NAME:
        yield (
            flag,
            f"--pool-name is {given}, and KServe names the pool of this service {pool}",
            f"write --pool-name {pool}",
        )
    namespace = namespace_of(service)
    flag = "pool-namespace"
    given = flags.get(flag)
    elsewhere = namespace not in {"", "default"} and "NAMESPACE" not in variables_of(picker)
    if given is None and elsewhere and alone:
        yield (
            flag,
            "these arguments name no namespace, and the picker looks for its pool in default",
            f"add --pool-namespace {namespace}, and the other arguments of KServe's preset",
        )
    elif given is not None and namespace and _is_other(given, namespace):
        yield (
            flag,
            f"--pool-namespace is {given}, and the pool of this service is in {namespace}",
            f"write --pool-namespace {namespace}",
        )


def _is_other(given: str, wanted: str) -> bool:
    """Whether a value is certainly another one; what KServe or the kubelet fills in is not."""
    return given != wanted and "{{" not in given and "$(" not in given


RULE = TreeRule("endpoint-picker-without-its-pool", Severity.WARNING, _check, acknowledgeable=True)
