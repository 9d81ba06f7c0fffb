"""What rules find, or leave alone, in trees so short that nothing else is wrong with them."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile


def judge(files: dict[str, str]) -> list[tuple[str, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    return [
        (item.code, f"{item.location.file}:{item.location.line} {item.message}")
        for item in lint_tree(tree)
    ]


GATE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: llm}
spec:
  gatewayClassName: gke-l7-rilb
  listeners: [{name: http, protocol: HTTP, port: 80}]
---
"""
SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: llm, annotations: {ANNOTATION}}
spec:
  model: {uri: "hf://MODEL", name: MODEL}
  router: {gateway: {refs: [{name: gate, namespace: llm}]}, route: {}, scheduler: {}}
---
"""
QWEN = SERVICE.replace("MODEL", "Qwen/Qwen3-4B").replace("ANNOTATION", "a: b")
GEMMA = SERVICE.replace("MODEL", "google/gemma-3-4b-it").replace("ANNOTATION", "a: b")
CLUSTER = "gcloud container clusters create c --zone=europe-west4-a --gateway-api=standard\n"
SUBNET = (
    "gcloud compute networks subnets create NAME --network=net --region=europe-west4 "
    "--range=RANGE --purpose=REGIONAL_MANAGED_PROXY --role=ROLE\n"
)
FIRST = SUBNET.replace("NAME", "p").replace("RANGE", "10.0.0.0/23").replace("ROLE", "ACTIVE")
SECOND = FIRST.replace("create p", "create q").replace("10.0.0.0", "10.0.2.0")
POOL = "gcloud container node-pools create n --cluster=c --machine-type=ct6e-standard-4t"
COPY = "kubectl get secret s -n a -o yaml | FILTER | kubectl apply -n b -f -\n"
GRANT = """\
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: models}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: llm}]
  to: [{group: "", kind: Service, name: NAME}]
---
"""
FAR = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: llm}
spec:
  parentRefs: [{name: gate}]
  rules: [{backendRefs: [{name: m, namespace: models, port: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: m, namespace: models}
spec: {ports: [{port: 80}]}
---
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: llm}
spec:
  containers:
    - {name: a, image: "a:1", envFrom: [{secretRef: {name: s}}]}
"""
CREATE = "kubectl create secret generic s --namespace=NS --from-file=k=f\n"

# What no mutant of the shipped tree shows: the rule, the files, and the place.
FOUND: list[tuple[str, dict[str, str], str]] = [
    ("proxy-only-subnet-refused", {"a.sh": FIRST + SECOND}, "a.sh:2"),
    (
        "proxy-only-subnet-refused",
        {"a.sh": FIRST + SECOND.replace("10.0.2.0/23", "10.0.1.0/24")},
        "a.sh:2",
    ),
    ("proxy-only-subnet-refused", {"a.sh": FIRST.replace(" --role=ACTIVE", "")}, "a.sh:1"),
    ("proxy-only-subnet-refused", {"a.sh": FIRST.replace("/23", "")}, "a.sh:1"),
    ("network-services-api-off", {"a.sh": CLUSTER, "g.yaml": GATE + QWEN}, "a.sh:1"),
    ("gated-model-without-token", {"g.yaml": GEMMA}, "g.yaml:5"),
    (
        "gcloud-property-taken-as-set",
        {"a.sh": "if gcloud config get-value project; then\n  :\nfi\n"},
        "a.sh:1",
    ),
    (
        "node-pool-zone-without-tpu",
        {"a.sh": f"{POOL} --num-nodes=1 --zone=us-central1-a\n"},
        "a.sh:1",
    ),
    ("reference-grant-not-given", {"g.yaml": FAR}, "g.yaml:6"),
    ("reference-grant-not-given", {"g.yaml": FAR + GRANT.replace("NAME", "other")}, "g.yaml:6"),
    (
        "pod-secret-created-elsewhere",
        {"p.yaml": POD, "a.sh": CREATE.replace("NS", "other")},
        "p.yaml:6",
    ),
]
# What one of these rules could take for a fault, and is none or cannot be known.
SILENT: dict[str, dict[str, str]] = {
    "a subnet that Terraform makes": {
        "a.sh": CLUSTER,
        "g.yaml": GATE,
        "n.tf": "REGIONAL_MANAGED_PROXY",
    },
    "a cluster without a Gateway of GKE": {"a.sh": CLUSTER},
    "an active and a spare subnet": {"a.sh": FIRST + SECOND.replace("ACTIVE", "BACKUP")},
    "subnets of two regions": {"a.sh": FIRST + SECOND.replace("europe-west4", "us-east5")},
    "subnets of two networks": {"a.sh": FIRST + FIRST.replace("=net", "=other")},
    "two ways to make the same": {"a.sh": FIRST, "b.sh": SECOND},
    "a range that a run tells": {"a.sh": FIRST.replace("10.0.0.0/23", "$RANGE")},
    "a subnet for nodes": {
        "a.sh": FIRST.replace("REGIONAL_MANAGED_PROXY", "PRIVATE").replace("/23", "/28")
    },
    "APIs that a run tells": {
        "a.sh": f'gcloud services enable "$@"\n{CLUSTER}',
        "g.yaml": f"# proxy-only\n{GATE}{QWEN}",
    },
    "a copy that jq cleans": {"a.sh": COPY.replace("FILTER", "jq 'del(.metadata)' | sed s/a/b/")},
    "a copy that sed cleans": {
        "a.sh": COPY.replace("FILTER", "sed -e s/a/b/ -e '/resourceVersion/d'")
    },
    "a Secret that is looked at": {"a.sh": "kubectl get secret s -o yaml | sed s/a/b/\n"},
    "a property that is tested": {
        "a.sh": '[ -n "$(gcloud config get-value project)" ] || exit 1\n'
    },
    "a property that is printed": {
        "a.sh": "if true; then\n  gcloud config get-value project\nfi\n"
    },
    "a location of GKE": {"a.sh": "gcloud container clusters list --region=europe-west4-a\n"},
    "a region that a run tells": {"a.sh": FIRST.replace("europe-west4", "$REGION")},
    "a zone of which nothing is known": {"a.sh": f"{POOL} --num-nodes=1 --zone=mars-north1-a\n"},
    "KServe and LeaderWorkerSet": {"a.sh": "make deploy-lws deploy-kserve\n"},
    "another KServe": {"a.sh": "make deploy-kserve KSERVE_REF=odh-v3.5\n"},
    "a word of LeaderWorkerSet": {
        "a.sh": "make deploy-kserve\n",
        "README.md": "Apply LWS before.\n",
    },
    "Gateway API definitions without GKE": {
        "a.sh": "kubectl apply -f https://github.com/kubernetes-sigs/gateway-api/releases/download/"
        "v1.4.0/standard-install.yaml\n"
    },
    "a release and a commit": {
        "a.sh": "kubectl apply -k 'https://github.com/a/b//c?ref=v1.2.3'\n"
        "kubectl apply -f https://raw.githubusercontent.com/a/b/0123abc/main/c.yaml\n"
    },
    "a branch that a run tells": {"a.sh": 'kubectl apply -k "https://github.com/a/b?ref=$REF"\n'},
    "a machine type by its label in no filter": {
        "a.sh": "gcloud compute machine-types list --filter=name:tpu-v6e-slice\n"
    },
    "a grant for all": {"g.yaml": FAR + GRANT.replace(", name: NAME", "")},
    "a grant for this": {"g.yaml": FAR + GRANT.replace("NAME", "m")},
    "a namespace that is somebody else's": {"g.yaml": FAR.partition("---\n")[0]},
    "a gated model with a Secret": {
        "g.yaml": GEMMA.replace("a: b", "serving.kserve.io/storageSecretName: hf")
    },
    "a gated model with a ServiceAccount": {
        "g.yaml": GEMMA + "apiVersion: v1\nkind: ServiceAccount\n"
        "metadata: {name: default, namespace: llm}\nsecrets: [{name: hf}]\n"
    },
    "a Secret that a run places": {"p.yaml": POD, "a.sh": CREATE.replace("NS", '"$NS"')},
    "a Secret that is there": {
        "p.yaml": POD,
        "a.sh": f"kubectl get secret s\n{CREATE.replace('NS', 'other')}",
    },
    "a Secret in both": {
        "p.yaml": POD,
        "a.sh": CREATE.replace("NS", "a") + CREATE.replace("NS", "llm"),
    },
}
# Those that also speak of these short trees.
OTHERS = {"gke-pool-without-health-check", "gke-pool-answers-cut-off", "gke-route-left-to-preset"}


@pytest.mark.parametrize(("rule", "files", "place"), FOUND)
def test_a_fault_is_found_in_its_place(rule: str, files: dict[str, str], place: str) -> None:
    said = [line.partition(" ")[0] for code, line in judge(files) if code == rule]
    assert said == [place]


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_what_is_right_or_unknown_gives_nothing(files: dict[str, str]) -> None:
    assert [item for item in judge(files) if item[0] not in OTHERS] == []
