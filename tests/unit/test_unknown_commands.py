"""Words that are no command of gcloud or kubectl: what is a slip, and what may be new."""

from __future__ import annotations

import pytest

from llmd_render.command_line import load_table
from llmd_render.command_line.subcommands import load_subcommands
from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree


def find(text: str) -> list[str]:
    return [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in lint_calls(Tree({"call.sh": text}, ()))
    ]


NEWER = "in version 528.0.0; see its --help; a newer version may have it"
WRONG = [
    (
        "gcloud container node-pools resize tpu --cluster=c --num-nodes=0",
        (
            "1:29 error gcloud-command-unknown: gcloud container node-pools has no command resize; "
            "use `gcloud container clusters resize CLUSTER --node-pool=POOL --num-nodes=N`"
        ),
    ),
    (
        "gcloud container node-pools upgrade tpu --cluster=c",
        (
            "1:29 error gcloud-command-unknown: gcloud container node-pools has no command "
            "upgrade; use `gcloud container clusters upgrade CLUSTER --node-pool=POOL`"
        ),
    ),
    (
        "gcloud container cluster list",
        (
            "1:18 error gcloud-command-unknown: gcloud container has no command cluster; "
            "did you mean `clusters`?"
        ),
    ),
    (
        "gcloud --project p compute --quiet \\\n  regions descrbe us-central1",
        (
            "2:11 error gcloud-command-unknown: gcloud compute regions has no command descrbe; "
            "did you mean `describe`?"
        ),
    ),
    (
        "gcloud conatiner clusters list",
        (
            "1:8 error gcloud-command-unknown: gcloud has no command conatiner; "
            "did you mean `container`?"
        ),
    ),
    (
        "gcloud container nodepools list",
        (
            "1:18 error gcloud-command-unknown: gcloud container has no command nodepools; "
            "did you mean `node-pools`?"
        ),
    ),
    (
        "gcloud compute reservations set-iam-polcy r",
        (
            "1:29 error gcloud-command-unknown: gcloud compute reservations has no command "
            "set-iam-polcy; did you mean `set-iam-policy`?"
        ),
    ),
    (
        "gcloud compute addresses remove-labels a",
        (
            "1:26 warning gcloud-command-unknown: gcloud compute addresses has no command "
            f"remove-labels {NEWER}"
        ),
    ),
    (
        "gcloud secrets versions undelete 1",
        (
            "1:25 warning gcloud-command-unknown: gcloud secrets versions has no command "
            f"undelete {NEWER}"
        ),
    ),
    (
        "kubectl -n x rollout statuss deployment/x",
        (
            "1:22 error kubectl-command-unknown: kubectl rollout has no command statuss; "
            "did you mean `status`?"
        ),
    ),
    (
        "kubectl aply -f x",
        "1:9 error kubectl-command-unknown: kubectl has no command aply; did you mean `apply`?",
    ),
    (
        "kubectl create namespac x",
        (
            "1:16 error kubectl-command-unknown: kubectl create has no command namespac; "
            "did you mean `namespace`?"
        ),
    ),
    (
        "kubectl config switch x",
        (
            "1:16 warning kubectl-command-unknown: kubectl config has no command switch in "
            "version 1.33; see its --help; a newer version may have it"
        ),
    ),
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_a_command_that_is_not_there_is_found_at_its_word(text: str, finding: str) -> None:
    assert find(text) == [finding]


HINTS = [
    (
        "gcloud container clusters update c --zone=a",
        (
            "1:1 error gcloud-flag-required: gcloud container clusters update needs "
            "--gateway-api, --update-addons, --release-channel, --node-locations, "
            "--workload-pool, --logging or another of its flags; add the one for what is to change"
        ),
    ),
    (
        "gcloud container clusters update c --zone=a --enable-cloud-logging",
        (
            "1:45 error gcloud-flag-unknown: gcloud container clusters update has no flag "
            "--enable-cloud-logging; use `--logging=SYSTEM,WORKLOAD`"
        ),
    ),
    (
        "gcloud container clusters create-auto c --region=a --kubernetes-version=1.34",
        (
            "1:52 error gcloud-flag-unknown: gcloud container clusters create-auto has no flag "
            "--kubernetes-version; use `--cluster-version`"
        ),
    ),
    (
        "gcloud compute networks subnets create n --netwrk=x --range=10.0.0.0/24",
        (
            "1:42 error gcloud-flag-unknown: gcloud compute networks subnets create has no flag "
            "--netwrk; did you mean `--network`?"
        ),
    ),
]


@pytest.mark.parametrize(("text", "finding"), HINTS, ids=[text for text, _ in HINTS])
def test_a_hint_names_what_was_most_likely_meant_and_the_fault_once(
    text: str, finding: str
) -> None:
    assert find(text) == [finding]


RIGHT = [
    "gcloud newservice things list",  # a newer gcloud may have services that this one has not
    "gcloud beta container ai profiles list",
    "gcloud alpha quotas info lst",
    "gcloud container --help",
    "gcloud help container clusters",
    "gcloud container",
    "gcloud --no-such-flag container cluster list",
    'gcloud container "$KIND" list',
    'gcloud "$@"',
    "gcloud config get-value project",  # its help hides it
    "gcloud container hub memberships lst",
    "gcloud compute instances lst",
    "kubectl krew install x",
    "kubectl konfig export x",  # plug-ins that are called like commands
    "kubectl pexec x",
    "kubectl get-all",
    "kubectl create policy x",
    "kubectl create -f x",
    "kubectl create deploy x --image=y",
    "kubectl create svc clusterip x",
    "kubectl config use x",
    "kubectl top no",
    "kubectl rollout --help",
    'kubectl rollout "$1" deployment/x',
    "kubectl --no-such-flag aply",
    "kubectl cluster-info",
    "oc aply",
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_command_that_may_be_there_is_left_alone(text: str) -> None:
    assert [item for item in find(text) if "command-unknown" in item] == []


@pytest.mark.parametrize("program", ["gcloud", "kubectl"])
def test_the_table_has_no_command_that_its_group_has_not(program: str) -> None:
    known = load_subcommands(program)
    groups = load_table(program).groups | {""}
    for path in load_table(program).paths:
        words = path.split()
        for place, word in enumerate(words):
            group = " ".join(words[:place])
            assert group not in known or word in known[group], path
            assert group not in groups or group in known or word, path
