"""Rules about the flags of vLLM in a tree: mutants of the golden tree, and what is right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support import CRDS, OUT, run

from llmd_render.catalog import load_catalog
from llmd_render.catalog.flag_table import load_flag_table
from llmd_render.rules.subjects.vllm_flags import CommandLine
from llmd_render.rules.subjects.vllm_releases import find_running
from llmd_render.rules.subjects.vllm_words import read_flags

GOLDEN = OUT / "qwen-3b-v6e"
FILE = "workload/llminferenceservice.yaml"
RED_HAT = "registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5"
UPSTREAM = "docker.io/vllm/vllm-tpu:v0.12.0"
MINE = "quay.io/mine/vllm:1"
LENGTH = '"--max-model-len=2048"'
WHOLE = """\
        command:
          - python3
          - "-m"
          - vllm.entrypoints.openai.api_server
        args:
          - "--model=/mnt/models"
          - "--served-model-name=Qwen/Qwen2.5-3B-Instruct"
          - "--port=8000"
          - "--dtype=bfloat16"
          - "--max-model-len=2048"
          - "--tensor-parallel-size=4"
"""


def words(*given: str) -> dict[str, str]:
    """Put words after the model's length, which is in line 73."""
    lines = "".join(f"\n          - {json.dumps(word)}" for word in given)
    return {LENGTH: LENGTH + lines}


def last(word: str) -> dict[str, str]:
    """Put a word behind all others."""
    size = '"--tensor-parallel-size=4"'
    return {size: f'{size}\n          - "{word}"'}


def image(name: str) -> dict[str, str]:
    return {RED_HAT: name}


def lint(tmp_path: Path, changes: dict[str, str]) -> list[dict[str, Any]]:
    """Lint the golden tree with changes of its LLMInferenceService."""
    tree = tmp_path / "tree"
    shutil.copytree(GOLDEN, tree)
    text = (tree / FILE).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (tree / FILE).write_text(text, encoding="utf-8")
    result = run("lint", tree, "--format", "json")
    found: list[dict[str, Any]] = json.loads(result.stdout)["diagnostics"]
    # That the upstream image runs as root, and what v1alpha2 means for the endpoint picker, are
    # the matter of other rules.
    others = {"endpoint-picker-pool-group-outdated", "image-root-user-refused"}
    return [item for item in found if item["code"] not in others and not item["acknowledged"]]


MUTANTS: dict[str, tuple[dict[str, str], str, str, tuple[int, int], str, str]] = {
    "a misspelt flag": (
        words("--max_num_sequences=64"),
        "error",
        "vllm-argument-unknown-to-image",
        (74, 13),
        "no vLLM from 0.9.2 to 0.33.0 has a flag --max-num-sequences",
        "did you mean `--max-num-seqs`?",
    ),
    "a misspelt short flag": (
        last("-tpp=4"),
        "error",
        "vllm-argument-unknown-to-image",
        (75, 13),
        "no vLLM from 0.9.2 to 0.33.0 has a flag -tpp",
        "did you mean `-tp`?",
    ),
    "keys of a misspelt flag": (
        words("--override-generation-configs.temperature", "0"),
        "error",
        "vllm-argument-unknown-to-image",
        (74, 13),
        "no vLLM from 0.9.2 to 0.33.0 has a flag --override-generation-configs",
        "did you mean `--override-generation-config`?",
    ),
    "a flag of a later version than the upstream image": (
        image(UPSTREAM) | words("--max-num-queued-reqs=8"),
        "error",
        "vllm-argument-unknown-to-image",
        (74, 13),
        (
            "vLLM 0.12.0, in the image, has no flag --max-num-queued-reqs, which came later: "
            "0.32.0 has it"
        ),
        "remove it, or use an image with vLLM 0.32.0 or newer",
    ),
    "a flag of a later version than a vendor's image": (
        words("--max-num-queued-reqs=8"),
        "warning",
        "vllm-argument-likely-unknown",
        (74, 13),
        (
            "vLLM 0.11.2, in the image, has no flag --max-num-queued-reqs, which came later: "
            "0.32.0 has it"
        ),
        "remove it, or use an image with vLLM 0.32.0 or newer",
    ),
    "a flag of no version, and an image that nobody knows": (
        image(MINE) | words("--max-num-sequences=64"),
        "warning",
        "vllm-argument-likely-unknown",
        (74, 13),
        "no vLLM from 0.9.2 to 0.33.0 has a flag --max-num-sequences",
        "did you mean `--max-num-seqs`?",
    ),
    "a flag that the image's version dropped": (
        image("docker.io/vllm/vllm-tpu:v0.18.0") | words("--disable-log-requests"),
        "warning",
        "vllm-argument-removed-from-image",
        (74, 13),
        (
            "vLLM 0.18.0, in the image, no longer has the flag --disable-log-requests, which "
            "0.13.3 had"
        ),
        "use --no-enable-log-requests",
    ),
    "a flag that a later version dropped": (
        words("--disable_log_requests"),
        "warning",
        "vllm-argument-removed-upstream",
        (74, 13),
        (
            "vLLM 0.11.2, in the image, calls the flag --disable-log-requests deprecated, and "
            "0.18.0 does not have it"
        ),
        "use --no-enable-log-requests",
    ),
    "a word for a number": (
        words("--max-num-seqs=many"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "the value many of --max-num-seqs is not a whole number",
        "write a value such as 8",
    ),
    "a word for a share": (
        words("--gpu-memory-utilization", "90%"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "the value 90% of --gpu-memory-utilization is not a number",
        "write a value such as 0.9",
    ),
    "a length that only later versions read": (
        {LENGTH: '"--max-model-len=auto"'},
        "warning",
        "vllm-argument-value-likely-invalid",
        (73, 13),
        "the value auto of --max-model-len is not a whole number, or one such as 4k",
        "write a value such as 4096",
    ),
    "no choice": (
        words("--scheduling-policy", "fifo"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "fifo is none of the values of --scheduling-policy",
        "use one of fcfs, priority",
    ),
    "no choice of some versions": (
        words("--block-size=512"),
        "warning",
        "vllm-argument-value-likely-invalid",
        (74, 13),
        "512 is none of the values of --block-size",
        "use one of 1, 8, 16, 32, 64, 128, 256",
    ),
    "a number for an image that nobody knows": (
        image(MINE) | words("--max-num-seqs=many"),
        "warning",
        "vllm-argument-value-likely-invalid",
        (74, 13),
        "the value many of --max-num-seqs is not a whole number",
        "write a value such as 8",
    ),
    "no value before another flag": (
        words("--max-num-seqs"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "--max-num-seqs has no value: the next word is --tensor-parallel-size=4",
        "write --max-num-seqs=8, or remove it",
    ),
    "no value at the end": (
        last("--scheduling-policy"),
        "error",
        "vllm-argument-value-invalid",
        (75, 13),
        "--scheduling-policy has no value: it is the last word",
        "write --scheduling-policy=fcfs, or remove it",
    ),
    "a switch with a value": (
        words("--enforce_eager=true"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "--enforce-eager is a switch, which takes no value, and true is given",
        "write --enforce-eager alone",
    ),
    "a switch that is to be off": (
        words("--enable-chunked-prefill", "False"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "--enable-chunked-prefill is a switch, which takes no value, and False is given",
        "write --no-enable-chunked-prefill",
    ),
    "a switch that is to be off and cannot": (
        words("--disable-log-stats=false"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "--disable-log-stats is a switch, which takes no value, and false is given",
        "remove --disable-log-stats",
    ),
    "an opposite that is to be off": (
        words("--no-enable-chunked-prefill=no"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "--no-enable-chunked-prefill is a switch, which takes no value, and no is given",
        "write --enable-chunked-prefill",
    ),
    "YAML for JSON": (
        image(UPSTREAM) | words("--override-generation-config={temperature: 0}"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "the value {temperature: 0} of --override-generation-config is not JSON",
        (
            'write JSON such as {"key": "value"}, or --override-generation-config.key=value for '
            "each key"
        ),
    ),
    "a flag and its value in one word": (
        words("--max-num-seqs 64"),
        "error",
        "vllm-argument-value-invalid",
        (74, 13),
        "vLLM does not find the flag --max-num-seqs in `--max-num-seqs 64`, which is one word",
        "write --max-num-seqs=64",
    ),
    "a dtype that is none": (
        {"--dtype=bfloat16": "--dtype=bf16"},
        "error",
        "vllm-argument-value-invalid",
        (72, 13),
        "bf16 is none of the values of --dtype",
        "use one of auto, bfloat16, float, float16, float32, half",
    ),
    "a dtype that a TPU does not have": (
        {"--dtype=bfloat16": "--dtype=half"},
        "warning",
        "vllm-dtype-not-bfloat16",
        (72, 13),
        "the dtype is half, which vLLM on a TPU turns into bfloat16",
        "write --dtype=bfloat16",
    ),
    "what the backend of a vendor's image refuses": (
        words('--speculative-config={"method": "ngram"}'),
        "warning",
        "vllm-argument-refused-on-tpu",
        (74, 13),
        "vLLM 0.11.2, in the image, refuses --speculative-config on TPUs",
        "remove it",
    ),
    "a whole command for a preset that starts vLLM": (
        {
            "serving.kserve.io/v1alpha1": "serving.kserve.io/v1alpha2",
            WHOLE: "        args:\n          - python3 -m vllm.entrypoints.openai.api_server "
            "--model=/mnt/models --served-model-name=Qwen/Qwen2.5-3B-Instruct -tp=4\n",
        },
        "warning",
        "vllm-args-without-command",
        (65, 13),
        "args hold a whole command, and KServe's preset puts them behind `vllm serve`",
        (
            "write the command as command and args, such as command [vllm] and args "
            "[serve, /mnt/models]"
        ),
    ),
}


@pytest.mark.parametrize(
    ("changes", "severity", "code", "place", "message", "hint"), MUTANTS.values(), ids=MUTANTS
)
def test_a_mutant_of_the_golden_tree_has_one_finding(
    tmp_path: Path,
    changes: dict[str, str],
    severity: str,
    code: str,
    place: tuple[int, int],
    message: str,
    hint: str,
) -> None:
    (found,) = lint(tmp_path, changes)
    assert found["file"].endswith(FILE)
    assert (found["line"], found["column"]) == place
    assert (found["severity"], found["code"]) == (severity, code)
    assert (found["message"], found["hint"]) == (message, hint)


RIGHT = {
    "underscores, opposites and ends left out": words(
        "--async_scheduling", "--max_num_seq=64", "--no_enforce_eager"
    ),
    "values behind their flags": words(
        *("--max-num-seqs", "64", "--gpu-memory-utilization", "1e-1", "--seed", "-1"),
        *("--swap-space", "4", "--max-num-batched-tokens", "2k", "--block-size", "256"),
    ),
    "JSON, keys and several values": words(
        '--override-generation-config={"temperature": 0}',
        *("--compilation-config.level", "3", "--hf_overrides.rope_scaling.factor=2.0"),
        *(
            "-O3",
            "--allowed-media-domains",
            "a.example",
            "b.example",
            "--limit-mm-per-prompt",
            '{"image": 2}',
        ),
    ),
    "what the kubelet puts in": words("--max-num-seqs=$(SEQS)", "--scheduling-policy", "$(POLICY)"),
    "a script with JSON over several lines": {
        WHOLE: "        command: [/bin/bash, -c]\n        args:\n          - |\n"
        "            exec python3 -m vllm.entrypoints.openai.api_server --model=/mnt/models \\\n"
        "              --served-model-name=Qwen/Qwen2.5-3B-Instruct --override-generation-config "
        "'{\n"
        '                "temperature": 0\n'
        "              }' --max-num-seqs $SEQS # as few as that\n"
        "            echo --no-such-flag\n"
    },
    "flags of an older server of vLLM": {
        "vllm.entrypoints.openai.api_server": "vllm.entrypoints.api_server",
        LENGTH: f'{LENGTH}\n          - "--no-such-flag"',
    },
    "another program of an image with vLLM": {
        WHOLE: "        args: [python3, bench.py, --max-num-seqs=many, --no-such-flag]\n"
    },
    "a script that sends its errors elsewhere": {
        WHOLE: "        command: [bash, -c]\n        args:\n          - >-\n"
        "            vllm serve /mnt/models --served-model-name Qwen/Qwen2.5-3B-Instruct\n"
        "            --enforce-eager 1>/tmp/log --collect-detailed-traces all 2>&1\n"
    },
    "flags of another server": {
        WHOLE: "        command: [python3, -m, sglang.launch_server]\n"
        "        args: [--model=/mnt/models, --mem-fraction-static=much]\n"
    },
    "a deprecated flag of an image that nobody knows": image(MINE)
    | words("--disable-log-requests", "--max-num-queued-reqs=8"),
    "a dtype for a backend that nobody knows": image("docker.io/vllm/vllm-tpu:v0.11.1")
    | {"--dtype=bfloat16": "--dtype=half"},
    "a version whose package was not read": image("docker.io/vllm/vllm-tpu:v0.20.0")
    | words("--max-num-queued-reqs=8", "--block-size=512"),
}


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT)
def test_what_vllm_takes_has_no_finding(tmp_path: Path, changes: dict[str, str]) -> None:
    assert [item for item in lint(tmp_path, changes) if item["code"].startswith("vllm-")] == []


@pytest.mark.parametrize(
    "lines",
    [
        ("v1alpha1", "args: ['vllm serve /mnt/models --port 8000']"),
        ("v1alpha2", "args: [--port=8000]"),
        ("v1alpha2", "command: [bash, -c]\n          args: ['vllm serve /mnt/models']"),
        ("v1alpha2", "args: ['exec sleep 1; echo vllm']"),
    ],
)
def test_args_that_suit_the_preset_or_that_nobody_can_judge(
    tmp_path: Path, lines: tuple[str, str]
) -> None:
    text = (
        f"apiVersion: serving.kserve.io/{lines[0]}\n"
        "kind: LLMInferenceService\n"
        "metadata: {name: example}\n"
        "spec:\n"
        "  model: {uri: hf://some/model, name: some/model}\n"
        "  template:\n"
        "    containers:\n"
        f"        - name: main\n          {lines[1]}\n"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    result = run("lint", tmp_path, "--format", "json")
    codes = [item["code"] for item in json.loads(result.stdout)["diagnostics"]]
    assert "vllm-args-without-command" not in codes


def test_samples_give_no_finding_about_flags() -> None:
    samples = sorted((CRDS.parent / "facts" / "samples").glob("*.yaml"))
    if not samples:
        pytest.skip("no samples are here")
    result = run("lint", *samples, "--format", "json")
    codes = [item["code"] for item in json.loads(result.stdout)["diagnostics"]]
    assert [code for code in codes if code.startswith("vllm-")] == []


@pytest.mark.parametrize(
    ("name", "version", "is_exact", "releases"),
    [
        (
            RED_HAT,
            "0.11.2",
            False,
            ["vllm 0.11.0", "vllm 0.11.1", "vllm 0.11.2", "vllm-tpu 0.11.1"],
        ),
        (UPSTREAM, "0.12.0", True, ["vllm-tpu 0.12.0"]),
        ("vllm/vllm-tpu:v0.33.0", "0.33.0", True, ["vllm 0.33.0"]),
        (
            "vllm/vllm-tpu:v0.13",
            "0.13",
            False,
            ["vllm 0.13.0", "vllm-tpu 0.13.3"],
        ),
    ],
)
def test_the_releases_that_an_image_may_hold(
    name: str, version: str, releases: list[str], *, is_exact: bool
) -> None:
    running = find_running(name, load_catalog(), load_flag_table())
    assert (running.version, running.is_exact) == (version, is_exact)
    assert [" ".join(item) for item in running.releases] == releases


@pytest.mark.parametrize("name", [MINE, "docker.io/vllm/vllm-tpu:v0.20.0", "vllm/vllm-tpu", ""])
def test_an_image_that_nobody_knows_may_hold_any_release(name: str) -> None:
    running = find_running(name, load_catalog(), load_flag_table())
    assert (running.version, running.is_exact) == ("", False)
    assert running.releases == load_flag_table().releases


def test_only_a_tree_with_vllm_reads_the_table(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: example}\ndata: {a: --max-b=c}\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    load_flag_table.cache_clear()
    assert run("lint", tmp_path).exit_code == 0
    assert load_flag_table.cache_info().currsize == 0


def test_words_are_taken_as_argparse_takes_them() -> None:
    line = ["x", "--a_b.c_d=1", "-1", "-.5", "--e", "--f=g h", "--i j", "-tp", "2", "--", "--k"]
    found = read_flags(((index,), word) for index, word in enumerate(line))
    assert [(item.name, item.value, item.following, item.has_keys) for item in found] == [
        ("--a-b", "1", ("-1", "-.5"), True),
        ("--e", None, (), False),
        ("--f", "g h", ("--i j",), False),
        ("-tp", None, ("2",), False),
    ]
    assert [item.until for item in found] == ["--e", "--f=g h", "-tp", ""]


def test_a_short_flag_may_have_its_value_at_once() -> None:
    line = CommandLine([((0,), "-qfp8"), ((1,), "-zfp8")], UPSTREAM, load_catalog())
    assert [item.violation.path for item in line.unknown()] == [(1,)]
