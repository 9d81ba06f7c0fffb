"""Rules about calls in scripts: what they say where, and when nothing."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_tree
from llmd_render.manifest import Tree, read_tree
from llmd_render.render import RenderedFile

POOL = "gcloud container node-pools create n --cluster=c --zone=a"
TPU = f"{POOL} --machine-type=ct6e-standard-4t"
CLUSTER = "gcloud container clusters create c --zone=a"
GATEWAY = """\
# Its proxy-only subnet is there.
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gateway, namespace: llm}
spec: {gatewayClassName: CLASS, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""


def judge(text: str, class_name: str = "") -> list[str]:
    files = [RenderedFile("a.sh", text, "")]
    if class_name:
        files.append(RenderedFile("g.yaml", GATEWAY.replace("CLASS", class_name), ""))
    tree, problems = read_tree(files)
    assert problems == []
    return [
        f"{item.location.line}:{item.location.column} {item.code}: {item.message}; {item.hint}"
        for item in lint_tree(tree)
        if item.location.file == "a.sh"
    ]


WRONG = [
    (
        f"{TPU} --num-nodes=1 \\\n  --labels=a=1 --labels=b=1",
        "",
        (
            "2:3 gcloud-flag-given-twice: --labels is given again later, and gcloud keeps only "
            "`b=1`; give --labels once, with all that it should hold"
        ),
    ),
    (
        f"{CLUSTER} --addons=HttpLoadBalancing",
        "",
        (
            "1:45 cluster-addons-switched-off: --addons leaves out HorizontalPodAutoscaling, and "
            "so switches off what it leaves out; "
            "leave --addons out, or add HorizontalPodAutoscaling to the list"
        ),
    ),
    (
        TPU,
        "",
        (
            "1:1 tpu-pool-size-left-open: the pool of ct6e-standard-4t gets three nodes in each "
            "zone, as --num-nodes is not there; add --num-nodes=1, or the number of hosts of the "
            "slice"
        ),
    ),
    (
        f"{TPU} --num-nodes=2 --tpu-topology=4x4",
        "",
        (
            "1:91 node-pool-topology-not-formable: --num-nodes is 2, and a slice of 4x4 takes 4 "
            "nodes of ct6e-standard-4t; set --num-nodes to 4"
        ),
    ),
    (
        f"{POOL} --machine-type=ct6e-standard-8t --tpu-topology=2x2",
        "",
        (
            "1:91 node-pool-topology-not-formable: --tpu-topology is 2x2, and machines of type "
            "ct6e-standard-8t form no such slice; they form 2x4; set --tpu-topology to one of "
            "these, or use another machine type"
        ),
    ),
    (
        f"{TPU} --num-nodes=1 --tpu-topology=large",
        "",
        (
            "1:105 node-pool-topology-not-formable: --tpu-topology is `large`, which is no "
            "topology; "
            "write it as 2x4 or 2x2x2"
        ),
    ),
    (
        f"{POOL} --max-nodes=3",
        "",
        (
            "1:59 autoscaling-limits-without-autoscaling: --max-nodes is dropped, because "
            "--enable-autoscaling is not there; add --enable-autoscaling, or leave the limits out"
        ),
    ),
    (
        "gcloud container node-pools update n --cluster=c --zone=a --node-labels=a=b",
        "",
        (
            "1:1 gcloud-prompt-without-quiet: gcloud container node-pools update asks, and fails "
            "where no terminal is there; add --quiet, and ask in the script itself"
        ),
    ),
    (
        f"{CLUSTER} --gateway-api=disabled",
        "gke-l7-rilb",
        (
            "1:1 cluster-without-gateway-api: the cluster has no Gateway API, which the Gateway of "
            "class gke-l7-rilb needs; add --gateway-api=standard"
        ),
    ),
    (
        "gcloud compute project-info describe \\\n  --project=p |\n  grep STATIC_ADDRESSES",
        "gke-l7-regional-external-managed",
        (
            "1:1 regional-quota-read-from-project: the quota of regional addresses is not among "
            "those of the project; read it with gcloud compute regions describe REGION"
        ),
    ),
    (
        f"{TPU} --num-nodes=1 --flex-start --spot --reservation-affinity=any",
        "",
        (
            "1:118 tpu-pool-mixes-capacities: the pool asks for --spot and --flex-start and a "
            "reservation at once; keep one of them"
        ),
    ),
]


@pytest.mark.parametrize(("text", "class_name", "finding"), WRONG)
def test_what_does_otherwise_than_meant_is_found(text: str, class_name: str, finding: str) -> None:
    assert judge(text, class_name) == [finding]


RIGHT = [
    (f"{TPU} --num-nodes=1 --labels=a=1 --labels=a=1", ""),
    (f"{TPU} --num-nodes=1 --quiet --quiet --spot --spot", ""),
    (f"{CLUSTER} --labels=$A --labels=$B", ""),
    (f"{CLUSTER} --addons=", ""),
    (f"{CLUSTER} --addons=$ADDONS", ""),
    (f"{CLUSTER} --addons=HttpLoadBalancing=ENABLED,HorizontalPodAutoscaling,GcsFuseCsiDriver", ""),
    (f"{TPU} --num-nodes=$COUNT --tpu-topology=4x4", ""),
    (f"{TPU} --num-nodes=0 --tpu-topology=4x4 --enable-autoscaling --max-nodes=4", ""),
    (f"{TPU} --tpu-topology=4x4", ""),
    (f'{TPU} "$@"', ""),
    (f"{POOL} --machine-type=e2-standard-4", ""),
    (f"{POOL} --machine-type=$TYPE", ""),
    (f'{POOL} --max-nodes=3 "$SCALING"', ""),
    (f"{POOL} --no-enable-autoscaling --max-nodes=3", ""),
    ("gcloud container clusters delete c --zone=a -q", ""),
    ("CLOUDSDK_CORE_DISABLE_PROMPTS=1\ngcloud container clusters delete c --zone=a", ""),
    ("gcloud config set disable_prompts true\ngcloud container clusters delete c --zone=a", ""),
    ("gcloud container node-pools update n --cluster=c --zone=a --enable-autorepair", ""),
    (CLUSTER, ""),
    (CLUSTER, "istio"),
    (f"{CLUSTER}\ngcloud container clusters update c --gateway-api=standard", "gke-l7-rilb"),
    ("gcloud container clusters create-auto c --region=a", "gke-l7-rilb"),
    ("gcloud compute project-info describe | grep IN_USE_ADDRESSES", ""),
    ("gcloud compute project-info describe | grep IN_USE_ADDRESSES", "gke-l7-gxlb"),
    ("gcloud compute project-info describe\necho tpu", ""),
    (f"{TPU} --num-nodes=1 --spot --reservation-affinity=none", ""),
    (f"{TPU} --num-nodes=1 --no-spot --reservation-affinity=any", ""),
]


@pytest.mark.parametrize(("text", "class_name"), RIGHT)
def test_what_is_meant_so_or_decided_by_a_run_is_left_alone(text: str, class_name: str) -> None:
    assert judge(text, class_name) == []


def test_a_tree_of_no_script_is_no_trouble() -> None:
    assert lint_tree(Tree({}, ())) == []
