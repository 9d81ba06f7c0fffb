"""Roles and their bindings (rbac validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import name_of, show

from .findings import Mapping, entries, refuse_choice, require, sequence, text
from .names import check_subdomain
from .selectors import check_selector

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP = "rbac.authorization.k8s.io"
_INCOMPLETE = "native-rbac-rule-incomplete"
_REF = "native-rbac-role-ref-invalid"
_SUBJECT = "native-rbac-subject-invalid"


def check_role(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a Role."""
    for rule, path in entries(data, "rules", ()):
        yield from _check_rule(rule, path, cluster=False)


def check_cluster_role(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a ClusterRole."""
    for rule, path in entries(data, "rules", ()):
        yield from _check_rule(rule, path, cluster=True)
    aggregation = data.get("aggregationRule")
    if isinstance(aggregation, dict):
        path = ("aggregationRule",)
        yield from require(aggregation, "clusterRoleSelectors", path)
        for selector, place in entries(aggregation, "clusterRoleSelectors", path):
            yield from check_selector(selector, place)


def _check_rule(rule: Mapping, path: DataPath, *, cluster: bool) -> Iterator[Violation]:
    yield from require(rule, "verbs", path, _INCOMPLETE)
    if not sequence(rule.get("nonResourceURLs")):
        yield from require(rule, "apiGroups", path, _INCOMPLETE)
        yield from require(rule, "resources", path, _INCOMPLETE)
        return
    place = (*path, "nonResourceURLs")
    code = "native-rbac-rule-conflict"
    beside = [key for key in ("apiGroups", "resources", "resourceNames") if rule.get(key)]
    if not cluster:
        message = "nonResourceURLs is set in a Role; only a ClusterRole may have it"
        yield Violation(place, message, code=code, key=True)
    if beside:
        message = f"nonResourceURLs stands beside {beside[0]}; a rule has one or the other"
        yield Violation(place, message, code=code, key=True)


def check_role_binding(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a RoleBinding."""
    yield from _check_role_ref(data, ("ClusterRole", "Role"))
    for subject, path in entries(data, "subjects", ()):
        yield from _check_subject(subject, path, cluster=False)


def check_cluster_role_binding(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a ClusterRoleBinding."""
    yield from _check_role_ref(data, ("ClusterRole",))
    for subject, path in entries(data, "subjects", ()):
        yield from _check_subject(subject, path, cluster=True)


def _check_role_ref(data: Mapping, kinds: tuple[str, ...]) -> Iterator[Violation]:
    ref, path = data.get("roleRef"), ("roleRef",)
    if not isinstance(ref, dict):
        return
    # An empty group is replaced by the right one.
    if text(ref, "apiGroup") not in {"", _GROUP}:
        yield refuse_choice(ref["apiGroup"], (_GROUP,), (*path, "apiGroup"), _REF)
    kind = ref.get("kind")
    if not kind:
        yield from require(ref, "kind", path, _REF)
    elif isinstance(kind, str) and kind not in kinds:
        yield refuse_choice(kind, kinds, (*path, "kind"), _REF)
    yield from require(ref, "name", path, _REF)
    name = text(ref, "name")
    if name in {".", ".."} or "/" in name or "%" in name:
        message = f"name is {show(name)}; it must not be '.' or '..' nor contain '/' or '%'"
        yield Violation((*path, "name"), message, code=_REF)


def _check_subject(subject: Mapping, path: DataPath, *, cluster: bool) -> Iterator[Violation]:
    yield from require(subject, "name", path, _SUBJECT)
    kind, group = text(subject, "kind"), text(subject, "apiGroup")
    if kind == "ServiceAccount":
        if name := text(subject, "name"):
            yield from check_subdomain(name, (*path, "name"))
        if group:
            message = f"apiGroup is {show(group)}; a ServiceAccount's is empty"
            yield Violation((*path, "apiGroup"), message, code=_SUBJECT)
        if cluster and not subject.get("namespace"):
            message = f"{name_of(path, 'it')} lacks namespace, which a ServiceAccount needs here"
            yield Violation(path, message, code=_SUBJECT)
    elif kind in {"User", "Group"}:
        if group not in {"", _GROUP}:
            yield refuse_choice(group, (_GROUP,), (*path, "apiGroup"), _SUBJECT)
    elif kind:
        kinds = ("Group", "ServiceAccount", "User")
        yield refuse_choice(kind, kinds, (*path, "kind"), _SUBJECT)
