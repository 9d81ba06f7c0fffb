"""The scripts in the order of the runbook, and the world as it is before each of them.

To add a script: give `run_gcloud`, `run_kubectl` or `run_tool` the calls that it makes, and put it
into LIFE where the runbook has it. All tests of this folder then run it. One that only looks, and
at more than stand-ins know, goes into ONLY_LOOK with the tests that it has instead.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from support import OUT, tree

from llmd_render.pipeline import load_text, render_profile

from .controllers import install_addons, put
from .releases import make
from .stand_ins import Fault, Run, run_script
from .world import World, empty_home

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACES = ExitStack()
atexit.register(_PLACES.close)
TREE = OUT / "qwen-3b-v6e"
FULL = """\
apiVersion: llmd-render/v1
name: full
project: my-project
zone: europe-west4-a
model: {uri: "hf://Qwen/Qwen3-4B"}
tpu: {type: v6e, topology: 2x2}
service: {name: full, replicas: 2}
certManager: {source: upstream}
server:
  compileCache: {accessMode: ReadWriteMany, storageClass: standard-rwx}
gateway:
  className: gke-l7-regional-external-managed
  address: reserved
  tls: {secret: certificate}
  allowedSourceRanges: [203.0.113.0/24, 198.51.100.0/24]
cluster:
  capacity: {kind: spot}
secrets: {hfToken: hf-token}
"""
EXISTING = """\
apiVersion: llmd-render/v1
name: existing
project: my-project
zone: europe-west4-a
model: {uri: "hf://Qwen/Qwen3-4B"}
tpu: {type: v6e, topology: 2x2}
server: {compileCache: {}}
gateway:
  className: gke-l7-regional-external-managed
  allowedSourceRanges: [203.0.113.0/24]
cluster: {existing: true, name: shared-cluster, network: prod, subnetwork: prod-nodes}
"""
REGIONAL = """\
apiVersion: llmd-render/v1
name: regional
project: my-project
zone: europe-west4-a
model: {uri: "hf://Qwen/Qwen3-4B"}
tpu: {type: v6e, topology: 2x2}
gateway: {className: gke-l7-rilb}
cluster:
  location: regional
  cpuPool: {minNodes: 1, maxNodes: 3, zones: [europe-west4-c, europe-west4-b]}
"""


TOKEN = f"hf_{'ab' * 17}"


@dataclass(frozen=True)
class Script:
    """A script of the tree; `tolerant` says that it shows what it can and never fails."""

    path: str
    tolerant: bool = False
    stdin: str = ""

    @property
    def shipped(self) -> bool:
        """Whether the first profile has it."""
        return (TREE / self.path).exists()

    def run(self, tree: Path, *args: str, world: World, fault: Fault | None = None) -> Run:
        """Run it as an operator would who answers all questions beforehand."""
        return run_script(tree / self.path, *args, world=world, fault=fault, stdin=self.stdin)


@cache
def full_tree() -> Path:
    """Render a profile in which everything is on that scripts know."""
    return render_tree(FULL)


@cache
def existing_tree() -> Path:
    """Render a profile whose cluster and network somebody else made."""
    return render_tree(EXISTING)


@cache
def regional_tree() -> Path:
    """Render a profile whose cluster is regional, with CPU nodes in other zones than the TPUs."""
    return render_tree(REGIONAL)


def render_tree(profile: str) -> Path:
    """Render a profile into a folder that is gone when the tests end."""
    outcome = render_profile(load_text(profile, "profile.yaml"))
    assert outcome.ok, [item for item in outcome.diagnostics if item.blocks]
    folder = Path(_PLACES.enter_context(TemporaryDirectory()))
    return tree(folder, {item.path: item.text for item in outcome.files})


def trees() -> dict[str, Path]:
    """Name the trees whose scripts are run."""
    return {
        "main": TREE,
        "full": full_tree(),
        "existing": existing_tree(),
        "regional": regional_tree(),
    }


def _bring_certificate(world: World) -> None:
    """Make the Secret that the runbook leaves to the operator."""
    put(world, make("Secret", "certificate", "opendatahub"))


def _found_world() -> World:
    """Make a project with a network and a cluster that have nothing to do with these scripts."""
    world = World()
    world.state["networks"]["prod"] = {"name": "prod"}
    world.state["subnets"]["prod-nodes"] = {
        "name": "prod-nodes",
        "region": "https://compute/regions/europe-west4",
        "network": "prod",
        "ipCidrRange": "10.8.0.0/20",
        "purpose": "PRIVATE",
        "state": "READY",
    }
    world.state["clusters"]["shared-cluster"] = {
        "name": "shared-cluster",
        "status": "RUNNING",
        "location": "europe-west4-a",
        "network": "prod",
        "subnetwork": "prod-nodes",
        "currentMasterVersion": "1.35.2-gke.1751000",
        "releaseChannel": {"channel": "RAPID"},
        "ipAllocationPolicy": {"useIpAliases": True},
        "networkConfig": {
            "gatewayApiConfig": {"channel": "CHANNEL_STANDARD"},
            "datapathProvider": "ADVANCED_DATAPATH",
        },
        "addonsConfig": {"httpLoadBalancing": {}},
        "workloadIdentityConfig": {"workloadPool": "my-project.svc.id.goog"},
        "nodePools": [{"name": "pool-of-others", "status": "RUNNING", "config": {}}],
        "sizes": {"pool-of-others": 3},
    }
    install_addons(world)
    put(world, make("Gateway", "gateway-of-others", "others"))
    return world


def _forget_limits(world: World) -> None:
    """Let the pool have other limits than the profile says."""
    for cluster in world.state["clusters"].values():
        cluster["nodePools"][1]["autoscaling"] = {"enabled": True, "maxNodeCount": 1}


def _take_another_desk(world: World) -> None:
    """Go on from a machine on which nothing was fetched yet."""
    world.home = empty_home()


LIFE: tuple[Script | Callable[[World], None], ...] = (
    Script("secrets/check-pull-secret.sh"),
    Script("cluster/enable-apis.sh"),
    Script("cluster/create-network.sh"),
    Script("cluster/preflight.sh"),
    Script("cluster/create-proxy-only-subnet.sh"),
    Script("cluster/create-security-policy.sh"),
    Script("cluster/create-cluster.sh"),
    Script("cluster/get-credentials.sh"),
    Script("infrastructure/deploy-cert-manager.sh"),
    Script("infrastructure/deploy-lws-crds.sh"),
    Script("infrastructure/deploy-kserve.sh"),
    Script("cluster/create-tpu-node-pool.sh"),
    Script("cluster/verify-cluster.sh"),
    Script("secrets/create-pull-secret.sh"),
    Script("secrets/create-hf-token.sh", stdin=TOKEN),
    _bring_certificate,
    Script("scripts/deploy.sh"),
    Script("scripts/status.sh", tolerant=True),
    _forget_limits,
    Script("cluster/update-tpu-node-pool.sh"),
    Script("cluster/scale-to-zero.sh"),
    Script("cluster/scale-up.sh"),
    Script("scripts/undeploy.sh"),
    _take_another_desk,
    Script("infrastructure/undeploy.sh"),
    Script("cluster/delete-cluster.sh"),
    Script("cluster/delete-tpu-node-pool.sh"),
)
SCRIPTS = tuple(item for item in LIFE if isinstance(item, Script))
BY_PATH = {script.path: script for script in SCRIPTS}
ONLY_LOOK = {
    "scripts/test-cluster.sh": "test_service.py",
    "scripts/benchmark-cluster.sh": "test_benchmark.py",
    "scripts/diagnose.sh": "test_diagnose.py",
}


@cache
def _world_before(tree: Path, number: int) -> World:
    if number == 0:
        return _found_world() if tree == existing_tree() else World()
    item = LIFE[number - 1]
    world = _world_before(tree, number - 1).copy()
    if not isinstance(item, Script):
        item(world)
    elif (tree / item.path).exists():
        done = item.run(tree, "--yes", world=world)
        assert done.code == 0, f"{item.path}: {done.out}{done.err}"
    return world


def world_before(script: Script, tree: Path = TREE) -> World:
    """Make the world in which a script is run for the first time."""
    return _world_before(tree, LIFE.index(script)).copy()
