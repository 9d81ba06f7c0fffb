"""An LLMInferenceService whose vLLM serves plain HTTP says so in each of its probes.

KServe merges its preset into the container, and the probes there speak HTTPS unless the service
writes another scheme, or a release of KServe has TLS switched off. A container named `main` with a
command line of its own and without `--ssl-certfile` then never passes them.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/config/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: example}
    spec:
      model: {uri: hf://some/model}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server:1.0
            command: [vllm, serve, /mnt/models, --served-model-name=example]
            startupProbe:
              httpGet: {path: /health, port: 8000, scheme: HTTP}
              failureThreshold: 120
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: example}
    spec:
      model: {uri: hf://some/model}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server:1.0
            command: [vllm, serve, /mnt/models, --served-model-name=example]
            startupProbe:
              httpGet: {path: /health, port: 8000, scheme: HTTP}
              failureThreshold: 120
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import meets_later_kserve
from .subjects.objects import KSERVE, group_of, mapping_at
from .subjects.vllm_command import serves_https, vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

    from .subjects.vllm_command import VllmContainer

# Those of the preset; where it has no startupProbe, Kubernetes takes HTTP for one.
_PRESET_PROBES = ("readinessProbe", "livenessProbe")
_OTHER_KINDS = ("exec", "tcpSocket", "grpc")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        if not _is_merged(tree, server) or not server.is_complete or serves_https(server):
            continue
        silent = [probe for probe in _PRESET_PROBES if _leaves_open(server, probe)]
        if not silent or not is_complete(tree, server.manifest):
            continue
        written = [probe for probe in silent if probe in server.container]
        place: DataPath = (*server.path, *written[:1])
        yield TreeViolation(
            server.manifest,
            Violation(
                place,
                f"vLLM serves plain HTTP, and KServe's preset makes HTTPS of the "
                f"{' and the '.join(silent)}, which write{'s' if len(silent) == 1 else ''} no "
                "scheme",
                f"write httpGet.scheme: HTTP in the {' and the '.join(silent)}",
                key=bool(written),
            ),
        )


def _is_merged(tree: Tree, server: VllmContainer) -> bool:
    """Whether the preset of a single node is certain to be merged into this container."""
    data = server.manifest.data
    single = not value_at(data, "spec", "prefill") and not value_at(data, "spec", "worker")
    return (
        group_of(server.manifest) == KSERVE
        and not meets_later_kserve(tree, server.manifest)
        and text_at(server.container, "name") == "main"
        and server.pod.path == ("spec", "template")
        and single
    )


def _leaves_open(server: VllmContainer, probe: str) -> bool:
    if any(value_at(server.container, probe, kind) is not None for kind in _OTHER_KINDS):
        return False
    return "scheme" not in mapping_at(server.container, probe, "httpGet")


RULE = TreeRule("probe-scheme-left-to-preset", Severity.WARNING, _check, acknowledgeable=True)
