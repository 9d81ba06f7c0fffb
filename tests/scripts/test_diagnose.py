"""diagnose.sh: what it collects, how long it takes at most, and what it hides."""

from __future__ import annotations

import re
import stat
import subprocess
import tarfile
from pathlib import Path

import pytest
from scripts.life import BY_PATH, TREE, trees, world_before
from scripts.stand_ins import Run, run_script
from scripts.test_credentials import random_token
from scripts.world import Answer, World
from support import need, tree

LWS = "leaderworkersets.leaderworkerset.x-k8s.io"


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


@pytest.mark.parametrize("name", ["main", "full", "existing", "regional"])
def test_of_what_was_just_deployed_nothing_looks_wrong(name: str, tmp_path: Path) -> None:
    tree = trees()[name]
    world = world_before(BY_PATH["scripts/status.sh"], tree)
    before = world.picture()
    script = tree / "scripts/diagnose.sh"
    run = run_script(script, "--output", str(tmp_path), world=world)
    assert (run.code, run.err) == (0, "")
    files = read_archive(tmp_path)
    assert files["0-summary.txt"].endswith("\n\nNothing known looks wrong.\n\n")
    assert set(files) - {"0-summary.txt"} <= set(COLLECTED)
    assert world.picture() == before


@pytest.mark.parametrize(
    ("lost", "finding"),
    [
        (
            "Secret|llm-d-inference-scheduling|redhat-pull-secret",
            "the image pull secret is missing",
        ),
        (f"CustomResourceDefinition||{LWS}", "the CRD of LeaderWorkerSet is missing"),
    ],
)
def test_of_what_lost_a_part_that_part_is_named(lost: str, finding: str, tmp_path: Path) -> None:
    world = world_before(BY_PATH["scripts/status.sh"])
    del world.state["objects"][lost]
    run = run_script(TREE / "scripts/diagnose.sh", "--output", str(tmp_path), world=world)
    assert run.code == 0
    summary = read_archive(tmp_path)["0-summary.txt"]
    assert re.findall(r"^\d+\. (.*)", summary, re.MULTILINE) == [finding]


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
