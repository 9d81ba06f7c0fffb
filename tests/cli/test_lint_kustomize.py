"""Overlays as people write them: what kustomize fills in is not missing, and patches are parts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support import need, run, tree

from llmd_render.rules import TREE_RULES

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
"""
# Patches count as objects, too: they are judged.
SUMMARY = f"5 files, 5 objects of 2 kinds, {len(TREE_RULES)} tree rules: 0 errors, 0 warnings\n"
OVERLAY = {
    "kustomization.yaml": """\
resources: [web.yaml]
patches:
- path: replicas.yaml
- path: operations.yaml
  target: {kind: Deployment}
- path: removal.yaml
""",
    "web.yaml": DEPLOYMENT,
    "replicas.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n"
    ),
    "operations.yaml": "- {op: add, path: /metadata/labels, value: {a: b}}\n",
    "removal.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  paused: null
  template: {spec: {containers: [{name: web, $patch: replace, image: "nginx:1.28"}]}}
""",
}


def test_an_overlay_that_kustomize_builds_has_no_finding(tmp_path: Path) -> None:
    tree(tmp_path, OVERLAY)
    result = run("lint", tmp_path)
    assert (result.exit_code, result.stdout) == (0, SUMMARY)
    kubectl = need("kubectl")
    subprocess.run([kubectl, "kustomize", tmp_path], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "replicas.yaml",
            "replicas: 2",
            "replica: 2",
            "4:8: error: replica is not a field of spec",
        ),
        (
            "replicas.yaml",
            "replicas: 2",
            "replicas: two",
            "4:18: error: replicas is 'two', a string",
        ),
        (
            "operations.yaml",
            "op: add",
            "op: ad",
            "1:8: error: op is 'ad', a string; it must be one",
        ),
        ("operations.yaml", "op: add", "op: [x]", "1:8: error: op is a list; it must be one of"),
        ("operations.yaml", ", value: {a: b}", "", "1:3: error: the operation add lacks value"),
        ("operations.yaml", "{op:", "x #", "1:3: error: the operation is 'x', a string; it must"),
        ("removal.yaml", "image:", "images:", "6:63: error: images is not a field of containers"),
        ("kustomization.yaml", "resources", "resource", "1:1: error: resource is not a field of"),
    ],
)
def test_what_cannot_be_laid_over_an_object_is_found(
    file: str, old: str, new: str, expected: str, tmp_path: Path
) -> None:
    files = OVERLAY | {file: OVERLAY[file].replace(old, new, 1)}
    tree(tmp_path, files)
    result = run("lint", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path}/{file}:{expected}" in result.stdout


def test_a_file_outside_any_kustomization_is_a_whole_object(tmp_path: Path) -> None:
    tree(tmp_path, {"part.yaml": OVERLAY["replicas.yaml"]})
    assert "[schema-required-field]" in run("lint", tmp_path).stdout
