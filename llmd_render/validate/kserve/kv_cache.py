"""Where the KV cache is offloaded to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, dotted
from llmd_render.lookup import value_at

from .reading import is_empty_text, list_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_ZERO = re.compile(r"[+-]?[0.]*([A-Za-z].*)?")


def check_kv_cache(subject: Subject) -> Iterator[Violation]:
    """Check the tiers of the service and of its prefill."""
    for base, workload in subject.workloads():
        cache = mapping_at(workload, "kvCacheOffloading")
        tiers = list_at(cache, "secondary")
        if not tiers:
            continue
        path = (*base, "kvCacheOffloading")
        if _is_zero(value_at(cache, "cpu")):
            yield Violation(
                path,
                "kvCacheOffloading has secondary tiers, but cpu, the first tier, is 0 or not set",
                hint=f"set {dotted(*path, 'cpu')} to an amount of memory such as 10Gi",
                code="kserve-kv-cache-without-cpu",
            )
        for index, tier in enumerate(tiers):
            yield from _check_tier((*path, "secondary", index), tier)


def _check_tier(path: DataPath, tier: Any) -> Iterator[Violation]:
    if tier is None or (isinstance(tier, dict) and tier.get("fileSystem") is None):
        yield Violation(
            path,
            f"secondary[{path[-1]}] has no fileSystem, the only kind of tier that there is",
            hint="set fileSystem with emptyDir or pvc in it",
            code="kserve-kv-cache-tier-without-file-system",
        )
        return
    system = mapping_at(tier, "fileSystem")
    if system is None:
        return
    path = (*path, "fileSystem")
    backends = [name for name in ("emptyDir", "pvc") if system.get(name) is not None]
    if not backends:
        yield Violation(
            path,
            "fileSystem has neither emptyDir nor pvc; it needs one of them",
            hint="set emptyDir or pvc",
            code="kserve-kv-cache-tier-without-volume",
        )
    elif len(backends) > 1:
        yield Violation(
            path,
            "fileSystem has emptyDir and pvc; only one of them is allowed",
            hint="leave out emptyDir or pvc",
            code="kserve-kv-cache-tier-with-two-volumes",
        )
    else:
        yield from _check_claim((*path, "pvc"), mapping_at(system, "pvc"))


def _check_claim(path: DataPath, claim: dict[str, Any] | None) -> Iterator[Violation]:
    if claim is None:
        return
    sources = [name for name in ("spec", "ref") if claim.get(name) is not None]
    if not sources:
        yield Violation(
            path,
            "pvc has neither spec nor ref; it needs one of them",
            hint="describe the claim in spec, or name one that exists in ref",
            code="kserve-kv-cache-claim-without-source",
        )
    elif len(sources) > 1:
        yield Violation(
            path,
            "pvc has spec and ref; only one of them is allowed",
            hint="leave out spec or ref",
            code="kserve-kv-cache-claim-with-two-sources",
        )
    elif mapping_at(claim, "ref") is not None and is_empty_text(claim, "ref", "name"):
        yield Violation(
            (*path, "ref"),
            "ref names no PersistentVolumeClaim",
            hint=f"set {dotted(*path, 'ref', 'name')}",
            code="kserve-kv-cache-claim-without-name",
        )


def _is_zero(quantity: Any) -> bool:
    if isinstance(quantity, str):
        return _ZERO.fullmatch(quantity) is not None
    return quantity is None or (type(quantity) in {int, float} and quantity == 0)
