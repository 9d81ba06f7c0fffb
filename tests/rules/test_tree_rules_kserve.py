"""What the rules about LLMInferenceServices say of odd cases, and where they hold their tongue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support import OUT, run

from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import TreeRule, find_rule

if TYPE_CHECKING:
    from pathlib import Path

GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: inference-gateway, namespace: opendatahub}
spec: {gatewayClassName: gke-l7-rilb, listeners: [{name: http, port: 80, protocol: HTTP}]}
---"""
SERVICE = """
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: example}
spec:
  model: {uri: hf://Qwen/Qwen3-4B}
"""
PLAIN = """\
  template:
    containers:
      - name: main
        command: [vllm]
        args: [serve, /mnt/models]
        readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
"""
TLS = PLAIN.replace("/mnt/models]", "/mnt/models, --ssl-certfile=/tls.crt]").replace(
    "HTTP}", "HTTPS}"
)
MANAGED = "  router: {gateway: {}, route: {}}\n"
CONFIG = """---
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceServiceConfig
metadata: {name: kserve-config-llm-router-route, namespace: example}
spec:
  router:
    route:
      http:
        spec:
          rules:
            - backendRefs: [{name: "{{ ChildName .ObjectMeta.Name `-kserve-workload-svc` }}"}]
              timeouts: {request: 0s}
            - backendRefs: [{name: other}]
"""
ROUTE = """---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: qwen, namespace: example}
spec:
  parentRefs: [{name: inference-gateway, namespace: opendatahub}]
  rules: [{backendRefs: [{name: other}, {name: qwen-kserve-workload-svc, port: 8000}]}]
"""
SCALER = """---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: qwen, namespace: example}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: qwen-kserve}}
"""
KEDA = """---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: qwen}
spec: {scaleTargetRef: {name: qwen-kserve-prefill}}
"""
ROUTE_TIMEOUTS = (
    "the Gateway inference-gateway of class gke-l7-rilb refuses a route that has time-outs"
)
PLAIN_SERVICE = (
    "the Service qwen-kserve-workload-svc says https, and the vLLM behind it speaks plain HTTP"
)


def picker(args: str, more: str = "") -> str:
    """Write a scheduler whose container main has these arguments."""
    container = f"{{name: main, args: [{args}]{more}}}"
    return f"  router: {{scheduler: {{template: {{containers: [{{name: a}}, {container}]}}}}}}\n"


def pod(image: str, container: str, settings: str = "{}") -> str:
    """Write a Pod with one container."""
    spec = (
        f"{{securityContext: {settings}, containers: [{{name: a, image: '{image}', {container}}}]}}"
    )
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}\n"


def found(name: str, text: str) -> list[tuple[str, str, str]]:
    """Run one rule: where in the object, what is wrong, what to do."""
    rule = find_rule(name)
    assert isinstance(rule, TreeRule)
    tree, problems = read_tree([RenderedFile("a.yaml", text, "")])
    assert problems == []
    return [
        (".".join(map(str, item.violation.path)), item.violation.message, item.violation.hint)
        for item in rule.check(tree)
    ]


def codes(*args: str | Path) -> set[str]:
    """Run the command and give the codes of all that it found."""
    return {item["code"] for item in json.loads(run(*args).stdout)["diagnostics"]}


ARGS = "spec.router.scheduler.template.containers.1.args"
SAYS: list[tuple[str, str, str, str, str]] = [
    (
        "autoscaler-fights-kserve-replicas",
        SERVICE + "  prefill: {replicas: 2}\n" + KEDA,
        "spec.scaleTargetRef.name",
        (
            "KServe keeps the Deployment qwen-kserve-prefill at 2 replicas, as the "
            "LLMInferenceService qwen says"
        ),
        "remove the autoscaler; from 0.17 on KServe lets it work when replicas is left out",
    ),
    (
        "autoscaler-fights-kserve-replicas",
        SERVICE + "  replicas: 0\n" + SCALER,
        "spec.scaleTargetRef.name",
        (
            "KServe keeps the Deployment qwen-kserve at 0 replicas, as the "
            "LLMInferenceService qwen says"
        ),
        "remove the autoscaler; from 0.17 on KServe lets it work when replicas is left out",
    ),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + picker("--pool-name=a, --model-server-metrics-scheme, https") + PLAIN,
        f"{ARGS}.2",
        "--model-server-metrics-scheme is https, and this model server speaks plain HTTP",
        "write --model-server-metrics-scheme http",
    ),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + picker("--pool-name=a") + TLS,
        ARGS,
        "the endpoint picker reads metrics by http, and this model server speaks TLS",
        "write --model-server-metrics-scheme https",
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE + picker("--pool-name, other-inference-pool, --pool-namespace=example"),
        f"{ARGS}.1",
        (
            "--pool-name is other-inference-pool, and KServe names the pool of this service "
            "qwen-inference-pool"
        ),
        "write --pool-name qwen-inference-pool",
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE + picker("-pool-name=qwen-inference-pool, -pool-namespace, other"),
        f"{ARGS}.2",
        "--pool-namespace is other, and the pool of this service is in example",
        "write --pool-namespace example",
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE + picker("--poolName, qwen-inference-pool"),
        ARGS,
        "these arguments name no namespace, and the picker looks for its pool in default",
        "add --pool-namespace example, and the other arguments of KServe's preset",
    ),
    (
        "image-root-user-refused",
        pod("vllm/vllm-tpu@sha256:0", "securityContext: {runAsNonRoot: true}"),
        "spec.containers.0.image",
        "the image vllm/vllm-tpu@sha256:0 most likely runs as root, which runAsNonRoot refuses",
        (
            "set securityContext.runAsNonRoot of the container to false, or runAsUser "
            "to a user that the image works with"
        ),
    ),
    (
        "scheduler-template-without-containers",
        SERVICE + "  router: {scheduler: {template: {containers: []}}}\n",
        "spec.router.scheduler.template",
        (
            "the scheduler's template has no containers, and KServe 0.15 then drops the "
            "endpoint picker's own"
        ),
        "add `containers: [{name: main}]` to the template",
    ),
    (
        "workload-service-expects-tls",
        GATEWAY + SERVICE + PLAIN + ROUTE,
        "spec.rules.0.backendRefs.1.name",
        PLAIN_SERVICE,
        (
            "send these requests to the InferencePool as well, or to a Service of your own with "
            "appProtocol http"
        ),
    ),
    (
        "workload-service-expects-tls",
        GATEWAY
        + SERVICE
        + "  router: {gateway: {}, route: {http: {spec: {rules: [{backendRefs: "
        + "[{name: qwen-kserve-workload-svc}]}]}}}}\n"
        + PLAIN,
        "spec.router.route.http.spec.rules.0.backendRefs.0.name",
        PLAIN_SERVICE,
        (
            "send these requests to the InferencePool as well, or to a Service of your own with "
            "appProtocol http"
        ),
    ),
    (
        "workload-service-expects-tls",
        GATEWAY + SERVICE + MANAGED + PLAIN,
        "spec.router.route",
        (
            "KServe's preset for the route sends all but completions to the Service "
            "qwen-kserve-workload-svc, which says https, and this vLLM speaks plain HTTP"
        ),
        "write rules that send everything to the InferencePool",
    ),
]


@pytest.mark.parametrize(("name", "text", "path", "message", "hint"), SAYS)
def test_a_rule_says_where_what_and_what_to_do(
    name: str, text: str, path: str, message: str, hint: str
) -> None:
    assert found(name, text) == [(path, message, hint)]


ISTIO = GATEWAY.replace("gke-l7-rilb", "istio")
LATER = SERVICE.replace("v1alpha1", "v1alpha2")
BASED = "  baseRefs: [{name: base}]\n"
ROOT = "docker.io/vllm/vllm-tpu:v0.12.0"
TPU = "nodeSelector: {cloud.google.com/gke-tpu-topology: 2x2}"
SILENT: list[tuple[str, str]] = [
    ("autoscaler-fights-kserve-replicas", LATER + SCALER),
    (
        "autoscaler-fights-kserve-replicas",
        SERVICE + "  replicas: 1\n" + SCALER.replace("namespace: example", "namespace: other"),
    ),
    (
        "autoscaler-fights-kserve-replicas",
        SERVICE + "  replicas: 1\n" + SCALER.replace("kind: Deployment", "kind: StatefulSet"),
    ),
    ("autoscaler-fights-kserve-replicas", SERVICE + "  replicas: 1\n" + KEDA),
    ("endpoint-picker-metrics-scheme-wrong", LATER + "  router: {scheduler: {}}\n" + PLAIN),
    ("endpoint-picker-metrics-scheme-wrong", SERVICE + "  router: {scheduler: {}}\n" + TLS),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + "  router: {scheduler: {}}\n" + BASED + PLAIN,
    ),
    ("endpoint-picker-metrics-scheme-wrong", SERVICE + "  router: {route: {}}\n" + PLAIN),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + "  router: {scheduler: {}}\n" + PLAIN.replace(", scheme: HTTP", ""),
    ),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + "  router: {scheduler: {}}\n" + PLAIN.replace("/mnt/models]", "--config=a.yaml]"),
    ),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + "  router: {scheduler: {pool: {ref: {name: mine}}}}\n" + PLAIN,
    ),
    ("endpoint-picker-metrics-scheme-wrong", SERVICE + picker("--v=4") + PLAIN),
    ("endpoint-picker-without-its-pool", SERVICE + "  router: {scheduler: {}}\n"),
    ("endpoint-picker-without-its-pool", SERVICE + picker("--endpoint-selector=app=a")),
    ("endpoint-picker-without-its-pool", SERVICE + picker("--v=4", ", command: [/my-picker]")),
    (
        "endpoint-picker-without-its-pool",
        SERVICE
        + picker("--pool-name=qwen-inference-pool", ", env: [{name: NAMESPACE, value: example}]"),
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE + picker("'--pool-name={{ .ObjectMeta.Name }}', --pool-namespace=$(NAMESPACE)"),
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE.replace("{name: qwen, namespace: example}", "{name: qwen}")
        + picker("--pool-name=qwen-inference-pool, --pool-namespace=anywhere"),
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE.replace("name: qwen", f"name: {'q' * 39}")
        + picker("--pool-name=cut-and-hashed, --pool-namespace=example"),
    ),
    ("image-root-user-refused", pod(ROOT, "ports: []")),
    ("image-root-user-refused", pod(ROOT, "ports: []", "{runAsNonRoot: true, runAsUser: 1000}")),
    (
        "image-root-user-refused",
        pod(ROOT, "securityContext: {runAsNonRoot: false}", "{runAsNonRoot: true}"),
    ),
    ("image-root-user-refused", pod("example/vllm-tpu:1", "ports: []", "{runAsNonRoot: true}")),
    (
        "image-root-user-refused",
        SERVICE + f"  template: {{containers: [{{name: sidecar, image: '{ROOT}'}}]}}\n",
    ),
    (
        "image-root-user-refused",
        SERVICE + BASED + f"  template: {{containers: [{{name: main, image: '{ROOT}'}}]}}\n",
    ),
    (
        "gpu-requested-on-tpu-node",
        pod("a:1", "resources: {limits: {nvidia.com/gpu: 1}}"),
    ),
    (
        "gpu-requested-on-tpu-node",
        pod("a:1", "resources: {limits: {nvidia.com/gpu: 0}}").replace(
            "spec: {", f"spec: {{{TPU}, "
        ),
    ),
    ("scheduler-template-without-containers", LATER + "  router: {scheduler: {template: {}}}\n"),
    (
        "scheduler-template-without-containers",
        SERVICE + "  router: {scheduler: {pool: {ref: {name: a}}, template: {}}}\n",
    ),
    ("workload-service-expects-tls", ISTIO + SERVICE + PLAIN + ROUTE),
    ("workload-service-expects-tls", GATEWAY + SERVICE + TLS + ROUTE),
    ("workload-service-expects-tls", GATEWAY + LATER + PLAIN + ROUTE),
    ("workload-service-expects-tls", GATEWAY + SERVICE + MANAGED + PLAIN + CONFIG),
    (
        "workload-service-expects-tls",
        GATEWAY + SERVICE + PLAIN + ROUTE.replace("namespace: example", "namespace: other"),
    ),
]


@pytest.mark.parametrize(("name", "text"), SILENT)
def test_a_rule_that_cannot_know_says_nothing(name: str, text: str) -> None:
    assert found(name, text) == []


def test_a_gpu_on_a_tpu_node_is_one_finding_a_container() -> None:
    both = "resources: {requests: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 1}}"
    text = pod("a:1", both).replace("spec: {", f"spec: {{{TPU}, ")
    assert found("gpu-requested-on-tpu-node", text) == [
        (
            "spec.containers.0.resources.limits.nvidia.com/gpu",
            "the nodeSelector wants a node with TPUs, which has no nvidia.com/gpu",
            "remove nvidia.com/gpu",
        )
    ]


def test_the_tree_as_documented_breaks_only_rules_that_its_profile_breaks_too() -> None:
    name = "qwen-3b-v6e-as-documented"
    said = codes("--profile", name, "--dry-run", "--format", "json")
    there = codes("lint", OUT / name, "--format", "json")
    assert {"gke-route-left-to-preset", "workload-service-expects-tls"} <= there
    for code in there:
        rule = find_rule(code)
        assert isinstance(rule, TreeRule)
        assert said.intersection(rule.covered_by), code
