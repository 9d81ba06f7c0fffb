"""No load test of a GKE Gateway speaks HTTP/1.0.

Google's load balancers answer HTTP/1.0 with 426 Upgrade Required. ApacheBench speaks nothing else,
so that it measures how fast the load balancer refuses.

Source: https://cloud.google.com/load-balancing/docs/https (2026)

Passes:

    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: example}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners: [{name: http, port: 80, protocol: HTTP}]
    benchmark.sh: |
      guidellm benchmark --target "$URL"

Fails:

    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: example}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners: [{name: http, port: 80, protocol: HTTP}]
    benchmark.sh: |
      ab -n 100 -c 20 "$URL"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_gateways
from .subjects.scripts import calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_HINT = "measure with a tool that speaks HTTP/1.1, such as guidellm or inference-perf"
_SWITCHES = {"-0", "--http1.0"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not gke_gateways(tree):
        return
    for call in calls(tree, "ab"):
        message = "ApacheBench speaks HTTP/1.0, and Google's load balancer answers that with 426"
        yield TreeViolation(call.location, Violation((), message, _HINT))
    for call in calls(tree, "curl"):
        for word in call.words:
            if word.text in _SWITCHES:
                message = f"{word.text} asks in HTTP/1.0, and Google's load balancer answers 426"
                hint = "leave it out, or write --http1.1"
                yield TreeViolation(call.locate(word), Violation((), message, hint))


RULE = TreeRule("load-test-uses-old-http", Severity.WARNING, _check, acknowledgeable=True)
