"""HorizontalPodAutoscaler and PodDisruptionBudget (autoscaling and policy validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import listed, show

from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    entries,
    integer,
    is_set,
    mapping,
    require,
    text,
)
from .selectors import check_selector
from .workloads import check_share

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCES = {
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "External": "external",
}
_LONGEST_WINDOW = 3600
_LONGEST_PERIOD = 1800
_SPEC: DataPath = ("spec",)


def check_autoscaler(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a HorizontalPodAutoscaler."""
    spec = mapping(data.get("spec"))
    # 0 is taken where a feature gate is on.
    yield from check_bounds(spec, "minReplicas", _SPEC)
    yield from check_bounds(spec, "maxReplicas", _SPEC, 1)
    least, most = integer(spec.get("minReplicas")), integer(spec.get("maxReplicas"))
    least = 1 if least is None else least
    if most is not None and 1 <= most < least:
        message = f"maxReplicas is {show(most)}; it must be at least minReplicas, {show(least)}"
        code = "native-autoscaler-bounds-conflict"
        yield Violation((*_SPEC, "maxReplicas"), message, code=code)
    target = spec.get("scaleTargetRef")
    if isinstance(target, dict):
        for key in ("kind", "name"):
            yield from require(target, key, (*_SPEC, "scaleTargetRef"))
    for metric, path in entries(spec, "metrics", _SPEC):
        yield from _check_metric(metric, path)
    for key in ("scaleUp", "scaleDown"):
        rules = mapping(mapping(spec.get("behavior")).get(key))
        yield from _check_behavior(rules, (*_SPEC, "behavior", key))


def _check_metric(metric: Mapping, path: DataPath) -> Iterator[Violation]:
    yield from require(metric, "type", path)
    yield from check_choice(metric, "type", _SOURCES, path)
    wanted = _SOURCES.get(text(metric, "type"))
    if wanted is None:
        return
    found = [key for key in _SOURCES.values() if is_set(metric, key)]
    if found != [wanted]:
        have = listed(found) if found else "no source"
        message = f"the metric has {have}; its type {metric['type']} needs {wanted} and no other"
        yield Violation(path, message, code="native-metric-source-mismatch")


def _check_behavior(rules: Mapping, path: DataPath) -> Iterator[Violation]:
    yield from check_bounds(rules, "stabilizationWindowSeconds", path, 0, _LONGEST_WINDOW)
    yield from check_choice(rules, "selectPolicy", ("Max", "Min", "Disabled"), path)
    for policy, place in entries(rules, "policies", path):
        yield from check_choice(policy, "type", ("Pods", "Percent"), place)
        yield from check_bounds(policy, "value", place, 1)
        yield from check_bounds(policy, "periodSeconds", place, 1, _LONGEST_PERIOD)


def check_disruption_budget(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a PodDisruptionBudget."""
    spec = mapping(data.get("spec"))
    both = ("minAvailable", "maxUnavailable")
    if all(is_set(spec, key) for key in both):
        message = "maxUnavailable stands beside minAvailable; a budget has one of them"
        code = "native-disruption-budget-conflict"
        yield Violation((*_SPEC, "maxUnavailable"), message, code=code, key=True)
    for key in both:
        yield from check_share(spec.get(key), (*_SPEC, key))
    policies = ("IfHealthyBudget", "AlwaysAllow")
    yield from check_choice(spec, "unhealthyPodEvictionPolicy", policies, _SPEC)
    yield from check_selector(spec.get("selector"), (*_SPEC, "selector"))
