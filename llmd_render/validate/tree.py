"""All documents of a tree against their schemas, each finding with its file and line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Diagnostic, Location, Severity
from llmd_render.kustomization import complete_kustomization, list_references

from .helm_values import check_helm_values
from .objects import check_object
from .patches import check_patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

    from .store import SchemaStore


def check_tree(tree: Tree, store: SchemaStore) -> Iterator[Diagnostic]:
    """Check every document of every file; a document without a schema is a finding too."""
    references = list(list_references(tree))
    patches = {item.target for item in references if item.is_patch}
    settings = {item.target for item in references if item.is_setting}
    for manifest in tree.manifests:
        if manifest.file in patches:
            yield from map(manifest.diagnose, check_patch(manifest.data, store))
        elif manifest.file not in settings:
            yield from _check_manifest(complete_kustomization(manifest), store)
    for path, text in tree.files.items():
        if path.endswith(".json"):
            yield from _check_json(path, text)


def _check_manifest(manifest: Manifest, store: SchemaStore) -> Iterator[Diagnostic]:
    if not manifest.is_object and manifest.file.endswith("infrastructure/values.yaml"):
        found = check_helm_values(manifest.data)
    else:
        found = check_object(manifest.data, store)
    for violation in found:
        partial = violation.code == "schema-unknown-field-partial"
        yield manifest.diagnose(violation, Severity.WARNING if partial else Severity.ERROR)


def _check_json(path: str, text: str) -> Iterator[Diagnostic]:
    try:
        json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        column = getattr(error, "colno", 0)
        lines = text.split("\n")
        yield Diagnostic(
            Location(path, line, column),
            f"this is not JSON: {getattr(error, 'msg', error)}",
            "json-syntax-error",
            excerpt=lines[line - 1] if 0 < line <= len(lines) else "",
        )
