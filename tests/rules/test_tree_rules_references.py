"""Rules about what objects of a tree say of each other: what they say where, and when nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from short_objects import ODD, read, spoil
from support import OUT, SHIPPED

from llmd_render.diagnostics import Severity, format_path
from llmd_render.manifest import Tree, read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import TREE_RULES
from llmd_render.rules.subjects.whole_tree import child_name, find_misspelt

NAMES = {
    "autoscaler-target-missing",
    "base-reference-missing",
    "config-key-missing",
    "gateway-reference-missing",
    "monitoring-selects-nothing",
    "pod-reference-misspelt",
    "policy-cuts-endpoint-picker",
    "policy-cuts-load-balancer",
    "policy-cuts-name-lookup",
    "policy-cuts-scheduler-metrics",
    "policy-selects-nothing",
    "route-backend-pool-missing",
    "route-backend-port-missing",
    "service-selects-nothing",
}
RULES = {rule.name: rule for rule in TREE_RULES if rule.name in NAMES}


def judge(tree: Tree) -> list[tuple[str, str, str, str]]:
    return [
        (
            rule.name,
            format_path(item.violation.path),
            item.violation.message,
            item.violation.hint,
        )
        for rule in RULES.values()
        for item in rule.check(tree)
    ]


CASES: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "tree_references.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["rule"])
def test_what_does_not_fit_is_named_at_its_place(case: dict[str, str]) -> None:
    found = judge(read(case["objects"]))
    assert found == [(case["rule"], case["path"], case["message"], case["hint"])]


@pytest.mark.parametrize("case", CASES["right"], ids=lambda case: case["why"])
def test_what_a_tree_cannot_know_is_not_said(case: dict[str, str]) -> None:
    assert judge(read(case["objects"])) == []


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["rule"])
@pytest.mark.parametrize(
    "change",
    [
        {"patches": [{"path": "patch.yaml"}]},
        {"namePrefix": "a-"},
        {"labels": [{"pairs": {"app": "q"}, "includeTemplates": True}]},
        {"resources": ["https://example.com/base"]},
        {"resources": ["../base"]},
        {"resources": 5, "transformers": ["a.yaml"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_tree_that_kustomize_changes_is_not_judged(
    case: dict[str, str], change: dict[str, object]
) -> None:
    tree = read(case["objects"])
    kustomization = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    more, _ = read_tree(
        [RenderedFile("kustomization.yaml", json.dumps({**kustomization, **change}), "")]
    )
    tree = Tree({**tree.files, **more.files}, (*tree.manifests, *more.manifests))
    assert judge(tree) == []


def test_a_namespace_for_all_leaves_none_as_it_is_written() -> None:
    text = """
        v1 Service llm/s {spec: {selector: {app: modle}}}
        v1 Pod llm/p {metadata: {labels: {app: model}}}
    """
    assert [item[0] for item in judge(read(text))] == ["service-selects-nothing"]
    kustomization = "{namespace: other, resources: [all.yaml]}"
    more, _ = read_tree([RenderedFile("kustomization.yaml", kustomization, "")])
    for without, expected in ((text, []), (text.replace("llm/", ""), ["service-selects-nothing"])):
        tree = read(without)
        both = Tree({**tree.files, **more.files}, (*tree.manifests, *more.manifests))
        assert [item[0] for item in judge(both)] == expected


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_data_makes_no_rule_fail(odd: object) -> None:
    for case in CASES["broken"]:
        tree = read(case["objects"])
        for index, manifest in enumerate(tree.manifests):
            for data in spoil(manifest.data, odd):
                other = replace(manifest, data=data)
                changed = (*tree.manifests[:index], other, *tree.manifests[index + 1 :])
                judge(Tree(tree.files, changed))


def test_only_a_port_that_is_surely_missing_is_an_error() -> None:
    errors = {name for name, rule in RULES.items() if rule.severity is not Severity.WARNING}
    assert errors == {"route-backend-port-missing"}


def shipped() -> Tree:
    folder = OUT / SHIPPED[0]
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = [(path.relative_to(folder).as_posix(), path.read_text("utf-8")) for path in paths]
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files])
    assert problems == []
    return tree


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (
            "model-server-ingress",
            ["policy-cuts-load-balancer", "policy-cuts-scheduler-metrics"],
        ),
        ("scheduler-ingress", ["policy-cuts-endpoint-picker"]),
        ("dns-egress", ["policy-cuts-name-lookup"]),
        ("default-deny", []),
    ],
)
def test_a_policy_left_out_of_the_shipped_tree_is_missed(
    left_out: str, expected: list[str]
) -> None:
    tree = shipped()
    kept = [
        item
        for item in tree.manifests
        if item.data.get("metadata", {}).get("name") != f"qwen2-3b-pattern1-{left_out}"
    ]
    assert len(kept) == len(tree.manifests) - 1
    assert [item[0] for item in judge(Tree(tree.files, tuple(kept)))] == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("35.191.0.0/16", "35.192.0.0/16", "policy-cuts-load-balancer"),
        (
            "name: qwen2-3b-pattern1-inference-pool",
            "name: qwen-inference-pool",
            "route-backend-pool-missing",
        ),
        ("- name: inference-gateway", "- name: gateway", "gateway-reference-missing"),
    ],
)
def test_a_slip_in_the_shipped_tree_is_found(old: str, new: str, expected: str) -> None:
    files = [
        RenderedFile(path, text.replace(old, new), "") for path, text in shipped().files.items()
    ]
    tree, _ = read_tree(files)
    assert {item[0] for item in judge(tree)} == {expected}


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("hf-token", "hf-tokens"),
        ("hf-tokens", "hf-token"),
        ("hf-tokne", "hf-token"),
        ("hf-tomen", "hf-token"),
        ("hftoken", "hf-token"),
        ("hf_token", "hf-token"),
        ("HF-token", "hf-token"),
    ],
)
def test_a_slip_of_the_finger_is_seen(word: str, known: str) -> None:
    assert find_misspelt(word, [known, "quite-another"]) == known


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("model-1", "model-2"),
        ("qwen2-secret", "qwen3-secret"),
        ("app-a", "app-b"),
        ("db-dev", "db-den"),
        ("hf-token", "hf-token-secret"),
        ("reader-east", "reader-west"),
        ("hf-token", "hf-token"),
        ("tokens-model", "token-models"),
    ],
)
def test_a_name_that_differs_on_purpose_is_no_slip(word: str, known: str) -> None:
    assert not find_misspelt(word, [known])


def test_a_child_with_a_long_name_is_hashed() -> None:
    assert child_name("q" * 48, "-inference-pool") == "q" * 48 + "-inference-pool"
    long = child_name("q" * 49, "-inference-pool")
    assert long == "q" * 16 + "7802c09d4a50e59e7c7812e7317419ed" + "-inference-pool"
