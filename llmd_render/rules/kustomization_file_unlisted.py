"""Each manifest is listed in a kustomization.

A manifest that no kustomization lists is never applied, and nobody is told; unless somebody applies
it by hand, which nobody can know. What a kustomization has in a comment was left out on purpose.

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
import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.kustomization import KUSTOMIZATIONS, is_kustomization, list_references
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    folders = {posixpath.dirname(path) for path in tree.files if is_kustomization(path)}
    settled = {reference.target for reference in list_references(tree)}
    settled |= set(_list_generated(tree))
    for manifest in tree.manifests:
        file = manifest.file
        if not manifest.is_object or is_kustomization(file) or file in settled:
            continue
        settled.add(file)
        near = [item for item in folders if file.startswith(f"{item}/" if item else "")]
        if not near or _is_commented_out(tree, file, near):
            continue
        yield TreeViolation(
            manifest,
            Violation(
                (),
                f"no kustomization lists {file}, so nothing applies it",
                "list it under resources: of the kustomization.yaml beside it",
            ),
        )


def _list_generated(tree: Tree) -> Iterator[str]:
    """List what goes into ConfigMaps and Secrets as it is, written as `path` or `key=path`."""
    for manifest in tree.manifests:
        if not is_kustomization(manifest.file):
            continue
        for key in ("configMapGenerator", "secretGenerator"):
            for _, item in items_at(manifest.data, key):
                files = value_at(item, "files")
                for written in files if isinstance(files, list) else ():
                    if isinstance(written, str):
                        folder, path = posixpath.dirname(manifest.file), written.rpartition("=")[2]
                        yield posixpath.normpath(posixpath.join(folder, path))


def _is_commented_out(tree: Tree, file: str, folders: list[str]) -> bool:
    """Whether a kustomization has the file in a comment, so that somebody may switch it on."""
    for folder in folders:
        written = re.escape(posixpath.relpath(file, folder or "."))
        for name in KUSTOMIZATIONS:
            text = tree.files.get(posixpath.join(folder, name), "")
            if re.search(rf"^\s*#.*\b{written}\s*$", text, re.MULTILINE):
                return True
    return False


RULE = TreeRule("kustomization-file-unlisted", Severity.WARNING, _check, acknowledgeable=True)
