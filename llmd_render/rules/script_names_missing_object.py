"""An object that a script names is in the tree.

A script that asks for `example` when the tree makes `sample` tells of an error that is none, or
deletes nothing. KServe gives the Service of a LLMInferenceService a name of its own, too:
there is `example-kserve-workload-svc`, and no `example`.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/pkg/controller (2026-03-20)

Passes:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example, namespace: models}
      spec: {model: {uri: hf://some/model, name: example}}
    status.sh: |
      kubectl get llminferenceservice example --namespace models
      kubectl port-forward --namespace models svc/example-kserve-workload-svc 8000:8000

Fails:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example, namespace: models}
      spec: {model: {uri: hf://some/model, name: example}}
    status.sh: |
      kubectl port-forward --namespace models svc/example 8000:8000
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.objects import GATEWAY_API, GKE, KSERVE, agree, name_of, namespace_of
from .subjects.scripts import kubectl_calls, list_targets
from .subjects.whole_tree import Register, child_name, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree


_KINDS = {
    "gateway": (GATEWAY_API, "Gateway"),
    "gateways": (GATEWAY_API, "Gateway"),
    "httproute": (GATEWAY_API, "HTTPRoute"),
    "httproutes": (GATEWAY_API, "HTTPRoute"),
    "healthcheckpolicy": (GKE, "HealthCheckPolicy"),
    "healthcheckpolicies": (GKE, "HealthCheckPolicy"),
    "gcpbackendpolicy": (GKE, "GCPBackendPolicy"),
    "gcpbackendpolicies": (GKE, "GCPBackendPolicy"),
    "llminferenceservice": (KSERVE, "LLMInferenceService"),
    "llminferenceservices": (KSERVE, "LLMInferenceService"),
    "llmisvc": (KSERVE, "LLMInferenceService"),
}
_SERVICES = {"service", "services", "svc"}
# `create` and `run` name what is not there yet.
_VERBS = (
    *("annotate", "delete", "describe", "edit", "exec", "get", "label", "logs", "patch"),
    *("port-forward", "rollout", "scale", "wait"),
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    registers = {kind: Register(tree, *kind) for kind in dict.fromkeys(_KINDS.values())}
    for call in kubectl_calls(tree, *_VERBS):
        for resource, name, word in list_targets(call):
            kind = _KINDS.get(resource.partition(".")[0])
            if kind:
                others = registers[kind].instead_of(name, call.text("--namespace"))
                near = find_misspelt(name, others)
                if near:
                    message = f"the script names {kind[1]} {name}, and this tree has {near}"
                    hint = f"write {near}"
                    yield TreeViolation(call.call.locate(word), Violation((), message, hint))
            elif resource.partition(".")[0] in _SERVICES:
                for violation in _check_service(tree, call, name):
                    yield TreeViolation(call.call.locate(word), violation)


def _check_service(tree: Tree, call: Invocation, name: str) -> Iterator[Violation]:
    if Register(tree, "", "Service").at(call.text("--namespace")).get(name):
        return
    for service in services(tree):
        if name_of(service) == name and agree(namespace_of(service), call.text("--namespace")):
            made = child_name(name, "-kserve-workload-svc")
            yield Violation(
                (),
                f"the script names Service {name}; of LLMInferenceService {name} KServe makes "
                f"Service {made}",
                f"write svc/{made}",
            )


RULE = TreeRule("script-names-missing-object", Severity.WARNING, _check, acknowledgeable=True)
