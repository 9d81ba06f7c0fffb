"""A label selector in a script matches Pods that the tree makes.

`kubectl wait` and `kubectl logs` with a selector that matches nothing end at once, or wait for
what never comes, and a script takes that for an answer.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/pkg/controller (2026-03-20)

Passes:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example, namespace: models}
      spec: {model: {uri: hf://some/model, name: example}}
    logs.sh: |
      kubectl logs -n models -l app.kubernetes.io/component=llminferenceservice-workload

Fails:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example, namespace: models}
      spec: {model: {uri: hf://some/model, name: example}}
    logs.sh: |
      kubectl logs -n models -l app.kubernetes.io/component=workload
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.known_pods import (
    COMPONENT,
    find_pods,
    find_service_pods,
    has_presets,
    selects,
    show_labels,
)
from .subjects.kserve_services import services
from .subjects.objects import KSERVE, name_of, namespace_of, objects
from .subjects.scripts import is_hole, kubectl_calls, list_values
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

    from .subjects.known_pods import Pods

_PODS = {"pod", "pods", "po"}
_OF_PODS = {"logs"}
_PAIR = re.compile(r"\s*([\w./-]+)\s*==?\s*([\w.-]+)\s*")
# What KServe puts on the Pods of an InferenceService, and not on those of this kind.
_OTHER_KIND = "serving.kserve.io/inferenceservice"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not any(services(tree)) or not is_settled(tree):
        return
    if any(objects(tree, KSERVE, "InferenceService")):
        return
    for call in kubectl_calls(tree):
        if not _is_about_pods(call):
            continue
        for word, text in list_values(call, "--selector"):
            labels = _read_selector(text)
            namespace = call.text("--namespace")
            if not labels or not namespace or not _is_for_kserve(labels):
                continue
            pods = find_pods(tree, namespace)
            if not pods or any(_takes(labels, item) for item in pods):
                continue
            yield TreeViolation(
                call.call.locate(word),
                Violation(
                    (),
                    f"no Pod that is made in {namespace} has the labels {show_labels(labels)}",
                    _show_right_labels(tree, namespace),
                ),
            )


def _is_about_pods(call: Invocation) -> bool:
    if call.command.path in _OF_PODS:
        return True
    return bool(call.arguments) and call.arguments[0].text.partition(".")[0] in _PODS


def _read_selector(text: str) -> dict[str, str]:
    """Read a selector of equalities; nothing where there is anything else in it."""
    if is_hole(text):
        return {}
    labels: dict[str, str] = {}
    for part in text.split(","):
        pair = _PAIR.fullmatch(part)
        if pair is None:
            return {}
        labels[pair[1]] = pair[2]
    return labels


def _takes(labels: dict[str, str], pods: Pods) -> bool:
    if _OTHER_KIND in labels and _OTHER_KIND not in pods.labels:
        return False
    return selects({"matchLabels": labels}, pods)


def _is_for_kserve(labels: dict[str, str]) -> bool:
    """Whether a selector means what KServe makes; others may put Pods of theirs beside."""
    component = labels.get(COMPONENT, "")
    return _OTHER_KIND in labels or any(
        word in component for word in ("workload", "scheduler", "llminferenceservice")
    )


def _show_right_labels(tree: Tree, namespace: str) -> str:
    for service in services(tree):
        if namespace_of(service) == namespace:
            first = next(find_service_pods(service, presets=has_presets(tree)))
            shown = show_labels(
                {key: first.labels[key] for key in ("app.kubernetes.io/name", COMPONENT)}
            )
            return f"the model servers of {name_of(service)} have {shown}"
    return "write labels that the Pods have"


RULE = TreeRule("script-selector-matches-nothing", Severity.WARNING, _check, acknowledgeable=True)
