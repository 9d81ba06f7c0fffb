"""Rules about images, slices and arguments of what runs on TPUs, beyond their own examples."""

from __future__ import annotations

import pytest

from llmd_render.diagnostics import format_path
from llmd_render.lint import lint_tree
from llmd_render.manifest import Tree, read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import TREE_RULES
from llmd_render.rules.subjects.image_names import maker_of_gpus
from llmd_render.versions import Versions

JUDGED = {
    "gpu-image-on-tpu-node",
    "kserve-authority-key-wrong",
    "kserve-main-container-missing",
    "parallelism-ignored-by-preset",
    "pipeline-preset-not-brought",
    "pjrt-device-not-tpu",
    "tensor-parallel-exceeds-devices",
    "tpu-bounds-contradict-slice",
    "tpu-bounds-not-triple",
    "tpu-image-left-to-preset",
    "tpu-slice-needs-group",
    "vllm-args-without-command",
    "vllm-argument-removed-upstream",
    "vllm-argument-unknown-to-image",
    "vllm-context-exceeds-model",
}
SELECTOR = """\
{cloud.google.com/gke-tpu-accelerator: %s, cloud.google.com/gke-tpu-topology: "%s"}"""
V6E = ("tpu-v6e-slice", "2x2")
BASH = '["/bin/bash", "-c"]'
USE = (
    "use an image that is built for TPUs, such as docker.io/vllm/vllm-tpu:v0.12.0 or "
    "registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5"
)
NAME_MAIN = "name it main: KServe then completes this container instead"
ONE_NODE = (
    "select a topology of one node and ask for all its chips: 1x1 with 1, 2x2 with 4 or 2x4 with "
    "8; or run one Pod on each node as a group, such as a LeaderWorkerSet with Ray"
)
GROUP = (
    "the topology %s of tpu-v6e-slice is %s nodes with 4 chips each, and vLLM starts alone in a "
    "Pod of this %s, which has the chips of one node"
)
MAIN = "$.spec.template.spec.containers[0]"
SERVED = "$.spec.template.containers[0]"
NO_SUCH = "no vLLM from 0.9.2 to 0.33.0 has a flag --prefix-cache-block-size"


def deployment(
    command: str,
    *fields: str,
    labels: tuple[str, str] = V6E,
    chips: str = "google.com/tpu: 4",
    kind: str = "Deployment",
    image: str = "a/server:1",
) -> str:
    """Write a Deployment of one container, with its further fields."""
    lines = [f"        - name: main\n          image: {image}", *fields]
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: example, namespace: llm}}
spec:
  selector: {{matchLabels: {{app: example}}}}
  template:
    metadata: {{labels: {{app: example}}}}
    spec:
      nodeSelector: {SELECTOR % labels if "tpu" in chips else "{}"}
      containers:
{chr(10).join(lines)}
          command: {command}
          resources: {{limits: {{{chips}}}}}
"""


def service(
    *containers: str,
    labels: tuple[str, str] = V6E,
    spec: tuple[str, ...] = (),
    version: str = "v1alpha1",
    name: str = "example",
) -> str:
    """Write an LLMInferenceService with containers, and further fields of its spec."""
    template = "\n".join(f"      - {item}" for item in containers)
    return f"""\
apiVersion: serving.kserve.io/{version}
kind: LLMInferenceService
metadata: {{name: {name}, namespace: llm}}
spec:
  model: {{uri: hf://some/model, name: some/model}}
{"".join(f"  {item}{chr(10)}" for item in spec)}\
  template:
    nodeSelector: {SELECTOR % labels}
    containers:
{template}
"""


CHIPS = "resources: {limits: {google.com/tpu: 4}}"
OWN = f"{{name: main, image: a/server:1, command: [vllm, serve, x, -tp=4], {CHIPS}}}"
LEFT = f"{{name: main, image: a/server:1, {CHIPS}}}"


def config(name: str) -> str:
    return (
        "---\napiVersion: serving.kserve.io/v1alpha1\nkind: LLMInferenceServiceConfig\n"
        f"metadata: {{name: {name}, namespace: llm}}\nspec: {{}}\n"
    )


def run(text: str, target: str = "") -> list[tuple[str, str, str, str]]:
    read, problems = read_tree([RenderedFile("a.yaml", text, "")])
    assert problems == []
    tree = Tree(read.files, read.manifests, target=Versions(kserve=target))
    lint_tree(tree)
    return [
        (rule.name, format_path(item.violation.path), item.violation.message, item.violation.hint)
        for rule in TREE_RULES
        if rule.name in JUDGED
        for item in rule.check(tree)
    ]


FINDINGS = {
    "a container for the model of another name, beside a proxy": (
        service("{name: proxy, image: a/proxy:1}", f"{{name: server, image: a/b:1, {CHIPS}}}"),
        "kserve-main-container-missing",
        "$.spec.template.containers[1].name",
        (
            "the container of vLLM is called server, so KServe adds it to the container main of "
            "its preset, which starts a vLLM of its own"
        ),
        NAME_MAIN,
    ),
    "a prefill container of another name": (
        service(
            OWN,
            spec=("prefill: {template: {containers: [{name: b, command: [vllm serve]}]}}",),
        ),
        "kserve-main-container-missing",
        "$.spec.prefill.template.containers[0].name",
        (
            "the container of vLLM is called b, so KServe adds it to the container main of its "
            "preset, which starts a vLLM of its own"
        ),
        NAME_MAIN,
    ),
    "an image for AMD, by its tag": (
        deployment("[sleep]", image="docker.io/vllm/vllm-openai:latest-rocm"),
        "gpu-image-on-tpu-node",
        f"{MAIN}.image",
        (
            "the container asks for TPU chips, and its image "
            "docker.io/vllm/vllm-openai:latest-rocm is built for GPUs of AMD"
        ),
        USE,
    ),
    "an image of llm-d for CUDA": (
        deployment("[sleep]", image="ghcr.io/llm-d/llm-d-cuda:v0.4.0"),
        "gpu-image-on-tpu-node",
        f"{MAIN}.image",
        (
            "the container asks for TPU chips, and its image ghcr.io/llm-d/llm-d-cuda:v0.4.0 is "
            "built for GPUs of NVIDIA"
        ),
        USE,
    ),
    "no image for prefill": (
        service(
            OWN,
            spec=(f"prefill: {{template: {{containers: [{{name: main, {CHIPS}}}]}}}}",),
        ),
        "tpu-image-left-to-preset",
        "$.spec.prefill.template.containers[0]",
        (
            "the container main asks for TPU chips and names no image, and the one of KServe's "
            "preset is built for GPUs of NVIDIA"
        ),
        f"name{USE.removeprefix('use')}",
    ),
    "a Deployment on four nodes": (
        deployment("[vllm, serve, x, -tp=16]", labels=("tpu-v6e-slice", "4x4")),
        "tpu-slice-needs-group",
        "$.spec.template.spec.nodeSelector['cloud.google.com/gke-tpu-topology']",
        GROUP % ("4x4", 4, "Deployment"),
        ONE_NODE,
    ),
    "a service of KServe on two nodes, with bounds of one": (
        service(
            OWN.replace("command", "env: [{name: TPU_HOST_BOUNDS, value: '1,1,1'}], command"),
            labels=("tpu-v6e-slice", "2x4"),
        ),
        "tpu-slice-needs-group",
        "$.spec.template.nodeSelector['cloud.google.com/gke-tpu-topology']",
        GROUP % ("2x4", 2, "LLMInferenceService"),
        ONE_NODE,
    ),
    "two stages on the chips of one": (
        deployment("[vllm, serve, x, -tp=4, -pp, '2']"),
        "tensor-parallel-exceeds-devices",
        f"{MAIN}.command[4]",
        (
            "-pp is 2 and --tensor-parallel-size 4, which takes 8 devices together, and the "
            "topology 2x2 of tpu-v6e-slice has 4"
        ),
        "remove -pp",
    ),
    "eight stages without tensor parallelism": (
        deployment("[vllm, serve, x, --pipeline-parallel-size=8]"),
        "tensor-parallel-exceeds-devices",
        f"{MAIN}.command[3]",
        (
            "--pipeline-parallel-size is 8 and --tensor-parallel-size 1, which takes 8 devices "
            "together, and the topology 2x2 of tpu-v6e-slice has 4"
        ),
        "remove --pipeline-parallel-size",
    ),
    "a pipeline for prefill": (
        service(
            OWN,
            spec=("prefill: {parallelism: {pipeline: 2}, worker: {containers: []}}",),
        ),
        "pipeline-preset-not-brought",
        "$.spec.prefill.parallelism.pipeline",
        (
            "parallelism.pipeline is 2 beside a worker, for which KServe wants an "
            "LLMInferenceServiceConfig that no release of it brings"
        ),
        (
            "use parallelism.tensor on one node, or apply a configuration of your own by the name "
            "that the status of the service asks for"
        ),
    ),
    "a device that has no chips": (
        deployment("[sleep]", "          env: [{name: PJRT_DEVICE, value: CPU}]"),
        "pjrt-device-not-tpu",
        f"{MAIN}.env[0].value",
        "the container asks for TPU chips, and PJRT_DEVICE is CPU",
        "set PJRT_DEVICE to TPU, or remove it",
    ),
    "bounds of two dimensions": (
        deployment("[sleep]", "          env: [{name: TPU_HOST_BOUNDS, value: '1,1'}]"),
        "tpu-bounds-not-triple",
        f"{MAIN}.env[0].value",
        "TPU_HOST_BOUNDS is 1,1, and bounds are three whole numbers with commas between them",
        "remove TPU_HOST_BOUNDS, which GKE sets, or write three numbers such as 2,2,1",
    ),
    "a flag that no vLLM has, on GPUs": (
        deployment("[vllm, serve, x, --prefix_cache_block_size=16]", chips="nvidia.com/gpu: 1"),
        "vllm-argument-unknown-to-image",
        f"{MAIN}.command[3]",
        NO_SUCH,
        "use --block-size",
    ),
    "a flag that the version read before does not have": (
        deployment(
            "[vllm, serve, x, --disable-log-requests, -tp=4]",
            image="vllm/vllm-tpu:v0.30.0",
        ),
        "vllm-argument-removed-upstream",
        f"{MAIN}.command[3]",
        (
            "vLLM 0.30.0, in the image, most likely has no flag --disable-log-requests: 0.24.0 "
            "and 0.32.0 have none"
        ),
        "use --no-enable-log-requests",
    ),
    "a flag that the version read after does not have": (
        deployment(
            "[vllm, serve, x, --disable-log-requests, -tp=4]",
            image="vllm/vllm-tpu:v0.14.0",
        ),
        "vllm-argument-removed-upstream",
        f"{MAIN}.command[3]",
        ("vLLM 0.14.0, in the image, may have no flag --disable-log-requests: 0.18.0 has none"),
        "use --no-enable-log-requests",
    ),
    "a longer context than the model of a service has": (
        service(OWN.replace("serve, x", "serve, /mnt/models, --max-model-len, '40961'")).replace(
            "hf://some/model", "hf://Qwen/Qwen3-4B"
        ),
        "vllm-context-exceeds-model",
        f"{SERVED}.command[3]",
        (
            "--max-model-len is 40961, and the context of Qwen/Qwen3-4B is 40960 tokens: vLLM does "
            "not start"
        ),
        "set --max-model-len to 40960 or less",
    ),
    "a list of words for bash, with the program": (
        service(f"{{name: main, image: a/b:1, args: [vllm, serve, /mnt/models], {CHIPS}}}"),
        "vllm-args-without-command",
        f"{SERVED}.args[0]",
        (
            "KServe before 0.17 hands args to bash -c, which takes the first of them alone for "
            "the script: vllm"
        ),
        (
            "write the command as command and args, such as command [vllm] and args [serve, "
            "/mnt/models]"
        ),
    ),
    "a list of words for bash": (
        service(f"{{name: main, image: a/b:1, args: [serve, /mnt/models], {CHIPS}}}"),
        "vllm-args-without-command",
        f"{SERVED}.args[0]",
        (
            "KServe before 0.17 hands args to bash -c, which takes the first of them alone for "
            "the script: serve"
        ),
        (
            "write the command as command and args, such as command [vllm] and args [serve, "
            "/mnt/models]"
        ),
    ),
    "a small key of the authority": (
        (
            "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\n"
            "spec: {secretName: opendatahub-ca, privateKey: {size: 1024}}\n"
        ),
        "kserve-authority-key-wrong",
        "$.spec.privateKey.size",
        (
            "KServe signs with the key in the Secret opendatahub-ca as an RSA key of 2048 bits or "
            "more, and this one has 1024 bits"
        ),
        "write privateKey.algorithm RSA with a size of 4096",
    ),
}


@pytest.mark.parametrize(
    ("text", "rule", "path", "message", "hint"), FINDINGS.values(), ids=FINDINGS
)
def test_a_rule_says_what_is_wrong_and_where(
    text: str, rule: str, path: str, message: str, hint: str
) -> None:
    assert run(text) == [(rule, path, message, hint)]


def test_what_the_preset_of_a_later_kserve_passes_on_is_compared_with_the_slice() -> None:
    text = service(LEFT, spec=("parallelism: {tensor: 8}",))
    assert run(text, "0.17") == [
        (
            "tensor-parallel-exceeds-devices",
            "$.spec.parallelism.tensor",
            (
                "parallelism.tensor is 8, and the topology 2x2 of tpu-v6e-slice has 4 devices; it "
                "must be 1, 2 or 4"
            ),
            "set parallelism.tensor to 4",
        )
    ]
    assert [found[0] for found in run(text, "0.15")] == ["parallelism-ignored-by-preset"]
    assert run(text) == run(text, "0.15")
    # A cluster has one KServe, and this one needs a later.
    other = service(OWN, version="v1alpha2", name="other")
    assert run(f"{text}---\n{other}") == run(text, "0.17")


RAY = "[vllm, serve, x, -tp=16, --distributed-executor-backend=ray]"
WIDE = ("tpu-v6e-slice", "4x4")
ENV = "          env: [{name: %s, value: %s}]"

SILENT = {
    "a sidecar beside the container of the preset": service("{name: proxy, image: a/proxy:1}"),
    "two servers, of which nobody knows what for": service(
        f"{{name: a, image: a/vllm:1, {CHIPS}}}", f"{{name: b, image: a/vllm:1, {CHIPS}}}"
    ),
    "a container of another name, and presets of one's own": service(
        f"{{name: vllm, image: a/b:1, {CHIPS}}}"
    )
    + config("kserve-config-llm-template"),
    "no image, and presets of one's own": service(f"{{name: main, {CHIPS}}}")
    + config("kserve-config-llm-template"),
    "no image where a base may have one": service(
        f"{{name: main, {CHIPS}}}", spec=("baseRefs: [{name: a}]",)
    ),
    "an image for GPUs in a container without chips": deployment(
        "[sleep]",
        "          env: []",
        "        - {name: b, image: 'vllm/vllm-openai:v0.12.0'}",
        "        - name: c",
    ).replace("          command: [sleep]\n          resources", "          resources"),
    "an image for GPUs on GPUs": deployment(
        "[sleep]", chips="nvidia.com/gpu: 1", image="vllm/vllm-openai:v0.12.0"
    ),
    "Ray in a Deployment": deployment(RAY, labels=WIDE),
    "Ray by its variable": deployment(
        "[vllm, serve, x, -tp=16]", ENV % ("TPU_MULTIHOST_BACKEND", "ray"), labels=WIDE
    ),
    "variables that nobody sees": deployment(
        "[vllm, serve, x, -tp=16]",
        "          envFrom: [{configMapRef: {name: a}}]",
        labels=WIDE,
    ),
    "a script that starts Ray": deployment(
        BASH, "          args: ['ray start --head & vllm serve x -tp=16']", labels=WIDE
    ),
    "a StatefulSet, whose Pods are numbered": deployment(
        "[vllm, serve, x, -tp=16]", labels=WIDE, kind="StatefulSet"
    ),
    "a service with workers": service(
        OWN.replace("-tp=4", "-tp=16"),
        labels=WIDE,
        spec=(
            "parallelism: {data: 4, dataLocal: 1}",
            f"worker: {{nodeSelector: {SELECTOR % WIDE}, containers: [{OWN}]}}",
        ),
    ),
    "all chips of one node": deployment(
        "[vllm, serve, x, -tp=8]", labels=("tpu-v6e-slice", "2x4"), chips="google.com/tpu: 8"
    ),
    "stages that share the chips": deployment("[vllm, serve, x, -tp=2, -pp=2]"),
    "stages over nodes with Ray": deployment(
        "[vllm, serve, x, -tp=4, -pp=2, --distributed-executor-backend, ray]"
    ),
    "stages of a number that is filled in": deployment("[vllm, serve, x, -tp=4, '-pp=$(STAGES)']"),
    "a pipeline with a preset of one's own": service(
        OWN,
        spec=("parallelism: {pipeline: 2}", "worker: {containers: []}"),
    )
    + config("kserve-config-llm-decode-worker-pipeline-parallel"),
    "a pipeline without workers": service(OWN, spec=("parallelism: {pipeline: 2}",)),
    "the device by its older name": deployment("[sleep]", ENV % ("PJRT_DEVICE", "TPU_C_API")),
    "a device that is filled in": deployment("[sleep]", ENV % ("PJRT_DEVICE", "'$(DEVICE)'")),
    "another device on other nodes": deployment(
        "[sleep]", ENV % ("PJRT_DEVICE", "CUDA"), chips="nvidia.com/gpu: 1"
    ),
    "bounds with spaces": deployment("[sleep]", ENV % ("TPU_CHIPS_PER_HOST_BOUNDS", "'2, 2, 1'")),
    "bounds that are filled in": deployment("[sleep]", ENV % ("TPU_HOST_BOUNDS", "'<bounds>'")),
    "flags of other versions on GPUs": deployment(
        "[vllm, serve, x, --no-such-flag, --swap-space=4]",
        chips="nvidia.com/gpu: 1",
        image="vllm/vllm-openai:v0.12.0",
    ),
    "a flag that came back": deployment(
        "[vllm, serve, x, --disable-log-requests, -tp=4]", image="vllm/vllm-tpu:v0.40.0"
    ),
    "a flag that a tag without a version may have": deployment(
        "[vllm, serve, x, --disable-log-requests, -tp=4]", image="vllm/vllm-tpu:nightly"
    ),
    "the whole context": deployment("[vllm, serve, Qwen/Qwen3-4B, --max-model-len=40960, -tp=4]"),
    "a context that is stretched": deployment(
        """[vllm, serve, Qwen/Qwen3-4B, --max-model-len=65536, -tp=4, '--rope-scaling={"a": 1}']"""
    ),
    "a context that is allowed": deployment(
        "[vllm, serve, Qwen/Qwen3-4B, --max-model-len=65536, -tp=4]",
        ENV % ("VLLM_ALLOW_LONG_MAX_MODEL_LEN", "'1'"),
    ),
    "a context that a file may stretch": deployment(
        "[vllm, serve, Qwen/Qwen3-4B, --max-model-len=65536, -tp=4, --config=a.yaml]"
    ),
    "another program in a list": service(
        f"{{name: main, image: a/b:1, args: [python3, bench.py], {CHIPS}}}"
    ),
    "one script for bash": service(
        f"{{name: main, image: a/b:1, args: ['vllm serve /mnt/models -tp=4'], {CHIPS}}}"
    ),
    "a script for bash, and what it gets": service(
        f"{{name: main, image: a/b:1, args: ['exec $0 $@', a, b], {CHIPS}}}"
    ),
    "an authority that is not KServe's": (
        "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\n"
        "spec: {secretName: mine, privateKey: {algorithm: ECDSA}}\n"
    ),
    "the key that cert-manager takes by itself": (
        "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\n"
        "spec: {secretName: opendatahub-ca}\n"
    ),
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_the_rules_say_nothing_about(text: str) -> None:
    assert run(text) == []


@pytest.mark.parametrize(
    ("image", "maker"),
    [
        ("registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.5", "NVIDIA"),
        ("registry.redhat.io/rhaiis/vllm-rocm-rhel9:3.2.5", "AMD"),
        ("vllm/vllm-openai@sha256:abcd", "NVIDIA"),
        ("localhost:5000/mine:v1-cuda", "NVIDIA"),
        ("registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5", ""),
        ("docker.io/vllm/vllm-tpu:v0.12.0", ""),
        ("cuda.example.com/cuda/vllm:v1", ""),
        ("quay.io/mine/vllm-openai:v1", ""),
        ("quay.io/mine/barracuda:v1", ""),
        ("quay.io/mine/vllm-cuda:tpu", ""),
        ("", ""),
    ],
)
def test_an_image_says_by_its_name_which_gpus_it_is_for(image: str, maker: str) -> None:
    assert maker_of_gpus(image) == maker
