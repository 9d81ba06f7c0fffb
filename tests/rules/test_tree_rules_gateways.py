"""Rules about Gateways and the routes on them: edges that the rules' own examples do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from llmd_render.diagnostics import format_path
from llmd_render.manifest import Manifest, read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import TREE_RULES, find_rule

if TYPE_CHECKING:
    from llmd_render.diagnostics import DataPath
    from llmd_render.rules import TreeRule

POOL = "{group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}"
SERVED = "[{name: qwen, port: 8000}]"
PATIENT = "default: {timeoutSec: 3600}"


def gateway(
    listener: str = "{name: http, protocol: HTTP, port: 80}",
    *,
    of: str = "gke-l7-rilb",
    namespace: str = "llm",
    name: str = "gate",
    annotations: str = "{}",
) -> str:
    return f"""\
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}, annotations: {annotations}}}
spec: {{gatewayClassName: {of}, listeners: [{listener}]}}
"""


def route(
    rule: str = f"backendRefs: {SERVED}",
    *,
    parents: str = "[{name: gate}]",
    namespace: str = "llm",
    more: str = "",
) -> str:
    return f"""\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: route, namespace: {namespace}}}
spec: {{parentRefs: {parents}, {more}rules: [{{{rule}}}]}}
"""


def service(router: str, more: str = "") -> str:
    return f"""\
---
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {{name: qwen, namespace: llm}}
spec: {{router: {router}{more}}}
"""


def config(rule: str, name: str = "kserve-config-llm-router-route", namespace: str = "llm") -> str:
    return f"""\
---
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceServiceConfig
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{router: {{route: {{http: {{spec: {{rules: [{{{rule}}}]}}}}}}}}}}
"""


def policy(
    target: str, *, namespace: str = "llm", kind: str = "HealthCheckPolicy", name: str = "policy"
) -> str:
    return f"""\
---
apiVersion: networking.gke.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{targetRef: {target}}}
"""


def pool(name: str = "qwen-inference-pool", namespace: str = "llm") -> str:
    return f"""\
---
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {{name: {name}, namespace: {namespace}}}
"""


def filters(*items: str) -> str:
    return f"filters: [{', '.join(items)}], backendRefs: {SERVED}"


def allowed(namespaces: str, name: str = "http") -> str:
    return (
        f"{{name: {name}, protocol: HTTP, port: 80, allowedRoutes: {{namespaces: {namespaces}}}}}"
    )


def host(name: str) -> str:
    return f"{{name: http, protocol: HTTP, port: 80, hostname: '{name}'}}"


MANAGED = service("{route: {}, gateway: {refs: [{name: gate}]}, scheduler: {}}")
WORKLOAD = "[{name: qwen-kserve-workload-svc, port: 8000}]"
PLAIN = service("{}", ", template: {containers: [{name: main, args: [vllm serve /mnt/models]}]}")
OWN_WORKLOAD = """\
---
apiVersion: v1
kind: Service
metadata: {name: qwen-kserve-workload-svc, namespace: llm}
spec: {ports: [{port: 8000}]}
"""
TIMEOUTS = "timeouts: {request: 0s}"
TO_GATEWAYS = "[{name: gate, namespace: gateways}]"
BY_NAME = "kubernetes.io/metadata.name"
ADMIT = (
    "let allowedRoutes.namespaces of the listener select the namespace, with from: Selector and "
    f"the label {BY_NAME}: llm"
)
NOT_LLM = f"{{matchExpressions: [{{key: {BY_NAME}, operator: NotIn, values: [llm]}}]}}"
INLINE = f"{{http: {{spec: {{rules: [{{{TIMEOUTS}}}]}}}}}}"
OPTION = "set tls.certificateRefs, or the option networking.gke.io/{} in tls.options"

FOUND = [
    (
        "gke-route-has-timeouts",
        gateway() + route(TIMEOUTS),
        "$.spec.rules[0].timeouts",
        "a rule has timeouts, and gke-l7-rilb refuses a route that has any, even 0s",
        "remove timeouts, and set spec.default.timeoutSec in a GCPBackendPolicy instead",
    ),
    (
        "gke-route-has-timeouts",
        gateway() + service(f"{{route: {INLINE}, gateway: {{refs: [{{name: gate}}]}}}}"),
        "$.spec.router.route.http.spec.rules[0].timeouts",
        "a rule has timeouts, and gke-l7-rilb refuses a route that has any, even 0s",
        "remove timeouts, and set spec.default.timeoutSec in a GCPBackendPolicy instead",
    ),
    (
        "gke-route-has-timeouts",
        gateway() + MANAGED + config(TIMEOUTS),
        "$.spec.router.route.http.spec.rules[0].timeouts",
        "a rule has timeouts, and gke-l7-rilb refuses a route that has any, even 0s",
        "remove timeouts, and set spec.default.timeoutSec in a GCPBackendPolicy instead",
    ),
    (
        "gke-route-has-timeouts",
        gateway()
        + gateway(name="mesh", of="istio")
        + route(TIMEOUTS, parents="[{name: mesh}, {name: gate}]"),
        "$.spec.rules[0].timeouts",
        "a rule has timeouts, and gke-l7-rilb refuses a route that has any, even 0s",
        "remove timeouts, and set spec.default.timeoutSec in a GCPBackendPolicy instead",
    ),
    (
        "gke-route-path-not-literal",
        gateway()
        + route("matches: [{path: {value: /a}}, {path: {type: RegularExpression, value: /b.*}}]"),
        "$.spec.rules[0].matches[1].path.type",
        "the path is a RegularExpression, which gke-l7-rilb refuses",
        "use PathPrefix or Exact",
    ),
    (
        "gke-route-filter-refused",
        gateway()
        + route(filters("{type: RequestRedirect, requestRedirect: {scheme: https, port: 443}}")),
        "$.spec.rules[0].filters[0].requestRedirect.port",
        "the redirect names port 443, and gke-l7-rilb refuses a redirect to a port",
        "remove port; scheme alone leads from HTTP to HTTPS",
    ),
    (
        "gke-route-matches-method",
        gateway() + route("matches: [{method: GET}]"),
        "$.spec.rules[0].matches[0].method",
        "the match asks for method GET, and gke-l7-rilb refuses such a match",
        "remove method from the match",
    ),
    (
        "gke-route-feature-unsupported",
        gateway() + route("matches: [{queryParams: [{name: a}]}]"),
        "$.spec.rules[0].matches[0].queryParams",
        (
            "the rule has a match by query parameters, which gke-l7-rilb does not support before "
            "GKE 1.35.2-gke.1751000"
        ),
        "remove it, or see that the route is accepted and does what it says",
    ),
    *(
        (
            "gke-route-feature-unsupported",
            gateway() + route(rule),
            f"$.spec.rules[0].{path}",
            f"the rule has {what}, which gke-l7-rilb does not support",
            "remove it, or see that the route is accepted and does what it says",
        )
        for rule, path, what in (
            ("retry: {attempts: 3}", "retry", "retry"),
            ("sessionPersistence: {sessionName: a}", "sessionPersistence", "sessionPersistence"),
            (
                "backendRefs: [{name: a, filters: [{type: b}]}]",
                "backendRefs[0].filters",
                "filters of a single backend",
            ),
            (filters("{type: CORS}"), "filters[0].type", "a CORS filter"),
            (
                filters("{type: RequestMirror}", "{type: RequestMirror}"),
                "filters[1].type",
                "more than one RequestMirror filter",
            ),
            (
                filters("{type: RequestRedirect, requestRedirect: {statusCode: 308}}"),
                "filters[0].requestRedirect.statusCode",
                "a redirect with status code 308",
            ),
        )
    ),
    (
        "gke-class-without-pools",
        gateway(of="gke-l7-gxlb") + MANAGED,
        "$.spec.gatewayClassName",
        (
            "gke-l7-gxlb cannot route to an InferencePool, and the LLMInferenceService qwen "
            "sends to qwen-inference-pool"
        ),
        "use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "route-namespace-not-admitted",
        gateway(namespace="gateways") + route(parents=TO_GATEWAYS),
        "$.spec.parentRefs[0]",
        "no listener that this names on Gateway gateways/gate admits routes of namespace llm",
        ADMIT,
    ),
    (
        "route-namespace-not-admitted",
        gateway(
            ", ".join(
                [
                    allowed(f"{{from: Selector, selector: {{matchLabels: {{{BY_NAME}: other}}}}}}"),
                    allowed(
                        f"{{from: Selector, selector: {NOT_LLM}}}",
                        "second",
                    ),
                ]
            ),
            namespace="gateways",
            of="istio",
        )
        + route(parents=TO_GATEWAYS),
        "$.spec.parentRefs[0]",
        "no listener that this names on Gateway gateways/gate admits routes of namespace llm",
        ADMIT,
    ),
    (
        "route-namespace-not-admitted",
        gateway(
            f"{allowed('{from: Same}')}, {allowed('{from: All}', 'open')}", namespace="gateways"
        )
        + route(parents="[{name: gate, namespace: gateways, sectionName: http}]"),
        "$.spec.parentRefs[0]",
        "no listener that this names on Gateway gateways/gate admits routes of namespace llm",
        ADMIT,
    ),
    (
        "route-listener-not-found",
        gateway() + route(parents="[{name: gate, sectionName: htpp}]"),
        "$.spec.parentRefs[0].sectionName",
        "Gateway llm/gate has no listener with the name htpp",
        "did you mean `http`?",
    ),
    (
        "route-listener-not-found",
        gateway() + route(parents="[{name: gate, port: 443}]"),
        "$.spec.parentRefs[0].port",
        "Gateway llm/gate has no listener with port 443",
        "it has http; use one of these",
    ),
    (
        "route-listener-not-found",
        gateway() + route(parents="[{name: gate, sectionName: http, port: 443}]"),
        "$.spec.parentRefs[0].port",
        "Gateway llm/gate has no listener with the name http and port 443",
        "it has http; use one of these",
    ),
    (
        "route-hostname-not-served",
        gateway(host("*.example.com")) + route(more="hostnames: [example.com, a.example.org], "),
        "$.spec.hostnames",
        (
            "the route is for example.com, a.example.org, and the listeners that it names on "
            "Gateway llm/gate serve *.example.com"
        ),
        "name a host that both have, or remove hostname from the listener",
    ),
    (
        "gke-pool-without-health-check",
        gateway() + route(f"backendRefs: [{POOL}]") + MANAGED.replace("route: {}, ", ""),
        "$.spec.rules[0].backendRefs[0].name",
        (
            "no HealthCheckPolicy here is for InferencePool qwen-inference-pool: gke-l7-rilb then "
            "probes /, which vLLM answers with 404"
        ),
        "add a HealthCheckPolicy for /health whose targetRef names the InferencePool",
    ),
    (
        "gke-pool-without-health-check",
        gateway() + MANAGED + policy("{group: '', kind: Service, name: qwen-inference-pool}"),
        "$.spec.router.scheduler",
        (
            "no HealthCheckPolicy here is for InferencePool qwen-inference-pool: gke-l7-rilb then "
            "probes /, which vLLM answers with 404"
        ),
        "add a HealthCheckPolicy for /health whose targetRef names the InferencePool",
    ),
    (
        "gke-route-left-to-preset",
        gateway() + MANAGED,
        "$.spec.router.route",
        (
            "the route is left to kserve-config-llm-router-route, whose rules have timeouts, and "
            "gke-l7-rilb refuses a route that has any"
        ),
        (
            "name an HTTPRoute of your own in spec.router.route.http.refs, or write an "
            "LLMInferenceServiceConfig kserve-config-llm-router-route without timeouts beside the "
            "service"
        ),
    ),
    (
        "gke-policy-targets-generated-service",
        policy("{group: '', kind: Service, name: a-ip-6a587483}", kind="GCPBackendPolicy"),
        "$.spec.targetRef.name",
        "the policy is for Service a-ip-6a587483, whose name GKE makes up for an InferencePool",
        "name the InferencePool: group inference.networking.k8s.io, kind InferencePool, name a",
    ),
    (
        "gke-policy-target-missing",
        pool("qwen") + policy(POOL.replace("qwen-inference-pool", "qwem")),
        "$.spec.targetRef.name",
        "there is no InferencePool qwem in namespace llm",
        "did you mean `qwen`?",
    ),
    (
        "gke-policy-target-missing",
        pool() + policy(POOL, namespace="gateways"),
        "$.spec.targetRef.name",
        "there is no InferencePool qwen-inference-pool in namespace gateways, but in llm",
        "put the policy into the namespace of the InferencePool",
    ),
    (
        "gke-listener-without-certificate",
        gateway(
            "{name: https, protocol: HTTPS, port: 443}",
            annotations="{networking.gke.io/certmap: a}",
        ),
        "$.spec.listeners[0]",
        (
            "the HTTPS listener has no certificate, and gke-l7-rilb does not read the annotation "
            "networking.gke.io/certmap"
        ),
        OPTION.format("cert-manager-certs"),
    ),
    (
        "gke-listener-without-certificate",
        gateway(
            "{name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: []}}",
            of="gke-l7-global-external-managed",
        ),
        "$.spec.listeners[0]",
        "the HTTPS listener has no certificate",
        OPTION.format("pre-shared-certs"),
    ),
]

KUSTOMIZED = {
    "kustomization.yaml": "resources: [objects.yaml]\nnamespace: everything\n",
    "objects.yaml": gateway(namespace="gateways") + route(parents=TO_GATEWAYS),
}
SCRIPTED = {
    "objects.yaml": gateway() + service("{route: {}, gateway: {refs: [{name: gate}]}}"),
    "deploy.sh": "kubectl patch llminferenceserviceconfig kserve-config-llm-router-route",
}
PATCHED = {
    "kustomization.yaml": "resources: [objects.yaml]\npatches: [{path: patch.yaml}]\n",
    "objects.yaml": gateway() + route(),
    "patch.yaml": route(TIMEOUTS),
}

NOTHING = {
    "KServe's Service before a vLLM with a certificate": gateway()
    + route(f"backendRefs: {WORKLOAD}")
    + PLAIN.replace("/mnt/models", "/mnt/models --ssl-certfile a"),
    "KServe's Service before a vLLM that KServe starts": gateway()
    + route(f"backendRefs: {WORKLOAD}")
    + PLAIN.replace(", args: [vllm serve /mnt/models]", ""),
    "KServe's Service in another namespace": gateway()
    + route(f"backendRefs: {WORKLOAD}")
    + OWN_WORKLOAD
    + PLAIN.replace("namespace: llm", "namespace: other"),
    "KServe's Service behind another Gateway": gateway(of="istio")
    + route(f"backendRefs: {WORKLOAD}")
    + PLAIN,
    "a route left to the preset behind another Gateway": gateway(of="istio") + MANAGED,
    "a preset of one's own in KServe's namespace": gateway()
    + service("{route: {}, gateway: {refs: [{name: gate}]}}")
    + config("name: a", namespace="kserve"),
    "a Gateway of another controller": gateway(of="istio")
    + route("timeouts: {request: 1s}, retry: {attempts: 1}, matches: [{method: GET}]"),
    "a passthrough Gateway of GKE": gateway(of="gke-passthrough-lb-external-managed")
    + route(TIMEOUTS),
    "a Gateway that is not in the tree": gateway(namespace="other")
    + route(TIMEOUTS, parents="[{name: other, namespace: elsewhere}]"),
    "a Gateway of that name in another namespace": gateway(namespace="other")
    + route(TIMEOUTS, parents="[{name: gate, namespace: elsewhere}]"),
    "a Gateway that could be either": gateway(of="istio", namespace="a")
    + gateway(namespace="b")
    + route(TIMEOUTS, namespace="''"),
    "a Gateway of one class here and of another there": gateway()
    + gateway(of="istio")
    + route(TIMEOUTS),
    "a parent that is a Service": gateway()
    + route(TIMEOUTS, parents="[{group: '', kind: Service, name: gate}]"),
    "a rewrite of a prefix and of the host": gateway()
    + route(
        filters(
            "{type: URLRewrite, urlRewrite: {hostname: a.example.com, path: {type: "
            "ReplacePrefixMatch, replacePrefixMatch: /}}}"
        )
    ),
    "a redirect to another scheme, and to a whole path": gateway()
    + route(
        filters(
            "{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301, path: "
            "{type: ReplaceFullPath, replaceFullPath: /a}}}"
        )
    ),
    "one mirror, and headers": gateway()
    + route(filters("{type: RequestMirror}", "{type: ResponseHeaderModifier}")),
    "timeouts in a config that the service does not use": gateway()
    + MANAGED
    + config(TIMEOUTS, "other")
    + config(TIMEOUTS, namespace="other")
    + policy(POOL)
    + policy(f"{POOL}, {PATIENT}", kind="GCPBackendPolicy"),
    "timeouts in a config that a later one replaces": gateway()
    + service(
        "{route: {}, gateway: {refs: [{name: gate}]}}", ", baseRefs: [{name: mine}, {name: last}]"
    )
    + config(TIMEOUTS)
    + config(TIMEOUTS, "mine")
    + config("name: a", "last"),
    "timeouts in a config that an unseen one may replace": gateway()
    + service("{route: {}, gateway: {refs: [{name: gate}]}}", ", baseRefs: [{name: unseen}]")
    + config(TIMEOUTS),
    "a service without a scheduler": gateway(of="gke-l7-gxlb")
    + MANAGED.replace(", scheduler: {}", "")
    + config("name: a"),
    "a service whose routes are somebody else's": gateway(of="gke-l7-gxlb")
    + MANAGED.replace("route: {}", "route: {http: {refs: [{name: other}]}}"),
    "a namespace that a selector may take by another label": gateway(
        allowed("{from: Selector, selector: {matchLabels: {team: a}}}"), namespace="gateways"
    )
    + route(parents=TO_GATEWAYS),
    "a namespace that a selector takes by name": gateway(
        allowed(
            f"{{from: Selector, selector: {{matchLabels: {{{BY_NAME}: llm}}, matchExpressions: "
            f"[{{key: {BY_NAME}, operator: In, values: [llm]}}, {{key: {BY_NAME}, operator: "
            "Exists}]}}"
        ),
        namespace="gateways",
    )
    + route(parents=TO_GATEWAYS),
    "a namespace that one of two listeners admits": gateway(
        f"{allowed('{from: Same}')}, {allowed('{from: All}', 'open')}", namespace="gateways"
    )
    + route(parents=TO_GATEWAYS),
    "a Gateway that leaves its namespace open": gateway(namespace="''")
    + route(parents=TO_GATEWAYS),
    "a Gateway that shows no listeners": gateway("")
    + route(parents="[{name: gate, sectionName: http}]"),
    "a listener that one of two variants has": gateway()
    + gateway("{name: https, protocol: HTTP, port: 443}")
    + route(parents="[{name: gate, sectionName: https, port: 443}]"),
    "hosts that meet through an asterisk": gateway(host("*.example.com"))
    + route(more="hostnames: [other.org, a.b.example.com], "),
    "an asterisk in the route": gateway(host("a.example.com"))
    + route(more="hostnames: ['*.example.com'], "),
    "an asterisk in both": gateway(host("*.example.com"))
    + route(more="hostnames: ['*.a.example.com'], "),
    "a listener for every host": gateway() + route(more="hostnames: [a.example.com], "),
    "a route for every host": gateway(host("a.example.com")) + route(),
    "a pool that is not in the tree": gateway() + route(f"backendRefs: [{POOL}]"),
    "a pool with its policies": gateway()
    + route(f"backendRefs: [{POOL}]")
    + pool()
    + policy(POOL)
    + policy(f"{POOL}, {PATIENT}", kind="GCPBackendPolicy"),
    "policies that leave their namespace open": gateway()
    + route(f"backendRefs: [{POOL}]")
    + pool()
    + policy(POOL, namespace="''")
    + policy(f"{POOL}, {PATIENT}", kind="GCPBackendPolicy", namespace="''"),
    "a pool behind another Gateway": gateway(of="istio") + route(f"backendRefs: [{POOL}]") + pool(),
    "a policy for a pool that KServe makes": MANAGED
    + policy(POOL)
    + policy(POOL, kind="GCPBackendPolicy"),
    "a policy for a pool where the tree has none": policy(POOL),
    "a policy for a pool where the tree has one in another namespace": pool("a", "other")
    + policy(POOL),
    "a policy for a Service": pool() + policy("{group: '', kind: Service, name: a}"),
    "a Service that is only named like a generated one": policy(
        "{group: '', kind: Service, name: a-ip-6a587483}"
    )
    + "---\n{apiVersion: v1, kind: Service, metadata: {name: a-ip-6a587483, namespace: llm}}\n",
    "a certificate in an option": gateway(
        "{name: https, protocol: HTTPS, port: 443, tls: {options: "
        "{networking.gke.io/pre-shared-certs: a}}}"
    ),
    "a certificate map on a global Gateway": gateway(
        "{name: https, protocol: HTTPS, port: 443}",
        of="gke-l7-global-external-managed",
        annotations="{networking.gke.io/certmap: a}",
    ),
    "HTTPS at a Gateway of a class whose certificates nobody knows": gateway(
        "{name: https, protocol: HTTPS, port: 443}", of="gke-l7-rilb-mc"
    ),
    "HTTPS at a Gateway of another controller": gateway(
        "{name: https, protocol: HTTPS, port: 443}", of="istio"
    ),
}


def judge(files: dict[str, str]) -> list[tuple[TreeRule, DataPath, str, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    found = []
    for rule in TREE_RULES:
        for item in rule.check(tree):
            assert isinstance(item.place, Manifest)
            violation = item.violation
            found.append((rule, violation.path, violation.message, violation.hint))
    return found


@pytest.mark.parametrize(("name", "text", "path", "message", "hint"), FOUND)
def test_a_rule_says_what_is_wrong_and_where(
    name: str, text: str, path: str, message: str, hint: str
) -> None:
    said = [
        (format_path(at), words, todo)
        for rule, at, words, todo in judge({"objects.yaml": text})
        if rule is find_rule(name)
    ]
    assert said == [(path, message, hint)]


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_what_is_right_or_unknown_gives_nothing(text: str) -> None:
    assert judge({"objects.yaml": text}) == []


@pytest.mark.parametrize(
    "files", [KUSTOMIZED, PATCHED, SCRIPTED], ids=["namespace", "patch", "script"]
)
def test_what_a_kustomization_or_a_script_changes_gives_nothing(files: dict[str, str]) -> None:
    assert judge(files) == []


@pytest.mark.parametrize(
    ("container", "is_open"),
    [
        ("command: [vllm, serve, x]", True),
        ("command: [vllm, serve, x], env: [{name: VLLM_API_KEY_FILE, value: a}]", True),
        ("env: [{name: VLLM_API_KEY, valueFrom: {}}], command: [vllm, serve, x]", False),
        ("command: [vllm, serve, x, --api-key=$(KEY)]", False),
    ],
)
def test_a_pool_whose_servers_ask_for_a_key_is_not_open(container: str, is_open: bool) -> None:
    pod = f"""\
---
apiVersion: v1
kind: Pod
metadata: {{name: qwen, namespace: llm}}
spec: {{containers: [{{name: a, {container}, resources: {{limits: {{google.com/tpu: 1}}}}}}]}}
"""
    routed = route(f"backendRefs: [{POOL}]")
    text = gateway(of="gke-l7-regional-external-managed") + routed + pod
    tree, _ = read_tree([RenderedFile("a.yaml", text, "")])
    (rule,) = [item for item in TREE_RULES if item.name == "gke-pool-open-to-internet"]
    assert bool(list(rule.check(tree))) is is_open
