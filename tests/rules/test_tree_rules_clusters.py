"""Rules about clusters, subnets and node pools that scripts make, beyond their own examples."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME}
spec:
  nodeSelector:
    cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
    cloud.google.com/gke-tpu-topology: TOPOLOGY
  containers:
    - name: main
      resources: {limits: {google.com/tpu: 4}}
"""
SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: llm}
spec: {model: {uri: hf://some/model, name: some/model}}
"""
RULES = {
    "cluster-not-vpc-native",
    "cpu-pool-resized-to-zero",
    "kserve-deployment-scaled-by-hand",
    "node-pool-below-replicas",
    "node-pool-fits-no-pod",
    "node-pool-limit-is-zero",
    "node-pool-limits-swapped",
    "node-pool-machine-not-on-gke",
    "proxy-only-subnet-elsewhere",
    "script-names-other-cluster",
    "script-places-cluster-elsewhere",
    "worker-set-definition-not-applied",
}
CLUSTER = "gcloud container clusters create c --zone=europe-west4-a --project=p --quiet"
POOL = "gcloud container node-pools create t --cluster=c"
SUBNET = (
    "gcloud compute networks subnets create s --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE "
    "--range=192.168.0.0/23"
)
CREDENTIALS = "gcloud container clusters get-credentials"


def pod(topology: str = "2x2", name: str = "one") -> str:
    return POD.replace("TOPOLOGY", topology).replace("NAME", name)


def judge(files: dict[str, str]) -> list[tuple[str, str, str, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    found = [item for item in lint_tree(tree) if item.code in RULES]
    return [(item.code, str(item.location), item.message, item.hint) for item in found]


def run(*lines: str, **files: str) -> dict[str, str]:
    """Write a script of some lines, beside some manifests."""
    beside = {f"{name}.yaml": text for name, text in files.items()}
    return {"a.sh": "\n".join(("#!/bin/bash", *lines, "")), **beside}


FITS = "node-pool-fits-no-pod"
PLACES = "script-places-cluster-elsewhere"
NAMES = "script-names-other-cluster"
PROXIES = "proxy-only-subnet-elsewhere"
FOUND = [
    (
        run(f"{POOL} --machine-type=ct5lp-hightpu-4t", pod=pod()),
        FITS,
        "a.sh:2:50",
        (
            "no node pool here takes Pod one, which selects tpu-v6e-slice 2x2 with 4 chips; nodes "
            "of this one are ct5lp-hightpu-4t, in slices of 2x2"
        ),
        "set --machine-type to ct6e-standard-4t, or change what the Pod selects",
    ),
    (
        run(f"{POOL} --machine-type=ct6e-standard-4t --tpu-topology=4x4", pod=pod()),
        FITS,
        "a.sh:2:82",
        (
            "no node pool here takes Pod one, which selects tpu-v6e-slice 2x2 with 4 chips; nodes "
            "of this one are ct6e-standard-4t, in slices of 4x4"
        ),
        "leave --tpu-topology out, or change what the Pod selects",
    ),
    (
        run(f"{POOL} --machine-type=ct6e-standard-4t", pod=pod("4x4")),
        FITS,
        "a.sh:2:50",
        (
            "no node pool here takes Pod one, which selects tpu-v6e-slice 4x4 with 4 chips; nodes "
            "of this one are ct6e-standard-4t, in slices of 2x2"
        ),
        "set --tpu-topology to 4x4, or change what the Pod selects",
    ),
    (
        run(f"{POOL} -m ct5e-standard-4t"),
        "node-pool-machine-not-on-gke",
        "a.sh:2:50",
        "GKE has no machine type ct5e-standard-4t, though write-ups mention it",
        "use ct5lp-hightpu-1t, ct5lp-hightpu-4t or ct5lp-hightpu-8t",
    ),
    (
        run(f"{POOL} --machine-type=ct6e-standard-16t", pod=pod()),
        "node-pool-machine-not-on-gke",
        "a.sh:2:50",
        "GKE has no machine type ct6e-standard-16t, though write-ups mention it",
        "use ct6e-standard-4t",
    ),
    (
        run(f"{POOL} --enable-autoscaling --total-min-nodes=4 --total-max-nodes=2"),
        "node-pool-limits-swapped",
        "a.sh:2:71",
        "--total-min-nodes is 4, and --total-max-nodes is 2",
        "set --total-min-nodes to 2 or less, or --total-max-nodes to 4 or more",
    ),
    (
        run(f"{POOL} --enable-autoscaling --min-nodes=0 --max-nodes=0"),
        "node-pool-limit-is-zero",
        "a.sh:2:85",
        "--max-nodes is 0, so the node pool can have no node, whatever waits for one",
        (
            "set --max-nodes to 1 or more; to empty the pool use gcloud container clusters resize "
            "--num-nodes=0"
        ),
    ),
    (
        run(CLUSTER, f"{POOL} --zone=us-east5-a --project=q"),
        PLACES,
        "a.sh:3:50",
        (
            "the cluster c is created in europe-west4-a of project p in a.sh:2, and this call "
            "looks for it in us-east5-a of project q"
        ),
        "write europe-west4-a of project p here, too",
    ),
    (
        # A zonal cluster is not found by its region.
        run(CLUSTER, f"{CREDENTIALS} c --region=europe-west4"),
        PLACES,
        "a.sh:3:45",
        (
            "the cluster c is created in europe-west4-a in a.sh:2, and this call looks for it in "
            "europe-west4"
        ),
        "write europe-west4-a here, too",
    ),
    (
        {"b.sh": f"{CREDENTIALS} c --zone=europe-west4-a --project=q\n", **run(CLUSTER)},
        PLACES,
        "b.sh:1:67",
        "the cluster c is created in project p in a.sh:2, and this call looks for it in project q",
        "write project p here, too",
    ),
    (
        run(CLUSTER, f"{CREDENTIALS} d --zone=europe-west4-a", f"{CREDENTIALS} d --zone=a"),
        NAMES,
        "a.sh:3:43",
        "this call is about the cluster d, and the one that is created in a.sh:2 is c",
        "write c",
    ),
    (
        {
            "b.sh": f"{CREDENTIALS} models-clustr --zone=europe-west4-a\n",
            **run("gcloud container clusters create models-cluster --quiet"),
        },
        NAMES,
        "b.sh:1:43",
        (
            "this call is about the cluster models-clustr, and the one that is created in a.sh:2 "
            "is models-cluster"
        ),
        "write models-cluster",
    ),
    (
        run(f"{SUBNET} --region=europe-west1", CLUSTER),
        PROXIES,
        "a.sh:2:112",
        (
            "the proxy-only subnet is in the region europe-west1, and the cluster c of a.sh:3 in "
            "europe-west4"
        ),
        "write --region=europe-west4",
    ),
    (
        run(f"{SUBNET} --network=vpc", CLUSTER),
        PROXIES,
        "a.sh:2:112",
        "the proxy-only subnet is in the network vpc, and the cluster c of a.sh:3 in default",
        "write --network=default",
    ),
    (
        run(f"{CLUSTER} --no-enable-ip-alias --gateway-api=standard"),
        "cluster-not-vpc-native",
        "a.sh:2:78",
        (
            "with --no-enable-ip-alias the cluster is not VPC-native, which a Gateway, as "
            "--gateway-api=standard allows them, needs"
        ),
        "write --enable-ip-alias",
    ),
    (
        run("kubectl autoscale deploy qwen-kserve -n llm --max=3", svc=SERVICE),
        "kserve-deployment-scaled-by-hand",
        "a.sh:2:26",
        (
            "the script lets an autoscaler scale qwen-kserve, whose replicas KServe puts back to "
            "those of LLMInferenceService qwen"
        ),
        "set spec.replicas of LLMInferenceService qwen",
    ),
    (
        run(
            "kustomize build 'https://github.com/opendatahub-io/kserve/config/overlays/odh-xks?"
            "ref=release-v0.15' | kubectl apply --server-side -f -"
        ),
        "worker-set-definition-not-applied",
        "a.sh:2:1",
        "KServe is installed here, and nothing applies the definition of LeaderWorkerSet",
        "apply leaderworkersets.leaderworkerset.x-k8s.io before, with kubectl apply --server-side",
    ),
]


@pytest.mark.parametrize(("files", "code", "place", "message", "hint"), FOUND)
def test_a_rule_says_what_is_wrong_in_which_line_and_no_other_speaks(
    files: dict[str, str], code: str, place: str, message: str, hint: str
) -> None:
    assert judge(files) == [(code, place, message, hint)]


RESIZE = "gcloud container clusters resize c --num-nodes=0 --quiet"
SILENT = {
    "a pool for each Pod, and one more": run(
        f"{POOL} --machine-type=ct6e-standard-4t",
        f"{POOL} --machine-type=ct6e-standard-4t --tpu-topology=4x4",
        f"{POOL} --machine-type=ct5p-hightpu-4t",
        pods=f"{pod()}---\n{pod('4x4', 'two')}",
    ),
    "a pool that only a run tells": run(
        f"{POOL} --machine-type=ct5p-hightpu-4t", f'{POOL} --machine-type="$1"', pod=pod()
    ),
    "a topology that only a run tells": run(
        f'{POOL} --machine-type=ct6e-standard-4t --tpu-topology="$1"', pod=pod("4x4")
    ),
    "a placement policy, which has the topology": run(
        f"{POOL} --machine-type=ct6e-standard-4t --placement-policy=a", pod=pod("4x4")
    ),
    "a cluster that makes its node pools": run(
        f"{CLUSTER} --enable-autoprovisioning",
        f"{POOL} --machine-type=ct5p-hightpu-4t",
        pod=pod(),
    ),
    "Pods that select a node pool by name": run(
        f"{POOL} --machine-type=ct6e-standard-8t",
        pod=pod().replace("nodeSelector:", "nodeSelector:\n    cloud.google.com/gke-nodepool: x"),
    ),
    "Pods of another deployment": {
        "one/a/pod.yaml": pod(),
        "two/b/c/a.sh": f"{POOL} --machine-type=ct5p-hightpu-4t\n",
    },
    "machines without TPUs": run(f"{POOL} --machine-type=n2-standard-4", pod=pod()),
    "a machine type that nobody can be sure of": run(f"{POOL} --machine-type=ct3-hightpu-4t"),
    "limits that are equal, or that a run tells": run(
        f"{POOL} --enable-autoscaling --min-nodes=3 --max-nodes=3",
        f'{POOL} --enable-autoscaling --min-nodes=3 --max-nodes="$1"',
    ),
    "a limit of 0 beside another": run(
        f"{POOL} --enable-autoscaling --max-nodes=0 --total-max-nodes=3",
        f"{POOL} --no-enable-autoscaling --max-nodes=0",
    ),
    "the place of the cluster, in another option": run(
        CLUSTER, f"{CREDENTIALS} c --location=europe-west4-a --project=p"
    ),
    "a place that a run or a setting tells": run(
        CLUSTER, f'{CREDENTIALS} c --zone="$1" --project="$2"', f"{CREDENTIALS} c"
    ),
    "clusters with one name in two places": run(
        CLUSTER,
        CLUSTER.replace("europe-west4-a", "us-east5-a"),
        f"{CREDENTIALS} c --zone=us-east5-a --project=p",
    ),
    "another default, which is told as such": {
        "a.sh": 'ZONE="${ZONE:-europe-west4-a}"\n'
        'gcloud container clusters create c --zone="$ZONE"\n',
        "b.sh": f'ZONE="${{ZONE:-us-east5-a}}"\n{CREDENTIALS} c --zone="$ZONE"\n',
    },
    "clusters that nothing here creates": run(f"{CREDENTIALS} c --zone=a", f"{CREDENTIALS} d"),
    "a cluster beside the one that is there already": run(
        CLUSTER, f"{CREDENTIALS} c --zone=europe-west4-a", f"{CREDENTIALS} hub"
    ),
    "several clusters": run(CLUSTER, CLUSTER.replace(" c ", " d "), f"{CREDENTIALS} d"),
    "an older cluster that goes": run(CLUSTER, "gcloud container clusters delete old --quiet"),
    "a cluster of another script": {"b.sh": f"{CREDENTIALS} hub\n", **run(CLUSTER)},
    "the proxy-only subnet of a network by its path": run(
        f"{SUBNET} --network=projects/h/global/networks/vpc --region=europe-west4",
        f"{CLUSTER} --network=vpc --subnetwork=nodes",
    ),
    "a network that the subnetwork tells": run(
        f"{SUBNET} --network=vpc", f"{CLUSTER} --subnetwork=nodes"
    ),
    "a proxy-only subnet for each region": run(
        f"{SUBNET} --region=europe-west1", f"{SUBNET} --region=europe-west4", CLUSTER
    ),
    "a subnet of another kind": run(
        f"{SUBNET.replace('REGIONAL_MANAGED_PROXY', 'PRIVATE')} --region=europe-west1", CLUSTER
    ),
    "a cluster that is not VPC-native, without Gateways": run(f"{CLUSTER} --no-enable-ip-alias"),
    "all node pools emptied": run(
        f"{RESIZE} --node-pool=default-pool", f"{RESIZE} --node-pool=t", svc=SERVICE
    ),
    "CPU nodes in another pool": run(
        f"{POOL} --machine-type=n2-standard-4", f"{RESIZE} --node-pool=default-pool", svc=SERVICE
    ),
    "a cluster without model servers": run(f"{RESIZE} --node-pool=default-pool"),
    "a patch of something else": run(
        "kubectl patch deployment qwen-kserve -n llm -p '{\"metadata\": {}}'",
        "kubectl autoscale deployment other -n llm --max=3",
        svc=SERVICE,
    ),
    "another KServe, or LeaderWorkerSet before": run(
        "kubectl apply -k https://github.com/opendatahub-io/kserve/config/overlays/odh-xks?ref=v1"
    ),
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_what_is_right_or_unknown_gives_nothing(files: dict[str, str]) -> None:
    assert judge(files) == []
