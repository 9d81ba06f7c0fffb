"""Volumes of a Pod and where containers mount them (core ValidateVolumes, ValidateVolumeMounts)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import listed, name_of, show

from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    check_unique,
    entries,
    mapping,
    named,
    require,
    text,
)
from .names import check_dns_label
from .quantities import check_quantity
from .storage import check_claim_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

_REQUIRED = {
    "hostPath": ("path",),
    "secret": ("secretName",),
    "configMap": ("name",),
    "persistentVolumeClaim": ("claimName",),
    "nfs": ("server", "path"),
    "csi": ("driver",),
    "ephemeral": ("volumeClaimTemplate",),
}
_HOST_PATHS = frozenset(
    {
        *("DirectoryOrCreate", "Directory", "FileOrCreate", "File"),
        *("Socket", "CharDevice", "BlockDevice"),
    }
)
_GREATEST_MODE = 0o777


def check_volumes(spec: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses of the volumes of a Pod."""
    names = []
    for volume, place in entries(spec, "volumes", path):
        if complete:
            yield from require(volume, "name", place)
        if name := text(volume, "name"):
            yield from check_dns_label(name, (*place, "name"))
            names.append((name, (*place, "name")))
        # A volume without any source becomes an emptyDir.
        sources = [key for key, item in named(volume) if key != "name" and item is not None]
        if len(sources) > 1:
            message = f"{name_of(place, 'it')} has {listed(sources)}; it must have one of them"
            yield Violation(place, message, code="native-volume-source-conflict")
        for key in sources[:1]:
            yield from _check_source(volume[key], key, (*place, key), complete=complete)
    yield from check_unique(names, "native-volume-name-duplicate")


def _check_source(value: Any, kind: str, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    source = mapping(value)
    if complete and isinstance(value, dict):
        for key in _REQUIRED.get(kind, ()):
            yield from require(source, key, path)
    yield from check_bounds(source, "defaultMode", path, 0, _GREATEST_MODE)
    yield from _check_items(source, path)
    if kind in {"hostPath", "nfs"}:
        yield from _check_outside(source, kind, path)
    elif kind == "emptyDir":
        yield from check_quantity(source.get("sizeLimit"), (*path, "sizeLimit"))
    elif kind == "ephemeral" and complete:
        claim = mapping(mapping(source.get("volumeClaimTemplate")).get("spec"))
        if claim:
            yield from check_claim_spec(claim, (*path, "volumeClaimTemplate", "spec"))
    elif kind == "projected":
        yield from _check_projected(source, path)


def _check_outside(source: Mapping, kind: str, path: DataPath) -> Iterator[Violation]:
    value = text(source, "path")
    place = (*path, "path")
    if kind == "hostPath":
        yield from check_choice(source, "type", _HOST_PATHS, path)
        if ".." in value.split("/"):
            yield _wrong_path(value, "have no '..' in it", place)
    elif value and not value.startswith("/"):
        yield _wrong_path(value, "begin with '/'", place)


def _check_projected(source: Mapping, path: DataPath) -> Iterator[Violation]:
    for item, place in entries(source, "sources", path):
        parts = [key for key, part in named(item) if part is not None]
        if len(parts) > 1:
            message = f"{name_of(place, 'it')} has {listed(parts)}; it must have one of them"
            yield Violation(place, message, code="native-volume-source-conflict")
        for key in parts:
            yield from _check_items(mapping(item[key]), (*place, key))


def _check_items(source: Mapping, path: DataPath) -> Iterator[Violation]:
    for item, place in entries(source, "items", path):
        yield from check_bounds(item, "mode", place, 0, _GREATEST_MODE)
        yield from _check_inside(item, "path", place)


def check_mounts(
    container: Mapping, path: DataPath, volumes: frozenset[str] | None
) -> Iterator[Violation]:
    """Find what the server refuses of mounts; None means that others may add volumes."""
    places = []
    for mount, place in entries(container, "volumeMounts", path):
        name, target = text(mount, "name"), text(mount, "mountPath")
        if volumes is not None:
            yield from require(mount, "name", place)
            yield from require(mount, "mountPath", place)
            if name and name not in volumes:
                known = f"declared here: {listed(sorted(volumes))}" if volumes else ""
                message = f"name is {show(name)}; volumes declares no such volume"
                yield Violation((*place, "name"), message, known, code="native-volume-not-declared")
        if target:
            places.append((target, (*place, "mountPath")))
        yield from _check_inside(mount, "subPath", place)
        yield from _check_inside(mount, "subPathExpr", place)
        if text(mount, "subPath") and text(mount, "subPathExpr"):
            message = "subPathExpr stands beside subPath; a mount has one of them"
            code = "native-path-form-invalid"
            yield Violation((*place, "subPathExpr"), message, code=code, key=True)
        propagation = ("None", "HostToContainer", "Bidirectional")
        yield from check_choice(mount, "mountPropagation", propagation, place)
    yield from check_unique(places, "native-mount-path-duplicate")


def _check_inside(owner: Mapping, key: str, path: DataPath) -> Iterator[Violation]:
    value = text(owner, key)
    if value.startswith("/") or ".." in value.split("/"):
        yield _wrong_path(value, "be relative and have no '..' in it", (*path, key))


def _wrong_path(value: str, wanted: str, path: DataPath) -> Violation:
    message = f"{path[-1]} is {show(value)}; it must {wanted}"
    return Violation(path, message, code="native-path-form-invalid")
