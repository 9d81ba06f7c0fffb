"""A request in a script asks for a model by a name under which it is served.

vLLM answers 404 to any other name. The name is what `--served-model-name` says, and without
that the path or id that vLLM was started with.

Source: https://docs.vllm.ai/en/v0.11.0/cli/serve.html (2025-10)

Passes:

    service.yaml: |
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
    test.sh: |
      curl "$URL/v1/completions" -d '{"model": "some/model", "prompt": "Hello"}'

Fails:

    service.yaml: |
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
    test.sh: |
      curl "$URL/v1/completions" -d '{"model": "/mnt/models", "prompt": "Hello"}'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean

from .rule import TreeRule, TreeViolation
from .subjects.scripts import calls
from .subjects.vllm_command import served_names, vllm_containers
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_ENDPOINT = re.compile(r"/v1/(chat/)?completions\b")
_MODEL = re.compile(r'"model"\s*:\s*"(?P<name>[^"\\\0]+)"')


def _check(tree: Tree) -> Iterator[TreeViolation]:
    served: set[str] = set()
    for server in vllm_containers(tree):
        _, names = served_names(server)
        if not names or not is_complete(tree, server.manifest):
            return
        served.update(names)
    for call in calls(tree, "curl") if served else ():
        if not any(_ENDPOINT.search(word.text) for word in call.words):
            continue
        for word in call.words:
            found = _MODEL.search(word.text)
            if found and found["name"] not in served:
                listed = " and ".join(sorted(served))
                yield TreeViolation(
                    call.locate(word),
                    Violation(
                        (),
                        f"the script asks for model {found['name']}, and it is served as {listed}",
                        did_you_mean(found["name"], served, "ask for it by that name"),
                    ),
                )


RULE = TreeRule("script-model-not-served", Severity.WARNING, _check, acknowledgeable=True)
