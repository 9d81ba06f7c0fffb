"""Each file that a kustomization lists exists.

kustomize stops at the first file it cannot find, and with it everything that the kustomization
holds.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/ (2026)

Passes:

    kustomization.yaml: |
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      resources: [namespace.yaml]
    namespace.yaml: |
      apiVersion: v1
      kind: Namespace
      metadata: {name: example}

Fails:

    kustomization.yaml: |
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      resources: [namespace.yml, namespace.yaml]
    namespace.yaml: |
      apiVersion: v1
      kind: Namespace
      metadata: {name: example}
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.kustomization import is_kustomization, list_references

from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    folders = {path.rpartition("/")[0] for path in tree.files if is_kustomization(path)}
    references = list(list_references(tree))
    unlisted = {*tree.files, *folders} - {item.target for item in references}
    for reference in references:
        if reference.target in {*tree.files, *folders, *tree.elsewhere}:
            continue
        # Kustomize reads paths from where the kustomization is.
        here = reference.kustomization.file.rpartition("/")[0]
        known = [posixpath.relpath(f"/{path}", f"/{here}") for path in unlisted]
        yield TreeViolation(
            reference.kustomization,
            Violation(
                reference.path,
                f"the kustomization lists {reference.written}, which does not exist",
                did_you_mean(reference.written, known, "add the file or remove the line"),
            ),
        )


RULE = TreeRule("kustomization-file-missing", Severity.ERROR, _check)
