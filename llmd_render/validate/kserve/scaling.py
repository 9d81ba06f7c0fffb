"""Autoscaling by the Workload Variant Autoscaler, through an HPA or KEDA."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, dotted
from llmd_render.lookup import text_at, value_at
from llmd_render.validate.words import show

from .reading import integer_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_COST = re.compile(r"[0-9]+(\.[0-9]+)?")
_MODIFIERS = ("formula", "target", "activationTarget", "metricType")
_DEFAULT_MINIMUM = 1


def check_scaling(subject: Subject) -> Iterator[Violation]:
    """Check the scaling of the service and of its prefill, and that they use one backend."""
    for base, workload in subject.workloads():
        scaling = mapping_at(workload, "scaling")
        if scaling is not None:
            yield from _check_workload((*base, "scaling"), workload, scaling)
    yield from _check_same_backend(subject.spec)


def _check_workload(
    path: DataPath, workload: dict[str, Any], scaling: dict[str, Any]
) -> Iterator[Violation]:
    if integer_at(workload, "replicas") is not None:
        yield Violation(
            path,
            f"scaling is set beside replicas, which is {workload['replicas']}; only one of them "
            "is allowed",
            hint=f"leave out {dotted(*path[:-1], 'replicas')} or {dotted(*path)}",
            code="kserve-scaling-with-replicas",
            key=True,
        )
    minimum, maximum = integer_at(scaling, "minReplicas"), integer_at(scaling, "maxReplicas")
    if minimum is not None and maximum is not None and minimum > maximum:
        yield Violation(
            (*path, "minReplicas"),
            f"minReplicas is {minimum}; it must be at most maxReplicas, which is {maximum}",
            hint="lower minReplicas or raise maxReplicas",
            code="kserve-scaling-minimum-above-maximum",
        )
    wva = mapping_at(scaling, "wva")
    if wva is not None:
        yield from _check_wva((*path, "wva"), wva)
        yield from _check_keda((*path, "wva", "keda"), mapping_at(wva, "keda"))
        yield from _check_idle((*path, "wva", "keda", "idleReplicaCount"), scaling)
    elif value_at(scaling, "wva") is None:
        yield Violation(
            path,
            "scaling lacks wva, which says how to scale",
            hint=f"set {dotted(*path, 'wva')} with hpa or keda in it",
            code="kserve-scaling-without-wva",
            key=True,
        )


def _check_wva(path: DataPath, wva: dict[str, Any]) -> Iterator[Violation]:
    backends = [name for name in ("hpa", "keda") if wva.get(name) is not None]
    if len(backends) > 1:
        yield Violation(
            path,
            "wva has hpa and keda; only one of them can scale a workload",
            hint="leave out hpa or keda",
            code="kserve-scaling-hpa-and-keda",
        )
    elif not backends:
        yield Violation(
            path,
            "wva has neither hpa nor keda, so nothing would scale",
            hint=f"set {dotted(*path, 'hpa')} or {dotted(*path, 'keda')}",
            code="kserve-scaling-without-actuator",
        )
    cost = text_at(wva, "variantCost")
    if cost and not _COST.fullmatch(cost):
        yield Violation(
            (*path, "variantCost"),
            f"variantCost is {show(cost)}; it must be a decimal number of 0 or more",
            hint='write the cost of a replica as a string such as "10" or "0.5"',
            code="kserve-scaling-variant-cost-invalid",
        )


def _check_keda(path: DataPath, keda: dict[str, Any] | None) -> Iterator[Violation]:
    modifiers = [name for name in _MODIFIERS if text_at(keda, "advanced", "scalingModifiers", name)]
    if modifiers:
        yield Violation(
            (*path, "advanced", "scalingModifiers"),
            f"scalingModifiers sets {', '.join(modifiers)}; the autoscaler decides about these",
            hint="leave scalingModifiers out",
            code="kserve-scaling-keda-modifiers-set",
            key=True,
        )
    name = text_at(keda, "advanced", "horizontalPodAutoscalerConfig", "name")
    if name:
        yield Violation(
            (*path, "advanced", "horizontalPodAutoscalerConfig", "name"),
            f"name is {show(name)}; KServe names the HorizontalPodAutoscaler itself",
            hint="leave name out",
            code="kserve-scaling-keda-hpa-named",
        )


def _check_idle(path: DataPath, scaling: dict[str, Any]) -> Iterator[Violation]:
    idle = integer_at(scaling, "wva", "keda", "idleReplicaCount")
    if idle is None:
        return
    minimum = integer_at(scaling, "minReplicas")
    if value_at(scaling, "minReplicas") is None:
        if idle < _DEFAULT_MINIMUM:
            return
        bound = f"{_DEFAULT_MINIMUM} where it is not set"
    elif minimum is not None and idle >= minimum:
        bound = str(minimum)
    else:
        return
    yield Violation(
        path,
        f"idleReplicaCount is {idle}; it must be less than minReplicas, which is {bound}",
        hint="raise minReplicas, or leave idleReplicaCount out",
        code="kserve-scaling-idle-not-below-minimum",
    )


def _check_same_backend(spec: dict[str, Any]) -> Iterator[Violation]:
    decode = mapping_at(spec, "scaling", "wva")
    prefill = mapping_at(spec, "prefill", "scaling", "wva")
    if decode is None or prefill is None:
        return
    backends = ["keda" if wva.get("hpa") is None else "hpa" for wva in (decode, prefill)]
    if backends[0] != backends[1]:
        yield Violation(
            ("spec", "prefill", "scaling", "wva"),
            f"prefill scales with {backends[1]}, but spec.scaling.wva with {backends[0]}; both "
            "must use the same",
            hint="use hpa in both or keda in both",
            code="kserve-scaling-backends-differ",
        )
