"""Each manifest is listed in a kustomization.

A manifest that no kustomization lists is never applied, and nobody is told.

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
      resources: [namespace.yaml]
    namespace.yaml: |
      apiVersion: v1
      kind: Namespace
      metadata: {name: example}
    other.yaml: |
      apiVersion: v1
      kind: Namespace
      metadata: {name: other}
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.kustomization import is_kustomization, list_references

from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    folders = {posixpath.dirname(path) for path in tree.files if is_kustomization(path)}
    settled = {reference.target for reference in list_references(tree)}
    for manifest in tree.manifests:
        file = manifest.file
        if not manifest.is_object or is_kustomization(file) or file in settled:
            continue
        settled.add(file)
        if not any(file.startswith(f"{folder}/" if folder else "") for folder in folders):
            continue
        yield TreeViolation(
            manifest,
            Violation(
                (),
                f"no kustomization lists {file}, so nothing applies it",
                "list it under resources: of the kustomization.yaml beside it",
            ),
        )


RULE = TreeRule("kustomization-file-unlisted", Severity.ERROR, _check)
