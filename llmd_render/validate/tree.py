"""All documents of a tree against their schemas, each finding with its file and line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Diagnostic, Location, Severity, Violation
from llmd_render.kustomization import complete_kustomization, is_kustomization, list_references
from llmd_render.manifest import explain_json_error

from .patches import check_patch
from .plain_values import check_values
from .unfinished import excuse_placeholders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from llmd_render.kustomization import Reference
    from llmd_render.manifest import Manifest, Tree

    from .objects import Admission

_CHARTS = frozenset({"Chart.yaml", "Chart.yml"})  # they have an apiVersion of Helm's
_MOST_SHOWN = 500
_PATCH = "$patch"
_READS_VALUES = "deploy-cert-manager.sh"


def check_tree(
    tree: Tree,
    admission: Admission,
    *,
    foreign: bool = False,
    beside: Sequence[Reference] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Diagnostic]:
    """Check every document of every file; one that cannot be checked is a finding too.

    In a `foreign` tree YAML that is no Kubernetes object may lie about; it is only pointed out.
    `beside` is what kustomizations refer to that are not in the tree and may be about its files.
    `progress` is told how many documents of how many are done.
    """
    references = [*list_references(tree), *beside]
    said: set[str] = set()
    patches = {item.target for item in references if item.is_patch}
    settings = {item.target for item in references if item.is_setting}
    parts = {item.target for item in references if not item.is_patch and not item.is_setting}
    for done, manifest in enumerate(tree.manifests):
        progress(done, len(tree.manifests))
        if manifest.file in patches or (foreign and _speaks_to_kustomize(manifest)):
            admission.objects += 1
            violations = check_patch(manifest.data, admission.store)
        elif manifest.file in settings:
            continue
        elif _is_infrastructure_values(manifest, tree):
            violations = check_values(manifest.data, "llm-d-infra-xks")
        elif foreign and not _claims_to_be_object(manifest):
            violations = _point_out(manifest)
        else:
            violations = admission.check(complete_kustomization(manifest).data)
        if foreign:
            violations = excuse_placeholders(violations, manifest, said)
            if manifest.file in parts:
                violations = (item for item in violations if not _may_kustomize_add(item))
        yield from map(manifest.diagnose, _cut(violations))
    for path, text in tree.files.items():
        if path.endswith(".json"):
            yield from _check_json(path, text)


def _cut(violations: Iterable[Violation]) -> Iterator[Violation]:
    """Give the first of many, and say that there are more."""
    for count, violation in enumerate(violations):
        if count == _MOST_SHOWN:
            message = f"more than {_MOST_SHOWN} things are wrong here; the rest is not shown"
            yield Violation((), message, code="manifest-findings-cut")
            return
        yield violation


def _is_infrastructure_values(manifest: Manifest, tree: Tree) -> bool:
    folder, _, name = manifest.file.rpartition("/")
    return name == "values.yaml" and f"{folder}/{_READS_VALUES}" in tree.files


def _speaks_to_kustomize(manifest: Manifest) -> bool:
    """Whether some `$patch` says that this is laid over an object, whatever names the file."""
    return _PATCH in manifest.text and _has_key(manifest.data, _PATCH)


def _has_key(value: Any, key: str) -> bool:
    if isinstance(value, dict):
        return key in value or any(_has_key(item, key) for item in value.values())
    return isinstance(value, list) and any(_has_key(item, key) for item in value)


def _may_kustomize_add(violation: Violation) -> bool:
    """Whether `namespace:` of a kustomization, here or of an overlay, mends this."""
    return violation.code == "native-rbac-subject-invalid" and "lacks namespace" in (
        violation.message
    )


def _claims_to_be_object(manifest: Manifest) -> bool:
    if is_kustomization(manifest.file) or manifest.within:
        return True
    if not isinstance(manifest.data, dict) or manifest.file.rpartition("/")[2] in _CHARTS:
        return False
    version = manifest.data.get("apiVersion")
    if isinstance(version, str) and "kind" not in manifest.data and "(" in version:
        return False  # the schema of a chart: `apiVersion: str()`
    return not {"apiVersion", "kind"}.isdisjoint(manifest.data)


def _point_out(manifest: Manifest) -> Iterator[Violation]:
    if manifest.index == 0:
        message = "this is no Kubernetes object: it has neither apiVersion nor kind"
        code = "manifest-not-kubernetes"
        yield Violation((), message, code=code, severity=Severity.INFO)


def _check_json(path: str, text: str) -> Iterator[Diagnostic]:
    try:
        json.loads(text)
    except RecursionError:
        message = "the data is nested deeper than JSON is ever read"
        yield Diagnostic(Location(path), message, "json-nested-too-deep")
    except ValueError as error:
        yield explain_json_error(error, text, path)
