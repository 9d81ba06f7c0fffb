"""A stand-in for `gcloud compute`: networks, security policies, machines."""

from __future__ import annotations

from .gcloud_commands import Commands, Flags, delete, known, need_api, rows, say
from .world import RefusedError, World, show


def _create_network(world: World, words: list[str], flags: Flags) -> str:
    need_api(world, "compute")
    if words[0] in world.state["networks"] or flags["subnet-mode"] != "auto":
        raise RefusedError(f"The resource '{words[0]}' already exists, or is not in auto mode")
    world.state["networks"][words[0]] = {"name": words[0]}
    world.state["subnets"][words[0]] = {
        "name": words[0],
        "region": "https://compute/regions/europe-west4",
        "network": words[0],
        "ipCidrRange": "10.164.0.0/20",
        "purpose": "PRIVATE",
        "state": "READY",
    }
    return ""


def _create_subnet(world: World, words: list[str], flags: Flags) -> str:
    need_api(world, "compute")
    if words[0] in world.state["subnets"]:
        raise RefusedError(f"The resource '{words[0]}' already exists")
    world.state["subnets"][words[0]] = {
        "name": words[0],
        "region": f"https://compute/regions/{flags['region']}",
        "network": flags["network"],
        "ipCidrRange": flags["range"],
        "purpose": flags["purpose"],
        "role": flags["role"],
        "description": flags["description"],
        "state": "READY",
    }
    world.begin("subnet")
    return ""


def _describe_subnet(world: World, words: list[str], flags: Flags) -> str:
    row = known(world, "subnets", words)
    return show(row if world.done("subnet") else {**row, "state": "DRAINING"}, flags["format"])


def _describe_group(world: World, words: list[str], flags: Flags) -> str:
    cluster, pool = words[0].split("/")[-2:]
    size = known(world, "clusters", [cluster])["sizes"][pool]
    return show({"targetSize": size}, flags["format"])


def _create_policy(world: World, words: list[str], flags: Flags) -> str:
    last = {"priority": 2147483647, "action": "allow", "match": {"config": {"srcIpRanges": ["*"]}}}
    world.state["security_policies"][words[0]] = {
        "name": words[0],
        "description": flags["description"],
        "rules": [last],
    }
    return ""


def _describe_policy(world: World, words: list[str], flags: Flags) -> str:
    # Of a regional policy gcloud prints a list.
    return show([known(world, "security_policies", words)], flags["format"])


def _set_rule(world: World, words: list[str], flags: Flags) -> str:
    policy = known(world, "security_policies", [flags["security-policy"]])
    others = [rule for rule in policy["rules"] if rule["priority"] != int(words[0])]
    action = {"deny-403": "deny(403)"}.get(flags["action"], flags["action"])
    ranges = flags["src-ip-ranges"].split(",")
    rule = {
        "priority": int(words[0]),
        "action": action,
        "match": {"config": {"srcIpRanges": ranges}},
    }
    policy["rules"] = [*others, rule]
    return ""


def _machine_type(world: World, words: list[str], flags: Flags) -> str:
    absent = world.state.get("absent", {}).get(flags["zone"], ())
    if words[0] not in world.state["machines"] or words[0] in absent:
        raise RefusedError(f"The resource '{words[0]}' was not found")
    return show({"name": words[0]}, flags["format"])


def _get_health(world: World, _words: list[str], flags: Flags) -> str:
    state = "HEALTHY" if world.done("health") else "UNHEALTHY"
    return show([{"status": {"healthStatus": [{"healthState": state}]}}], flags["format"])


def _region(world: World, _words: list[str], flags: Flags) -> str:
    return show({"quotas": [world.state["addresses"]]}, flags["format"])


COMPUTE: Commands = {
    "compute regions describe": (_region, ""),
    "compute machine-types describe": (_machine_type, "zone"),
    "compute instance-groups managed describe": (_describe_group, ""),
    "compute networks list": (rows("networks"), "filter"),
    "compute networks create": (_create_network, "subnet-mode description"),
    "compute networks subnets list": (rows("subnets"), "network regions filter"),
    "compute networks subnets create": (
        _create_subnet,
        "region network range purpose role description",
    ),
    "compute networks subnets describe": (_describe_subnet, "region"),
    "compute networks subnets delete": (delete("subnets"), "region"),
    "compute security-policies list": (rows("security_policies"), "regions filter"),
    "compute security-policies create": (_create_policy, "region type description"),
    "compute security-policies describe": (_describe_policy, "region"),
    "compute security-policies delete": (delete("security_policies"), "region"),
    "compute security-policies rules create": (
        _set_rule,
        "security-policy region action src-ip-ranges description no-preview",
    ),
    "compute security-policies rules update": (
        _set_rule,
        "security-policy region action src-ip-ranges description no-preview",
    ),
    "compute forwarding-rules list": (rows("forwarding_rules"), "regions global filter"),
    "compute addresses list": (rows("gateway_addresses"), "regions global filter"),
    "compute disks list": (say([]), "zones filter"),
    "compute backend-services get-health": (_get_health, "region global"),
}
