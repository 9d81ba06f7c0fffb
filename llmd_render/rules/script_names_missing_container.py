"""A container that a script names is one of the workload.

`kubectl logs deploy/NAME -c CONTAINER` and `kubectl exec` end with "container is not valid" for a
name that the Pods do not have. In the Pods of a LLMInferenceService the model server is `main`.

Source: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/ (2026)

Passes:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example, namespace: models}
      spec:
        model: {uri: hf://some/model, name: example}
        template:
          containers: [{name: main, image: "quay.io/some/server:1.2"}]
    status.sh: |
      kubectl logs --namespace models deploy/example-kserve -c main

Fails:

    service.yaml: |
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: example, namespace: models}
      spec:
        model: {uri: hf://some/model, name: example}
        template:
          containers: [{name: main, image: "quay.io/some/server:1.2"}]
    status.sh: |
      kubectl logs --namespace models deploy/example-kserve -c vllm
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, suggest

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import services
from .subjects.objects import items_at, name_of, namespace_of, objects
from .subjects.scripts import kubectl_calls, list_targets, violate
from .subjects.whole_tree import child_name, is_complete, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_KINDS = {
    **dict.fromkeys(("deploy", "deployment", "deployments"), "Deployment"),
    **dict.fromkeys(("sts", "statefulset", "statefulsets"), "StatefulSet"),
}
# What KServe adds to the containers of a template.
_OF_KSERVE = ("main", "llm-d-routing-sidecar", "modelcar", "modelcar-init", "storage-initializer")
# What meshes and operators put into Pods of others begins so.
_INJECTED = ("istio-", "linkerd-", "vault-", "gke-gcsfuse-", "cloud-sql-", "envoy", "opentelemetry")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    for call in kubectl_calls(tree, "exec", "logs"):
        given, namespace = call.find("--container"), call.text("--namespace")
        if given is None or not given.text or given.text.startswith(_INJECTED) or not namespace:
            continue
        for resource, name, _ in list_targets(call):
            kind = _KINDS.get(resource.partition(".")[0], "")
            known = _list_containers(tree, kind, name, namespace) if kind else []
            if known and given.text not in {*known, *_OF_KSERVE}:
                message = (
                    f"{kind} {name} has no container {given.text}; it has {' and '.join(known)}"
                )
                hint = f"write --container {suggest(given.text, known) or known[0]}"
                yield violate(given.word, call, message, hint)


def _list_containers(tree: Tree, kind: str, name: str, namespace: str) -> list[str]:
    """List the containers of a workload; none where the tree does not know them all."""
    for item in objects(tree, "apps", kind):
        if (name_of(item), namespace_of(item)) == (name, namespace):
            return _read(item, "spec", "template", "spec") if is_complete(tree, item) else []
    for service in services(tree):
        made = child_name(name_of(service), "-kserve")
        if (kind, made, namespace_of(service)) == ("Deployment", name, namespace):
            own = _read(service, "spec", "template") if is_complete(tree, service) else []
            return list(dict.fromkeys((*own, "main"))) if own else []
    return []


def _read(manifest: Manifest, *path: str) -> list[str]:
    names = [
        str(item.get("name"))
        for field in ("containers", "initContainers")
        for _, item in items_at(manifest.data, *path, field)
    ]
    return [] if any("{" in name for name in names) else names


RULE = TreeRule("script-names-missing-container", Severity.WARNING, _check, acknowledgeable=True)
