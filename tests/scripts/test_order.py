"""What comes after what, and how long each wait lasts, as operators of this stack found it."""

from __future__ import annotations

import re

import pytest
from scripts.life import BY_PATH, TREE, full_tree, world_before
from scripts.stand_ins import Call, run_script

# Calls by their words, and the name of each; mere looks have none.
NAMES = [
    (r"^git -C \S+ ([\w-]+)|^git (\w+)", "git {}"),
    (r"^(make|helmfile) (?:-C \S+ )?([\w-]+)", "{} {}"),
    (r"^(curl|kustomize) .*?([\w.-]+)(?:\?ref=\w+)?$", "{} {}"),
    (r" (apply|create|delete) .*--filename \S*/([\w.-]+)", "{} {}"),
    (r"((?:clusters|node-pools|subnets|security-policies) (?:create|delete))", "{}"),
    (r"(get-health|services enable|get-credentials|resize|stop=true|stop-$)", "{}"),
    (r" (apply|delete) .*--kustomize \S+/(\w+)", "{} {}"),
    (r" wait (\w+)\S* .*--for=condition=(\w+)", "{} {}"),
    (r" wait --for=condition=(?P<second>\w+) (?P<first>\w+)", "{first} {second}"),
    (r" get (gatewayclass|inferencepools|healthcheckpolicies|secret|pods)", "{}"),
    (r" get (deployments|llm\w+configs)", "{}"),
    (r" (rollout status|create secret)", "{}"),
    (r" (delete \w+)\S* ([\w-]+)", "{} {}"),
]


def name_of(call: Call) -> str:
    """Name what a call is about, in a few words; nothing for mere looks."""
    words = " ".join([call.tool, *call.argv])
    for pattern, name in NAMES:
        if match := re.search(pattern, words):
            return name.format(*filter(None, match.groups()), **match.groupdict())
    return ""


def order_of(path: str, *, full: bool = False) -> list[str]:
    """Run a script for the first time and give what it did, each run of the same once."""
    tree = full_tree() if full else TREE
    calls = run_script(tree / path, "--yes", world=world_before(BY_PATH[path], tree)).calls
    names = [name for name in map(name_of, calls) if name]
    return [name for number, name in enumerate(names) if names[number - 1 : number] != [name]]


def test_cert_manager_is_fetched_installed_and_waited_for_until_its_webhook_answers() -> None:
    assert order_of("infrastructure/deploy-cert-manager.sh") == [
        "git init",
        "git cat-file",
        "git fetch",
        "git checkout",
        "make deploy-cert-manager",
        "deployments",
        "create probe.yaml",
    ]
    assert order_of("infrastructure/deploy-cert-manager.sh", full=True) == [
        "curl cert-manager.yaml",
        "apply cert-manager.yaml",
        "deployments",
        "create probe.yaml",
    ]


def test_the_crd_of_leader_worker_sets_is_established_before_kserve_comes() -> None:
    assert order_of("infrastructure/deploy-lws-crds.sh") == [
        "apply leaderworkerset.x-k8s.io_leaderworkersets.yaml",
        "crd Established",
    ]


def test_kserve_waits_for_issuer_and_controller_and_counts_its_presets() -> None:
    assert order_of("infrastructure/deploy-kserve.sh") == [
        "apply namespaces.yaml",
        "kustomize cert-manager",
        "kustomize odh-xks",
        "apply pki.yaml",
        "clusterissuer Ready",
        "deployment Available",
        "apply kserve.yaml",
        "delete validatingwebhookconfiguration llminferenceservice",
        "delete validatingwebhookconfiguration llminferenceserviceconfig",
        "deployment Available",
        "apply kserve.yaml",
        "rollout status",
        "llminferenceserviceconfigs",
    ]


def test_kserve_goes_before_the_certificates_that_it_needs_and_the_operator_last() -> None:
    removed = [
        "inferencepools",
        "kustomize odh-xks",
        "delete kserve.yaml",
        "kustomize cert-manager",
        "delete pki.yaml",
        "delete configmap llmd-render-kserve",
        "delete crd leaderworkersets",
        "delete configmap llmd-render-lws-crds",
    ]
    assert order_of("infrastructure/undeploy.sh") == [
        *removed,
        "delete certmanagers cluster",
        *("git init", "git cat-file", "git fetch", "git checkout"),
        "helmfile destroy",
        "delete infrastructures cluster",
        "delete namespace cert-manager",
        "delete configmap llmd-render-cert-manager",
    ]
    assert order_of("infrastructure/undeploy.sh", full=True) == [
        *removed,
        "curl cert-manager.yaml",
        "delete cert-manager.yaml",
        "delete configmap llmd-render-cert-manager",
    ]


def test_a_deployment_waits_for_each_thing_before_the_next() -> None:
    assert order_of("scripts/deploy.sh") == [
        "apply foundation",
        "secret",
        "gatewayclass",
        "apply gateway",
        "gateways Programmed",
        "apply workload",
        "inferencepools",
        "apply policies",
        "llminferenceservices Ready",
        "healthcheckpolicies",
        "get-health",
    ]


def test_the_service_goes_before_its_gateway_and_its_policies_between() -> None:
    assert order_of("scripts/undeploy.sh") == [
        "delete workload",
        "pods",
        "delete policies",
        "delete gateway",
    ]


def test_what_was_made_around_the_cluster_goes_after_it() -> None:
    assert order_of("cluster/delete-cluster.sh", full=True) == [
        "delete persistentvolumeclaims full-compile-cache",
        "clusters delete",
        "security-policies delete",
        "subnets delete",
    ]


def test_a_service_stops_before_its_nodes_go_and_starts_after_they_come() -> None:
    assert order_of("cluster/scale-to-zero.sh") == ["stop=true", "pods", "resize"]
    assert order_of("cluster/scale-up.sh") == ["resize", "stop-", "llminferenceservices Ready"]


# Script, what is waited for, seconds, and the seconds that operators asked for.
WAITS = [
    ("cluster/create-proxy-only-subnet.sh", "subnet proxy-only-subnet", 120, 120),
    ("cluster/create-cluster.sh", "cluster llmd-gke-native-tpu-pattern1", 1800, 1800),
    ("cluster/get-credentials.sh", "2 CPU node(s)", 300, 300),
    (
        "infrastructure/deploy-cert-manager.sh",
        "controller, webhook and cainjector",
        600,
        600,
    ),
    ("infrastructure/deploy-cert-manager.sh", "cert-manager to admit an issuer", 120, 120),
    ("infrastructure/deploy-kserve.sh", "issuer opendatahub-ca-issuer", 120, 120),
    ("infrastructure/deploy-kserve.sh", "controller kserve-controller-manager", 300, 300),
    ("cluster/create-tpu-node-pool.sh", "node pool tpu-v6e-pool", 1200, 1200),
    ("scripts/deploy.sh", "GatewayClass gke-l7-regional-external-managed", 2700, 2700),
    ("scripts/deploy.sh", "the load balancer and its address", 600, 600),
    ("scripts/deploy.sh", "llm-d-inference-scheduling/qwen2-3b-pattern1", 3900, 1200),
    ("scripts/deploy.sh", "the load balancer to take the policy", 300, 120),
    ("scripts/deploy.sh", "the load balancer to see healthy model servers", 300, 300),
]


@pytest.mark.parametrize(("path", "what", "seconds", "asked"), WAITS)
def test_a_wait_is_as_long_as_operators_found_it_has_to_be(
    path: str, what: str, seconds: int, asked: int
) -> None:
    run = run_script(TREE / path, "--yes", world=world_before(BY_PATH[path]))
    waits = dict(re.findall(r"^waiting for (.+): at most (\d+) s", run.out, re.MULTILINE))
    assert waits[what] == str(seconds)
    assert seconds >= asked
