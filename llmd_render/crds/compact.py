"""CustomResourceDefinitions without what only people read: small, and of the same verdicts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from llmd_render.validate import Release

from .shape import API_VERSION, CRD

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOR_PEOPLE = ("description", "title", "example", "externalDocs")
_OF_SPEC = ("group", "names", "scope", "preserveUnknownFields")
_OF_VERSION = ("name", "served", "storage", "deprecated", "deprecationWarning", "subresources")
_RELEASE, _SOURCE, _DATE = (f"llmd-render/{name}" for name in ("release", "source", "date"))


def write_compact(crd: Mapping[str, Any], release: Release) -> str:
    """Write a CRD as one line of JSON, the same for the same content, with its release in it.

    Raises ValueError or TypeError for what JSON has no form for.
    """
    metadata = {
        "name": crd.get("metadata", {}).get("name", ""),
        "annotations": {_RELEASE: release.name, _SOURCE: release.source, _DATE: release.date},
    }
    spec = _kept(crd["spec"], _OF_SPEC)
    spec["versions"] = [_compact_version(version) for version in crd["spec"]["versions"]]
    made = {"apiVersion": API_VERSION, "kind": CRD, "metadata": metadata, "spec": spec}
    text = json.dumps(
        made, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return f"{text}\n"


def releases_of(crd: Mapping[str, Any]) -> tuple[Release, ...]:
    """Say what release a CRD is of, as far as it says so itself."""
    metadata = crd.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict):
        return ()
    if _RELEASE in annotations:
        name, source, date = (str(annotations.get(key, "")) for key in (_RELEASE, _SOURCE, _DATE))
        return (Release(name, source, date),)
    bundle = annotations.get(f"{crd['spec']['group']}/bundle-version")
    return (Release(f"bundle {bundle}", "", ""),) if bundle else ()


def strip_schema(node: Any) -> Any:
    """Leave out of a schema what only people read; a property may still be named description."""
    if not isinstance(node, dict):
        return node
    made = {key: value for key, value in node.items() if key not in _FOR_PEOPLE}
    for key in ("items", "not", "additionalProperties"):
        if key in made:
            made[key] = strip_schema(made[key])
    for key in ("allOf", "anyOf", "oneOf"):
        if key in made:
            made[key] = [strip_schema(part) for part in made[key]]
    if "properties" in made:
        made["properties"] = {name: strip_schema(part) for name, part in made["properties"].items()}
    return made


def _compact_version(version: Mapping[str, Any]) -> dict[str, Any]:
    made = _kept(version, _OF_VERSION)
    schema = version.get("schema", {})
    if "openAPIV3Schema" in schema:
        made["schema"] = {"openAPIV3Schema": strip_schema(schema["openAPIV3Schema"])}
    return made


def _kept(data: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: data[key] for key in keys if key in data}
