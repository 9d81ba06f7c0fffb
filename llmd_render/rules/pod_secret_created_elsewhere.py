r"""A Secret that a Pod needs is created by the name and in the namespace that the Pod looks for.

A Pod sees the Secrets of its own namespace only. While one is missing its containers do not start,
and the node that they wait on is paid for.

Source: https://kubernetes.io/docs/concepts/configuration/secret/ (2026)

Passes:

    objects.yaml: |
      apiVersion: v1
      kind: Pod
      metadata: {name: qwen, namespace: llm}
      spec:
        containers:
          - name: main
            image: docker.io/vllm/vllm-tpu:v0.11.1
            env:
              - name: HF_TOKEN
                valueFrom: {secretKeyRef: {name: hf-token, key: HF_TOKEN}}
    secret.sh: |
      kubectl create secret generic hf-token --namespace=llm \
        --from-file=HF_TOKEN=token.txt

Fails:

    objects.yaml: |
      apiVersion: v1
      kind: Pod
      metadata: {name: qwen, namespace: llm}
      spec:
        containers:
          - name: main
            image: docker.io/vllm/vllm-tpu:v0.11.1
            env:
              - name: HF_TOKEN
                valueFrom: {secretKeyRef: {name: hf-token, key: HF_TOKEN}}
    secret.sh: |
      kubectl create secret generic hf-token --namespace=default \
        --from-file=HF_TOKEN=token.txt
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .script_secret_key_differs import CREATES, read_creation
from .subjects.objects import has, namespace_of
from .subjects.pod_references import secret_references
from .subjects.scripts import kubectl_calls, list_targets
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

    from .subjects.pod_references import PodReference

Creation = tuple["Invocation", str, "set[str] | None"]
"""A call that creates a Secret, its name, and its keys where they are known."""


def _check(tree: Tree) -> Iterator[TreeViolation]:
    creations = _list_creations(tree)
    if not creations or not is_settled(tree):
        return
    read = {
        name
        for call in kubectl_calls(tree, "get", "wait", "patch")
        for kind, name, _ in list_targets(call)
        if kind in {"secret", "secrets"}
    }
    for reference in secret_references(tree):
        namespace = namespace_of(reference.manifest)
        # Whatever a script looks for is known to be made in some other way.
        if not namespace or reference.name in read:
            continue
        if has(tree, "", "Secret", reference.name, namespace):
            continue
        message = _find_elsewhere(creations, reference, namespace)
        if message:
            hint = "create it in the namespace of the Pod, by the name that the Pod has"
            yield TreeViolation(reference.manifest, Violation(reference.path, message, hint))


def _list_creations(tree: Tree) -> list[Creation]:
    """List what creates Secrets; nothing where a run of some script decides on one."""
    found: list[Creation] = []
    for call in kubectl_calls(tree, "create"):
        if call.command.path in CREATES:
            made = list(read_creation(call))
            if not made or not call.text("--namespace"):
                return []
            found += made
    return found


def _find_elsewhere(creations: list[Creation], reference: PodReference, namespace: str) -> str:
    beside = [item for item in creations if item[0].text("--namespace") == namespace]
    if any(name == reference.name for _, name, _ in beside):
        return ""
    for call, name, _ in creations:
        if name == reference.name:
            there, place = call.text("--namespace"), call.call.location
            return (
                f"the Secret {name} is created in the namespace {there} in "
                f"{place.file}:{place.line}, and the Pod looks for it in {namespace}"
            )
    for call, name, keys in beside:
        if reference.key and keys and reference.key in keys:
            place = call.call.location
            return (
                f"no script creates the Secret {reference.name} in {namespace}, and "
                f"{place.file}:{place.line} creates {name} with the key {reference.key}"
            )
    return ""


RULE = TreeRule("pod-secret-created-elsewhere", Severity.WARNING, _check, acknowledgeable=True)
