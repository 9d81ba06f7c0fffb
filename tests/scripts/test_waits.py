"""What a wait tells, when it ends early, and how long a single call within it may take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from scripts.life import BY_PATH, TREE, world_before
from scripts.stand_ins import run_script
from scripts.test_common import run_text
from scripts.world import Answer

if TYPE_CHECKING:
    from pathlib import Path

NOW = {"WAIT_FACTOR": "0"}
STATUS = r"^gcloud container clusters describe .*value\(status\)"
POOL = r"^gcloud container node-pools list .*value\(status\)"


@pytest.mark.parametrize(
    ("path", "pattern", "found", "said"),
    [
        ("cluster/create-cluster.sh", STATUS, "PROVISIONING", "PROVISIONING, wanted RUNNING"),
        ("cluster/create-tpu-node-pool.sh", POOL, "PROVISIONING", "PROVISIONING, wanted RUNNING"),
        ("cluster/create-network.sh", " subnets list ", "", "nothing, wanted default"),
        (
            "cluster/create-proxy-only-subnet.sh",
            r" subnets describe .*value\(state\)",
            "DRAINING",
            "DRAINING, wanted READY",
        ),
        ("cluster/get-credentials.sh", " get nodes ", "a Ready\nb NotReady", "1, wanted 2"),
        ("cluster/scale-to-zero.sh", " get pods ", "pod/a\npod/b\n", "pod/a pod/b, wanted nothing"),
        ("cluster/delete-cluster.sh", STATUS, "RUNNING", "RUNNING, wanted nothing"),
        (
            "cluster/enable-apis.sh",
            "services list",
            "container.googleapis.com\n",
            "compute.googleapis.com networkservices.googleapis.com, wanted nothing",
        ),
    ],
)
def test_a_wait_that_is_given_up_tells_what_was_found_and_what_was_wanted(
    path: str, pattern: str, found: str, said: str
) -> None:
    world = world_before(BY_PATH[path])
    world.answers.append(Answer(pattern, found))
    run = run_script(TREE / path, "--yes", world=world, environment=NOW)
    assert run.code == 1
    _, heading, answer = run.err.partition("the last answer was:\n")
    assert heading, run.err
    assert answer.startswith("found ")
    assert f"{said}\n" in answer


@pytest.mark.parametrize("status", ["ERROR", "DEGRADED", "STOPPING"])
def test_a_cluster_that_cannot_get_better_is_not_waited_for(status: str) -> None:
    path = "cluster/create-cluster.sh"
    world = world_before(BY_PATH[path])
    world.answers.append(Answer(STATUS, status, after=" clusters create "))
    run = run_script(TREE / path, "--yes", world=world)
    assert run.code == 1
    assert run.err.splitlines()[0].startswith(
        f"error: it is {status}, and waiting does not mend that: gcloud container clusters desc"
    )
    assert run.err.splitlines()[1].startswith("stopped in step 3 of 4, cluster RUNNING; ")


@pytest.mark.parametrize(
    ("status", "said"),
    [("ERROR", "is ERROR; GKE says: nothing more. "), ("STOPPING", "is being deleted: ")],
)
def test_a_node_pool_that_cannot_get_better_is_not_waited_for(status: str, said: str) -> None:
    path = "cluster/create-tpu-node-pool.sh"
    world = world_before(BY_PATH[path])
    world.answers.append(Answer(POOL, status, after=" node-pools create "))
    run = run_script(TREE / path, "--yes", world=world)
    assert run.code == 1
    assert run.err.startswith(f"error: node pool tpu-v6e-pool {said}")
    assert "stopped in step 3 of 4, node pool RUNNING; " in run.err


@pytest.mark.parametrize(
    "complaint",
    [
        "error: You must be logged in to the server (Unauthorized)",
        "Unable to connect to the server: getting credentials: exec: executable failed",
        "ERROR: (gcloud.x) There was a problem refreshing your current auth tokens: expired",
        "Please run:\n\n  $ gcloud auth login\n\nto obtain new credentials.",
    ],
)
def test_a_refused_login_ends_a_wait_at_once(tmp_path: Path, complaint: str) -> None:
    text = f"asked() {{ echo '{complaint}' >&2; return 1; }}\nstep one\nwait_until 900 1 it asked\n"
    run = run_text(tmp_path, text)
    assert run.code == 1
    assert run.err == (
        f"{complaint}\n"
        "error: the login is refused: log in with gcloud auth login, then run this again\n"
        "stopped in step 1 of 1, one; run it again to go on\n"
    )


def test_a_wait_tells_each_new_complaint_once_and_of_a_mere_not_yet_none(tmp_path: Path) -> None:
    text = (
        "n=0\n"
        "asked() {\n"
        "  n=$((n + 1))\n"
        "  case $n in\n"
        '    1 | 2 | 3) echo "E18:0$n no answer" >&2 ;;\n'
        '    4) echo "error: timed out waiting for the condition on it" >&2 ;;\n'
        "    5) echo forbidden >&2 ;;\n"
        "    *) return 0 ;;\n"
        "  esac\n"
        "  return 1\n"
        "}\n"
        "step one\nwait_until 9 1 it asked\n"
    )
    run = run_text(tmp_path, text)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[2:] == [
        "waiting for it: at most 9 s",
        "  so far: E18:01 no answer",
        "  so far: forbidden",
        run.out.splitlines()[-1],
    ]
    assert re.fullmatch(r"  it: after \d s", run.out.splitlines()[-1])


def test_every_call_of_kubectl_within_a_wait_has_a_limit_and_none_is_made_after_it() -> None:
    path = "infrastructure/deploy-cert-manager.sh"
    world = world_before(BY_PATH[path])
    world.answers.append(Answer(" get deployments .*request-timeout", '{"items": []}'))
    run = run_script(TREE / path, world=world, environment=NOW)
    assert run.code == 1
    asked = [line for line in run.lines if " get deployments " in line]
    assert len(asked) == 1
    assert asked[0].endswith(" --request-timeout=30s")
    for other in ("infrastructure/deploy-kserve.sh", "scripts/deploy.sh"):
        done = run_script(TREE / other, "--yes", world=world_before(BY_PATH[other]))
        asked = [line for line in done.lines if done.lines.count(line) > 1]
        asked = [line for line in asked if re.search("^kubectl .* (get|wait) ", line)]
        assert asked
        assert [line for line in asked if not line.endswith(" --request-timeout=30s")] == []


def test_where_a_function_only_returns_the_line_that_called_it_is_named(tmp_path: Path) -> None:
    run = run_text(tmp_path, 'step one\n  wait_until 0 1 "it" false --flag\n')
    assert run.code == 1
    assert re.search(
        r'^error: exit code 1 in line \d+ of made.sh: wait_until 0 1 "it" false --flag$',
        run.err,
        re.MULTILINE,
    )


def test_apis_that_are_still_off_after_the_call_are_waited_for() -> None:
    path = "cluster/enable-apis.sh"
    world = world_before(BY_PATH[path])
    slow = world.copy()
    slow.answers.append(Answer("services list", "container.googleapis.com\n"))
    for project, code in ((world, 0), (slow, 1)):
        run = run_script(TREE / path, world=project, environment=NOW)
        assert run.code == code
        assert [line.split()[2] for line in run.lines] == ["list", "enable", "list"]
    assert "error: still off: compute.googleapis.com " in run.err
