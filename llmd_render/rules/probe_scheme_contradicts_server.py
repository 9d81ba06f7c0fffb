"""The probes of a container that runs vLLM speak HTTPS when vLLM does, and plain HTTP when not.

vLLM serves HTTPS when it is given `--ssl-certfile`, and plain HTTP without. A probe that speaks the
other one always fails: the Pod never becomes ready, or is restarted for ever.

Source: https://kubernetes.io/docs/concepts/workloads/pods/probes/ (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          command: [vllm, serve, some/model]
          readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          command: [vllm, serve, some/model]
          readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTPS}}
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, group_of, mapping_at
from .subjects.vllm_command import PROBES, probe_port, serves_https, vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        if not server.is_complete:
            continue
        secure = serves_https(server)
        for probe in PROBES:
            found = _scheme(server, probe)
            if found not in {"HTTP", "HTTPS"} or (found == "HTTPS") is secure:
                continue
            wanted = "HTTPS" if secure else "HTTP"
            why = "--ssl-certfile" if secure else "no --ssl-certfile"
            request = mapping_at(server.container, probe, "httpGet")
            yield TreeViolation(
                server.manifest,
                Violation(
                    (*server.path, probe, "httpGet", *(("scheme",) if "scheme" in request else ())),
                    f"the {probe} speaks {found}, and vLLM serves {wanted}, for it has {why}",
                    f"set the scheme of the probe to {wanted}",
                ),
            )


def _scheme(server: VllmContainer, probe: str) -> str:
    """Find the scheme of a probe of vLLM's own port; nothing where there is no such probe."""
    request = mapping_at(server.container, probe, "httpGet")
    if not request or probe_port(server.container, probe) != server.port:
        return ""
    # KServe's presets decide what an LLMInferenceService leaves out.
    default = "" if group_of(server.manifest) == KSERVE else "HTTP"
    scheme = request.get("scheme", default)
    return scheme if isinstance(scheme, str) else ""


RULE = TreeRule(
    "probe-scheme-contradicts-server",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("vllm-serves-tls-behind-gateway",),
)
