"""A stand-in for gcloud: it knows the commands that the scripts use, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .controllers import install_addons
from .world import RefusedError, UnknownCallError, World, select, show

if TYPE_CHECKING:
    from collections.abc import Callable

Flags = dict[str, str]
CHANGING = {"create", "delete", "enable", "resize", "update"}
COMMON = {"project", "format", "quiet"}


def run_gcloud(world: World, argv: list[str]) -> str:
    """Do what gcloud would do, and give what it would print."""
    words = [word for word in argv if not word.startswith("--")]
    flags: Flags = {}
    for word in argv:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            if name in flags:
                raise UnknownCallError(f"--{name} given twice")
            flags[name] = value
    for size in range(len(words), 0, -1):
        known = COMMANDS.get(" ".join(words[:size]))
        if known is not None:
            act, allowed = known
            unknown = set(flags) - COMMON - set(allowed.split())
            if unknown:
                raise UnknownCallError(f"flags of {' '.join(words[:size])}: {sorted(unknown)}")
            return act(world, words[size:], flags)
    raise UnknownCallError(" ".join(words))


def is_changing(argv: list[str]) -> bool:
    """Whether a call of gcloud is meant to change something."""
    return any(word in CHANGING for word in argv if not word.startswith("-"))


def _rows(
    name: str,
) -> Callable[[World, list[str], Flags], str]:
    def answer(world: World, _words: list[str], flags: Flags) -> str:
        rows = select(list(world.state[name].values()), flags.get("filter", ""))
        return show(rows, flags.get("format", ""))

    return answer


def _list_apis(world: World, _words: list[str], flags: Flags) -> str:
    return show([{"config": {"name": api}} for api in world.state["apis"]], flags["format"])


def _enable_apis(world: World, words: list[str], _flags: Flags) -> str:
    world.state["apis"] = sorted({*world.state["apis"], *words})
    return ""


def _need_api(world: World, name: str) -> None:
    if f"{name}.googleapis.com" not in world.state["apis"]:
        raise RefusedError(f"API [{name}.googleapis.com] not enabled on project")


def _create_network(world: World, words: list[str], flags: Flags) -> str:
    _need_api(world, "compute")
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
    _need_api(world, "compute")
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
    row = _known(world, "subnets", words)
    return show(row if world.done("subnet") else {**row, "state": "DRAINING"}, flags["format"])


def _known(world: World, table: str, words: list[str]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = world.state[table][words[0]]
    except KeyError:
        raise RefusedError(f"The resource '{words[0]}' was not found") from None
    return found


def _delete(table: str) -> Callable[[World, list[str], Flags], str]:
    def act(world: World, words: list[str], _flags: Flags) -> str:
        _known(world, table, words)
        del world.state[table][words[0]]
        return ""

    return act


def _create_cluster(world: World, words: list[str], flags: Flags) -> str:
    _need_api(world, "container")
    if words[0] in world.state["clusters"]:
        raise RefusedError(f"Already exists: {words[0]}")
    place = _place(flags)
    zones = flags.get("node-locations", place).split(",")
    pool = {
        "name": "default-pool",
        "status": "RUNNING",
        "locations": zones,
        "config": {"machineType": flags["machine-type"]},
        "autoscaling": _limits(flags),
    }
    world.state["clusters"][words[0]] = {
        "name": words[0],
        "status": "RUNNING",
        "resourceLabels": _labels(flags),
        "location": place,
        "network": flags["network"],
        "subnetwork": flags["subnetwork"],
        "currentMasterVersion": f"{flags['cluster-version']}.1-gke.1829001",
        "releaseChannel": {"channel": flags["release-channel"].upper()},
        "ipAllocationPolicy": {"useIpAliases": "enable-ip-alias" in flags},
        "networkConfig": {
            "gatewayApiConfig": {"channel": f"CHANNEL_{flags['gateway-api'].upper()}"}
        },
        "addonsConfig": {"httpLoadBalancing": {}},
        "networkPolicy": {"enabled": "enable-network-policy" in flags},
        "workloadIdentityConfig": {"workloadPool": flags["workload-pool"]},
        "nodePools": [pool],
        # A region without zones would have nodes in three of its own choice.
        "sizes": {"default-pool": int(flags["num-nodes"]) * len(zones)},
    }
    world.begin("cluster")
    install_addons(world)
    return ""


def _labels(flags: Flags) -> dict[str, str]:
    return dict(item.split("=") for item in flags["labels"].split(","))


def _place(flags: Flags) -> str:
    if ("zone" in flags) == ("region" in flags):
        raise RefusedError("One of [--location, --zone, --region] must be supplied.")
    place = flags.get("zone") or flags["region"]
    if (place[-2] == "-") != ("zone" in flags):
        raise UnknownCallError(f"{place} as a zone or a region")
    return place


def _cluster(world: World, words: list[str], flags: Flags) -> dict[str, Any]:
    found: dict[str, Any] = world.state["clusters"].get(words[0], {})
    if found.get("location") != _place(flags):
        path = f"projects/p/locations/{_place(flags)}/clusters/{words[0]}"
        raise RefusedError(
            f"ERROR: (gcloud) ResponseError: code=404, message=Not found: {path}.\n"
            f"No cluster named '{words[0]}' in p."
        )
    return found


def _limits(flags: Flags) -> dict[str, Any]:
    if "enable-autoscaling" not in flags:
        return {}
    # As the API does it: what is 0 is left out.
    limits: dict[str, Any] = {"enabled": True, "maxNodeCount": int(flags["max-nodes"])}
    if int(flags["min-nodes"]):
        limits["minNodeCount"] = int(flags["min-nodes"])
    return limits


def _list_clusters(world: World, _words: list[str], flags: Flags) -> str:
    here = [row for row in world.state["clusters"].values() if row["location"] == _place(flags)]
    rows = select(here, flags.get("filter", ""))
    if rows and not world.done("cluster"):
        rows = [{**rows[0], "status": "PROVISIONING"}]
    return show(rows, flags.get("format", ""))


def _describe_cluster(world: World, words: list[str], flags: Flags) -> str:
    row = _cluster(world, words, flags)
    return show(
        row if world.done("cluster") else {**row, "status": "PROVISIONING"}, flags["format"]
    )


def _delete_cluster(world: World, words: list[str], flags: Flags) -> str:
    _cluster(world, words, flags)
    del world.state["clusters"][words[0]]
    world.state["objects"] = {}
    return ""


def _get_credentials(world: World, words: list[str], flags: Flags) -> str:
    _cluster(world, words, flags)
    context = f"gke_{flags['project']}_{_place(flags)}_{words[0]}"
    world.state["contexts"] = sorted({*world.state["contexts"], context})
    return ""


def _pools(world: World, flags: Flags) -> list[dict[str, Any]]:
    pools: list[dict[str, Any]] = _cluster(world, [flags["cluster"]], flags)["nodePools"]
    return pools


def _list_pools(world: World, _words: list[str], flags: Flags) -> str:
    rows = select(_pools(world, flags), flags.get("filter", ""))
    if rows and not world.done("pool"):
        rows = [{**rows[0], "status": "PROVISIONING"}]
    return show(rows, flags.get("format", ""))


def _create_pool(world: World, words: list[str], flags: Flags) -> str:
    pools = _pools(world, flags)
    if any(pool["name"] == words[0] for pool in pools):
        raise RefusedError(f"Already exists: {words[0]}")
    config: dict[str, Any] = {
        "machineType": flags["machine-type"],
        "workloadMetadataConfig": {"mode": flags["workload-metadata"]},
    }
    if "spot" in flags:
        config["spot"] = True
    if "flex-start" in flags:
        config["flexStart"] = True
    if "labels" in flags:
        config["resourceLabels"] = _labels(flags)
    if flags.get("reservation-affinity") == "specific":
        config["reservationAffinity"] = {"consumeReservationType": "SPECIFIC_RESERVATION"}
    pools.append(
        {
            "name": words[0],
            "status": "RUNNING",
            "locations": flags["node-locations"].split(","),
            "config": config,
            "autoscaling": _limits(flags),
            "instanceGroupUrls": [
                f"https://compute/instanceGroupManagers/{flags['cluster']}/{words[0]}"
            ],
        }
    )
    world.state["clusters"][flags["cluster"]]["sizes"][words[0]] = int(flags["num-nodes"])
    world.begin("pool")
    world.begin("nodes")
    return ""


def _delete_pool(world: World, words: list[str], flags: Flags) -> str:
    if "quiet" not in flags:
        raise RefusedError("cannot prompt without a terminal: use --quiet")
    pools = _pools(world, flags)
    (pool,) = (pool for pool in pools if pool["name"] == words[0])
    pools.remove(pool)
    del world.state["clusters"][flags["cluster"]]["sizes"][words[0]]
    return ""


def _update_pool(world: World, words: list[str], flags: Flags) -> str:
    (pool,) = (pool for pool in _pools(world, flags) if pool["name"] == words[0])
    pool["autoscaling"] = _limits(flags)
    return ""


def _resize(world: World, words: list[str], flags: Flags) -> str:
    if "quiet" not in flags:
        raise RefusedError("cannot prompt without a terminal: use --quiet")
    _cluster(world, words, flags)["sizes"][flags["node-pool"]] = int(flags["num-nodes"])
    world.begin("nodes")
    return ""


def _describe_group(world: World, words: list[str], flags: Flags) -> str:
    cluster, pool = words[0].split("/")[-2:]
    size = _known(world, "clusters", [cluster])["sizes"][pool]
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
    return show([_known(world, "security_policies", words)], flags["format"])


def _set_rule(world: World, words: list[str], flags: Flags) -> str:
    policy = _known(world, "security_policies", [flags["security-policy"]])
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


def _read_secret(_world: World, words: list[str], flags: Flags) -> str:
    return f"hf_the-newest-of-{flags['secret']}" if words == ["latest"] else ""


def _say(answer: Any) -> Callable[[World, list[str], Flags], str]:
    def act(_world: World, _words: list[str], flags: Flags) -> str:
        return show(answer, flags.get("format", ""))

    return act


def _server_config(world: World, _words: list[str], flags: Flags) -> str:
    _place(flags)
    channel = {"channel": "REGULAR", "validVersions": world.state["versions"]}
    return show({"channels": [channel]}, flags["format"])


def _quota(world: World, _words: list[str], flags: Flags) -> str:
    limit = {
        "dimensions": {"region": "europe-west4", "tpu_family": "CT6E"},
        "details": world.state["quota"],
        "applicableLocations": ["europe-west4"],
    }
    return show({"dimensionsInfos": [limit]}, flags["format"])


def _region(world: World, _words: list[str], flags: Flags) -> str:
    return show({"quotas": [world.state["addresses"]]}, flags["format"])


def _accounts(world: World, _words: list[str], flags: Flags) -> str:
    return show(world.state["accounts"], flags["format"])


CLUSTER_FLAGS = (
    "zone region node-locations network subnetwork release-channel cluster-version machine-type"
    " num-nodes enable-autoscaling min-nodes max-nodes enable-ip-alias enable-network-policy"
    " gateway-api workload-pool enable-shielded-nodes shielded-secure-boot"
    " shielded-integrity-monitoring labels"
)
POOL_FLAGS = (
    "cluster zone region node-locations machine-type num-nodes enable-autoscaling min-nodes"
    " max-nodes workload-metadata spot flex-start reservation-affinity reservation"
    " no-enable-autorepair labels"
)
COMMANDS: dict[str, tuple[Callable[[World, list[str], Flags], str], str]] = {
    "version": (_say({"beta": "1"}), ""),
    "auth list": (_accounts, "filter"),
    "projects describe": (_say({"name": "p"}), ""),
    "services list": (_list_apis, "enabled"),
    "services enable": (_enable_apis, ""),
    "secrets versions access": (_read_secret, "secret"),
    "beta quotas info describe": (_quota, "service"),
    "container get-server-config": (_server_config, "zone region"),
    "container clusters list": (_list_clusters, "zone region filter"),
    "container clusters create": (_create_cluster, CLUSTER_FLAGS),
    "container clusters describe": (_describe_cluster, "zone region"),
    "container clusters delete": (_delete_cluster, "zone region"),
    "container clusters get-credentials": (_get_credentials, "zone region"),
    "container clusters resize": (_resize, "zone region node-pool num-nodes"),
    "container node-pools list": (_list_pools, "zone region cluster filter"),
    "container node-pools create": (_create_pool, POOL_FLAGS),
    "container node-pools delete": (_delete_pool, "zone region cluster"),
    "container node-pools update": (
        _update_pool,
        "zone region cluster enable-autoscaling min-nodes max-nodes",
    ),
    "compute regions describe": (_region, ""),
    "compute machine-types describe": (_machine_type, "zone"),
    "compute instance-groups managed describe": (_describe_group, ""),
    "compute networks list": (_rows("networks"), "filter"),
    "compute networks create": (_create_network, "subnet-mode description"),
    "compute networks subnets list": (_rows("subnets"), "network regions filter"),
    "compute networks subnets create": (
        _create_subnet,
        "region network range purpose role description",
    ),
    "compute networks subnets describe": (_describe_subnet, "region"),
    "compute networks subnets delete": (_delete("subnets"), "region"),
    "compute security-policies list": (_rows("security_policies"), "regions filter"),
    "compute security-policies create": (_create_policy, "region type description"),
    "compute security-policies describe": (_describe_policy, "region"),
    "compute security-policies delete": (_delete("security_policies"), "region"),
    "compute security-policies rules create": (
        _set_rule,
        "security-policy region action src-ip-ranges description no-preview",
    ),
    "compute security-policies rules update": (
        _set_rule,
        "security-policy region action src-ip-ranges description no-preview",
    ),
    "compute forwarding-rules list": (_rows("forwarding_rules"), "regions global filter"),
    "compute addresses list": (_rows("gateway_addresses"), "regions global filter"),
    "compute disks list": (_say([]), "zones filter"),
    "filestore instances list": (_rows("filestore"), "filter"),
    "compute backend-services get-health": (_get_health, "region global"),
}
