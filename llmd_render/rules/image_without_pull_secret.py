"""A Pod on a TPU node has what its registry asks for.

registry.redhat.io gives out no image without credentials. Nodes of GKE have none for it, so the
Pod names a Secret, or a ServiceAccount that does. Without either the node is paid for while the
image is not pulled.

Source: https://access.redhat.com/RegistryAuthentication (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: qwen}}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      imagePullSecrets: [{name: redhat-pull-secret}]
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          ports: [{containerPort: 8000}]
          resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: qwen}}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      containers:
        - name: main
          image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
          command: [vllm]
          args: [serve, Qwen/Qwen3-4B, --max-model-len=2048]
          ports: [{containerPort: 8000}]
          resources: {limits: {google.com/tpu: 1}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.image_names import split_image
from .subjects.objects import items_at, name_of, objects
from .subjects.scripts import scripts
from .subjects.tpu_pods import tpu_pods
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_CLOSED = "registry.redhat.io/"
_FIELD = "imagePullSecrets"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    pods = [pod for pod in tpu_pods(tree) if is_complete(tree, pod.manifest)]
    if not pods or _is_given_otherwise(tree):
        return
    for pod in pods:
        if pod.spec.get("imagePullSecrets") or pod.spec.get("serviceAccountName"):
            continue
        for path, container in items_at(pod.spec, "containers"):
            image = split_image(text_at(container, "image")).repository
            if image.startswith(_CLOSED):
                yield TreeViolation(
                    pod.manifest,
                    Violation(
                        (*pod.path, *path, "image"),
                        f"{_CLOSED[:-1]} wants credentials for {image.removeprefix(_CLOSED)}, and "
                        f"{pod.manifest.kind} {name_of(pod.manifest)} names no Secret with them",
                        "add imagePullSecrets with the name of a Secret of type "
                        "kubernetes.io/dockerconfigjson",
                    ),
                )
                break


def _is_given_otherwise(tree: Tree) -> bool:
    """Whether something gives pull secrets to ServiceAccounts, such as a script to `default`."""
    if any(_FIELD in script.text for script in scripts(tree)):
        return True
    return any(item.data.get(_FIELD) for item in objects(tree, "", "ServiceAccount"))


RULE = TreeRule("image-without-pull-secret", Severity.WARNING, _check, acknowledgeable=True)
