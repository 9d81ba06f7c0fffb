"""An object that a script names is in the tree.

A script that asks for `example` when the tree makes `sample` tells of an error that is none, or
deletes nothing. KServe gives the Service of a LLMInferenceService a name of its own, too:
there is `example-kserve-workload-svc`, and no `example`. It is said of names that
are near to one of the tree, that are in another namespace there, or that are not among those of the
same kind and namespace.

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

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, suggest

from .rule import TreeRule, TreeViolation
from .subjects.deployments import are_near
from .subjects.kserve_services import services
from .subjects.objects import (
    GATEWAY_API,
    GKE,
    INFERENCE,
    KSERVE,
    OLD_INFERENCE,
    agree,
    name_of,
    namespace_of,
    objects,
)
from .subjects.scripts import calls, kubectl_calls, list_targets
from .subjects.whole_tree import Register, child_name, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Manifest, Tree

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
# What KServe makes of a service, by suffix; and of these what the kinds are called.
_MADE = {
    "Deployment": ("-kserve", "-kserve-router-scheduler"),
    "InferencePool": ("-inference-pool",),
    "Service": ("-kserve-workload-svc", "-epp-service"),
}
_SELDOM = ("-kserve-prefill",)
_MADE_KINDS = {
    **dict.fromkeys(("deploy", "deployment", "deployments"), ("apps", "Deployment")),
    **dict.fromkeys(("inferencepool", "inferencepools"), ("", "InferencePool")),
    **dict.fromkeys(("service", "services", "svc"), ("", "Service")),
}
_SHORT = {"Deployment": "deploy", "InferencePool": "inferencepool", "Service": "svc"}
# KServe gives routes names of its own; Gateways are often made for many.
_OWN_KINDS = {"GCPBackendPolicy", "HTTPRoute", "HealthCheckPolicy", "LLMInferenceService"}
_MADE_ROUTE = "-kserve-route"
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
            plain = resource.partition(".")[0]
            kind = _KINDS.get(plain)
            if kind:
                found = _check_own(tree, call, kind, name, registers[kind])
            elif plain in _MADE_KINDS:
                found = _check_made(tree, call, _MADE_KINDS[plain], name)
            else:
                continue
            for violation in found:
                yield TreeViolation(call.call.locate(word), violation)


def _check_own(
    tree: Tree, call: Invocation, kind: tuple[str, str], name: str, register: Register
) -> Iterator[Violation]:
    namespace = call.text("--namespace")
    others = register.instead_of(name, namespace)
    near = find_misspelt(name, others)
    if near:
        message = f"the script names {kind[1]} {name}, and this tree has {near}"
        yield Violation((), message, f"write {near}")
        return
    if not namespace or call.has("--ignore-not-found") or _is_made_elsewhere(tree, name):
        return
    known = [item for item in objects(tree, *kind) if are_near(item.file, call.call.file)]
    elsewhere = {namespace_of(item) for item in known if name_of(item) == name}
    here = sorted(name_of(item) for item in known if namespace_of(item) == namespace)
    if elsewhere and not any(agree(item, namespace) for item in elsewhere):
        places = " and ".join(sorted(elsewhere))
        message = (
            f"the script looks for {kind[1]} {name} in the namespace {namespace}, and this tree "
            f"has it in {places}"
        )
        yield Violation((), message, f"write --namespace {min(elsewhere)}")
    elif (
        others
        and here
        and not elsewhere
        and kind[1] in _OWN_KINDS
        and not name.endswith(_MADE_ROUTE)
    ):
        message = (
            f"the script names {kind[1]} {name}, and in {namespace} this tree has "
            f"{' and '.join(here)} only"
        )
        yield Violation((), message, f"write {suggest(name, here) or here[0]}")


def _check_made(
    tree: Tree, call: Invocation, kind: tuple[str, str], name: str
) -> Iterator[Violation]:
    """Compare a name with those that KServe makes of a service that it begins with."""
    group, what = kind
    namespace = call.text("--namespace")
    service = _find_service(tree, name, namespace)
    if service is None or _is_here(tree, group, what, name):
        return
    parent = name_of(service)
    if name in [child_name(parent, suffix) for suffix in (*_MADE[what], *_SELDOM)]:
        return
    made = [child_name(parent, suffix) for suffix in _MADE[what]]
    if name == parent and what == "Service":
        made = made[:1]
    elif (
        not namespace
        or call.has("--ignore-not-found")
        or not are_near(service.file, call.call.file)
        or _is_made_elsewhere(tree, name)
    ):
        return
    yield Violation(
        (),
        f"the script names {what} {name}; of LLMInferenceService {parent} KServe makes "
        f"{what} {' and '.join(made)}",
        "write " + " or ".join(f"{_SHORT[what]}/{item}" for item in made),
    )


def _find_service(tree: Tree, name: str, namespace: str) -> Manifest | None:
    """Find the service whose name another one begins with; the longest name, if several."""
    found = [
        item
        for item in services(tree)
        if name_of(item)
        and (name == name_of(item) or name.startswith(f"{name_of(item)}-"))
        and agree(namespace_of(item), namespace)
    ]
    return max(found, key=lambda item: len(name_of(item)), default=None)


def _is_here(tree: Tree, group: str, kind: str, name: str) -> bool:
    groups = (group,) if group or kind == "Service" else (INFERENCE, OLD_INFERENCE)
    return any(name_of(item) == name for own in groups for item in objects(tree, own, kind))


def _is_made_elsewhere(tree: Tree, name: str) -> bool:
    """Whether something in the tree that is no manifest may make an object of a name."""
    written = re.compile(rf"(?:name|NAME)\s*[:=]\s*[\"']?{re.escape(name)}(?![\w-])")
    read = {manifest.file for manifest in tree.manifests}
    if any(written.search(text) for path, text in tree.files.items() if path not in read):
        return True
    if any(
        word.text == name
        for call in kubectl_calls(tree, "create", "expose", "run")
        for word in call.arguments
    ):
        return True
    releases = (word.text for call in calls(tree, "helm") for word in call.words)
    return any(item and name.startswith(item) for item in releases)


RULE = TreeRule("script-names-missing-object", Severity.WARNING, _check, acknowledgeable=True)
