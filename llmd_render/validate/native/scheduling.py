"""Where a Pod may run: tolerations, affinities, spread (core ValidateTolerations and others)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    check_unique,
    entries,
    is_set,
    mapping,
    require,
    text,
)
from .names import check_labels, check_qualified_name, is_label_value
from .selectors import check_expression, check_selector

if TYPE_CHECKING:
    from collections.abc import Iterator

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
# Lt and Gt are newer than most servers; those that lack them cannot be told from here.
_OPERATORS = ("Exists", "Equal", "Lt", "Gt")
_UNSATISFIABLE = ("DoNotSchedule", "ScheduleAnyway")
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_GREATEST_WEIGHT = 100
_CODE = "native-toleration-fields-conflict"
_TERM = "native-affinity-term-invalid"


def check_scheduling(spec: Mapping, path: DataPath) -> Iterator[Violation]:
    """Find what the server refuses of the wishes of a Pod about its node."""
    yield from check_labels(spec.get("nodeSelector"), (*path, "nodeSelector"))
    for item, place in entries(spec, "tolerations", path):
        yield from _check_toleration(item, place)
    affinity = mapping(spec.get("affinity"))
    place = (*path, "affinity")
    yield from _check_node_affinity(affinity.get("nodeAffinity"), (*place, "nodeAffinity"))
    for key in ("podAffinity", "podAntiAffinity"):
        yield from _check_pod_affinity(affinity.get(key), (*place, key))
    yield from _check_spread(spec, path)


def _check_toleration(item: Mapping, path: DataPath) -> Iterator[Violation]:
    key, operator, value = text(item, "key"), text(item, "operator"), text(item, "value")
    if key:
        yield from check_qualified_name(key, (*path, "key"))
    elif operator != "Exists" and not item.get("key"):
        place = (*path, "operator") if "operator" in item else path
        message = f"operator is {show(operator or 'Equal')}; without a key it must be Exists"
        yield Violation(place, message, code=_CODE)
    if is_set(item, "tolerationSeconds") and text(item, "effect") != "NoExecute":
        message = "tolerationSeconds is set; it needs effect: NoExecute"
        yield Violation((*path, "tolerationSeconds"), message, code=_CODE, key=True)
    if operator == "Exists" and value:
        message = f"value is {show(value)}; the operator Exists takes none"
        yield Violation((*path, "value"), message, code=_CODE)
    elif operator in {"", "Equal"} and not is_label_value(value):
        message = f"value is {show(value)}; no taint can have that value"
        yield Violation((*path, "value"), message, code="native-label-format-invalid")
    yield from check_choice(item, "operator", _OPERATORS, path)
    yield from check_choice(item, "effect", _EFFECTS, path)


def _check_node_affinity(value: Any, path: DataPath) -> Iterator[Violation]:
    affinity = mapping(value)
    if is_set(affinity, _REQUIRED):
        place = (*path, _REQUIRED)
        required = mapping(affinity[_REQUIRED])
        yield from require(required, "nodeSelectorTerms", place, _TERM)
        for term, where in entries(required, "nodeSelectorTerms", place):
            yield from _check_node_term(term, where)
    for item, where in entries(affinity, _PREFERRED, path):
        yield from check_bounds(item, "weight", where, 1, _GREATEST_WEIGHT)
        yield from _check_node_term(mapping(item.get("preference")), (*where, "preference"))


def _check_node_term(term: Mapping, path: DataPath) -> Iterator[Violation]:
    for item, where in entries(term, "matchExpressions", path):
        yield from check_expression(item, where, node=True)


def _check_pod_affinity(value: Any, path: DataPath) -> Iterator[Violation]:
    affinity = mapping(value)
    for term, where in entries(affinity, _REQUIRED, path):
        yield from _check_pod_term(term, where)
    for item, where in entries(affinity, _PREFERRED, path):
        yield from check_bounds(item, "weight", where, 1, _GREATEST_WEIGHT)
        if isinstance(item.get("podAffinityTerm"), dict):
            yield from _check_pod_term(item["podAffinityTerm"], (*where, "podAffinityTerm"))


def _check_pod_term(term: Mapping, path: DataPath) -> Iterator[Violation]:
    yield from require(term, "topologyKey", path, _TERM)
    for key in ("labelSelector", "namespaceSelector"):
        yield from check_selector(term.get(key), (*path, key))


def _check_spread(spec: Mapping, path: DataPath) -> Iterator[Violation]:
    pairs = []
    for item, place in entries(spec, "topologySpreadConstraints", path):
        for key in ("topologyKey", "whenUnsatisfiable"):
            yield from require(item, key, place)
        yield from check_bounds(item, "maxSkew", place, 1)
        yield from check_choice(item, "whenUnsatisfiable", _UNSATISFIABLE, place)
        # Before Kubernetes 1.27 nobody looked at the labelSelector.
        pairs.append(((text(item, "topologyKey"), text(item, "whenUnsatisfiable")), place))
    yield from check_unique(pairs, "native-value-set-twice")
