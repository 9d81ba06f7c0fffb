"""A listener of a Gateway of GKE gets its certificate in a way that its class reads.

Regional classes read the options networking.gke.io/cert-manager-certs and
networking.gke.io/pre-shared-certs of a listener, global ones the latter and the annotation
networking.gke.io/certmap, which then excludes certificateRefs. What a class does not read it
leaves aside.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - name: https
          protocol: HTTPS
          port: 443
          tls:
            mode: Terminate
            options: {networking.gke.io/cert-manager-certs: llm}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - name: https
          protocol: HTTPS
          port: 443
          tls:
            mode: Terminate
            options: {networking.gke.io/certmanager-certs: llm}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, gke_gateways, tls_ways
from .subjects.objects import items_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_PREFIX = "networking.gke.io/"
_MAP = "networking.gke.io/certmap"
_ANNOTATION: DataPath = ("metadata", "annotations", _MAP)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for gateway in gke_gateways(tree):
        ways = tls_ways(class_of(gateway))
        for violation in (*_judge_options(gateway, ways), *_judge_map(gateway, ways)):
            yield TreeViolation(gateway, violation)


def _judge_options(gateway: Manifest, ways: tuple[str, ...]) -> Iterator[Violation]:
    read = [_PREFIX + way for way in ways if way.endswith("-certs")]
    for path, listener in items_at(gateway.data, "spec", "listeners"):
        for option in mapping_at(listener, "tls", "options") if read else ():
            if str(option).startswith(_PREFIX) and option not in read:
                yield Violation(
                    (*path, "tls", "options", option),
                    f"{class_of(gateway)} does not read the option {option}",
                    did_you_mean(option, read, f"use {' or '.join(read)}"),
                    key=True,
                )


def _judge_map(gateway: Manifest, ways: tuple[str, ...]) -> Iterator[Violation]:
    if not ways or _MAP not in mapping_at(gateway.data, *_ANNOTATION[:-1]):
        return
    listeners = [item for _, item in items_at(gateway.data, "spec", "listeners")]
    named = any(value_at(item, "tls", "certificateRefs") for item in listeners)
    other = named or any(value_at(item, "tls", "options") for item in listeners)
    # A listener that has nothing else is found by another rule.
    if "certmap" not in ways and other:
        message = f"{class_of(gateway)} does not read the annotation {_MAP}"
        yield Violation(_ANNOTATION, message, "remove it", key=True)
    elif "certmap" in ways and named:
        message = "a certificate map and certificateRefs exclude each other"
        yield Violation(_ANNOTATION, message, "keep one of them", key=True)


RULE = TreeRule("gke-listener-option-unread", Severity.WARNING, _check, acknowledgeable=True)
