"""A script applies an object in the namespace that the object says.

kubectl refuses an object whose namespace is another than that of --namespace: "the namespace from
the provided object does not match".

Source: https://github.com/kubernetes/cli-runtime/blob/master/pkg/resource/visitor.go (2026)

Passes:

    config.yaml: |
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: example, namespace: models}
    deploy.sh: |
      kubectl apply --namespace models -f config.yaml

Fails:

    config.yaml: |
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: example, namespace: models}
    deploy.sh: |
      kubectl apply --namespace other -f config.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity
from llmd_render.placeholders import has_placeholder

from .rule import TreeRule, TreeViolation
from .subjects.applied_files import list_applied
from .subjects.objects import name_of, namespace_of
from .subjects.scripts import kubectl_calls, violate
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_VERBS = ("apply", "create", "delete", "diff", "replace")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in kubectl_calls(tree, *_VERBS):
        given = call.find("--namespace")
        namespace = given.text if given else ""
        if given is None or not namespace:
            continue
        # What a kustomization changes on the way is not seen here.
        options = ("--filename", "--kustomize") if is_settled(tree) else ("--filename",)
        for applied in list_applied(tree, call, *options):
            others = {namespace_of(item): item for item in reversed(applied.manifests)}
            for other in sorted(others):
                if not other or other == namespace or has_placeholder(other):
                    continue
                item = others[other]
                message = (
                    f"--namespace is {namespace}, and {item.kind} {name_of(item)} in "
                    f"{applied.written} says {other}"
                )
                yield violate(
                    given.word,
                    call,
                    message,
                    f"write --namespace {other}, or leave it out",
                )
                break


RULE = TreeRule("script-namespace-contradicts-object", Severity.ERROR, _check, acknowledgeable=True)
