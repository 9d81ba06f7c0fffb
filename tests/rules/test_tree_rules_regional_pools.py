"""A TPU node pool of a region: what is paid for in each zone, and what nobody can know."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

CREATE = "gcloud container node-pools create n --cluster=c"
TWO_ZONES = "--region=us-central1 --node-locations=us-central1-a,us-central1-b"
OTHER = f"gcloud container clusters create d {TWO_ZONES}"
TPU = f"{CREATE} --machine-type=ct6e-standard-4t"
HINT = "add --node-locations=ZONE, the one zone that has the TPU"


def judge(text: str) -> list[str]:
    tree, problems = read_tree([RenderedFile("a.sh", text, "")])
    assert problems == []
    return [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in lint_tree(tree)
        if item.code == "tpu-pool-in-every-zone"
    ]


def say(nodes: str, where: str, line: int = 1, machine: str = "ct6e-standard-4t") -> str:
    return (
        f"{line}:1 warning tpu-pool-in-every-zone: the pool of {machine} gets {nodes} in each zone "
        f"of {where} (three as a rule), as --node-locations is not there; {HINT}"
    )


WRONG = [
    (f"{TPU} --region=us-central1 --num-nodes=1", say("1 node", "us-central1")),
    (f"{TPU} --location us-central1 --num-nodes 2", say("2 nodes", "us-central1")),
    (f"{TPU} --location=us-east5 --tpu-topology=4x4", say("its nodes", "us-east5")),
    (f'{TPU} --region="$1" --num-nodes="$2"', say("its nodes", "its region")),
    (
        f'{CREATE} --machine-type="$1" --tpu-topology=2x4 --region=us-central1 --num-nodes=2',
        say("2 nodes", "us-central1", machine="TPU machines"),
    ),
    (
        f"{TPU} --region=us-central1 --num-nodes=0 --enable-autoscaling --min-nodes=1",
        say("its nodes", "us-central1"),
    ),
    (
        f"gcloud container clusters create c --region=us-central1\n{TPU} --num-nodes=1",
        say("1 node", "us-central1", line=2),
    ),
    (
        f"{OTHER}\n{TPU} --region=us-central1 --num-nodes=1",
        say("1 node", "us-central1", line=2),
    ),
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_a_pool_in_every_zone_of_a_region_is_found(text: str, finding: str) -> None:
    assert judge(text) == [finding]


RIGHT = [
    f"{TPU} --zone=us-central1-a --num-nodes=1",
    f"{TPU} --location=us-central1-a --num-nodes=1",
    f"{TPU} --region=us-central1-a --num-nodes=1",  # gcloud looks for a zone there, too
    f'{TPU} --location="$1" --num-nodes=1',
    f"{TPU} --region=us-central1 --node-locations=us-central1-a --num-nodes=1",
    f'{TPU} --region=us-central1 --node-locations="$1" --num-nodes=1',
    f"{TPU} --region=us-central1 --num-nodes=1 $MORE",
    f"{TPU} --region=us-central1 --num-nodes=0 --enable-autoscaling --min-nodes=0 --max-nodes=1",
    f"{TPU} --region=us-central1 --num-nodes=0",
    f"{TPU} --region=us-central1",  # three in each zone is another rule's
    f"{TPU} --num-nodes=1",
    f"{CREATE} --machine-type=e2-standard-4 --region=us-central1 --num-nodes=1",
    f'{CREATE} --machine-type="$1" --region=us-central1 --num-nodes=1',
    (
        "gcloud container clusters create c --region=us-central1 --node-locations=us-central1-a\n"
        f"{TPU} --region=us-central1 --num-nodes=1"
    ),
    (
        'gcloud container clusters create "$1" --region=us-central1 --node-locations="$2"\n'
        f"{TPU} --region=us-central1 --num-nodes=1"
    ),
    f"gcloud container clusters create c --zone=us-central1-a\n{TPU} --num-nodes=1",
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_pool_of_one_zone_or_of_who_knows_which_is_left_alone(text: str) -> None:
    assert judge(text) == []
