"""The probes of a container that runs vLLM ask for a path that vLLM answers.

vLLM answers /health as soon as it can serve, and other servers' paths, such as /healthz, with 404.
A probe that gets 404 fails: the Pod never gets ready, or is restarted for ever.

Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (2026)

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
          image: docker.io/vllm/vllm-tpu:v0.11.1
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          readinessProbe: {httpGet: {path: /health, port: 8000}}
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
          image: docker.io/vllm/vllm-tpu:v0.11.1
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          readinessProbe: {httpGet: {path: /healthz, port: 8000}}
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.vllm_command import PROBES, probe_port, vllm_containers
from .subjects.vllm_paths import is_unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        # Behind a path of its own, or with middleware, it may answer anything.
        if not server.is_complete or server.last("--root-path", "--middleware"):
            continue
        for probe in PROBES:
            path = text_at(server.container, probe, "httpGet", "path")
            if is_unanswered(path) and probe_port(server.container, probe) == server.port:
                yield TreeViolation(
                    server.manifest,
                    Violation(
                        (*server.path, probe, "httpGet", "path"),
                        f"the {probe} asks for {path}, which vLLM answers with 404",
                        "ask for /health",
                    ),
                )


RULE = TreeRule("vllm-path-not-probed", Severity.WARNING, _check, acknowledgeable=True)
