"""No script scales a Deployment that KServe makes, by hand or by an autoscaler.

KServe sets the replicas of its Deployments from `spec.replicas` of the LLMInferenceService, and
puts back whatever else they are set to.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/pkg/controller (2026-03-20)

Passes:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example}
      spec: {model: {uri: hf://some/model, name: example}}
    scale.sh: |
      kubectl patch llminferenceservice example --type=merge --patch '{"spec": {"replicas": 2}}'

Fails:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example}
      spec: {model: {uri: hf://some/model, name: example}}
    scale.sh: |
      kubectl scale deployment example-kserve --replicas=2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.objects import name_of
from .subjects.scripts import kubectl_calls, list_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_SUFFIXES = ("-kserve", "-kserve-prefill")
_KINDS = {"deployment", "deployments", "deploy", "deployment.apps", "deployments.apps"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    made = {
        f"{name_of(item)}{suffix}": name_of(item) for item in services(tree) for suffix in _SUFFIXES
    }
    for call in kubectl_calls(tree, "autoscale", "patch", "scale") if made else ():
        verb = call.command.path.partition(" ")[0]
        if verb == "patch" and "replicas" not in call.text("--patch"):
            continue
        for kind, name, word in list_targets(call):
            if kind in _KINDS and name in made:
                what = "lets an autoscaler scale" if verb == "autoscale" else "scales"
                yield TreeViolation(
                    call.call.locate(word),
                    Violation(
                        (),
                        f"the script {what} {name}, whose replicas KServe puts back to those of "
                        f"LLMInferenceService {made[name]}",
                        f"set spec.replicas of LLMInferenceService {made[name]}",
                    ),
                )


RULE = TreeRule("kserve-deployment-scaled-by-hand", Severity.WARNING, _check, acknowledgeable=True)
