"""Regions that a call leaves open, and what GKE says of TPU nodes itself."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_calls, lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

POOL = "gcloud container node-pools create n --cluster=c --zone=a --num-nodes=1"
TPU = f"{POOL} --machine-type=ct6e-standard-4t"
RULES = {"gcloud-place-left-open", "tpu-label-set-by-hand"}


def judge(text: str) -> list[str]:
    tree, problems = read_tree([RenderedFile("a.sh", text, "")])
    assert problems == []
    found = [item for item in lint_tree(tree) if item.code in RULES]
    return [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in (*found, *lint_calls(tree))
    ]


def say_open(command: str) -> str:
    return (
        f"1:1 warning gcloud-place-left-open: gcloud compute {command} has neither --region nor "
        "--global, and fails where no terminal is there; "
        "add --region=REGION, or --global for a load balancer of all regions"
    )


WRONG = [
    ("gcloud compute addresses describe ip", say_open("addresses describe")),
    ("gcloud compute addresses create a b --network-tier=PREMIUM", say_open("addresses create")),
    ("gcloud compute forwarding-rules delete x --quiet", say_open("forwarding-rules delete")),
    ("gcloud compute backend-services get-health x", say_open("backend-services get-health")),
    (
        f"{TPU} \\\n  --node-labels=cloud.google.com/gke-tpu-accelerator=tpu-v6e-slice,a=b",
        (
            "2:3 warning tpu-label-set-by-hand: --node-labels sets "
            "cloud.google.com/gke-tpu-accelerator, which GKE puts on TPU nodes itself; "
            "leave it out, and let the machine type tell"
        ),
    ),
    (
        (
            "gcloud container node-pools update n --cluster=c --zone=a --quiet "
            '--node-labels="cloud.google.com/gke-tpu-topology=$1"'
        ),
        (
            "1:67 warning tpu-label-set-by-hand: --node-labels sets "
            "cloud.google.com/gke-tpu-topology, which GKE puts on TPU nodes itself; "
            "leave it out, and let the machine type tell"
        ),
    ),
    (
        f"{POOL} --tpu-topology=2x2",
        (
            "1:73 warning gcloud-flag-required: --tpu-topology stands without --machine-type, and "
            "GKE's default has no TPU; add --machine-type, such as ct6e-standard-4t"
        ),
    ),
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_what_is_left_open_or_said_by_hand_is_found(text: str, finding: str) -> None:
    assert judge(text) == [finding]


RIGHT = [
    "gcloud compute addresses describe ip --global",
    'gcloud compute addresses describe ip --region="$1"',
    'gcloud compute addresses describe ip "$@"',
    'gcloud compute addresses describe "$1"',  # it may be a path with its region
    "gcloud compute addresses describe projects/p/regions/r/addresses/ip",
    "gcloud config set compute/region r\ngcloud compute addresses describe ip",
    "export CLOUDSDK_COMPUTE_REGION=r\ngcloud compute addresses describe ip",
    "gcloud compute addresses list",
    "gcloud compute health-checks describe x",  # gcloud takes it as a worldwide one
    "gcloud compute ssl-certificates describe x",
    f"{TPU} --node-labels=cloud.google.com/compute-class=tpu,a=b",
    f'{TPU} --node-labels="$1"',
    f'{POOL} --tpu-topology=2x2 --machine-type="$1"',
    f'{POOL} --tpu-topology=2x2 "$@"',
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_has_its_place_or_may_have_it_is_left_alone(text: str) -> None:
    assert judge(text) == []
