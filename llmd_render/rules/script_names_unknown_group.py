"""A custom resource is named in scripts with the API group that has it.

`kubectl get llminferenceservices.llm.kserve.io` finds nothing anywhere: the server has no such
resource, and a script takes the error for an absent object.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/config/crd (2026-03-20)

Passes:

    status.sh: |
      kubectl get llminferenceservices.serving.kserve.io --all-namespaces

Fails:

    status.sh: |
      kubectl get llminferenceservices.llm.kserve.io --all-namespaces
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import GATEWAY_API, GKE, INFERENCE, KSERVE, OLD_INFERENCE
from .subjects.scripts import kubectl_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

# The names that no other project uses for a resource of its own.
_GROUPS = {
    "gcpbackendpolicies": (GKE,),
    "gcpbackendpolicy": (GKE,),
    "healthcheckpolicies": (GKE,),
    "healthcheckpolicy": (GKE,),
    "httproute": (GATEWAY_API,),
    "httproutes": (GATEWAY_API,),
    "inferencemodel": (OLD_INFERENCE,),
    "inferencemodels": (OLD_INFERENCE,),
    "inferencepool": (INFERENCE, OLD_INFERENCE),
    "inferencepools": (INFERENCE, OLD_INFERENCE),
    "llminferenceservice": (KSERVE,),
    "llminferenceserviceconfig": (KSERVE,),
    "llminferenceserviceconfigs": (KSERVE,),
    "llminferenceservices": (KSERVE,),
}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in kubectl_calls(tree):
        for word in call.arguments:
            for item in word.text.split(",") if word.is_known else ():
                resource, _, rest = item.partition("/")[0].partition(".")
                groups = _GROUPS.get(resource.lower(), ())
                # `resource.version.group` is another way to write it.
                if not rest or not groups or any(rest.endswith(group) for group in groups):
                    continue
                message = f"there is no {resource} in {rest}; it is in {' and '.join(groups)}"
                hint = f"write {resource}.{groups[0]}"
                yield TreeViolation(call.call.locate(word), Violation((), message, hint))


RULE = TreeRule("script-names-unknown-group", Severity.WARNING, _check, acknowledgeable=True)
