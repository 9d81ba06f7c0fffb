"""A stand-in for `gcloud container`: clusters and their node pools."""

from __future__ import annotations

from typing import Any

from .controllers import install_addons
from .gcloud_commands import Commands, Flags, need_api, say
from .world import RefusedError, UnknownCallError, World, select, show


def _create_cluster(world: World, words: list[str], flags: Flags) -> str:
    need_api(world, "container")
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


def _server_config(world: World, _words: list[str], flags: Flags) -> str:
    _place(flags)
    channel = {"channel": "REGULAR", "validVersions": world.state["versions"]}
    return show({"channels": [channel]}, flags["format"])


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
CONTAINER: Commands = {
    "container operations list": (say([]), "zone region sort-by limit"),
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
}
