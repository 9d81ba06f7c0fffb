"""Documents that servers take, in the eyes of the native checks: none of them is refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from support import CHECKOUT, OUT, absent

from llmd_render.diagnostics import Severity
from llmd_render.manifest import read_manifests
from llmd_render.validate.native import (
    KINDS,
    check_embedded_pod_spec,
    check_native,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from llmd_render.diagnostics import DataPath

SHARED = CHECKOUT.parent / "shared"
CORE_KINDS = {kind for _, kind in KINDS}


def documents_of(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Read every YAML document under a folder; CRDs, which are large, have no native checks."""
    for file in sorted(folder.rglob("*.yaml")):
        if "crds" in file.relative_to(folder).parts:
            continue
        for manifest in read_manifests(file.read_text("utf-8"), str(file))[0]:
            if isinstance(manifest.data, dict):
                yield file, manifest.data


def pod_specs_of(data: Any, path: DataPath = ()) -> Iterator[tuple[Any, DataPath]]:
    """Find the parts of a document that are specs of Pods."""
    if isinstance(data, dict) and "containers" in data:
        yield data, path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from pod_specs_of(value, (*path, key))


def judge(folder: Path) -> Counter[str]:
    """Judge the documents under a folder, and count what was judged by kind."""
    judged: Counter[str] = Counter()
    refused = []
    for file, data in documents_of(folder):
        kind = str(data.get("kind"))
        found = [item for item in check_native(data) if item.severity is Severity.ERROR]
        if kind in CORE_KINDS:
            judged[kind] += 1
        else:
            for spec, path in pod_specs_of(data):
                judged[f"{kind} with Pods"] += 1
                found += check_embedded_pod_spec(spec, path)
        refused += [f"{file}: {item.message}" for item in found]
    assert refused == []
    return judged


def test_nothing_that_we_render_is_refused() -> None:
    judged = judge(OUT)
    assert judged["NetworkPolicy"] > 0
    assert judged["LLMInferenceService with Pods"] > 0


def test_no_sample_of_the_field_is_refused() -> None:
    if not SHARED.is_dir():
        absent(f"no samples are at {SHARED}")
    assert judge(SHARED)["LLMInferenceService with Pods"] > 0
