"""The vLLM of an LLMInferenceService serves the model under the name that the service declares.

`spec.model.name`, or else the name of the service, is what clients and KServe go by. vLLM serves
under `--served-model-name`, or else under the path it loads from, such as `/mnt/models`, and it
answers 404 to any other name. KServe passes the name in its own command line, and one of yours
replaces that.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/config/llmisvc (2026-03-20)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: example}
    spec:
      model: {uri: hf://some/model, name: some/model}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server:1.0
            command: [vllm, serve, /mnt/models, --served-model-name=some/model]
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            startupProbe:
              httpGet: {path: /health, port: 8000, scheme: HTTP}
              failureThreshold: 120
            resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: example}
    spec:
      model: {uri: hf://some/model, name: some/model}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server:1.0
            command: [vllm, serve, /mnt/models]
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            startupProbe:
              httpGet: {path: /health, port: 8000, scheme: HTTP}
              failureThreshold: 120
            resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, group_of, name_of
from .subjects.vllm_command import SERVED_NAME, served_names, vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for server in vllm_containers(tree):
        if group_of(server.manifest) != KSERVE or server.pod.path[-1] != "template":
            continue
        declared = text_at(server.manifest.data, "spec", "model", "name")
        wanted = declared or name_of(server.manifest)
        path, served = served_names(server)
        if not wanted or not served or wanted in served or not is_complete(tree, server.manifest):
            continue
        if any(sign in name for name in (wanted, *served) for sign in "${"):
            continue
        field = "spec.model.name is" if declared else "without spec.model.name the service is"
        missing = "" if server.last(SERVED_NAME) else f", for want of {SERVED_NAME}"
        yield TreeViolation(
            server.manifest,
            Violation(
                path,
                f"vLLM serves the model as {' and '.join(served)}{missing}, and {field} {wanted}",
                f"pass {SERVED_NAME}={wanted}",
            ),
        )


RULE = TreeRule(
    "served-model-name-not-declared",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("served-model-name-is-path",),
)
