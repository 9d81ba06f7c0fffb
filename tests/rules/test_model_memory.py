"""Models beside the memory of TPUs: the arithmetic, and what the rules say of it, where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import CHECKOUT, OUT, profile, run

from llmd_render.catalog import LanguageModel, Topology, load_catalog
from llmd_render.diagnostics import Diagnostic, format_path
from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import ProfileRule, TreeRule, find_rule
from llmd_render.rules.subjects.model_memory import Devices, Need, least_need, most_need, shares

if TYPE_CHECKING:
    from pathlib import Path

    from llmd_render.diagnostics import DataPath

CATALOG = load_catalog()
GIB = 2**30
LONGEST = 1_000_000

MODELS = st.sampled_from(list(CATALOG.models.values()))
SLICES = st.sampled_from([row for row in CATALOG.topologies if row.hosts == 1])
NEEDS = st.builds(
    Need,
    st.integers(0, 200 * GIB),
    st.integers(1, 10_000_000),
    st.integers(0, 10_000_000),
    st.integers(1, 100_000),
    st.sampled_from([1, 16, 256]),
).map(lambda need: need if need.block == 1 else replace(need, per_token_in_window=0, window=0))


@st.composite
def splits(draw: st.DrawFn) -> tuple[LanguageModel, Topology]:
    """Draw a model and a slice of one host that its heads can be shared out over."""
    model, row = draw(MODELS), draw(SLICES)
    assume(model.allows_tensor_parallel(row.tensor_parallel))
    return model, row


def devices_of(row: Topology, number: int = 0, share: float = 0.9) -> Devices:
    return Devices(CATALOG.accelerators[row.accelerator], number or row.tensor_parallel, share)


@given(NEEDS, st.integers(0, 400 * GIB))
def test_the_longest_request_fits_and_one_token_more_does_not(need: Need, budget: int) -> None:
    longest = need.longest(budget)
    assert longest >= 0
    if longest:
        assert need.fits(longest, budget)
    assert not need.fits(longest + 1, budget)


@given(splits(), st.sampled_from([0.5, 0.9, 0.92, 1.0]))
def test_the_longest_request_of_a_model_fits_and_one_token_more_does_not(
    split: tuple[LanguageModel, Topology], share: float
) -> None:
    model, row = split
    budget = devices_of(row, share=share).budget
    for need in (
        least_need(model, row.tensor_parallel),
        most_need(model, row.tensor_parallel, CATALOG),
    ):
        longest = need.longest(budget)
        if longest:
            assert need.fits(longest, budget)
        if longest < 10**9:
            assert not need.fits(longest + 1, budget)


@given(MODELS, SLICES, st.integers(1, LONGEST))
def test_more_devices_never_fit_less(model: LanguageModel, row: Topology, length: int) -> None:
    sizes = [size for size in model.tensor_parallel if size <= row.tensor_parallel]
    for needs in (
        [least_need(model, size) for size in sizes],
        [most_need(model, size, CATALOG) for size in sizes],
    ):
        budgets = [devices_of(row, size).budget for size in sizes]
        fitting = [need.fits(length, budget) for need, budget in zip(needs, budgets, strict=True)]
        assert fitting == sorted(fitting)


@given(splits(), st.integers(1, LONGEST))
def test_what_fits_by_the_upper_account_fits_by_the_lower(
    split: tuple[LanguageModel, Topology], length: int
) -> None:
    model, row = split
    least = least_need(model, row.tensor_parallel)
    most = most_need(model, row.tensor_parallel, CATALOG)
    assert least.weights <= most.weights
    assert least.cache(length) <= most.cache(length)


@given(splits(), st.integers(16, LONGEST))
def test_a_model_gets_an_error_or_a_warning_or_neither(
    split: tuple[LanguageModel, Topology], length: int
) -> None:
    model, row = split
    given_profile = profile(
        model={"uri": f"hf://{model.id}"},
        tpu={
            "type": row.accelerator,
            "topology": row.topology,
            "machineType": row.machine_type,
        },
        server={"maxModelLen": length},
    )
    found = {
        name: list(rule(name).check(given_profile, CATALOG))
        for name in (
            "model-context-exceeds-memory",
            "model-context-nears-memory",
            "model-weights-exceed-memory",
        )
    }
    assert sum(map(len, found.values())) <= 1
    advice = [item.hint for items in found.values() for item in items]
    for hint in advice:
        words = hint.split()
        if words[:3] == ["set", "server.maxModelLen", "to"]:
            server = given_profile.server.model_copy(update={"max_model_len": int(words[3])})
            followed = given_profile.model_copy(update={"server": server})
            assert not list(rule("model-context-exceeds-memory").check(followed, CATALOG))
            assert not list(rule("model-context-nears-memory").check(followed, CATALOG))


def rule(name: str) -> ProfileRule:
    found = find_rule(name)
    assert isinstance(found, ProfileRule)
    return found


def test_a_window_limits_what_its_layers_keep() -> None:
    need = Need(weights=1000, per_token=2, per_token_in_window=10, window=50)
    assert [need.cache(10), need.cache(50), need.cache(100)] == [120, 600, 700]
    assert [need.longest(999), need.longest(1000), need.longest(1120)] == [0, 0, 10]
    assert [need.longest(1600), need.longest(1601), need.longest(1702)] == [50, 50, 101]


def test_whole_blocks_count_and_one_that_is_held_back() -> None:
    need = Need(weights=0, per_token=1, per_token_in_window=0, window=0, block=256)
    assert [need.cache(1), need.cache(256), need.cache(257)] == [512, 512, 768]
    assert [need.longest(511), need.longest(512), need.longest(1000)] == [0, 256, 512]


@pytest.mark.parametrize(
    ("model", "size", "least", "most"),
    [
        ("Qwen/Qwen2.5-32B-Instruct", 4, (262144, 0), 262144),
        # Two key-value heads on four devices are stored twice.
        ("Qwen/Qwen2.5-3B-Instruct", 4, (73728, 0), 73728),
        # Heads of 96 take the room of 128.
        ("microsoft/Phi-3-mini-4k-instruct", 1, (0, 524288), 524288),
        # Heads of 64 do so on one backend and not on the other.
        ("meta-llama/Llama-3.2-1B-Instruct", 1, (32768, 0), 65536),
        # Ten layers see everything, with four key-value heads; fifty have a window.
        ("google/gemma-4-31B-it", 1, (81920, 819200), 901120),
        ("google/gemma-4-31B-it", 8, (163840, 819200), 983040),
        # Nobody says which layers have the window, so that all may have it.
        ("google/gemma-2-9b-it", 1, (0, 344064), 344064),
    ],
)
def test_keys_and_values_follow_from_the_geometry(
    model: str, size: int, least: tuple[int, int], most: int
) -> None:
    row = CATALOG.models[model]
    need = least_need(row, size)
    assert (need.per_token, need.per_token_in_window) == least
    assert most_need(row, size, CATALOG).per_token == most


@pytest.mark.parametrize(
    ("version", "given_share", "expected"),
    [
        ((0, 11, 2), "", (0.9, 0.9)),
        ((0, 17, 9), "", (0.9, 0.9)),
        ((0, 18, 0), "", (0.9, 0.92)),
        (None, "", (0.9, 0.92)),
        ((0, 11, 2), "0.95", (0.95, 0.95)),
        (None, "1", (1.0, 1.0)),
        (None, "$(SHARE)", (0.9, 1.0)),
        (None, "0", (0.9, 1.0)),
        (None, "95", (0.9, 1.0)),
    ],
)
def test_the_share_of_the_memory_follows_from_flag_and_version(
    version: tuple[int, ...] | None, given_share: str, expected: tuple[float, float]
) -> None:
    assert shares(CATALOG, version, given_share) == expected


def on(topology: str, model: str, length: int, **server: Any) -> dict[str, Any]:
    return {
        "model": {"uri": f"hf://{model}"},
        "tpu": {"topology": topology},
        "server": {"maxModelLen": length, **server},
    }


R1_8B = "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"
R1_32B = "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B"
LARGER = "2x2 on ct6e-standard-4t or 2x4 on ct6e-standard-8t"
LENGTH: DataPath = ("server", "maxModelLen")

SAID: list[tuple[str, dict[str, Any], DataPath, str, str]] = [
    (
        "model-context-exceeds-memory",
        on("1x1", R1_8B, 131072),
        LENGTH,
        (
            f"{R1_8B} needs 15.0 GiB for weights and 16.0 GiB for one request of 131072 tokens, "
            "and vLLM uses 90 % of 1 chip with 31.25 GiB, which is 28.1 GiB"
        ),
        f"set server.maxModelLen to 104960 or less, or use the topology {LARGER}",
    ),
    (
        "model-context-exceeds-memory",
        on("2x2", R1_32B, 131072, tensorParallel=2),
        ("server", "tensorParallel"),
        (
            f"{R1_32B} needs 61.1 GiB for weights and 32.0 GiB for one request of 131072 tokens, "
            "and vLLM uses 90 % of 2 chips with 31.25 GiB each, which is 56.2 GiB"
        ),
        "set server.tensorParallel to 4, or use the topology 2x4 on ct6e-standard-8t",
    ),
    (
        "model-context-exceeds-memory",
        on("1x1", "Qwen/Qwen3-14B", 8192),
        LENGTH,
        (
            "Qwen/Qwen3-14B needs 27.6 GiB for weights and 1.2 GiB for one request of 8192 tokens, "
            "and vLLM uses 90 % of 1 chip with 31.25 GiB, which is 28.1 GiB"
        ),
        f"lower server.maxModelLen to 3637, the most that can fit, or use the topology {LARGER}",
    ),
    (
        # Too close for one decimal.
        "model-context-exceeds-memory",
        on("1x1", "Qwen/Qwen2.5-7B-Instruct", 260930),
        LENGTH,
        (
            "Qwen/Qwen2.5-7B-Instruct needs 14.19 GiB for weights and 13.94 GiB for one request of "
            "260930 tokens, and vLLM uses 90 % of 1 chip with 31.25 GiB, which is 28.12 GiB"
        ),
        "set server.maxModelLen to 32768 or less, or use the topology 2x2 on ct6e-standard-4t",
    ),
    (
        "model-context-exceeds-memory",
        on("1x1", R1_8B, 65536, args=["--gpu-memory-utilization", "0.5"]),
        LENGTH,
        (
            f"{R1_8B} needs 15.0 GiB for weights and 8.0 GiB for one request of 65536 tokens, and "
            "vLLM uses 50 % of 1 chip with 31.25 GiB, which is 15.6 GiB"
        ),
        f"set server.maxModelLen to 2560 or less, or use the topology {LARGER}",
    ),
    (
        "model-context-nears-memory",
        on("1x1", R1_8B, 104961),
        LENGTH,
        (
            f"{R1_8B} may need 15.3 GiB for weights and 12.9 GiB for one request of 104961 tokens, "
            "and vLLM uses 90 % of 1 chip with 31.25 GiB, which is 28.1 GiB"
        ),
        f"set server.maxModelLen to 104960 or less, or use the topology {LARGER}",
    ),
    (
        # Windows may save memory, and do so in newer versions only.
        "model-context-nears-memory",
        on("2x2", "google/gemma-4-31B-it", 131072),
        LENGTH,
        (
            "google/gemma-4-31B-it may need 58.9 GiB for weights and 110.2 GiB for one request of "
            "131072 tokens, and vLLM uses 90 % of 4 chips with 31.25 GiB each, which is 112.5 GiB"
        ),
        "set server.maxModelLen to 63488 or less, or use the topology 2x4 on ct6e-standard-8t",
    ),
    (
        # No slice of one host has more devices that its ten key-value heads can be shared out over.
        "model-context-nears-memory",
        on("1x1", "microsoft/phi-4", 2048),
        LENGTH,
        (
            "microsoft/phi-4 may need 27.9 GiB for weights and 0.4 GiB for one request of 2048 "
            "tokens, and vLLM uses 90 % of 1 chip with 31.25 GiB, which is 28.1 GiB"
        ),
        "set server.maxModelLen to 768 or less",
    ),
]


@pytest.mark.parametrize(("name", "changes", "path", "message", "hint"), SAID)
def test_a_rule_shows_the_sum_and_what_would_fit(
    name: str, changes: dict[str, Any], path: DataPath, message: str, hint: str
) -> None:
    (found,) = rule(name).check(profile(**changes), CATALOG)
    assert (found.path, found.message, found.hint) == (path, message, hint)


QUIET = {
    "the longest that fits": on("1x1", R1_8B, 104960),
    "a model that nobody knows": on("1x1", "some/model", LONGEST),
    "a smaller cache": on("1x1", R1_8B, 131072, args=["--kv-cache-dtype=fp8"]),
    "smaller weights": on("1x1", R1_8B, 131072, args=["--quantization", "fp8"]),
    "weights that the backend quantizes": on(
        "1x1", R1_8B, 131072, env={"MOE_REQUANTIZE_WEIGHT_DTYPE": "fp8"}
    ),
    "other parallelism": on("2x2", R1_8B, LONGEST, tensorParallel=1, args=["-dp=4"]),
    "a topology that no machine forms": on("3x3", R1_8B, LONGEST),
    "heads that cannot be shared out": on("2x2", "microsoft/phi-4", LONGEST),
    "a split over too many": on("1x1", R1_8B, 2 * LONGEST, tensorParallel=8),
    "weights that are too large by themselves": on("1x1", R1_32B, 2048),
}


@pytest.mark.parametrize("changes", QUIET.values(), ids=QUIET)
def test_the_rules_about_one_request_say_nothing_about(changes: dict[str, Any]) -> None:
    for name in ("model-context-exceeds-memory", "model-context-nears-memory"):
        assert list(rule(name).check(profile(**changes), CATALOG)) == []


def test_an_image_of_unknown_version_may_use_more_of_the_memory() -> None:
    between = on("1x1", R1_8B, 110000)
    exceeding, nearing = rule("model-context-exceeds-memory"), rule("model-context-nears-memory")
    assert list(exceeding.check(profile(**between), CATALOG))
    between["server"]["image"] = "quay.io/mine/vllm-tpu:1"
    assert not list(exceeding.check(profile(**between), CATALOG))
    (found,) = nearing.check(profile(**between), CATALOG)
    assert "uses 90 % of 1 chip with 31.25 GiB, which is 28.1 GiB" in found.message


def pod(command: str, topology: str = "1x1", kind: str = "tpu-v6e-slice", more: str = "") -> str:
    """Write a Pod with one container of vLLM."""
    chips = 1
    for size in topology.split("x"):
        chips *= int(size)
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: example}}
spec:
  nodeSelector:
    cloud.google.com/gke-tpu-accelerator: {kind}
    cloud.google.com/gke-tpu-topology: {topology}
  containers:
    - name: main
      command: {command}
      resources: {{limits: {{google.com/tpu: {chips}}}}}
{more}"""


def service(uri: str, argument: str) -> str:
    """Write an LLMInferenceService whose vLLM serves what KServe downloads."""
    return f"""\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {{name: example}}
spec:
  model: {{uri: "{uri}", name: some/model}}
  template:
    nodeSelector:
      cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
      cloud.google.com/gke-tpu-topology: 1x1
    containers:
      - name: main
        command: [vllm, serve, /mnt/models, {argument}]
        resources: {{limits: {{google.com/tpu: 1}}}}
"""


def findings(text: str, name: str) -> list[tuple[str, str, str]]:
    tree, problems = read_tree([RenderedFile("a.yaml", text, "")])
    assert problems == []
    lint_tree(tree)
    found = find_rule(name)
    assert isinstance(found, TreeRule)
    return [
        (format_path(item.violation.path), item.violation.message, item.violation.hint)
        for item in found.check(tree)
    ]


COMMAND = "$.spec.containers[0].command"
TOPOLOGY = "$.spec.nodeSelector['cloud.google.com/gke-tpu-topology']"
WIDER = (
    "select the topology 2x2 and pass --tensor-parallel-size=4, or select the topology 2x4 and "
    "pass --tensor-parallel-size=8"
)

TREES = [
    (
        "vllm-context-exceeds-memory",
        # Without the flag, a request may have the 131072 tokens of the model's context.
        pod(f"[vllm, serve, {R1_8B}]"),
        TOPOLOGY,
        (
            f"{R1_8B} needs 15.0 GiB for weights and 16.0 GiB for one request of 131072 tokens, "
            "and vLLM uses 92 % of 1 chip with 31.25 GiB, which is 28.8 GiB"
        ),
        f"pass --max-model-len=104960, or {WIDER}",
    ),
    (
        "vllm-context-exceeds-memory",
        # Without the flag, vLLM uses one of the four chips.
        pod("[vllm, serve, Qwen/Qwen3-32B, --max-model-len, '2048']", "2x2"),
        f"{COMMAND}[3]",
        (
            "Qwen/Qwen3-32B needs 61.1 GiB for weights and 0.5 GiB for one request of 2048 tokens, "
            "and vLLM uses 92 % of 1 chip with 31.25 GiB, which is 28.8 GiB"
        ),
        (
            "pass --tensor-parallel-size=4, or select the topology 2x4 and pass "
            "--tensor-parallel-size=8"
        ),
    ),
    (
        "vllm-context-exceeds-memory",
        pod(f"[vllm, serve, {R1_32B}, -tp=1, --max-model-len=131072]", "1x1x1", "tpu7x").replace(
            R1_32B, "Qwen/Qwen2.5-72B-Instruct"
        ),
        f"{COMMAND}[4]",
        (
            "Qwen/Qwen2.5-72B-Instruct needs 135.4 GiB for weights and 40.0 GiB for one request of "
            "131072 tokens, and vLLM uses 92 % of 1 device with 94.75 GiB, which is 87.2 GiB"
        ),
        "select the topology 2x2x1 and pass --tensor-parallel-size=8",
    ),
    (
        "vllm-context-exceeds-memory",
        service(f"hf://{R1_8B}", "--max-model-len=131072"),
        "$.spec.template.containers[0].command[3]",
        (
            f"{R1_8B} needs 15.0 GiB for weights and 16.0 GiB for one request of 131072 tokens, "
            "and vLLM uses 92 % of 1 chip with 31.25 GiB, which is 28.8 GiB"
        ),
        f"pass --max-model-len=104960, or {WIDER}",
    ),
    (
        "vllm-splits-no-heads",
        pod("[vllm, serve, microsoft/phi-4, --tensor_parallel_size, '4']", "2x2"),
        f"{COMMAND}[3]",
        (
            "microsoft/phi-4 has 40 attention heads and 10 key-value heads, which cannot be split "
            "over 4 devices"
        ),
        "set --tensor-parallel-size to 1 or 2",
    ),
    (
        "tensor-parallel-leaves-devices-idle",
        pod("[vllm, serve, some/model, -tp=4]", "2x2x1", "tpu7x"),
        f"{COMMAND}[3]",
        "-tp is 4: 4 of the 8 devices of the topology 2x2x1 are paid for and do nothing",
        "set -tp to 8, or select a smaller topology",
    ),
    (
        "tensor-parallel-leaves-devices-idle",
        pod("[vllm, serve, some/model]", "2x2"),
        COMMAND,
        (
            "--tensor-parallel-size is not given, and vLLM takes 1: 3 of the 4 devices of the "
            "topology 2x2 are paid for and do nothing"
        ),
        "add --tensor-parallel-size=4, or select a smaller topology",
    ),
    (
        "zone-selector-without-accelerator",
        pod("[sleep]").replace(
            "spec:\n  nodeSelector:\n",
            "spec:\n  nodeSelector:\n    topology.gke.io/zone: us-south1-a\n",
        ),
        "$.spec.nodeSelector['topology.gke.io/zone']",
        "the zone us-south1-a has no tpu-v6e-slice on GKE",
        (
            "select us-south1-ai1b, europe-west4-a, us-east5-a, us-east5-b, us-east1-d, "
            "asia-northeast1-b, southamerica-west1-a or us-central1-b"
        ),
    ),
]


@pytest.mark.parametrize(("name", "text", "path", "message", "hint"), TREES)
def test_a_tree_that_somebody_else_wrote_is_told_the_same(
    name: str, text: str, path: str, message: str, hint: str
) -> None:
    assert findings(text, name) == [(path, message, hint)]


TREE_RULES = sorted({name for name, *_ in TREES})
CALM = {
    "a length with a letter": pod(f"[vllm, serve, {R1_8B}, --max-model-len=128k]"),
    "a length from the environment": pod(f"[vllm, serve, {R1_8B}, --max-model-len=$(LENGTH)]"),
    "a model that nobody knows": pod("[vllm, serve, some/model, --max-model-len=10000000]"),
    "a model in a folder": pod("[vllm, serve, /models/a, --max-model-len=10000000]"),
    "a model that KServe takes from elsewhere": service("s3://a/b", "--max-model-len=131072"),
    "another model that is mounted": pod("[vllm, serve, /mnt/models, --max-model-len=131072]"),
    "quantized weights": pod(f"[vllm, serve, {R1_8B}, -q, fp8]"),
    "a quantizing variable": pod(
        f"[vllm, serve, {R1_8B}]",
        more="      env: [{name: MOE_REQUANTIZE_WEIGHT_DTYPE, value: fp8}]\n",
    ),
    "arguments of KServe's preset": service(f"hf://{R1_8B}", "-tp=1").replace(
        "command: [vllm, serve, /mnt/models, -tp=1]", "args: [--tensor-parallel-size=1]"
    ),
    "a topology to be filled in": pod(f"[vllm, serve, {R1_8B}]").replace("1x1", "${TOPOLOGY}"),
    "a slice of several hosts": pod("[vllm, serve, Qwen/Qwen3-32B, -tp=8]", "4x4").replace(
        "google.com/tpu: 16", "google.com/tpu: 4"
    ),
    "heads that are overridden": pod(
        "[vllm, serve, microsoft/phi-4, -tp=4, '--hf-overrides={}']", "2x2"
    ),
    "pipeline parallelism": pod("[vllm, serve, some/model, -tp=2, -pp=2]", "2x2"),
    "a part of the chips": pod(
        "[vllm, serve, some/model, -tp=2]",
        "2x2",
        more="      env: [{name: TPU_VISIBLE_CHIPS, value: '0,1'}]\n",
    ),
    "two containers on one host": pod("[vllm, serve, some/model, -tp=2]", "2x2").replace(
        "google.com/tpu: 4", "google.com/tpu: 2"
    )
    + "    - {name: other, resources: {limits: {google.com/tpu: 2}}}\n",
    "a zone that has it": pod("[sleep]").replace(
        "  nodeSelector:\n", "  nodeSelector:\n    topology.kubernetes.io/zone: us-east5-a\n"
    ),
    "a zone that nobody knows": pod("[sleep]").replace(
        "  nodeSelector:\n", "  nodeSelector:\n    topology.kubernetes.io/zone: mars-north1-a\n"
    ),
}


@pytest.mark.parametrize("text", CALM.values(), ids=CALM)
def test_the_rules_about_trees_say_nothing_about(text: str) -> None:
    for name in TREE_RULES:
        assert findings(text, name) == []


MUTANTS = [
    (
        "  uri: hf://Qwen/Qwen2.5-3B-Instruct\n",
        f"  uri: hf://{R1_8B}\nserver: {{maxModelLen: 131072}}\n",
        "  topology: 2x2\n",
        "  topology: 1x1\n",
        "model-context-exceeds-memory",
        (9, 23),
    ),
    (
        "  uri: hf://Qwen/Qwen2.5-3B-Instruct\n",
        f"  uri: hf://{R1_8B}\nserver: {{maxModelLen: 106496}}\n",
        "  topology: 2x2\n",
        "  topology: 1x1\n",
        "model-context-nears-memory",
        (9, 23),
    ),
    (
        "  uri: hf://Qwen/Qwen2.5-3B-Instruct\n",
        "  uri: hf://mistralai/Mixtral-8x7B-Instruct-v0.1\n",
        "",
        "",
        "model-download-exceeds-disk",
        (8, 8),
    ),
    (
        "  uri: hf://Qwen/Qwen2.5-3B-Instruct\n",
        "  uri: hf://mistralai/Mixtral-8x7B-Instruct-v0.1\n",
        "  name: llmd-gke-native-tpu-pattern1\n",
        "  name: llmd-gke-native-tpu-pattern1\n  tpuPool: {bootDiskSize: 80}\n",
        "model-download-exceeds-disk",
        (18, 27),
    ),
    (
        "service:\n",
        "server:\n  startupBudget: 5m\nservice:\n",
        "",
        "",
        "startup-budget-too-short",
        (15, 18),
    ),
]


@pytest.mark.parametrize(("old", "new", "more", "most", "name", "place"), MUTANTS)
def test_a_mutant_of_the_shipped_profile_is_found_once_at_its_place(
    tmp_path: Path,
    old: str,
    new: str,
    more: str,
    most: str,
    name: str,
    place: tuple[int, int],
) -> None:
    text = (CHECKOUT / "profiles" / "qwen-3b-v6e.yaml").read_text(encoding="utf-8")
    assert old in text
    assert more in text
    mutant = tmp_path / "mutant.yaml"
    mutant.write_text(text.replace(old, new, 1).replace(more, most, 1), encoding="utf-8")
    result = run("--profile", mutant, "--dry-run")
    found = [line for line in result.stderr.splitlines() if f"[{name}]" in line]
    assert len(found) == 1
    assert f"mutant.yaml:{place[0]}:{place[1]}: " in found[0]


def judge_tree(old: str, new: str) -> list[Diagnostic]:
    """Judge the shipped tree with one change of its LLMInferenceService."""
    folder = OUT / "qwen-3b-v6e"
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    file = "workload/llminferenceservice.yaml"
    assert files[file].count(old) == 1
    files[file] = files[file].replace(old, new)
    tree, _ = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    # What the profile lives with is found in its tree, too.
    return [item for item in lint_tree(tree) if item.code != "gke-pool-open-to-internet"]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("--tensor-parallel-size=4", "--tensor-parallel-size=2", "devices-idle"),
        ("hf://Qwen/Qwen2.5-3B-Instruct", f"hf://{R1_32B}", ""),
        (
            "uri: hf://Qwen/Qwen2.5-3B-Instruct",
            "uri: hf://meta-llama/Llama-3.1-70B-Instruct",
            "exceeds-memory",
        ),
        ("uri: hf://Qwen/Qwen2.5-3B-Instruct", "uri: hf://microsoft/phi-4", "splits-no-heads"),
        (
            "    nodeSelector:\n",
            "    nodeSelector:\n      topology.kubernetes.io/zone: us-central1-a\n",
            "without-accelerator",
        ),
    ],
)
def test_a_mutant_of_the_shipped_tree_is_found_once_at_its_place(
    old: str, new: str, name: str
) -> None:
    found = judge_tree(old, new)
    if not name:
        assert found == []
        return
    (item,) = found
    assert item.code.endswith(name)
    text = (OUT / "qwen-3b-v6e/workload/llminferenceservice.yaml").read_text(encoding="utf-8")
    changed = text.replace(old, new).split("\n")
    line = changed[item.location.line - 1]
    last = new.strip().split("\n")[-1].strip()
    wanted = {
        "splits-no-heads": "--tensor-parallel-size=4",
        "exceeds-memory": "--max-model-len=2048",
    }.get(name, last)
    assert wanted in line
    start = len(line) - len(line.lstrip())
    assert item.location.column > start
