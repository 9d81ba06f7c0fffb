"""Rules about trees: their own examples, and what they say where."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from support import OUT, SHIPPED, run

from llmd_render.lint import lint_tree
from llmd_render.manifest import Tree, read_tree
from llmd_render.pipeline import parse_target
from llmd_render.render import RenderedFile
from llmd_render.rules import PROFILE_RULES, TREE_RULES, TreeRule

# Good advice that examples of other rules, which are short, do not follow.
ADVICE = "vllm-memory-not-requested"


def example(rule: TreeRule, heading: str) -> dict[str, str]:
    """Read an example: files by name, or the one manifest that matters."""
    block = re.search(rf"^{heading}:\n((?:\n|    .*\n?)+)", rule.documentation, re.MULTILINE)
    assert block, f"{rule.name} has no block {heading}"
    text = inspect.cleandoc("\n" + block.group(1))
    documents: list[Any] = list(yaml.safe_load_all(text))
    if len(documents) == 1 and "apiVersion" not in documents[0]:
        files: dict[str, str] = documents[0]
        return files
    return {"example.yaml": text}


def read(files: dict[str, str]) -> Tree:
    """Read the files of an example, which may say on its first line what they meet."""
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    stated = re.match(r"# llmd-render lint --target (\S+)\n", files.get("example.yaml", ""))
    return replace(tree, target=parse_target(stated.group(1))) if stated else tree


def findings(files: dict[str, str]) -> list[str]:
    tree = read(files)
    return sorted({item.code for item in lint_tree(tree)})


@pytest.mark.parametrize("rule", TREE_RULES, ids=lambda rule: rule.name)
def test_the_failing_example_breaks_this_rule_and_no_other(rule: TreeRule) -> None:
    assert {*findings(example(rule, "Fails")), ADVICE} == {rule.name, ADVICE}


@pytest.mark.parametrize("rule", TREE_RULES, ids=lambda rule: rule.name)
def test_the_passing_example_breaks_no_rule(rule: TreeRule) -> None:
    assert {*findings(example(rule, "Passes"))} - {ADVICE} == set()


def test_the_examples_of_advice_follow_it() -> None:
    rule = next(item for item in TREE_RULES if item.name == ADVICE)
    assert findings(example(rule, "Passes")) == []
    assert findings(example(rule, "Fails")) == [ADVICE]


@pytest.mark.parametrize("rule", TREE_RULES, ids=lambda rule: rule.name)
def test_a_message_is_a_clause_and_its_hint_an_instruction(rule: TreeRule) -> None:
    found = list(rule.check(read(example(rule, "Fails"))))
    assert found
    for item in found:
        for text in (item.violation.message, item.violation.hint):
            assert text
            assert not text.endswith(".")
            assert "  " not in text


def test_a_rule_is_covered_by_rules_that_exist() -> None:
    known = {rule.name for rule in PROFILE_RULES}
    for rule in TREE_RULES:
        assert set(rule.covered_by) <= known, rule.name


@pytest.mark.parametrize("name", SHIPPED[:1])
def test_the_shipped_tree_that_works_breaks_only_the_rule_that_it_acknowledges(name: str) -> None:
    paths = [path for path in sorted((OUT / name).rglob("*")) if path.is_file()]
    files = {path.relative_to(OUT / name).as_posix(): path.read_text() for path in paths}
    tree, _ = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert [item.code for item in lint_tree(tree)] == ["gke-pool-open-to-internet"]
    result = run("lint", OUT / name)
    assert result.exit_code == 0
    assert result.output.endswith(": 0 errors, 0 warnings, 1 acknowledged\n")


ODD = [
    "{apiVersion: GROUP/v1, kind: KIND}",
    "{apiVersion: GROUP/v1, kind: KIND, metadata: x, spec: []}",
    """\
apiVersion: GROUP/v1
kind: KIND
metadata: {name: [a]}
spec: {rules: [1, {a: b}], listeners: {a: b}, template: [x], targetRef: 1, router: {route: 1}}
""",
]
KINDS = [
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
    ("networking.gke.io", "HealthCheckPolicy"),
    ("networking.gke.io", "GCPBackendPolicy"),
    ("serving.kserve.io", "LLMInferenceService"),
    ("inference.networking.k8s.io", "InferencePool"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("apps", "Deployment"),
    ("batch", "Job"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[1])
@pytest.mark.parametrize("text", ODD)
def test_odd_objects_make_no_rule_fail(text: str, kind: tuple[str, str]) -> None:
    text = text.replace("GROUP", kind[0]).replace("KIND", kind[1])
    tree, _ = read_tree([RenderedFile("a.yaml", text, "")])
    lint_tree(tree)
