"""A script creates Secrets, namespaces and clusters before what needs them.

A Pod without its Secret stays in CreateContainerConfigError, and the TPU node that it holds is paid
for. An object for a namespace that is not there, or a node pool for a cluster that is not there, is
refused. Compared are calls of one script at its left margin, which run one after the other.

Source: https://kubernetes.io/docs/concepts/configuration/secret/ (2026)

Passes:

    pod.yaml: |
      apiVersion: v1
      kind: Pod
      metadata: {name: example, namespace: models}
      spec:
        containers:
          - name: main
            env:
              - name: HF_TOKEN
                valueFrom: {secretKeyRef: {name: hf-token, key: HF_TOKEN}}
    deploy.sh: |
      kubectl create secret generic hf-token -n models --from-file=HF_TOKEN="$FILE"
      kubectl apply -f pod.yaml

Fails:

    pod.yaml: |
      apiVersion: v1
      kind: Pod
      metadata: {name: example, namespace: models}
      spec:
        containers:
          - name: main
            env:
              - name: HF_TOKEN
                valueFrom: {secretKeyRef: {name: hf-token, key: HF_TOKEN}}
    deploy.sh: |
      kubectl apply -f pod.yaml
      kubectl create secret generic hf-token -n models --from-file=HF_TOKEN="$FILE"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .script_secret_key_differs import CREATES, read_creation
from .subjects.applied_files import list_applied
from .subjects.clusters import cluster_calls
from .subjects.objects import has, name_of, namespace_of
from .subjects.pod_references import secret_references
from .subjects.scripts import kubectl_calls
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.diagnostics import Location
    from llmd_render.manifest import Tree
    from llmd_render.script import Word

Thing = tuple[str, ...]
"""What is created or needed: its kind and name, a Secret with its namespace between them."""

_MARGIN = 1
_NEW_NAMESPACE = "create namespace"
_ON_CLUSTERS = ("get-credentials", "resize", "update", "node-pools create")


@dataclass(frozen=True, slots=True)
class _Step:
    """What a script creates or needs, where, and for what."""

    thing: Thing
    place: Location
    reason: str
    creates: bool
    certain: bool


def _check(tree: Tree) -> Iterator[TreeViolation]:
    steps: dict[str, list[_Step]] = {}
    for step in sorted(_list_steps(tree), key=lambda item: item.place):
        steps.setdefault(step.place.file, []).append(step)
    for of_script in steps.values():
        told: set[Thing] = set()
        for index, step in enumerate(of_script):
            if step.creates or not step.certain or step.thing in told:
                continue
            later = _find_creation(of_script, index)
            if later:
                told.add(step.thing)
                what = f"{step.thing[0]} {step.thing[-1]}"
                message = f"{step.reason} needs the {what}, and line {later} creates it afterwards"
                hint = f"create the {what} before"
                yield TreeViolation(step.place, Violation((), message, hint))


def _find_creation(steps: list[_Step], index: int) -> int:
    """Give the line that first creates what a step needs, if that comes after; 0 for none."""
    need = steps[index]
    making = [item for item in steps if item.creates and item.thing == need.thing]
    # What is needed again after it was created was perhaps not needed before.
    again = any(
        item.thing == need.thing and not item.creates and item.place > making[0].place
        for item in (steps[index:] if making else ())
    )
    if not making or again or not making[0].certain or making[0].place < need.place:
        return 0
    return making[0].place.line


def _list_steps(tree: Tree) -> Iterator[_Step]:
    for item in cluster_calls(tree):
        path = item.call.command.path.removeprefix("container ").removeprefix("clusters ")
        if item.creates or path in _ON_CLUSTERS:
            what = f"gcloud container {item.call.command.path.removeprefix('container ')}"
            yield _step(("cluster", item.name), item.call, what, creates=item.creates)
    if not is_settled(tree):
        return
    for call in kubectl_calls(tree, "create", "apply"):
        yield from _read_creations(call)
        yield from _read_applied(tree, call)


def _read_creations(call: Invocation) -> Iterator[_Step]:
    place = call.text("--namespace")
    if call.command.path in CREATES:
        for _, name, _ in read_creation(call):
            if place:
                yield _step(("Secret", place, name), call, "", creates=True)
                reason = f"the Secret {name}"
                yield _step(("namespace", place), call, reason, creates=False)
    elif call.command.path == _NEW_NAMESPACE and call.arguments and call.arguments[0].is_known:
        yield _step(("namespace", call.arguments[0].text), call, "", creates=True)


def _read_applied(tree: Tree, call: Invocation) -> Iterator[_Step]:
    for applied in list_applied(tree, call, "--filename", "--kustomize"):
        brought = {
            name_of(item)
            for item in applied.manifests
            if item.kind == "Namespace" and item.api_version == "v1"
        }
        for name in sorted(brought):
            yield _step(("namespace", name), call, "", creates=True, word=applied.word)
        files = {item.file for item in applied.manifests}
        for item in applied.manifests:
            what, namespace = f"{item.kind} {name_of(item)}", namespace_of(item)
            if namespace and namespace not in brought:
                thing = ("namespace", namespace)
                yield _step(thing, call, what, creates=False, word=applied.word)
        for reference in secret_references(tree):
            item, namespace = reference.manifest, namespace_of(reference.manifest)
            if item.file not in files or not namespace:
                continue
            if not has(tree, "", "Secret", reference.name, namespace):
                what = f"{item.kind} {name_of(item)}"
                secret = ("Secret", namespace, reference.name)
                yield _step(secret, call, what, creates=False, word=applied.word)


def _step(
    thing: Thing, call: Invocation, reason: str, *, creates: bool, word: Word | None = None
) -> _Step:
    place = call.call.locate(word) if word is not None else call.call.location
    return _Step(thing, place, reason, creates, call.call.column == _MARGIN)


RULE = TreeRule("script-creates-after-use", Severity.WARNING, _check, acknowledgeable=True)
