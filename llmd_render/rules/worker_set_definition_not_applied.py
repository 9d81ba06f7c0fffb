"""What installs KServe 0.15 installs the definition of LeaderWorkerSet before.

The controller of KServe 0.15 watches LeaderWorkerSets. Until March 2026, while their definition is
missing, it says that there is no match for the kind and makes nothing of any LLMInferenceService,
not even of one on a single host; later ones still need it for services of several hosts.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/pkg/controller/llmisvc (2026-03)

Passes:

    install.sh: |
      make deploy-kserve KSERVE_REF=release-v0.15
      make deploy-lws

Fails:

    install.sh: |
      make deploy-kserve KSERVE_REF=release-v0.15
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.scripts import calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Call

_TARGET = "deploy-kserve"
_REF = "KSERVE_REF="
_OVERLAY = re.compile(r"opendatahub-io/kserve(?:\.git)?/.*odh-xks/?\?ref=release-v0\.15\b")
# In whatever words: a script, a file of manifests, a text that says what to do before.
_SIGN = re.compile(r"\blws\b|leader-?worker-?set|deploy-lws|deploy-all", re.IGNORECASE)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    found = sorted(_list_installs(tree), key=lambda call: call.location)
    if not found or any(_SIGN.search(text) for text in tree.files.values()):
        return
    message = "KServe is installed here, and nothing applies the definition of LeaderWorkerSet"
    hint = (
        "apply leaderworkersets.leaderworkerset.x-k8s.io before, with kubectl apply --server-side"
    )
    yield TreeViolation(found[0].location, Violation((), message, hint))


def _list_installs(tree: Tree) -> Iterator[Call]:
    """List what installs KServe 0.15: the target of its Makefile, or the overlay that it builds."""
    yield from (call for call in calls(tree, "make") if _makes(call))
    for program in ("kubectl", "kustomize"):
        for call in calls(tree, program):
            if any(_OVERLAY.search(word.text) for word in call.words):
                yield call


def _makes(call: Call) -> bool:
    words = [word.text for word in call.words]
    refs = [word.removeprefix(_REF) for word in words if word.startswith(_REF)]
    # The branch is the one that the target takes by itself.
    return _TARGET in words and all(ref.startswith("release-v0.15") for ref in refs)


RULE = TreeRule("worker-set-definition-not-applied", Severity.WARNING, _check, acknowledgeable=True)
