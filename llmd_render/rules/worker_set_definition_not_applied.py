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
# In whatever words: a script, a file of manifests, a text that says what to do before.
_SIGN = re.compile(r"\blws\b|leader-?worker-?set|deploy-lws|deploy-all", re.IGNORECASE)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    found = [call for call in calls(tree, "make") if _installs(call)]
    if not found or any(_SIGN.search(text) for text in tree.files.values()):
        return
    message = "KServe is installed here, and nothing applies the definition of LeaderWorkerSet"
    hint = (
        "apply leaderworkersets.leaderworkerset.x-k8s.io before, with kubectl apply --server-side"
    )
    yield TreeViolation(found[0].location, Violation((), message, hint))


def _installs(call: Call) -> bool:
    words = [word.text for word in call.words]
    refs = [word.removeprefix(_REF) for word in words if word.startswith(_REF)]
    # The branch is the one that the target takes by itself.
    return _TARGET in words and all(ref.startswith("release-v0.15") for ref in refs)


RULE = TreeRule("worker-set-definition-not-applied", Severity.WARNING, _check, acknowledgeable=True)
