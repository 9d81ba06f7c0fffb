"""diagnose.sh: what it collects, what it hides, and what its first page says is wrong."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import tarfile
from pathlib import Path

from scripts.life import TREE
from scripts.stand_ins import Run, run_script
from scripts.test_credentials import random_token
from scripts.world import Answer, World
from support import need, tree


def diagnose(folder: Path, answers: list[Answer], **environment: str) -> Run:
    """Run it where a call that no answer fits answers nothing."""
    world = World(answers=[*answers, Answer("")])
    script = TREE / "scripts/diagnose.sh"
    return run_script(script, "--output", str(folder), world=world, environment=environment)


def read_archive(folder: Path) -> dict[str, str]:
    (archive,) = folder.glob("diagnose-*.tar.gz")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as packed:
        found = {}
        for member in packed.getmembers():
            assert stat.S_IMODE(member.mode) == (0o700 if member.isdir() else 0o600)
            content = packed.extractfile(member)
            if content:
                found[Path(member.name).name] = content.read().decode()
    return found


def test_the_archive_is_made_when_every_call_fails(tmp_path: Path) -> None:
    result = diagnose(tmp_path, [Answer("^kubectl", "kubectl says no", 1), Answer("", "no", 1)])
    assert result.code == 0, result.err
    files = read_archive(tmp_path)
    assert files["pods.txt"].count("kubectl says no") == 3
    summary = files["0-summary.txt"]
    assert summary in result.out
    assert "Nothing known looks wrong in what could be collected.\n" in summary
    missed = summary.partition("Not collected:\n")[2].splitlines()
    assert [line.split(":")[0].strip() + ".txt" for line in missed] == [
        name for name in COLLECTED if name in files
    ]
    assert missed[0] == "  versions: exit code 1: no"
    assert set(files) == {"0-summary.txt", *COLLECTED}


COLLECTED = [
    "versions.txt",
    "cluster.txt",
    "node-pools.txt",
    "operations.txt",
    "services.txt",
    "quotas.txt",
    "tpu-quota.txt",
    "nodes.txt",
    "nodes-described.txt",
    "pods.txt",
    "deployments.txt",
    "events.txt",
    "secret-names.txt",
    "crds.txt",
    "webhooks.txt",
    "presets.txt",
    "service.txt",
    "service-yaml.txt",
    "workload.txt",
    "log-model-server.txt",
    "log-model-server-previous.txt",
    "log-scheduler.txt",
    "log-kserve.txt",
    "log-cert-manager.txt",
    "log-cert-manager-webhook.txt",
    "conditions.txt",
    "gateway-classes.txt",
    "gateway.txt",
    "routes.txt",
    "inference-pools.txt",
    "health-check-policies.txt",
    "backend-policies.txt",
    "network-policies.txt",
    "volumes.txt",
    "forwarding-rules.txt",
    "backend-health.txt",
]


def test_after_the_whole_time_the_rest_is_left_out_and_the_archive_made(tmp_path: Path) -> None:
    result = diagnose(tmp_path, [], WAIT_FACTOR="0")
    assert (result.code, result.calls) == (0, [])
    summary = read_archive(tmp_path)["0-summary.txt"]
    assert "  versions: left out, because 0 s had passed\n" in summary


def test_a_part_that_hangs_is_ended_with_all_its_children(tmp_path: Path) -> None:
    script = tree(
        tmp_path,
        {
            "try.sh": f"""\
set -Eeuo pipefail
WAIT_FACTOR=1
. {TREE}/lib/diagnose.sh
# The pipe closes, and cat ends, only when the child of the child is gone, too.
hang() {{ sleep 300 & printf 'begun\\n'; wait; }}
if within 0.3 hang 2>&1 | cat; then exit 9; else echo "code ${{PIPESTATUS[0]}}"; fi
within 5 true && within 5 printf '%s\\n' 'a  b' && {{ within 5 false || echo "code $?"; }}
"""
        },
    )
    done = subprocess.run(
        [need("bash"), str(script / "try.sh")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "begun\nnot finished within 0.3 s\ncode 143\na  b\ncode 1\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_no_secret_is_asked_for_and_what_looks_like_one_is_masked(tmp_path: Path) -> None:
    token, word = random_token(), random_token("")
    header = "PRIVATE KEY-----"
    log = f"""\
HF_TOKEN={word}
    Environment:
      HF_TOKEN:  <set to the key 'HF_TOKEN' in secret 'hf-token'>  Optional: false
      MY_API_KEY:  {word}
    - name: HF_TOKEN
      value: {word}
    {{"name": "DB_PASSWORD", "value": "{word}", "x": "kept"}}
    "{{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"{word}\\"}}"
Authorization: Bearer {word}
{{"auth":"{word}","email":"kept"}}
vllm serve --api-key {word} --max-num-batched-tokens=2048
  - --api-key
  - {word}
https://user:{word}@example.com/kept
https://bucket.example/x?X-Goog-Signature={word}&kept=1
downloading with {token}
-----BEGIN RSA {header}
{word}
-----END RSA {header}
"key": "-----BEGIN {header}\\n{word}\\n-----END {header}\\n"
max_tokens: 50, secretName: hf-token, VLLM_TOKENIZER=kept hf_transfer
"""
    result = diagnose(
        tmp_path, [Answer("kubectl .* logs ", log), Answer("kubectl .* get pods", log, 1)]
    )
    files = read_archive(tmp_path)
    text = files["log-kserve.txt"]
    for content in (*files.values(), result.out, result.err):
        assert word not in content
        assert token not in content
    assert text.count("[masked]") == 16
    assert text.count("kept") == 5
    assert "HF_TOKEN:  <set to the key 'HF_TOKEN' in secret 'hf-token'>  Optional" in text
    assert text.endswith("max_tokens: 50, secretName: hf-token, VLLM_TOKENIZER=kept hf_transfer\n")
    about_secrets = [call.argv for call in result.calls if {"secret", "secrets"} & set(call.argv)]
    assert [argv[2:4] for argv in about_secrets] == [("get", "secrets")]
    assert not [argv for argv in about_secrets if "--output" in argv or "describe" in argv]


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


def test_the_archive_goes_where_it_is_wanted(tmp_path: Path) -> None:
    place = tmp_path / "a $(touch owned) folder"
    result = diagnose(place, [], WAIT_FACTOR="0")
    assert (result.code, result.err) == (1, f"error: there is no folder {place}\n")
    place.mkdir()
    assert diagnose(place, [], WAIT_FACTOR="0").code == 0
    assert "0-summary.txt" in read_archive(place)


def test_a_dry_run_prints_what_would_be_asked_and_leaves_nothing() -> None:
    world = World()
    dry = run_script(TREE / "scripts/diagnose.sh", "--dry-run", world=world)
    assert (dry.code, dry.err, dry.calls) == (0, "", [])
    assert len(re.findall("^(?:gcloud|kubectl) ", dry.out, re.MULTILINE)) > 40
    assert world.picture() == World().picture()
