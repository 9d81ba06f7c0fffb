"""Routes, gateways, and how traffic is split between services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Severity, Violation
from llmd_render.lookup import text_at, value_at
from llmd_render.validate.words import show

from .reading import list_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_ROUTE: DataPath = ("spec", "router", "route")
_HTTP: DataPath = (*_ROUTE, "http")
_PARENTS: DataPath = (*_HTTP, "spec", "parentRefs")


def check_routes(subject: Subject) -> Iterator[Violation]:
    """Check that a route is referred to or described, and fits the gateway."""
    http = mapping_at(subject.spec, "router", "route", "http")
    refs = list_at(http, "refs")
    if not refs:
        return
    if mapping_at(http, "spec") is not None:
        yield Violation(
            _HTTP,
            "http has refs and a spec; a route is either yours or described here",
            hint="leave out spec.router.route.http.refs or spec.router.route.http.spec",
            code="kserve-route-refs-and-spec",
        )
    gateway = mapping_at(subject.spec, "router", "gateway")
    if gateway is not None and gateway.get("refs") in (None, []):
        yield Violation(
            (*_HTTP, "refs"),
            "refs names routes of yours, but spec.router.gateway has no refs and so means the "
            "gateway that KServe manages",
            hint="name the gateway in spec.router.gateway.refs, or leave spec.router.gateway out",
            code="kserve-route-refs-with-managed-gateway",
        )


def check_parents(subject: Subject) -> Iterator[Violation]:
    """Check that a described route leaves its parents to the gateway refs: v1alpha1."""
    parents, gateways = _parents_and_gateways(subject)
    if parents and gateways:
        yield Violation(
            _PARENTS,
            "parentRefs is set beside spec.router.gateway.refs, which already names the parents",
            hint="leave out spec.router.route.http.spec.parentRefs or spec.router.gateway.refs",
            code="kserve-route-parents-with-gateway-refs",
        )


def check_parents_match(subject: Subject) -> Iterator[Violation]:
    """Check that the parents of a described route are the gateway refs: v1alpha2."""
    parents, gateways = _parents_and_gateways(subject)
    if not parents or not gateways:
        return
    wanted, found = (sorted(map(_identity, refs)) for refs in (gateways, parents))
    hint = "leave out spec.router.route.http.spec.parentRefs"
    if found == wanted:
        yield Violation(
            _PARENTS,
            "parentRefs repeats spec.router.gateway.refs, from which it is derived anyway",
            hint=hint,
            code="kserve-route-parents-redundant",
            severity=Severity.WARNING,
        )
        return
    yield Violation(
        _PARENTS,
        "parentRefs differs from spec.router.gateway.refs; both must have the same name, namespace "
        "and sectionName",
        hint=f"{hint}, or spec.router.gateway.refs",
        code="kserve-route-parents-unlike-gateway-refs",
    )


def check_traffic(subject: Subject) -> Iterator[Violation]:
    """Check that a group has a weight, and a route that KServe manages."""
    router = mapping_at(subject.spec, "router")
    route = mapping_at(router, "route")
    group, weight = value_at(route, "group"), value_at(route, "weight")
    if group is None and weight is None:
        return
    if mapping_at(router, "ingress") is not None:
        yield Violation(
            (*_ROUTE, "weight" if group is None else "group"),
            "traffic is split between HTTPRoutes, but spec.router.ingress asks for an Ingress",
            hint="leave out spec.router.ingress, or group and weight",
            code="kserve-traffic-with-ingress",
        )
    elif group is None:
        yield Violation(
            (*_ROUTE, "weight"),
            f"weight is {show(weight)}, but there is no group that it is a share of",
            hint="set spec.router.route.group, or leave weight out",
            code="kserve-traffic-weight-without-group",
        )
    elif weight is None:
        yield Violation(
            (*_ROUTE, "group"),
            f"group is {show(group)}, but there is no weight in it",
            hint="set spec.router.route.weight, or leave group out",
            code="kserve-traffic-group-without-weight",
        )
    elif list_at(route, "http", "refs"):
        yield Violation(
            (*_ROUTE, "group"),
            f"group is {show(group)}, but http.refs names routes that KServe does not manage",
            hint="leave out spec.router.route.http.refs, or group and weight",
            code="kserve-traffic-with-route-refs",
        )


def _parents_and_gateways(subject: Subject) -> tuple[list[Any], list[Any]]:
    router = mapping_at(subject.spec, "router")
    return list_at(router, "route", "http", "spec", "parentRefs"), list_at(
        router, "gateway", "refs"
    )


def _identity(ref: Any) -> tuple[str, ...]:
    return tuple(text_at(ref, field) for field in ("namespace", "name", "sectionName"))
