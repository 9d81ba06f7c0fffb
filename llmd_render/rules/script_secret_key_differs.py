"""A Secret that a script creates has the keys that the manifests ask it for.

A Pod whose `secretKeyRef` names a key that the Secret lacks stays in CreateContainerConfigError,
after the node that it waited for has begun to cost money.

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
    create-token.sh: |
      kubectl create secret generic hf-token -n models --from-file=HF_TOKEN="$FILE"

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
    create-token.sh: |
      kubectl create secret generic hf-token -n models --from-file=token="$FILE"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import agree, has, namespace_of
from .subjects.pod_references import secret_references
from .subjects.scripts import is_hole, kubectl_calls, list_values
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree


CREATES = tuple(f"create secret {kind}" for kind in ("docker-registry", "generic", "tls"))
_KEYS = {
    "docker-registry": (".dockerconfigjson",),
    "tls": ("tls.crt", "tls.key"),
}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    creations = [
        found
        for call in kubectl_calls(tree, "create")
        if call.command.path in CREATES
        for found in read_creation(call)
    ]
    if not creations or not is_settled(tree):
        return
    for reference in secret_references(tree):
        namespace = namespace_of(reference.manifest)
        if not reference.key or has(tree, "", "Secret", reference.name, namespace):
            continue
        makers = [
            (call, keys)
            for call, name, keys in creations
            if name == reference.name and agree(call.text("--namespace"), namespace)
        ]
        if not makers or any(keys is None or reference.key in keys for _, keys in makers):
            continue
        call, keys = makers[0]
        given = ", ".join(sorted(keys or ())) or "nothing"
        place = call.call.location
        yield TreeViolation(
            reference.manifest,
            Violation(
                reference.key_path,
                f"the Secret {reference.name} gets the key {given} in {place.file}:{place.line}, "
                f"and no key {reference.key}",
                "write one name in both places",
            ),
        )


def read_creation(
    call: Invocation,
) -> Iterator[tuple[Invocation, str, set[str] | None]]:
    """Read which Secret a call creates, with which keys; None where a run decides on them."""
    kind = call.command.path.rpartition(" ")[2]
    if not call.arguments or not call.arguments[0].is_known:
        return
    keys: set[str] | None = set(_KEYS.get(kind, ()))
    if call.is_open or call.has("--from-env-file"):
        keys = None
    for _, value in list_values(call, "--from-file", "--from-literal"):
        key, given, _ = value.partition("=")
        # Without a key the file's name is it.
        key = key if given else value.rpartition("/")[2]
        keys = None if keys is None or is_hole(key) else keys | {key}
    yield call, call.arguments[0].text, keys


RULE = TreeRule("script-secret-key-differs", Severity.ERROR, _check, acknowledgeable=True)
