r"""On a cluster with GKE's Gateway controller, GKE brings the definitions of the Gateway API.

--gateway-api=standard installs them and keeps them at the release that the controller knows. GKE
owns them: what is applied over them may be put back, or may not fit the controller. From GKE 1.35
on the experimental ones are refused.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways (2026)

Passes:

    deploy.sh: |
      kubectl apply --server-side --filename=gateway.yaml
    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: inference-gateway, namespace: llm}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners:
          - {name: http, protocol: HTTP, port: 80}

Fails:

    deploy.sh: |
      kubectl apply --server-side \
        --filename=https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.4.0/standard-install.yaml
    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: inference-gateway, namespace: llm}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners:
          - {name: http, protocol: HTTP, port: 80}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_class_in
from .subjects.scripts import kubectl_calls, list_values, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_DEFINITIONS = re.compile(
    r"gateway-api/(releases/.*/(standard|experimental)-install\.yaml|(/?)config/crd)"
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    class_name = gke_class_in(tree)
    for call in kubectl_calls(tree, "apply", "create", "replace") if class_name else ():
        for word, value in list_values(call, "--filename", "--kustomize"):
            found = _DEFINITIONS.search(value)
            if found:
                what = f"the {found[2]} definitions" if found[2] else "definitions"
                yield violate(
                    word,
                    call,
                    f"{what} of the Gateway API are applied over those that GKE brings for the "
                    f"Gateway of class {class_name}",
                    "leave this out, and create the cluster with --gateway-api=standard",
                )


RULE = TreeRule(
    "gateway-definitions-applied-by-hand", Severity.WARNING, _check, acknowledgeable=True
)
