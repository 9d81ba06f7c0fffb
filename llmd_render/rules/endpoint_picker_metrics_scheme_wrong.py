"""The endpoint picker reads metrics by the scheme that the model server speaks.

The preset of KServe 0.15 reads them by HTTPS; from 0.17 on that can be switched. A vLLM with its
own arguments and no certificate speaks plain HTTP: no metrics arrive, and requests are spread
without regard to load. That follows from the code and was not seen on a cluster, so this is a
warning. 0.15 is meant where neither `--target`, a profile nor an object in v1alpha2 says what runs.

Source: https://github.com/opendatahub-io/kserve branch release-v0.15, config/llmisvc (2026-03-20)
Source: https://github.com/kubernetes-sigs/gateway-api-inference-extension v1.2.0, cmd/epp (2025)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router:
        scheduler:
          template:
            containers:
              - name: main
                args: [--pool-name, qwen-inference-pool, --pool-namespace, example,
                       --model-server-metrics-scheme, http]
      template:
        containers:
          - name: main
            command: [vllm]
            args: [serve, /mnt/models]
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {scheduler: {}}
      template:
        containers:
          - name: main
            command: [vllm]
            args: [serve, /mnt/models]
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import (
    SCHEDULER,
    flags_of_picker,
    main_container,
    meets_later_kserve,
    own_scheduler,
    place_in_picker,
    serves_plain_http,
    serves_tls,
    services,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_FLAG = "model-server-metrics-scheme"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        scheduler = own_scheduler(service)
        if scheduler is None:
            continue
        place, picker = main_container(service.data, *SCHEDULER, "template")
        flags = flags_of_picker(picker)
        if flags is not None:
            # From 0.17 on arguments are added to those of the preset, which can be switched.
            later = meets_later_kserve(tree, service)
            found = _judge(service, flags.get(_FLAG, "" if later else "http"))
            if found:
                where = (*place, *place_in_picker(picker, _FLAG))
                yield TreeViolation(service, Violation(where, *found))
        elif _has_old_preset(tree, service, picker) and serves_plain_http(service):
            yield TreeViolation(
                service,
                Violation(
                    SCHEDULER,
                    "KServe's endpoint picker reads metrics by https, and this model server "
                    "speaks plain HTTP",
                    "give the scheduler's container main all arguments of the preset, with "
                    f"--{_FLAG} http",
                    key=True,
                ),
            )


def _judge(service: Manifest, scheme: str) -> tuple[str, str] | None:
    if scheme == "https" and serves_plain_http(service):
        return (
            f"--{_FLAG} is https, and this model server speaks plain HTTP",
            f"write --{_FLAG} http",
        )
    if scheme == "http" and serves_tls(service):
        return (
            "the endpoint picker reads metrics by http, and this model server speaks TLS",
            f"write --{_FLAG} https",
        )
    return None


def _has_old_preset(tree: Tree, service: Manifest, picker: dict[str, object]) -> bool:
    """Whether the preset's arguments apply, from a release that cannot switch TLS off."""
    written = picker.get("args") or picker.get("command")
    return not written and not meets_later_kserve(tree, service)


RULE = TreeRule(
    "endpoint-picker-metrics-scheme-wrong", Severity.WARNING, _check, acknowledgeable=True
)
