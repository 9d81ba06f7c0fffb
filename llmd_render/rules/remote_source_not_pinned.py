r"""What is installed from another repository is named by a release or a commit.

A branch moves: what is installed next month is something else, and nobody has tried it beside what
stands here. That is true of `?ref=main`, of a raw file on a branch, and of a latest release.

Source: https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md (2026)

Passes:

    install.sh: |
      kubectl apply --server-side \
        --kustomize='https://github.com/opendatahub-io/kserve/config/crd/full?ref=9682be26da593e5dd52555848cfc39a0b9fef9cd'

Fails:

    install.sh: |
      kubectl apply --server-side \
        --kustomize='https://github.com/opendatahub-io/kserve/config/crd/full?ref=release-v0.15'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.script import HOLE

from .rule import TreeRule, TreeViolation
from .subjects.objects import kustomizations
from .subjects.scripts import calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_PROGRAMS = ("kubectl", "kustomize", "helm", "oc")
_LISTS = ("resources", "bases", "components")
_BRANCH = r"(?P<%s>main|master|HEAD|dev|develop|release-[\w.-]+)"
_PLACES = (
    re.compile(r"://[^\s?]+\?(?:[^\s]*&)?ref=" + _BRANCH % "ref" + r"(?:&|$)"),
    re.compile(
        r"://raw\.githubusercontent\.com/[^/]+/[^/]+/(?:refs/heads/)?" + _BRANCH % "ref" + "/"
    ),
    re.compile(r"://github\.com/[^/]+/[^/]+/raw/(?:refs/heads/)?" + _BRANCH % "ref" + "/"),
    re.compile(r"://github\.com/[^/]+/[^/]+/releases/(?P<ref>latest)/download/"),
)
_HINT = "name a release or a commit in its place"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for program in _PROGRAMS:
        for call in calls(tree, program):
            for word in call.words:
                moving = _find_moving(word.text)
                if moving:
                    yield TreeViolation(call.locate(word), Violation((), _tell(moving), _HINT))
    for manifest in kustomizations(tree):
        for field in _LISTS:
            items = manifest.data.get(field) if isinstance(manifest.data, dict) else None
            for index, item in enumerate(items if isinstance(items, list) else ()):
                moving = _find_moving(item) if isinstance(item, str) else ""
                if moving:
                    yield TreeViolation(manifest, Violation((field, index), _tell(moving), _HINT))


def _find_moving(text: str) -> str:
    if HOLE in text:
        return ""
    return next((found["ref"] for place in _PLACES if (found := place.search(text))), "")


def _tell(moving: str) -> str:
    what = "the latest release" if moving == "latest" else f"the branch {moving}"
    return f"this comes from {what}, which moves"


RULE = TreeRule(
    "remote-source-not-pinned",
    Severity.INFO,
    _check,
    acknowledgeable=True,
    covered_by=("kserve-ref-not-pinned",),
)
