"""Rules about Pods on TPUs and the vLLM in them, at the edges beyond their own examples."""

from __future__ import annotations

from base64 import b64encode

import pytest

from llmd_render.diagnostics import format_path
from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import TREE_RULES

V6E = ("tpu-v6e-slice", "2x2")
PRESET = ("startupProbe", "readinessProbe", "livenessProbe")
TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
COMMAND = "[vllm, serve, /mnt/models, -tp=4]"


def pod(
    *lines: str,
    labels: tuple[str, str] = V6E,
    chips: str = "4",
    command: str = COMMAND,
) -> str:
    """Write a Pod with one container, whose further fields are `lines`."""
    body = [
        "apiVersion: v1",
        "kind: Pod",
        "metadata: {name: example}",
        "spec:",
        "  nodeSelector:",
        f"    cloud.google.com/gke-tpu-accelerator: {labels[0]}",
        f'    cloud.google.com/gke-tpu-topology: "{labels[1]}"',
        "  containers:",
        "    - name: main",
        f"      resources: {{requests: {{memory: 8Gi}}, limits: {{google.com/tpu: {chips}}}}}",
        *([f"      command: {command}"] if command else []),
        *(f"      {line}" for line in lines),
    ]
    return "\n".join(body) + "\n"


def service(*lines: str, version: str = "v1alpha1", spec: str = "replicas: 1") -> str:
    """Write an LLMInferenceService with one container, whose further fields are `lines`."""
    body = [
        f"apiVersion: serving.kserve.io/{version}",
        "kind: LLMInferenceService",
        "metadata: {name: example}",
        "spec:",
        f"  {spec}",
        "  model: {uri: hf://some/model, name: some/model}",
        "  template:",
        "    nodeSelector:",
        "      cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice",
        "      cloud.google.com/gke-tpu-topology: 2x2",
        "    containers:",
        "      - name: main",
        "        image: registry.example/server:1.0",
        "        resources: {requests: {memory: 8Gi}, limits: {google.com/tpu: 4}}",
        *(f"        {line}" for line in lines),
    ]
    return "\n".join(body) + "\n"


SERVED = "command: [vllm, serve, /mnt/models, --served-model-name=some/model, -tp=4]"


def probe(name: str, scheme: str = "HTTP", more: str = "") -> str:
    return f"{name}: {{httpGet: {{path: /health, port: 8000, scheme: {scheme}}}{more}}}"


PROBED = (probe("startupProbe", more=", failureThreshold: 120"), *map(probe, PRESET[1:]))
UNLABELLED = """\
apiVersion: v1
kind: Pod
metadata: {name: example, labels: {a: b}}
spec:
  containers:
    - name: main
      resources: {limits: {google.com/tpu: 4}}
"""


def run(files: dict[str, str], rule: str = "") -> list[tuple[str, str, str, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    lint_tree(tree)
    return [
        (found.name, format_path(item.violation.path), item.violation.message, item.violation.hint)
        for found in TREE_RULES
        for item in found.check(tree)
        if not rule or found.name == rule
    ]


def idle(*lines: str, image: str = "example.com/warm:1.0") -> str:
    """Write a Pod that selects TPU nodes and asks for no chips."""
    body = UNLABELLED.replace("resources: {limits: {google.com/tpu: 4}}", f"image: {image}")
    selector = "  nodeSelector: {cloud.google.com/gke-tpu-topology: 2x2}"
    return "\n".join([body.rstrip("\n"), selector, *lines]) + "\n"


TOLERATE = "write key: google.com/tpu, operator: Exists, effect: NoSchedule"
MAIN = "$.spec.containers[0]"
CHIPS = f"{MAIN}.resources.limits['google.com/tpu']"
ACCELERATOR = "$.spec.nodeSelector['cloud.google.com/gke-tpu-accelerator']"
TOPOLOGY = "$.spec.nodeSelector['cloud.google.com/gke-tpu-topology']"
SERVER = "$.spec.template.containers[0]"
V6E_SHAPES = "1x1, 2x2, 2x4, 4x4, 4x8, 8x8, 8x16 and 16x16"
V5P_SHAPES = "2x2x1, 2x2x2, 2x2x4, 2x4x4, 4x4x4, 4x4x8, 4x8x8, 8x8x8, 8x8x16 and 8x16x16"
LABELS = (
    "tpu-v4-podslice, tpu-v5-lite-device, tpu-v5-lite-podslice, tpu-v5p-slice, tpu-v6e-slice, tpu7x"
)
BASH = """["/bin/bash", "-c"]"""
OUTSIDE = "remove it; create a Secret outside of the tree and name it with valueFrom.secretKeyRef"
STARTUP_HINT = (
    "add a startupProbe that allows 10 minutes or more, as in periodSeconds: 10 with "
    "failureThreshold: 120"
)

FINDINGS = [
    (
        "tpu-node-selector-missing",
        UNLABELLED,
        CHIPS,
        (
            "the Pod asks for google.com/tpu and its nodeSelector lacks "
            "cloud.google.com/gke-tpu-accelerator and cloud.google.com/gke-tpu-topology"
        ),
        (
            "add the labels of the nodes, as in "
            "cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice "
            "and cloud.google.com/gke-tpu-topology: 2x2"
        ),
    ),
    (
        "tpu-node-labels-not-formable",
        pod(labels=("tpu-v6e-slice", "4x2")),
        TOPOLOGY,
        f"no nodes with tpu-v6e-slice form the topology 4x2; there are {V6E_SHAPES}",
        "use 2x4, and ask for the chips of its nodes",
    ),
    (
        "tpu-node-labels-not-formable",
        pod(labels=("tpu-v6e-slice", "3x3")),
        TOPOLOGY,
        f"no nodes with tpu-v6e-slice form the topology 3x3; there are {V6E_SHAPES}",
        "use 2x4 or 4x4, and ask for the chips of its nodes",
    ),
    (
        "tpu-node-labels-not-formable",
        pod(labels=("tpu-v6e-slice", "4")),
        TOPOLOGY,
        f"the topology 4 has 1 number and those of tpu-v6e-slice have 2; there are {V6E_SHAPES}",
        "use 2x2, and ask for the chips of its nodes",
    ),
    (
        "tpu-node-labels-not-formable",
        pod(labels=("tpu-v5p-slice", "8x4x4")),
        TOPOLOGY,
        f"no nodes with tpu-v5p-slice form the topology 8x4x4; there are {V5P_SHAPES}",
        "use 4x4x8, and ask for the chips of its nodes",
    ),
    (
        "tpu-accelerator-label-unknown",
        pod(labels=("v6e", "2x2")),
        ACCELERATOR,
        f"the tool knows no TPU with the node label v6e; there are {LABELS}",
        "use tpu-v6e-slice",
    ),
    (
        "tpu-accelerator-label-unknown",
        pod(labels=("tpu-v6-slice", "2x2")),
        ACCELERATOR,
        f"the tool knows no TPU with the node label tpu-v6-slice; there are {LABELS}",
        "did you mean `tpu-v6e-slice`?",
    ),
    (
        "tpu-accelerator-label-unknown",
        pod(labels=("gpu", "2x2")),
        ACCELERATOR,
        f"the tool knows no TPU with the node label gpu; there are {LABELS}",
        "use the label that the nodes carry",
    ),
    (
        "tpu-chips-not-whole-host",
        pod(labels=("tpu-v6e-slice", "2x4"), chips="2", command="[vllm, serve, x, -tp=2]"),
        CHIPS,
        (
            "the Pod asks for 2 chips in all, and a host of the topology 2x4 of "
            "tpu-v6e-slice has 4 or 8, which go to one Pod"
        ),
        "set google.com/tpu to 4 or 8, or select another topology",
    ),
    (
        "tpu-chips-not-whole-host",
        pod(
            "image: a:1", "  - {name: b, resources: {requests: {google.com/tpu: 4}}}".strip()
        ).replace("      - {name: b", "    - {name: b"),
        CHIPS,
        (
            "the containers of the Pod ask for 8 chips in all, and a host of the topology 2x2 of "
            "tpu-v6e-slice has 4, which go to one Pod"
        ),
        "let them ask for 4 google.com/tpu in all",
    ),
    (
        "tpu-bounds-contradict-slice",
        pod('env: [{name: TPU_HOST_BOUNDS, value: "2,1,1"}]'),
        f"{MAIN}.env[0].value",
        (
            "TPU_HOST_BOUNDS is 2,1,1, which is 2 in all, and it must be 1, the "
            "number of hosts of 2x2 of "
            "tpu-v6e-slice"
        ),
        "remove TPU_HOST_BOUNDS, which GKE sets, or write 1,1,1",
    ),
    (
        "tpu-bounds-contradict-slice",
        pod("env: [{name: TPU_TOPOLOGY, value: 2x4}]"),
        f"{MAIN}.env[0].value",
        (
            "TPU_TOPOLOGY is 2x4, which is 8 in all, and it must be 4, the number "
            "of chips of 2x2 of "
            "tpu-v6e-slice"
        ),
        "remove TPU_TOPOLOGY, which GKE sets, or write 2x2",
    ),
    (
        "tpu-bounds-contradict-slice",
        pod(
            'env: [{name: CHIPS_PER_HOST_BOUNDS, value: "2,2,1"}]',
            labels=("tpu-v6e-slice", "2x4"),
            chips="8",
            command="[vllm, serve, x, -tp=8]",
        ),
        f"{MAIN}.env[0].value",
        (
            "CHIPS_PER_HOST_BOUNDS is 2,2,1, which is 4 in all, and it must be 8, "
            "the number of chips of a host in 2x4 "
            "of tpu-v6e-slice"
        ),
        "remove CHIPS_PER_HOST_BOUNDS, which GKE sets, or write 2,4,1",
    ),
    (
        "tensor-parallel-exceeds-devices",
        pod(command="[vllm, serve, x, -tp, '3']"),
        f"{MAIN}.command[3]",
        "-tp is 3, and the topology 2x2 of tpu-v6e-slice has 4 devices; it must be 1, 2 or 4",
        "set -tp to 4",
    ),
    (
        "tensor-parallel-exceeds-devices",
        pod(labels=("tpu7x", "2x2x1"), command="[vllm, serve, x, --tensor_parallel_size, '16']"),
        f"{MAIN}.command[3]",
        (
            "--tensor-parallel-size is 16, and the topology 2x2x1 of tpu7x has 8 devices; "
            "it must be 1, 2, 4 or 8"
        ),
        "set --tensor-parallel-size to 8",
    ),
    (
        "tensor-parallel-exceeds-devices",
        pod(
            "args:",
            "  - |",
            "    set -e  # don't go on",
            "    exec python3 -m vllm.entrypoints.openai.api_server --model=/mnt/models \\",
            "      --tensor-parallel-size=8",
            command=BASH,
        ),
        f"{MAIN}.args[0]",
        (
            "--tensor-parallel-size is 8, and the topology 2x2 of tpu-v6e-slice has 4 devices; "
            "it must be 1, 2 or 4"
        ),
        "set --tensor-parallel-size to 4",
    ),
    (
        "tensor-parallel-exceeds-devices",
        pod("image: a/vllm-tpu:v1", "args: [--tensor-parallel-size=8]", command=""),
        f"{MAIN}.args[0]",
        (
            "--tensor-parallel-size is 8, and the topology 2x2 of tpu-v6e-slice has 4 devices; "
            "it must be 1, 2 or 4"
        ),
        "set --tensor-parallel-size to 4",
    ),
    (
        "vllm-argument-refused-on-tpu",
        pod(command="[vllm, serve, x, --quantization, GPTQ, -tp=4]"),
        f"{MAIN}.command[3]",
        "the value GPTQ of --quantization is none that vLLM supports on TPUs",
        (
            "use one of compressed-tensors, auto_awq, fp8, gpt_oss_mxfp4, modelopt_fp4, "
            "deepseek_v4_fp8, tpu_int8"
        ),
    ),
    (
        "vllm-argument-removed-upstream",
        pod(
            "image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5",
            command="[vllm, serve, x, --disable-log-requests, -tp=4]",
        )
        + "  imagePullSecrets: [{name: pull}]\n",
        f"{MAIN}.command[3]",
        (
            "vLLM 0.11.2, in the image, calls the flag --disable-log-requests deprecated, and "
            "0.18.0 does not have it"
        ),
        "use --no-enable-log-requests",
    ),
    (
        "vllm-argument-given-twice",
        pod(command="[vllm, serve, x, -tp=4, --tensor-parallel-size=2]"),
        f"{MAIN}.command[4]",
        "--tensor-parallel-size is 4 first and 2 here, and vLLM takes the last",
        "remove one of the two; keep --tensor-parallel-size=2 to change nothing",
    ),
    (
        "vllm-port-not-probed",
        pod("readinessProbe: {httpGet: {path: /health, port: 8080}}"),
        f"{MAIN}.readinessProbe.httpGet.port",
        "the readinessProbe asks on port 8080, and vLLM serves on 8000, its default",
        "set the port of the probe to 8000, or --port to 8080",
    ),
    (
        "vllm-port-not-declared",
        pod("ports: [{containerPort: 80}, {containerPort: 90}]"),
        f"{MAIN}.ports",
        "the container declares 80 and 90, and vLLM serves on 8000, its default",
        "declare 8000 as a containerPort, or set --port to 80",
    ),
    (
        "probe-scheme-contradicts-server",
        pod(
            "readinessProbe: {httpGet: {path: /health, port: 8000}}",
            command="[vllm, serve, x, --ssl-certfile=/a, -tp=4]",
        ),
        f"{MAIN}.readinessProbe.httpGet",
        "the readinessProbe speaks HTTP, and vLLM serves HTTPS, for it has --ssl-certfile",
        "set the scheme of the probe to HTTPS",
    ),
    (
        "probe-scheme-left-to-preset",
        service(SERVED),
        SERVER,
        (
            "vLLM serves plain HTTP, and KServe's preset makes HTTPS of the readinessProbe and the "
            "livenessProbe, which write no scheme"
        ),
        "write httpGet.scheme: HTTP in the readinessProbe and the livenessProbe",
    ),
    (
        "tpu-startup-probe-missing",
        service(SERVED, *PROBED[1:]),
        f"{SERVER}.livenessProbe",
        (
            "without a startupProbe, the livenessProbe restarts vLLM when it has not started after "
            "150 seconds; compiling for a TPU can take longer"
        ),
        STARTUP_HINT,
    ),
    (
        "tpu-startup-probe-missing",
        service(
            SERVED,
            probe("readinessProbe"),
            probe("livenessProbe", more=", initialDelaySeconds: 240, failureThreshold: 5"),
        ),
        f"{SERVER}.livenessProbe",
        (
            "without a startupProbe, the livenessProbe restarts vLLM when it has not started after "
            "290 seconds; compiling for a TPU can take longer"
        ),
        STARTUP_HINT,
    ),
    (
        "served-model-name-not-declared",
        service("command: [vllm, serve, x, --served-model-name, a, b, -tp=4]", *PROBED),
        f"{SERVER}.command[3]",
        "vLLM serves the model as a and b, and spec.model.name is some/model",
        "pass --served-model-name=some/model",
    ),
    (
        "served-model-name-not-declared",
        service(f"command: {BASH}", "args: ['vllm serve /mnt/models --port 8000 -tp=4']", *PROBED),
        f"{SERVER}.args",
        (
            "vLLM serves the model as /mnt/models, for want of --served-model-name, and "
            "spec.model.name is some/model"
        ),
        "pass --served-model-name=some/model",
    ),
    (
        "secret-value-in-manifest",
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{t: 'curl {TOKEN}'}}\n",
        "$.data.t",
        "a token of Hugging Face stands here for everybody to read",
        OUTSIDE,
    ),
    (
        "secret-value-in-manifest",
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
            f"data: {{t: {b64encode(TOKEN.encode()).decode()}}}\n"
        ),
        "$.data.t",
        "a token of Hugging Face in base64 stands here for everybody to read",
        OUTSIDE,
    ),
    (
        "secret-value-in-manifest",
        pod(command="[vllm, serve, x, --api-key, secret, -tp=4]"),
        f"{MAIN}.command[4]",
        "the value of --api-key stands here for everybody to read",
        OUTSIDE,
    ),
    *(
        (
            "tpu-taint-not-tolerated",
            idle(f"  tolerations: [{{key: google.com/tpu, {toleration}}}]"),
            "$.spec.tolerations[0]",
            (
                "the toleration of google.com/tpu does not fit the taint "
                f"google.com/tpu=present:NoSchedule of TPU nodes: its {wrong}"
            ),
            TOLERATE,
        )
        for toleration, wrong in (
            ("operator: Equal", "value is not given"),
            ("value: 'true'", "value is true"),
            ("operator: Exist", "operator is Exist"),
            ("operator: Exists, effect: NoExecute", "effect is NoExecute"),
        )
    ),
    (
        "tpu-taint-not-tolerated",
        idle("  tolerations: [{key: nvidia.com/gpu, operator: Exists}]"),
        "$.spec.nodeSelector",
        (
            "the Pod selects TPU nodes, asks for no google.com/tpu and does not tolerate their "
            "taint google.com/tpu=present:NoSchedule"
        ),
        "add a toleration: key: google.com/tpu, operator: Exists, effect: NoSchedule",
    ),
    (
        "tpu-pod-exceeds-host",
        pod().replace("memory: 8Gi", "cpu: 100, memory: 8Gi")
        + "    - {name: b, resources: {limits: {cpu: 80500m}}}\n",
        f"{MAIN}.resources.requests.cpu",
        (
            "the containers of the Pod ask for more cpu in all, here for 100, and a "
            "ct6e-standard-4t, of which the system takes a part, has 180 vCPU"
        ),
        "ask for less cpu, such as 90",
    ),
    (
        "tpu-pod-exceeds-host",
        pod(labels=("tpu-v6e-slice", "1x1"), chips="1", command="[vllm, serve, x]").replace(
            "8Gi", "170Gi"
        ),
        f"{MAIN}.resources.requests.memory",
        (
            "the Pod asks for 170Gi of memory and a ct6e-standard-1t, of which the system takes a "
            "part, has 176 GB"
        ),
        "ask for less memory, such as 88Gi",
    ),
    (
        "container-image-not-pinned",
        pod("image: localhost:5000/vllm"),
        f"{MAIN}.image",
        "the image localhost:5000/vllm has no tag, which is latest",
        "name a version or a digest, as in image:v0.12.0 or image@sha256:…",
    ),
]


@pytest.mark.parametrize(("rule", "text", "path", "message", "hint"), FINDINGS)
def test_a_rule_says_what_is_wrong_and_where_and_no_other_rule_speaks(
    rule: str, text: str, path: str, message: str, hint: str
) -> None:
    assert run({"a.yaml": text}) == [(rule, path, message, hint)]


def selected(label: str) -> str:
    """Write a Pod that selects its nodes by something else than the labels of TPUs."""
    return UNLABELLED.replace("spec:\n", f"spec:\n  nodeSelector: {{{label}: a}}\n")


SILENT = {
    "a toleration of the taint": idle("  tolerations: [{key: google.com/tpu, value: present}]"),
    "a toleration of everything": idle("  tolerations: [{operator: Exists}]"),
    "a second toleration that fits": idle(
        "  tolerations: [{key: google.com/tpu, value: a}, {key: google.com/tpu, operator: Exists}]"
    ),
    "chips by dynamic resource allocation": idle("  resourceClaims: [{name: a}]"),
    "a toleration that Kubernetes adds for chips": pod(),
    "less than the host in all": pod().replace("8Gi", "700Gi")
    + "    - {name: b, resources: {limits: {memory: 19Gi}}}\n",
    "memory that cannot be read": pod().replace("8Gi", "'{{ .memory }}'"),
    "chips asked for before the start": pod(
        "  initContainers: [{name: a, resources: {limits: {google.com/tpu: 4}}}]".strip(), chips="2"
    ).replace("      initContainers", "  initContainers"),
    "chips that cannot be counted": pod(chips="'${CHIPS}'"),
    "a compute class": selected("cloud.google.com/compute-class"),
    "a node pool": selected("cloud.google.com/gke-nodepool"),
    "dynamic slicing": selected("cloud.google.com/gke-tpu-partition-2x2x2-state"),
    "Kueue": UNLABELLED.replace("a: b", "kueue.x-k8s.io/queue-name: b"),
    "affinity": UNLABELLED.replace(
        "spec:\n",
        "spec:\n  affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: "
        "[{preference: {matchExpressions: [{key: cloud.google.com/gke-tpu-accelerator}]}}]}}\n",
    ),
    "no chips asked for": pod(chips="0"),
    "a large slice of three dimensions": pod(labels=("tpu-v5p-slice", "4x8x12")),
    "a machine that nobody confirmed": pod(labels=("tpu-v5p-slice", "1x1x1"), chips="1"),
    "an older generation": pod(labels=("tpu-v3-slice", "4x8")),
    "topologies that the catalog does not list": pod(labels=("tpu-v5-lite-device", "2x4")),
    "text to be filled in": pod(labels=('"{{ .Values.tpu }}"', "${TOPOLOGY}")),
    "a host of a slice of several": pod(labels=("tpu-v6e-slice", "4x4")),
    "bounds in another order": pod('env: [{name: TPU_CHIPS_PER_HOST_BOUNDS, value: "1,4,1"}]'),
    "a part of the chips": pod(
        'env: [{name: TPU_VISIBLE_CHIPS, value: "0"}, '
        '{name: TPU_CHIPS_PER_HOST_BOUNDS, value: "1,1,1"}]'
    ),
    "all devices of a host of several": pod(labels=("tpu-v6e-slice", "2x4")),
    "parallelism over several hosts": pod(
        labels=("tpu-v6e-slice", "4x4"), command="[vllm, serve, x, -tp=16]"
    ),
    "a size from the environment": pod(command="[vllm, serve, x, -tp=$(SIZE)]"),
    "the last size counts": pod(command="[vllm, serve, x, --seed=8, --seed=9, -tp=4, -tp=4]"),
    "a connector inside JSON": pod(
        """args: [--kv-transfer-config, '{"kv_connector": "TPUConnector"}']"""
    ),
    "a flag that the version still has": pod(
        "image: docker.io/vllm/vllm-tpu:v0.10.0",
        command="[vllm, serve, x, --disable-log-requests, -tp=4]",
    ),
    "a version that nobody knows": pod(
        "image: a/vllm:v1", command="[vllm, serve, x, --disable-log-requests, -tp=4]"
    ),
    "a port from a script's variable": pod(
        "args: ['vllm serve x --port $PORT']",
        "readinessProbe: {httpGet: {path: /health, port: 8080}}",
        command=BASH,
    ),
    "another server beside vLLM": pod(
        "args: ['python3 proxy.py & vllm serve x --port 8001']",
        "readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTPS}}",
        command=BASH,
    ),
    "a sidecar that answers the probe": pod(
        "readinessProbe: {httpGet: {path: /health, port: 8080}}",
        "  - {name: proxy}".strip(),
    ).replace("      - {name: proxy", "    - {name: proxy"),
    "arguments in a file": pod(
        "readinessProbe: {httpGet: {path: /health, port: 8080}}",
        command="[vllm, serve, --config, a.yaml]",
    ),
    "a script that is no shell's": pod('args: ["echo \'vllm serve"]', command=BASH),
    "a probe of another kind": pod("livenessProbe: {tcpSocket: {port: 8000}, periodSeconds: 200}"),
    "a later release of KServe": service(SERVED, PROBED[2], version="v1alpha2"),
    "probes by command": service(
        SERVED,
        "readinessProbe: {exec: {command: [a]}}",
        "livenessProbe: {exec: {command: [a]}}",
        PROBED[0],
    ),
    "the probes of KServe's own command line": service(
        "args: [--max-model-len=2048]", version="v1alpha2"
    ),
    "a base that may say more": service("command: [vllm, serve, x]", spec="baseRefs: [{name: a}]"),
    "one of several served names": service(
        "command: [vllm, serve, x, --served-model-name, a, some/model, -tp=4]", *PROBED
    ),
    "switches, paths and placeholders": pod(
        "env: [{name: USE_TOKEN, value: 'true'}, {name: A_TOKEN, value: /var/run/token}, "
        "{name: HF_TOKEN, value: YOUR_TOKEN}, {name: API_KEY, value: $(KEY)}, "
        "{name: A_SECRET, value: ''}, {name: A_PASSWORD}, {name: B_TOKEN, value: B_TOKEN}, "
        "{name: EMPTY_PASSWORD, value: 'yes'}]"
    ),
    "a token of an example": pod("args: [hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxx]"),
    "a Secret that is no token": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    "data: {a: b, c: é, d: 1}\n",
    "a digest": pod("image: a/b:latest@sha256:1234"),
    "an image to be filled in": pod("image: '${IMAGE}'"),
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_rules_about_pods_say_nothing_about(text: str) -> None:
    assert run({"a.yaml": text}) == []


@pytest.mark.parametrize("field", ["patches", "components", "transformers"])
def test_what_kustomize_may_add_is_not_missed(field: str) -> None:
    files = {"kustomization.yaml": f"resources: [a.yaml]\n{field}: [{{a: b}}]\n"}
    image = pod("image: a")
    bare = service("command: [vllm, serve, x]", probe("livenessProbe"))
    for text in (UNLABELLED, image, bare):
        assert run({"a.yaml": text, "kustomization.yaml": "resources: [a.yaml]\n"})
        assert run({"a.yaml": text, **files}) == []


def test_an_image_that_kustomize_replaces_needs_no_tag() -> None:
    files = {"a.yaml": pod("image: a/b"), "kustomization.yaml": "images: [{name: a/b}]\n"}
    assert run(files, "container-image-not-pinned") == []


def test_a_configuration_of_kserve_may_say_what_a_service_leaves_out() -> None:
    shadow = "apiVersion: serving.kserve.io/v1alpha1\nkind: LLMInferenceServiceConfig\n"
    text = service("command: [vllm, serve, x]")
    assert len(run({"a.yaml": text})) > 1
    assert run({"a.yaml": text, "b.yaml": shadow}) == []


ODD = [
    pod("env: [1, {name: [a]}]", "args: {a: b}", "ports: 1", "livenessProbe: []", chips="[]"),
    pod("image: [a]", "args: [1, [a], null]", chips="4.5", command="{a: b}"),
    pod("readinessProbe: {httpGet: {port: [], scheme: 1}}", labels=("[a]", "1"), chips="'-4'"),
    pod("livenessProbe: {initialDelaySeconds: a}", labels=("a", "x"), command=BASH),
    pod(command=f"[vllm, serve, x, -tp={'9' * 5000}, --port={'9' * 5000}]", chips="9" * 4000),
    service("command: [sh, -c]", "livenessProbe: {httpGet: 1}", spec="baseRefs: 1"),
]


@pytest.mark.parametrize("text", ODD)
def test_odd_pods_make_no_rule_fail(text: str) -> None:
    run({"a.yaml": text})
