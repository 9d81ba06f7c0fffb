"""Rules about what scripts name, at the edges beyond their own examples."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: llm}
spec:
  model: {uri: hf://some/model, name: some/model}
  router: {scheduler: {}}
  template:
    imagePullSecrets: [{name: pull}]
    containers:
      - name: main
        image: "quay.io/some/server:1.2"
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: entrance, namespace: gateways}
spec:
  gatewayClassName: istio
  listeners: [{name: http, protocol: HTTP, port: 80}]
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: llm}
"""
WEB = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: llm}
spec:
  ports: [{name: http, port: 80, targetPort: 8000}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: llm}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers: [{name: prepare, image: "quay.io/some/server:1.2"}]
      containers: [{name: server, image: "quay.io/some/server:1.2"}]
"""
RULES = {
    "home-path-hardcoded",
    "markdown-link-broken",
    "script-creates-after-use",
    "script-names-missing-container",
    "script-names-missing-file",
    "script-names-missing-object",
    "script-namespace-contradicts-object",
    "script-port-not-served",
}


def judge(files: dict[str, str]) -> list[tuple[str, str, str, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    found = [item for item in lint_tree(tree) if item.code in RULES]
    return [(item.code, str(item.location), item.message, item.hint) for item in found]


def run(*lines: str, **files: str) -> dict[str, str]:
    """Write a script of some lines, beside some manifests."""
    beside = {f"{name}.yaml": text for name, text in files.items()}
    return {"a.sh": "\n".join(("#!/bin/bash", *lines, "")), **beside}


OBJECT = "script-names-missing-object"
FILE = "script-names-missing-file"
ORDER = "script-creates-after-use"
FOUND = [
    (
        run("kubectl delete llmisvc qwen -n llmd", svc=SERVICE),
        OBJECT,
        "a.sh:2:24",
        (
            "the script looks for LLMInferenceService qwen in the namespace llmd, and this tree "
            "has it in llm"
        ),
        "write --namespace llm",
    ),
    (
        run("kubectl get gateways.gateway.networking.k8s.io entrance -n istio", g=GATEWAY),
        OBJECT,
        "a.sh:2:48",
        (
            "the script looks for Gateway entrance in the namespace istio, and this tree has it in "
            "gateways"
        ),
        "write --namespace gateways",
    ),
    (
        run("kubectl wait -n llm llmisvc/llama --for=condition=Ready", svc=SERVICE),
        OBJECT,
        "a.sh:2:21",
        "the script names LLMInferenceService llama, and in llm this tree has qwen only",
        "write qwen",
    ),
    (
        run("kubectl logs -n llm deploy/qwen-router-scheduler", svc=SERVICE),
        OBJECT,
        "a.sh:2:21",
        (
            "the script names Deployment qwen-router-scheduler; of LLMInferenceService qwen KServe "
            "makes Deployment qwen-kserve and qwen-kserve-router-scheduler"
        ),
        "write deploy/qwen-kserve or deploy/qwen-kserve-router-scheduler",
    ),
    (
        run("kubectl get -n llm inferencepool qwen-pool", svc=SERVICE),
        OBJECT,
        "a.sh:2:34",
        (
            "the script names InferencePool qwen-pool; of LLMInferenceService qwen KServe makes "
            "InferencePool qwen-inference-pool"
        ),
        "write inferencepool/qwen-inference-pool",
    ),
    (
        run("kubectl port-forward -n llm svc/web 8080:8000 9090:80", web=WEB),
        "script-port-not-served",
        "a.sh:2:37",
        "the script asks Service web for port 8000, and the Service has 80 and http",
        "write 8080:80",
    ),
    (
        run("kubectl port-forward -n llm service/qwen-kserve-workload-svc 80", svc=SERVICE),
        "script-port-not-served",
        "a.sh:2:62",
        "the script asks Service qwen-kserve-workload-svc for port 80, and the Service has 8000",
        "write 8000",
    ),
    (
        run("kubectl exec -n llm deploy/web --container=vllm -- ls", web=WEB),
        "script-names-missing-container",
        "a.sh:2:32",
        "Deployment web has no container vllm; it has server and prepare",
        "write --container server",
    ),
    (
        {"k8s/settings.yaml": CONFIG, **run("kubectl delete -f k8s/ --namespace=other")},
        "script-namespace-contradicts-object",
        "a.sh:2:24",
        "--namespace is other, and ConfigMap settings in k8s/ says llm",
        "write --namespace llm, or leave it out",
    ),
    (
        {
            "lib/common.sh": "A=1\n",
            "bin/a.sh": '#!/bin/bash\nHERE="$(cd "$(dirname "$0")/.." && pwd)"\n'
            'source "$HERE/lib/comon.sh"\n',
        },
        FILE,
        "bin/a.sh:3:8",
        "the script sources lib/comon.sh, which does not exist",
        "did you mean `../lib/common.sh`?",
    ),
    (
        {"b.sh": "echo\n", **run('bash "$(dirname "${BASH_SOURCE[0]}")/c.sh"')},
        FILE,
        "a.sh:2:6",
        "the script runs c.sh, which does not exist",
        "add the file, or write its path",
    ),
    (
        run("kubectl apply -k overlays/none", config=CONFIG),
        FILE,
        "a.sh:2:18",
        "the script builds overlays/none, which does not exist",
        "add the file, or write its path",
    ),
    (
        run(
            "kubectl create secret generic one -n llm --from-file=a=b",
            "kubectl create namespace llm",
        ),
        ORDER,
        "a.sh:2:1",
        "the Secret one needs the namespace llm, and line 3 creates it afterwards",
        "create the namespace llm before",
    ),
    (
        run(
            "gcloud container node-pools create a --cluster=c --zone=europe-west4-a --quiet",
            "gcloud container clusters create c --zone=europe-west4-a --quiet",
        ),
        ORDER,
        "a.sh:2:1",
        "gcloud container node-pools create needs the cluster c, and line 3 creates it afterwards",
        "create the cluster c before",
    ),
    (
        run(
            "kubectl apply -f svc.yaml",
            "kubectl create secret docker-registry pull -n llm --from-file=.dockerconfigjson=a",
            svc=SERVICE,
        ),
        ORDER,
        "a.sh:2:18",
        "LLMInferenceService qwen needs the Secret pull, and line 3 creates it afterwards",
        "create the Secret pull before",
    ),
    (
        {"a.md": "# One\n\n[x](b.md#three)\n", "b.md": "# Two\n"},
        "markdown-link-broken",
        "a.md:3:5",
        "the text links to #three, and b.md has no such heading",
        "write the name of a heading, in lower case and with - for spaces",
    ),
    (
        {
            "a.yaml": "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\n"
            "spec: {local: {path: /home/alice/models}}\n"
        },
        "home-path-hardcoded",
        "a.yaml:4:22",
        "/home/alice is the home of alice, and is on no other machine",
        "write a path that each node has, or use another kind of volume",
    ),
]


@pytest.mark.parametrize(("files", "code", "place", "message", "hint"), FOUND)
def test_a_rule_says_what_is_wrong_in_which_line_and_no_other_speaks(
    files: dict[str, str], code: str, place: str, message: str, hint: str
) -> None:
    assert judge(files) == [(code, place, message, hint)]


SILENT = {
    "an object that a script makes itself": run(
        "kubectl apply -f - <<EOF",
        "kind: LLMInferenceService",
        "metadata:",
        "  name: llama",
        "EOF",
        "kubectl get llmisvc llama -n llm",
        svc=SERVICE,
    ),
    "an object that may be gone": run(
        "kubectl delete llmisvc old -n llm --ignore-not-found", svc=SERVICE
    ),
    "a name that only a run tells": run('kubectl get llmisvc "$1" -n llm', svc=SERVICE),
    "a namespace that only a run tells": run('kubectl get llmisvc llama -n "$1"', svc=SERVICE),
    "a Gateway beside the one of the tree": run("kubectl get gateway other -n gateways", g=GATEWAY),
    "a namespace of which the tree knows nothing": run(
        "kubectl get llmisvc llama -n other", svc=SERVICE
    ),
    "a deployment that is kept elsewhere": {
        "one/a/svc.yaml": SERVICE,
        "other/b/c/a.sh": "kubectl get llmisvc llama -n llm\n",
    },
    "what KServe makes": run(
        "kubectl logs -n llm deploy/qwen-kserve -c storage-initializer",
        "kubectl get -n llm httproute qwen-kserve-route",
        "kubectl get -n llm svc/qwen-epp-service",
        "kubectl port-forward -n llm svc/qwen-kserve-workload-svc 8080:8000",
        svc=SERVICE,
    ),
    "what Helm makes": run(
        "helm install qwen-web ./chart", "kubectl get -n llm deploy/qwen-web-server", svc=SERVICE
    ),
    "a container that a mesh puts into Pods": run(
        "kubectl logs -n llm deploy/web -c istio-proxy", web=WEB
    ),
    "ports by number and name": run(
        "kubectl port-forward -n llm svc/web 8080:80 8081:http :80 80", web=WEB
    ),
    "ports of Pods": run("kubectl port-forward -n llm deploy/web 8080:8000", web=WEB),
    "a Service of another namespace": run(
        "kubectl port-forward -n other svc/web 8080:8000", web=WEB
    ),
    "the namespace of the object": run("kubectl apply -n llm -f config.yaml", config=CONFIG),
    "an object without a namespace": run(
        "kubectl apply -n llm -f config.yaml",
        config=CONFIG.replace(", namespace: llm", ""),
    ),
    "a file that is written before": run("envsubst <in.tpl >out.yaml", "kubectl apply -f out.yaml"),
    "a file where the script goes": run("cd deploy", "kubectl apply -f out.yaml"),
    "a file that is fetched": run("git clone https://a/b", "kubectl apply -f b/out.yaml"),
    "a file that need not be there": run("source env.sh 2>/dev/null || true"),
    "a file from the top of the tree": {
        "x/config.yaml": CONFIG,
        "x/bin/a.sh": "kubectl apply -f x/config.yaml\nkubectl apply -f config.yaml\n",
    },
    "files of a tree with absolute paths": {
        "/x/config.yaml": CONFIG,
        "/x/bin/a.sh": "kubectl apply -f ../config.yaml\nkubectl apply -n llm -f config.yaml\n",
    },
    "files of elsewhere": run(
        "kubectl apply -f https://a/b.yaml",
        "kubectl apply -k github.com/a/b/config?ref=v1",
        "source /etc/profile.d/a.sh",
        'source "$ROOT/a.sh"',
        "kubectl apply -f <name>.yaml",
        "kubectl apply -f '*.yaml'",
        "kubectl apply -f -",
    ),
    "a Secret before what needs it": run(
        "kubectl create secret generic pull -n llm --from-file=a=b",
        "kubectl apply -f svc.yaml",
        svc=SERVICE,
    ),
    "functions, which run in another order": run(
        "deploy() {",
        "  kubectl apply -f svc.yaml",
        "}",
        "kubectl create secret generic pull -n llm --from-file=a=b",
        "deploy",
        svc=SERVICE,
    ),
    "a Secret that is made again": run(
        "kubectl create secret generic pull -n llm --from-file=a=b",
        "kubectl apply -f svc.yaml",
        "kubectl create secret generic pull -n llm --from-file=a=c",
        svc=SERVICE,
    ),
    "what is applied again afterwards": run(
        "kubectl apply -f svc.yaml",
        "kubectl create secret generic pull -n llm --from-file=a=b",
        "kubectl apply -f svc.yaml",
        svc=SERVICE,
    ),
    "headings in other spellings": {
        "a.md": "# **One** & [two](b.md)\n## One\n## One\nUnder\n-----\n<a name='own'></a>\n"
        "[a](#one--two) [b](#one-1) [c](#under) [d](#own) [e](https://x/y.md#z) `[f](#g)`\n",
        "b.md": "",
    },
    "homes in images and in what texts show": {
        "a.md": "```\nroot@pod:/home/alice/models# ls\ncd /home/vllm/models\n```\n",
        "a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
        "    - {name: a, volumeMounts: [{name: a, mountPath: /home/alice/a}]}\n"
        "  volumes: [{name: a, hostPath: {path: /home/kubernetes/bin}}]\n",
    },
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_what_is_right_or_unknown_gives_nothing(files: dict[str, str]) -> None:
    assert judge(files) == []
