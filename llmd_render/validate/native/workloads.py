"""Deployment, ReplicaSet, StatefulSet and DaemonSet (apps validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    integer,
    is_set,
    mapping,
    refuse_choice,
    require,
    text,
)
from .names import check_labels
from .pods import check_pod_spec, check_template, defer
from .selectors import check_selector, is_empty, matches

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPEC: DataPath = ("spec",)
_TEMPLATE: DataPath = ("spec", "template")
_STRATEGY = "native-strategy-fields-conflict"
_DEFAULT_DEADLINE = 600
_WHOLE = 100


def check_deployment(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a Deployment."""
    spec = mapping(data.get("spec"))
    yield from check_replica_set(data)
    for key in ("revisionHistoryLimit", "progressDeadlineSeconds"):
        yield from check_bounds(spec, key, _SPEC)
    deadline = integer(spec.get("progressDeadlineSeconds"))
    deadline = _DEFAULT_DEADLINE if deadline is None else deadline
    ready = integer(spec.get("minReadySeconds")) or 0
    if 0 <= deadline <= ready:
        message = f"progressDeadlineSeconds is {deadline}; it must exceed minReadySeconds, {ready}"
        place = (*_SPEC, "progressDeadlineSeconds")
        place = place if is_set(spec, "progressDeadlineSeconds") else (*_SPEC, "minReadySeconds")
        yield Violation(place, message, code=_STRATEGY)
    strategy = mapping(spec.get("strategy"))
    path = (*_SPEC, "strategy")
    yield from check_choice(strategy, "type", ("Recreate", "RollingUpdate"), path)
    yield from _refuse_rolling(strategy, path, "Recreate")
    yield from _check_rolling(strategy, path)


def check_replica_set(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a ReplicaSet, and of the kinds that are alike."""
    spec = mapping(data.get("spec"))
    yield from _check_counts(spec)
    yield from _check_selector(spec)
    yield from check_template(spec.get("template"), _TEMPLATE)
    yield from _check_always_restarts(spec)


def check_daemon_set(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a DaemonSet."""
    yield from check_replica_set(data)
    spec = mapping(data.get("spec"))
    yield from check_bounds(spec, "revisionHistoryLimit", _SPEC)
    strategy = mapping(spec.get("updateStrategy"))
    path = (*_SPEC, "updateStrategy")
    yield from check_choice(strategy, "type", ("RollingUpdate", "OnDelete"), path)
    yield from _check_rolling(strategy, path)


def check_stateful_set(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a StatefulSet; its Pods it looks at only later."""
    spec = mapping(data.get("spec"))
    yield from _check_counts(spec)
    yield from _check_selector(spec)
    yield from _check_always_restarts(spec)
    policies = ("OrderedReady", "Parallel")
    yield from check_choice(spec, "podManagementPolicy", policies, _SPEC)
    strategy = mapping(spec.get("updateStrategy"))
    path = (*_SPEC, "updateStrategy")
    yield from check_choice(strategy, "type", ("RollingUpdate", "OnDelete"), path)
    yield from _refuse_rolling(strategy, path, "OnDelete")
    rolling = mapping(strategy.get("rollingUpdate"))
    yield from check_bounds(rolling, "partition", (*path, "rollingUpdate"))
    template = mapping(spec.get("template"))
    labels = mapping(template.get("metadata")).get("labels")
    yield from check_labels(labels, (*_TEMPLATE, "metadata", "labels"))
    # Volumes come from volumeClaimTemplates too, so that none can be said to be missing.
    complete = not spec.get("volumeClaimTemplates")
    found = check_pod_spec(template.get("spec"), (*_TEMPLATE, "spec"), complete=complete)
    yield from defer(found, "its Pods")


def _check_always_restarts(spec: Mapping) -> Iterator[Violation]:
    """Report a Pod that would end in a workload which keeps its Pods running."""
    pod = mapping(mapping(spec.get("template")).get("spec"))
    path = (*_TEMPLATE, "spec")
    policy = text(pod, "restartPolicy")
    if policy in {"OnFailure", "Never"}:
        place = (*path, "restartPolicy")
        yield refuse_choice(policy, ("Always",), place, "native-restart-policy-refused")
    if is_set(pod, "activeDeadlineSeconds"):
        message = "activeDeadlineSeconds is set; Pods of this kind do not end"
        place = (*path, "activeDeadlineSeconds")
        yield Violation(place, message, code="native-restart-policy-refused", key=True)


def _check_counts(spec: Mapping) -> Iterator[Violation]:
    for key in ("replicas", "minReadySeconds"):
        yield from check_bounds(spec, key, _SPEC)


def _check_selector(spec: Mapping) -> Iterator[Violation]:
    selector = spec.get("selector")
    path = (*_SPEC, "selector")
    if selector is None:
        yield from require(spec, "selector", _SPEC)
        return
    if not isinstance(selector, dict):
        return
    yield from check_selector(selector, path)
    if is_empty(selector):
        message = "selector is empty; it must select the Pods of the template"
        yield Violation(path, message, code="native-selector-is-empty")
    labels = _template_labels(spec)
    if isinstance(spec.get("template"), dict) and not matches(selector, labels):
        yield _mismatch(labels)


def _template_labels(spec: Mapping) -> Mapping:
    return mapping(mapping(mapping(spec.get("template")).get("metadata")).get("labels"))


def _mismatch(labels: Mapping) -> Violation:
    path = (*_TEMPLATE, "metadata", "labels") if labels else _TEMPLATE
    have = "the labels of the template do" if labels else "the template has no labels and does"
    message = f"{have} not match spec.selector; a workload must select its own Pods"
    return Violation(path, message, code="native-selector-template-mismatch", key=True)


def _refuse_rolling(strategy: Mapping, path: DataPath, alone: str) -> Iterator[Violation]:
    if text(strategy, "type") == alone and is_set(strategy, "rollingUpdate"):
        message = f"rollingUpdate is set; the type {alone} does not take it"
        yield Violation((*path, "rollingUpdate"), message, code=_STRATEGY, key=True)


def _check_rolling(strategy: Mapping, path: DataPath) -> Iterator[Violation]:
    if text(strategy, "type") not in {"", "RollingUpdate"}:
        return
    place = (*path, "rollingUpdate")
    rolling = mapping(strategy.get("rollingUpdate"))
    for key in ("maxUnavailable", "maxSurge"):
        yield from check_share(rolling.get(key), (*place, key))
    if all(rolling.get(key) in (0, "0%") for key in ("maxUnavailable", "maxSurge")):
        message = "maxUnavailable and maxSurge are both 0; no Pod could ever be replaced"
        yield Violation(place, message, code=_STRATEGY)


def check_share(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report what is neither a count nor a percentage."""
    number = integer(value)
    # More than all of them may surge, but not be unavailable.
    surge = path[-1] == "maxSurge"
    if isinstance(value, str):
        digits = value.removesuffix("%")
        fits = value.endswith("%") and digits.isascii() and digits.isdecimal()
        fits = fits and (surge or int(digits[:9]) <= _WHOLE)
    else:
        fits = number is None or number >= 0
    if not fits:
        share = "such as 25%" if surge else "up to 100%"
        message = f"{path[-1]} is {show(value)}; it must be a count, or a percentage {share}"
        yield Violation(path, message, code="native-number-out-of-range")
