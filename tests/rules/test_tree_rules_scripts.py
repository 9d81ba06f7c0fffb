"""What the rules about scripts and texts say of odd cases, and where they hold their tongue."""

from __future__ import annotations

import pytest

from llmd_render.diagnostics import format_path
from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: inference-gateway, namespace: opendatahub}
spec: {gatewayClassName: gke-l7-rilb, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""
SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: models}
spec: {model: {uri: hf://Qwen/Qwen3-4B, name: qwen}}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: example, namespace: models}
spec:
  containers:
    - name: main
      image: example.com/main:1
      env: [{name: T, valueFrom: {secretKeyRef: {name: hf-token, key: HF_TOKEN}}}]
"""
TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
GITHUB = "ghp_" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
KSERVE_LABELS = (
    "app.kubernetes.io/name=qwen,app.kubernetes.io/component=llminferenceservice-workload"
)
Files = dict[str, str]

FOUND: list[tuple[str, Files, int, int, str]] = [
    (
        "secret-on-command-line",
        {"s.sh": 'podman login -u me -p "$PASSWORD" quay.io\n'},
        1,
        20,
        "podman gets a secret as an argument, in -p",
    ),
    (
        "secret-on-command-line",
        {"s.sh": 'kubectl create secret docker-registry x \\\n  --docker-password="$P"\n'},
        2,
        3,
        "kubectl gets a secret as an argument, in --docker-password",
    ),
    (
        "secret-on-command-line",
        {"s.sh": 'curl -H "Authorization: Bearer $TOKEN" https://example.com\n'},
        1,
        9,
        "curl gets a secret as an argument, in Authorization",
    ),
    (
        "secret-on-command-line",
        {"s.sh": 'kubectl create secret generic x --from-literal api-key="$K"\n'},
        1,
        33,
        "kubectl gets a secret as an argument, in --from-literal=api-key",
    ),
    (
        "secret-on-command-line",
        {"s.sh": "helm install x y --set auth.token=$T\n"},
        1,
        18,
        "helm gets a secret as an argument, in --set auth.token",
    ),
    (
        "secret-value-in-text",
        {"README.md": f"# Use\n\n    export HF_TOKEN={TOKEN}\n"},
        3,
        21,
        "a token of Hugging Face stands here in clear text",
    ),
    (
        "secret-value-in-text",
        {"s.sh": f"git clone https://{GITHUB}@github.com/a/b\n"},
        1,
        19,
        "a token of GitHub stands here in clear text",
    ),
    (
        "home-path-hardcoded",
        {"s.sh": 'cd "/Users/bob/work"\n'},
        1,
        5,
        "/Users/bob is the home of bob, and is on no other machine",
    ),
    (
        "script-default-contradicts-other",
        {"a.sh": "Z=${ZONE:-us-a}\n", "b.sh": "\n  echo ${ZONE-us-b}\n"},
        2,
        8,
        "ZONE is us-b by default, and us-a in a.sh:1",
    ),
    (
        "load-test-uses-old-http",
        {"g.yaml": GATEWAY, "s.sh": "curl -0 $URL\n"},
        1,
        6,
        "-0 asks in HTTP/1.0, and Google's load balancer answers 426",
    ),
    (
        "load-test-uses-old-http",
        {"g.yaml": GATEWAY, "s.sh": 'run() { "$@"; }\nrun /usr/bin/ab -n 1 $URL\n'},
        2,
        5,
        "ApacheBench speaks HTTP/1.0, and Google's load balancer answers that with 426",
    ),
    (
        "kserve-deployment-scaled-by-hand",
        {"k.yaml": SERVICE, "s.sh": "kubectl -n models scale deploy/qwen-kserve --replicas 0\n"},
        1,
        25,
        (
            "the script scales qwen-kserve, whose replicas KServe puts back to those of "
            "LLMInferenceService qwen"
        ),
    ),
    (
        "script-selector-matches-nothing",
        {
            "k.yaml": SERVICE,
            "s.sh": "kubectl wait pod -n models \\\n  -l serving.kserve.io/inferenceservice=qwen "
            "--for=condition=Ready\n",
        },
        2,
        6,
        "no Pod that is made in models has the labels serving.kserve.io/inferenceservice=qwen",
    ),
    (
        "script-names-unknown-group",
        {"s.sh": "kubectl get gateways,inferencepools.kserve.io -A\n"},
        1,
        13,
        (
            "there is no inferencepools in kserve.io; it is in inference.networking.k8s.io and "
            "inference.networking.x-k8s.io"
        ),
    ),
    (
        "script-names-missing-object",
        {"g.yaml": GATEWAY, "s.sh": "kubectl get gateway inference-gatway -n opendatahub\n"},
        1,
        21,
        "the script names Gateway inference-gatway, and this tree has inference-gateway",
    ),
    (
        "script-names-missing-object",
        {"k.yaml": SERVICE, "s.sh": "N=qwen\nkubectl -n models get service $N\n"},
        2,
        31,
        (
            "the script names Service qwen; of LLMInferenceService qwen KServe makes Service "
            "qwen-kserve-workload-svc"
        ),
    ),
    (
        "script-secret-key-differs",
        {
            "p.yaml": POD,
            "s.sh": "kubectl -n models create secret generic hf-token --from-file=./token\n",
        },
        8,
        71,
        "the Secret hf-token gets the key token in s.sh:1, and no key HF_TOKEN",
    ),
    (
        "arithmetic-increment-ends-script",
        {"s.sh": "#!/bin/bash -eu\nif true; then\n  (( n-- )) # one less\nfi\n"},
        3,
        3,
        "the script ends here when n is 0, because of set -e",
    ),
    (
        "markdown-link-broken",
        {"docs/a.md": "[x](../b.md)\n[y](../c.md#z)\n", "b.md": ""},
        2,
        5,
        "the text links to ../c.md, which does not exist",
    ),
    (
        "infrastructure-values-ignored",
        {"infra/values.yaml": 'pullSecretFile: ""\nlwsOperator: {enabled: true}\n'},
        2,
        15,
        "nothing reads lwsOperator.enabled; what is installed is what make is told",
    ),
]

ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: opendatahub}
spec:
  parentRefs: [{name: inference-gateway}]
  rules:
    - MATCHES
      backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: p}]
"""
POLICY = """\
---
apiVersion: networking.gke.io/v1
kind: GCPBackendPolicy
metadata: {name: p, namespace: opendatahub}
spec:
  targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: p}
  default: {DEFAULT}
"""
EXTERNAL = GATEWAY.replace("gke-l7-rilb", "gke-l7-regional-external-managed")
GUARDED = POLICY.replace("DEFAULT", "securityPolicy: x")


def route(text: str) -> str:
    return ROUTE.replace("MATCHES", text)


def address(call: str, gateway: str = EXTERNAL) -> Files:
    named = gateway.replace("spec: {", "spec: {addresses: [{type: NamedAddress, value: a}], ")
    return {"g.yaml": named, "s.sh": f"gcloud compute addresses create {call}\n"}


REWRITE = (
    "{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: X}}}"
)
EXPOSED = [
    ("matches: []", "$.spec.rules[0]", "/metrics"),
    ("matches: [{}]", "$.spec.rules[0].matches[0]", "/metrics"),
    ("matches: [{path: {value: /metrics}}]", "$.spec.rules[0].matches[0].path.value", "/metrics"),
    (
        "matches: [{path: {type: Exact, value: /metrics}}]",
        "$.spec.rules[0].matches[0].path.value",
        "/metrics",
    ),
    (
        f"{{matches: [{{path: {{value: /a/b}}}}], filters: [{REWRITE.replace('X', '/')}]",
        "$.spec.rules[0].matches[0].path.value",
        "/a/b/metrics",
    ),
    (
        f"{{matches: [{{path: {{value: /a/b}}}}], filters: [{REWRITE.replace('X', '/metrics')}]",
        "$.spec.rules[0].matches[0].path.value",
        "/a/b",
    ),
]
HIDDEN = [
    "matches: [{path: {type: PathPrefix, value: /v1}}]",
    "matches: [{path: {type: PathPrefix, value: /met}}]",
    "matches: [{path: {type: Exact, value: /}}]",
    f"{{matches: [{{path: {{value: /a/b}}}}], filters: [{REWRITE.replace('X', '/v1')}]",
]

SILENT: dict[str, Files] = {
    "a port that podman publishes": {"s.sh": "podman run -p 80:80 x\n"},
    "a literal that is no secret": {
        "s.sh": "kubectl create secret generic x --from-literal=url=$U\n"
    },
    "a header from a file": {"s.sh": 'curl --header @"$WORK/header" https://example.com\n'},
    "a token that only looks like one": {"s.sh": "echo hf_" + "x" * 34 + " sk-a\n"},
    "the home of a user of every image": {"s.sh": "ls /home/vllm/.cache $HOME/a /x/home/bob/y\n"},
    "a home in a comment": {"s.sh": "# once in /home/bob/x\n"},
    "one default in one script": {"a.sh": "echo ${ZONE:-a} ${ZONE:-b}\n"},
    "defaults of a number": {"a.sh": "echo ${COUNT:-1}\n", "b.sh": "echo ${COUNT:-2}\n"},
    "ApacheBench without a Gateway of GKE": {"s.sh": "ab -n 1 http://localhost/\n"},
    "a Deployment of somebody else": {
        "k.yaml": SERVICE,
        "s.sh": "kubectl scale deploy web --replicas=2\n",
    },
    "labels that KServe sets": {
        "k.yaml": SERVICE,
        "s.sh": f"kubectl logs -n models -l {KSERVE_LABELS}\n",
    },
    "labels of others": {"k.yaml": SERVICE, "s.sh": "kubectl logs -n models -l app=web\n"},
    "labels in a namespace that is not known": {
        "k.yaml": SERVICE,
        "s.sh": "kubectl logs -n other -l app.kubernetes.io/component=workload\n",
    },
    "labels in a namespace that a run decides": {
        "k.yaml": SERVICE,
        "s.sh": 'kubectl logs -n "$1" -l app.kubernetes.io/component=workload\n',
    },
    "nodes with labels": {"k.yaml": SERVICE, "s.sh": "kubectl get nodes -n models -l a=b\n"},
    "a group with its version": {"s.sh": "kubectl get httproutes.v1.gateway.networking.k8s.io\n"},
    "a gateway of another kind": {"s.sh": "kubectl get gateways.networking.istio.io\n"},
    "another Gateway": {"g.yaml": GATEWAY, "s.sh": "kubectl get gateway web -n opendatahub\n"},
    "an object that is created": {"g.yaml": GATEWAY, "s.sh": "kubectl create gateway x\n"},
    "a Service that is there": {
        "k.yaml": SERVICE + "---\napiVersion: v1\nkind: Service\n"
        "metadata: {name: qwen, namespace: models}\nspec: {ports: [{port: 80}]}\n",
        "s.sh": "kubectl -n models get svc qwen\n",
    },
    "a key that a run decides": {
        "p.yaml": POD,
        "s.sh": 'kubectl -n models create secret generic hf-token --from-file="$FILE"\n',
    },
    "a Secret in another namespace": {
        "p.yaml": POD,
        "a.sh": "kubectl -n other create secret generic hf-token --from-file=token=x\n",
        "b.sh": "kubectl -n models create secret generic hf-token --from-file=HF_TOKEN=x\n",
    },
    "a second script with the right key": {
        "p.yaml": POD,
        "a.sh": "kubectl -n models create secret generic hf-token --from-file=token=x\n",
        "b.sh": "kubectl -n models create secret generic hf-token --from-file=HF_TOKEN=x\n",
    },
    "an increment without set -e": {"s.sh": "((n++))\n"},
    "an increment that something follows": {"s.sh": "set -e\n((n++)) || true\n"},
    "an increment before": {"s.sh": "set -e\n((++n))\n"},
    "links that are no files": {
        "a.md": "[a](#b) [c](https://example.com/d.md) [e](/f.md) `[g](h.md)` [i](j/)\n"
        "```\n[k](l.md)\n```\n[m]({{n}}.md)\n"
    },
    "a link to a file beside the tree": {"a.md": "[x](../other/README.md)\n"},
    "values of another chart": {"values.yaml": "sailOperator: {enabled: true}\n"},
}


def judge(files: Files) -> list[tuple[str, int, int, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    return [
        (item.code, item.location.line, item.location.column, item.message)
        for item in lint_tree(tree)
    ]


@pytest.mark.parametrize(("rule", "files", "line", "column", "message"), FOUND)
def test_a_rule_says_what_is_wrong_and_where_and_no_other_rule_speaks(
    rule: str, files: Files, line: int, column: int, message: str
) -> None:
    assert judge(files) == [(rule, line, column, message)]


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_no_rule_speaks_where_it_cannot_know(files: Files) -> None:
    assert judge(files) == []


def test_a_finding_in_a_script_shows_the_line() -> None:
    tree, _ = read_tree([RenderedFile("s.sh", "\ncd /home/bob/x\n", "")])
    (found,) = lint_tree(tree)
    assert found.excerpt == "cd /home/bob/x"


def write_rule(text: str) -> str:
    """Write a route; text with a brace is a rule on one line, without its last brace."""
    backends = "backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: p}]"
    if text.startswith("{"):
        return f"{route('@').split('    - @')[0]}    - {text}, {backends}}}\n"
    return route(text)


@pytest.mark.parametrize(("text", "path", "asked"), EXPOSED)
def test_a_route_that_lets_metrics_through_is_found(text: str, path: str, asked: str) -> None:
    tree, _ = read_tree([RenderedFile("g.yaml", EXTERNAL + write_rule(text) + GUARDED, "")])
    (found,) = lint_tree(tree)
    assert found.code == "route-exposes-server-metrics"
    assert found.message.endswith(f"read the model server's metrics, at {asked}")
    assert format_path(found.path) == path


@pytest.mark.parametrize("text", HIDDEN)
def test_a_route_for_clients_only_is_passed(text: str) -> None:
    assert judge({"g.yaml": EXTERNAL + write_rule(text) + GUARDED}) == []


def test_metrics_behind_an_internal_gateway_are_passed() -> None:
    assert judge({"g.yaml": GATEWAY + route("matches: []")}) == []


@pytest.mark.parametrize("default", ["timeoutSec: 300", "iap: {enabled: false}"])
def test_a_pool_that_anybody_can_call_is_found_once(default: str) -> None:
    text = EXTERNAL + route(HIDDEN[0]) * 2 + POLICY.replace("DEFAULT", default)
    ((code, line, column, message),) = judge({"g.yaml": text})
    assert (code, line, column) == ("gke-pool-open-to-internet", 4, 26)
    assert message == (
        "anybody on the internet can call InferencePool p through a Gateway of class "
        "gke-l7-regional-external-managed, and use the TPUs"
    )


@pytest.mark.parametrize("default", ["securityPolicy: x", "iap: {enabled: true}"])
def test_a_pool_that_is_guarded_is_passed(default: str) -> None:
    text = EXTERNAL + route(HIDDEN[0]) + POLICY.replace("DEFAULT", default)
    assert judge({"g.yaml": text}) == []


ADDRESSES = [
    (address("a --global"), "global external", "regional external"),
    (address("b a --region=x --subnet=y"), "regional internal", "regional external"),
    (address("a --region=x", GATEWAY), "regional external", "regional internal"),
]
RIGHT_ADDRESSES = [
    address("a --region=x"),
    address("a --region x --subnet y", GATEWAY),
    address("b --global"),
    address('a --global "$@"'),
    address("--global a"),
]


@pytest.mark.parametrize(("files", "kind", "wanted"), ADDRESSES)
def test_an_address_of_another_kind_is_found(files: Files, kind: str, wanted: str) -> None:
    ((code, line, _, message),) = judge(files)
    assert (code, line) == ("gateway-address-out-of-reach", 4)
    assert f"s.sh:1 reserves a as a {kind} address, and " in message
    assert message.endswith(f" takes a {wanted} one")


@pytest.mark.parametrize("files", RIGHT_ADDRESSES)
def test_an_address_that_fits_or_is_not_known_is_passed(files: Files) -> None:
    assert judge(files) == []
