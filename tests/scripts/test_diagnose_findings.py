"""diagnose.sh: what its first page says is wrong, and what to do about it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from scripts.test_diagnose import diagnose, read_archive
from scripts.world import Answer

KINDS = {
    "certificates": "Certificate",
    "clusterissuers": "ClusterIssuer",
    "llminferenceservices": "LLMInferenceService",
    "gateways": "Gateway",
    "httproutes": "HTTPRoute",
}


def condition(kind: str, name: str, type_: str, status: str, message: str = "") -> str:
    state = {"conditions": [{"type": type_, "status": status, "message": message}]}
    found = {
        "kind": KINDS.get(kind, kind),
        "metadata": {"name": name},
        "status": {"parents": [state]},
    }
    parts = {"networking.gke.io/backend-services": "/projects/1/regions/2/backendServices/gkegw1"}
    return json.dumps({"items": [found], "metadata": {"annotations": parts}})


WELL: list[Answer] = [
    Answer("services list", "compute.googleapis.com\nnetworkservices.googleapis.com\n"),
    Answer(
        "get gatewayclasses", "gke-l7-regional-external-managed networking.gke.io/gateway True\n"
    ),
    Answer(
        "get crds",
        "leaderworkersets.leaderworkerset.x-k8s.io\nllminferenceservices.serving.kserve.io\n",
    ),
    Answer("get secrets", "redhat-pull-secret x 1\nhf-token Opaque 1\n"),
    Answer(
        "get events",
        "Unhealthy pod/c Startup probe failed: HTTP 503\n",
    ),
    Answer(
        "get healthcheckpolicies.* --output json",
        condition("HealthCheckPolicy", "a", "Attached", "True"),
    ),
    *(
        Answer(f"get {kind}.* --output json", condition(kind, "a", type_, "True"))
        for kind, type_ in (
            ("certificates", "Ready"),
            ("clusterissuers", "Ready"),
            ("llminferenceservices", "Ready"),
            ("gateways", "Programmed"),
            ("httproutes", "Accepted"),
        )
    ),
    Answer("gcloud version --format", '{"beta": "x"}'),
    Answer("--output json|--format=json", '{"items": [], "quotas": []}'),
]


def test_a_healthy_deployment_has_no_findings(tmp_path: Path) -> None:
    result = diagnose(tmp_path, WELL)
    summary = read_archive(tmp_path)["0-summary.txt"]
    assert summary.endswith("\nNothing known looks wrong.\n\n"), summary
    assert result.err == ""


ILL: list[Answer] = [
    Answer("services list", "compute.googleapis.com\n"),
    Answer(
        "operations list",
        "operation-1 CREATE_NODE_POOL ERROR [GCE_STOCKOUT]: does not have enough resources\n",
    ),
    Answer(
        "regions describe",
        (
            '{"quotas": [{"metric": "IN_USE_ADDRESSES", "usage": 8, "limit": 8}, '
            '{"metric": "CPUS", "usage": 8, "limit": 24}]}'
        ),
    ),
    Answer("get secrets", "redhat-pull-secret x 1\n"),
    Answer(
        "get pods --namespace llm-d.* --output wide",
        "a-kserve-1  0/1  ImagePullBackOff  0  1m\na-kserve-2  0/1  Pending  0  1m\n",
    ),
    Answer("logs .*component=llminferenceservice-workload$", "error: unrecognized arguments: -x\n"),
    Answer(
        "get gateways.* --output json",
        condition("Gateway", "g", "Programmed", "False", "wait\nmore"),
    ),
    Answer(
        "get httproutes.* --output json",
        condition("HTTPRoute", "r", "Other", "False", "GWCER104: timeouts"),
    ),
    Answer(
        "get healthcheckpolicies.* --output json",
        condition("HealthCheckPolicy", "a", "Attached", "False"),
    ),
]
FIRST_PAGE = """\
What looks wrong:

1. the API networkservices.googleapis.com is off: answers say "fault filter abort"
   seen:   services.txt has no such line
   remedy: run cluster/enable-apis.sh

2. the zone was out of TPUs
   seen:   operations.txt: operation-1 CREATE_NODE_POOL ERROR [GCE_STOCKOUT]: does not have enough \
resources
   remedy: wait, or take another zone, or another cluster.capacity.kind in the profile

3. no address is left in the region
   seen:   quotas.txt: IN_USE_ADDRESSES 8 of 8 exhausted
   remedy: release an address in europe-west4, or ask for quota

4. the Secret with the Hugging Face token is missing
   seen:   secret-names.txt has no such line
   remedy: run secrets/create-hf-token.sh

5. an image cannot be pulled
   seen:   pods.txt: a-kserve-1 0/1 ImagePullBackOff 0 1m
   remedy: credentials are missing, expired, or for another registry: \
secrets/check-pull-secret.sh, then secrets/create-pull-secret.sh

6. a pod is Pending
   seen:   pods.txt: a-kserve-2 0/1 Pending 0 1m
   remedy: no TPU to be had (stock-out, pool at its most), or selector and pool do not agree: \
events.txt

7. vLLM does not know one of its arguments
   seen:   log-model-server.txt: error: unrecognized arguments: -x
   remedy: remove it from server.args in the profile

8. the Gateway is not Programmed
   seen:   conditions.txt: Gateway g Programmed=False wait more
   remedy: its message names the cause; README.md has the usual ones

9. a route has timeouts, which GKE refuses
   seen:   conditions.txt: HTTPRoute r Other=False GWCER104: timeouts
   remedy: take routing declared, or managedRoute shadow, in the profile

10. the HealthCheckPolicy is not attached
   seen:   conditions.txt has no such line
   remedy: run scripts/deploy.sh again once the InferencePool is there

"""


def test_the_first_page_names_what_looks_wrong_and_the_remedy(tmp_path: Path) -> None:
    result = diagnose(tmp_path, [*ILL, *WELL])
    summary = read_archive(tmp_path)["0-summary.txt"]
    assert summary.partition(" UTC\n\n")[2] == FIRST_PAGE
    assert summary in result.out


SICK: list[Answer] = [
    Answer("get gatewayclasses", "gke-l7-rilb networking.gke.io/gateway True\n"),
    Answer("get crds", "gateways.gateway.networking.k8s.io\n"),
    Answer("get certificates.* --output json", condition("certificates", "c", "Ready", "False")),
    Answer(
        "logs .*deployment/kserve",
        (
            'no matches for kind "LeaderWorkerSet" in version\n'
            'failed calling webhook "llminferenceservice.kserve-webhook-server.v1alpha1"\n'
        ),
    ),
    Answer("get secrets", "other Opaque 1\n"),
    Answer(
        "get pods .* --output wide",
        "a 0/1 CreateContainerConfigError 0\nb 0/1 Init:Error 0\nc 0/1 CrashLoopBackOff 9\n",
    ),
    Answer(
        "get events",
        (
            "Killing pod/c Container main failed startup probe, will be restarted\n"
            'failed calling webhook "webhook.cert-manager.io": no endpoints\n'
        ),
    ),
    Answer(
        "get llminferenceservices.* --output json",
        condition("llminferenceservices", "s", "Ready", "Unknown"),
    ),
    Answer(
        "get gateways.* --output json",
        condition(
            "gateways", "g", "Accepted", "False", "An active proxy-only subnetwork is required"
        ),
    ),
    Answer("get httproutes.* --output json", condition("httproutes", "r", "ResolvedRefs", "False")),
    Answer("get-health gkegw1", '[{"status": {"healthStatus": [{"healthState": "UNHEALTHY"}]}}]'),
]


def test_the_first_page_knows_the_rows_of_the_troubleshooting_table(tmp_path: Path) -> None:
    result = diagnose(tmp_path, [*SICK, *WELL])
    assert re.findall(r"^[0-9]+\. (.*)$", result.out, re.MULTILINE) == [
        "GKE does not offer the GatewayClass of this deployment",
        "the CRD of LeaderWorkerSet is missing",
        "KServe is not installed",
        "a certificate of KServe is not signed",
        "KServe's controller missed the CRD of LeaderWorkerSet",
        "cert-manager's webhook did not answer",
        "KServe's webhook did not answer",
        "the image pull secret is missing",
        "the Secret with the Hugging Face token is missing",
        "a pod names a Secret or a key that is not there",
        "the model cannot be downloaded",
        "the model server was not ready in its start-up time",
        "a container restarts again and again",
        "the LLMInferenceService is not Ready",
        "the proxy-only subnet is missing",
        "a route is not accepted",
        "the load balancer sees an unhealthy model server: 503",
    ]
    assert "Not collected" not in result.out
