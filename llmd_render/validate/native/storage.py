"""PersistentVolumeClaim and StorageClass (core and storage validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation

from .findings import (
    Mapping,
    check_choice,
    is_set,
    mapping,
    refuse_choice,
    require,
    sequence,
    text,
    texts,
)
from .names import check_qualified_name, check_subdomain
from .quantities import check_quantity
from .selectors import check_selector

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODES = frozenset({"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"})
_ALONE = "ReadWriteOncePod"


def check_claim(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a PersistentVolumeClaim."""
    yield from check_claim_spec(mapping(data.get("spec")), ("spec",))


def check_claim_spec(spec: Mapping, path: DataPath) -> Iterator[Violation]:
    """Find what the server refuses of a claim, wherever it stands."""
    yield from require(spec, "accessModes", path, "native-access-modes-invalid")
    modes = sequence(spec.get("accessModes"))
    for mode, place in texts(spec, "accessModes", path):
        if mode not in _MODES:
            yield refuse_choice(mode, _MODES, place)
    if _ALONE in modes and any(mode in modes for mode in _MODES - {_ALONE}):
        message = f"accessModes has {_ALONE} beside others; it must be the only one"
        yield Violation((*path, "accessModes"), message, code="native-access-modes-invalid")
    resources = mapping(spec.get("resources"))
    requests = mapping(resources.get("requests"))
    if not is_set(requests, "storage"):
        place = (*path, "resources") if "resources" in spec else path
        message = "the claim has no resources.requests.storage, which must be there"
        yield Violation(place, message, code="native-required-field-missing", key=True)
    place = (*path, "resources", "requests", "storage")
    yield from check_quantity(requests.get("storage"), place, positive=True)
    yield from check_choice(spec, "volumeMode", ("Filesystem", "Block"), path)
    if name := text(spec, "storageClassName"):
        yield from check_subdomain(name, (*path, "storageClassName"))
    yield from check_selector(spec.get("selector"), (*path, "selector"))


def check_storage_class(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a StorageClass."""
    yield from require(data, "provisioner", ())
    if name := text(data, "provisioner"):
        yield from check_qualified_name(name.lower(), ("provisioner",))
    yield from check_choice(data, "reclaimPolicy", ("Delete", "Retain"), ())
    modes = ("Immediate", "WaitForFirstConsumer")
    yield from check_choice(data, "volumeBindingMode", modes, ())
