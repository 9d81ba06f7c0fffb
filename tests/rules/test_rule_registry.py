"""Every rule is a module of its own, registered, documented and true to its own examples."""

from __future__ import annotations

import inspect
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from llmd_render import rules
from llmd_render.catalog import load_catalog
from llmd_render.diagnostics import Severity
from llmd_render.pipeline import load_text, render_profile
from llmd_render.profile import Profile, load_profile
from llmd_render.rules import (
    ALL_RULES,
    PROFILE_RULES,
    TREE_RULES,
    ProfileRule,
    Rule,
    find_rule,
    list_names,
)
from llmd_render.rules.kubernetes_schemas_missing import NEWEST
from llmd_render.source import Document, SourceMap

FOLDER = Path(str(rules.__file__)).parent
MODULES = sorted(
    path.stem for path in FOLDER.glob("*.py") if "\nRULE = " in path.read_text(encoding="utf-8")
)

# What every profile hears whose project may be new.
QUOTA = "tpu-quota-above-default"
MINIMAL: dict[str, Any] = {
    "apiVersion": "llmd-render/v1",
    "name": "example",
    "project": "my-project",
    "zone": "europe-west4-a",
    "model": {"uri": "hf://Qwen/Qwen3-4B"},
    "tpu": {"type": "v6e", "topology": "2x2"},
    "gateway": {"className": "gke-l7-rilb"},
    "lint": {"ignore": [{"rule": "kserve-images-move", "reason": "the release has no others"}]},
}


def merge(base: Any, upper: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(upper, dict):
        return upper
    return {key: merge(base.get(key), upper.get(key, base.get(key))) for key in {**base, **upper}}


def load(changes: object) -> Profile:
    return load_profile(Document(merge(MINIMAL, changes), SourceMap("profile.yaml")))


def broken(profile: Profile) -> list[str]:
    ignored = {item.rule for item in profile.lint.ignore}
    return [
        rule.name
        for rule in PROFILE_RULES
        if rule.name not in ignored and list(rule.check(profile, load_catalog()))
    ]


def example(rule: Rule, heading: str) -> object:
    block = re.search(rf"^{heading}:\n((?:\n|    .*\n?)+)", rule.documentation, re.MULTILINE)
    assert block, f"{rule.name} has no block {heading}"
    return yaml.safe_load(inspect.cleandoc("\n" + block.group(1)))


def test_the_minimal_profile_breaks_no_rule_and_is_told_of_its_quota() -> None:
    assert broken(load({})) == [QUOTA]


@pytest.mark.parametrize("rule", PROFILE_RULES, ids=lambda rule: rule.name)
def test_the_failing_example_breaks_this_rule_and_no_other(rule: ProfileRule) -> None:
    assert {*broken(load(example(rule, "Fails"))), QUOTA} == {rule.name, QUOTA}


@pytest.mark.parametrize("rule", PROFILE_RULES, ids=lambda rule: rule.name)
def test_the_passing_example_breaks_no_rule(rule: ProfileRule) -> None:
    assert {*broken(load(example(rule, "Passes")))} - {QUOTA} == set()


def test_the_examples_about_quotas_differ_in_that_alone() -> None:
    rule = next(item for item in PROFILE_RULES if item.name == QUOTA)
    assert broken(load(example(rule, "Passes"))) == []
    assert broken(load(example(rule, "Fails"))) == [QUOTA]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_holds_the_rule_that_it_is_named_after(module: str) -> None:
    rule = import_module(f"llmd_render.rules.{module}").RULE
    assert rule.name == module.replace("_", "-")
    assert find_rule(rule.name) is rule


def test_the_registry_holds_exactly_the_modules_of_the_folder() -> None:
    assert [rule.name.replace("-", "_") for rule in ALL_RULES] == MODULES
    assert {*PROFILE_RULES, *TREE_RULES} == set(ALL_RULES)


def test_the_names_are_known_without_loading_the_rules() -> None:
    assert list_names() == [rule.name for rule in ALL_RULES]


@pytest.mark.parametrize("registry", [PROFILE_RULES, TREE_RULES, ALL_RULES])
def test_a_registry_is_sorted_by_name(registry: tuple[Rule, ...]) -> None:
    assert [rule.name for rule in registry] == sorted(rule.name for rule in registry)


def test_an_unknown_name_finds_no_rule() -> None:
    assert find_rule("no-such-rule") is None


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_requirement_a_dated_source_and_two_examples(rule: Rule) -> None:
    first, blank, *_ = rule.documentation.splitlines()
    assert first.endswith(".")
    assert blank == ""
    sources = re.findall(r"^Source: (.*)$", rule.documentation, re.MULTILINE)
    assert sources
    assert all(re.fullmatch(r"\S.* \(\d{4}(-\d\d){0,2}\)", source) for source in sources)
    headings = re.findall(r"^(Passes|Fails):$", rule.documentation, re.MULTILINE)
    assert headings == ["Passes", "Fails"]


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_name_of_three_words_at_least(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+){2,}", rule.name)


@pytest.mark.parametrize("rule", PROFILE_RULES, ids=lambda rule: rule.name)
def test_the_failing_example_can_be_acknowledged_or_says_why_not(rule: ProfileRule) -> None:
    broken_profile = merge(MINIMAL, example(rule, "Fails"))
    ignored = broken_profile["lint"]["ignore"]
    if rule.name not in {item["rule"] for item in ignored}:
        entry = {"rule": rule.name, "reason": "as an experiment"}
        broken_profile = merge(broken_profile, {"lint": {"ignore": [*ignored, entry]}})
    # Rendering goes on with what the rule found, and no template or resolver may stumble over it.
    outcome = render_profile(load_text(json.dumps(broken_profile), "profile.yaml"))
    blocking = {item.code for item in outcome.diagnostics if item.blocks}
    refused = set() if rule.acknowledgeable else {"lint-ignore-refused", rule.name}
    assert blocking == refused
    assert bool(outcome.files) is rule.acknowledgeable


@pytest.mark.parametrize("rule", PROFILE_RULES, ids=lambda rule: rule.name)
def test_a_message_is_a_clause_and_its_hint_an_instruction(rule: ProfileRule) -> None:
    (found,) = rule.check(load(example(rule, "Fails")), load_catalog())
    for text in (found.message, found.hint):
        assert text
        assert not text.endswith(".")
        assert "  " not in text
        assert "`None`" not in text


def test_no_error_rests_on_an_unverified_fact() -> None:
    catalog = load_catalog()
    rows = [
        *catalog.accelerators.values(),
        *catalog.machine_types.values(),
        *catalog.topologies,
        *catalog.models.values(),
        *catalog.kserve_releases.values(),
        *(row for row in catalog.zones if row.listed is False),
        *(row for row in catalog.vllm_flags.values() if row.verdict == "removed"),
        *(row for row in catalog.gateway_classes.values() if row.inference_pool == "unsupported"),
    ]
    assert [row for row in rows if row.status == "unverified"] == []
    assert [row for row in catalog.models.values() if row.licence_status == "unverified"] == []


def test_the_newest_kubernetes_is_the_newest_with_schemas() -> None:
    assert kubernetes_validate.latest_version() == f"1.{NEWEST}.0"


def test_severities_are_all_in_use() -> None:
    assert {rule.severity for rule in PROFILE_RULES} == set(Severity)
