"""The policy that shuts others out: complete before anything is served, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from scripts.life import BY_PATH, existing_tree, full_tree, world_before
from scripts.stand_ins import Fault, run_script

CREATE = "cluster/create-security-policy.sh"
DEPLOY = "scripts/deploy.sh"
VERIFY = "cluster/verify-cluster.sh"
RULE = {"priority": 1000, "action": "allow"}
OPEN = {"priority": 2147483647, "action": "allow", "match": {"config": {"srcIpRanges": ["*"]}}}
SHUT = {**OPEN, "action": "deny(403)"}
OURS = {**RULE, "match": {"config": {"srcIpRanges": ["198.51.100.0/24", "203.0.113.0/24"]}}}
MORE = {**RULE, "priority": 900, "match": {"config": {"srcIpRanges": ["192.0.2.0/24"]}}}
WORDS = {**RULE, "priority": 900, "match": {"expr": {"expression": "true"}}}
ALLOW = "1000 allow 198.51.100.0/24,203.0.113.0/24"
LAST = "2147483647 deny-403 *"

WRONG: list[tuple[str, list[dict[str, Any]], str]] = [
    (
        "just born",
        [OPEN],
        (f"there is no rule {ALLOW}, there is no rule {LAST}, there is a rule 2147483647 allow *"),
    ),
    (
        "half made",
        [OPEN, OURS],
        f"there is no rule {LAST}, there is a rule 2147483647 allow *",
    ),
    ("others too", [SHUT, OURS, MORE], "there is a rule 900 allow 192.0.2.0/24"),
    ("by words", [SHUT, OURS, WORDS], "there is a rule 900 allow what is not a range"),
    (
        "in preview",
        [{**SHUT, "preview": True}, OURS],
        f"there is no rule {LAST}, there is a rule {LAST} in preview",
    ),
]
CASES = [pytest.param(rules, text, id=name) for name, rules, text in WRONG]


@pytest.mark.parametrize(("rules", "text"), CASES)
def test_nothing_is_served_behind_a_policy_that_lets_others_in(
    rules: list[dict[str, Any]], text: str
) -> None:
    world = world_before(BY_PATH[DEPLOY], full_tree())
    world.state["security_policies"]["full-clients"]["rules"] = rules
    run = run_script(full_tree() / DEPLOY, "--yes", world=world)
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        f"error: security policy full-clients is not what the profile says, {text}:"
        " run cluster/create-security-policy.sh"
    )
    assert not [key for key in world.state["objects"] if key.startswith("Gateway|")]


@pytest.mark.parametrize(("rules", "text"), CASES)
def test_verify_says_what_lets_others_in(rules: list[dict[str, Any]], text: str) -> None:
    world = world_before(BY_PATH[VERIFY], full_tree())
    world.state["security_policies"]["full-clients"]["rules"] = rules
    run = run_script(full_tree() / VERIFY, world=world)
    assert run.code == 1
    assert (
        f"PROBLEM  security policy full-clients is not what the profile says, {text}:"
        " run cluster/create-security-policy.sh\n"
    ) in run.out


def test_verify_and_deploy_miss_a_policy_that_is_not_there() -> None:
    world = world_before(BY_PATH[VERIFY], existing_tree())
    world.state["security_policies"] = {}
    run = run_script(existing_tree() / VERIFY, world=world)
    assert run.code == 1
    assert (
        "PROBLEM  security policy existing-clients is not there: run"
        " cluster/create-security-policy.sh\n"
    ) in run.out
    world = world_before(BY_PATH[DEPLOY], existing_tree())
    world.state["security_policies"] = {}
    run = run_script(existing_tree() / DEPLOY, world=world)
    assert run.code == 1
    assert (
        "error: security policy existing-clients is missing: run cluster/create-security-policy.sh"
        " first\n"
    ) in run.err


def test_a_policy_whose_making_was_killed_is_not_taken_for_whole() -> None:
    world = world_before(BY_PATH[CREATE], full_tree())
    calls = run_script(full_tree() / CREATE, world=world.copy()).calls
    at = next(number for number, call in enumerate(calls) if call.changed)
    assert run_script(full_tree() / CREATE, world=world, fault=Fault(at, "kill-after")).code == -9
    policies = world.state["security_policies"]
    world = world_before(BY_PATH[DEPLOY], full_tree())
    world.state["security_policies"] = policies
    run = run_script(full_tree() / DEPLOY, "--yes", world=world)
    assert run.code == 1
    assert "there is a rule 2147483647 allow *" in run.err


@pytest.mark.parametrize("description", ["", "made by llmd-render profile other"])
def test_a_policy_of_somebody_else_is_not_rewritten(description: str) -> None:
    world = world_before(BY_PATH[DEPLOY], full_tree())
    world.state["security_policies"]["full-clients"] |= {
        "description": description,
        "rules": [SHUT, MORE],
    }
    before = world.picture()
    run = run_script(full_tree() / CREATE, "--yes", world=world)
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        "error: there is a policy full-clients that was not made for this profile: its description"
        f" is '{description}', not 'made by llmd-render profile full'. Give the profile another"
        " name, which is the policy's, too; if it is yours, mark it: gcloud compute"
        " security-policies update full-clients --region=europe-west4 --project=my-project"
        " --description='made by llmd-render profile full'"
    )
    assert world.picture() == before


def test_a_rule_that_these_scripts_did_not_make_is_named_and_left() -> None:
    world = world_before(BY_PATH[DEPLOY], full_tree())
    world.state["security_policies"]["full-clients"]["rules"].append(MORE)
    before = world.picture()
    run = run_script(full_tree() / CREATE, "--yes", world=world)
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        "error: policy full-clients: there is a rule 900 allow 192.0.2.0/24. Take other rules away:"
        " gcloud compute security-policies rules delete PRIORITY --security-policy=full-clients"
        " --region=europe-west4 --project=my-project"
    )
    assert world.picture() == before
