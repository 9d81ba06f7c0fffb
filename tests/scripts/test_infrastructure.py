"""The scripts of infrastructure/: what they install, what they leave alone, what they remove."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from scripts.controllers import put
from scripts.life import BY_PATH, TREE, full_tree, world_before
from scripts.releases import KSERVE, make, make_crd
from scripts.stand_ins import Run, run_script
from scripts.world import LOGIN, Answer
from support import tree

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.world import World

CERT_MANAGER = "infrastructure/deploy-cert-manager.sh"
KSERVE_SCRIPT = "infrastructure/deploy-kserve.sh"
UNDEPLOY = "infrastructure/undeploy.sh"
REF = "7749a9ac4e5dd8fe3de3ccf427aa29192ccbd95d"
REPOSITORY = f".cache/llmd-render/infrastructure-{REF}"
BOTH = pytest.mark.parametrize("folder", [TREE, full_tree()], ids=["xks", "upstream"])
TWO_LOGINS = '{"auths": {"registry.redhat.io": {"auth": "eDp4"}, "quay.io": {"auth": "eDp5"}}}'


def run(path: str, world: World, *args: str, folder: Path = TREE, **environment: str) -> Run:
    return run_script(folder / path, *args, world=world, environment=environment)


def before(path: str, folder: Path = TREE) -> World:
    return world_before(BY_PATH[path], folder)


def verbs(done: Run, tool: str) -> list[str]:
    """Say what kubectl or git was told, without the options that come first."""
    calls = [call.argv for call in done.calls if call.tool == tool]
    return [argv[2] if argv[0].startswith("-") else argv[0] for argv in calls]


def test_credentials_of_one_registry_are_left_to_the_chart() -> None:
    world = before(CERT_MANAGER)
    done = run(CERT_MANAGER, world)
    assert (done.code, done.err) == (0, "")
    assert "method: useSystemPodmanAuth\n" in done.out
    values = (TREE / "infrastructure/values.yaml").read_text()
    assert world.home[f"{REPOSITORY}/values.yaml"] == values
    assert ("kubeconfig", "0o600", "0o700") in done.reads


def test_credentials_of_more_registries_reach_the_chart_as_a_private_copy() -> None:
    world = before(CERT_MANAGER)
    world.home[LOGIN] = TWO_LOGINS
    done = run(CERT_MANAGER, world)
    assert (done.code, done.err) == (0, "")
    assert "method: pullSecretFile, a private copy with only registry.redhat.io\n" in done.out
    assert json.loads(world.home[f"{REPOSITORY}/values.yaml"]) == {
        "useSystemPodmanAuth": False,
        "pullSecretFile": "/desk/tmp/llmd-render.X/auth.json",
    }
    assert ("auth.json", "0o600", "0o700") in done.reads
    assert not any("eDp4" in text for text in (done.out, done.err, *done.lines))


def test_a_second_run_fetches_nothing_and_a_moved_checkout_comes_back() -> None:
    world = before(CERT_MANAGER)
    assert verbs(run(CERT_MANAGER, world), "git") == ["init", "cat-file", "fetch", "checkout"]
    world.home[f"{REPOSITORY}/.git/HEAD"] = "main"
    assert verbs(run(CERT_MANAGER, world), "git") == ["init", "cat-file", "checkout"]
    assert world.home[f"{REPOSITORY}/.git/HEAD"] == REF


def test_without_helms_plugin_nothing_is_begun() -> None:
    world = before(CERT_MANAGER)
    world.answers.append(Answer("^helm plugin list", "NAME VERSION\n"))
    done = run(CERT_MANAGER, world)
    assert (done.code, len(done.calls)) == (1, 1)
    assert done.err == (
        "error: helmfile needs it: helm plugin install https://github.com/databus23/helm-diff\n"
    )


def test_the_operator_does_not_come_beside_another_cert_manager() -> None:
    world = before(CERT_MANAGER)
    put(world, make("Deployment", "cert-manager", "cert-manager"))
    done = run(CERT_MANAGER, world)
    assert done.err.splitlines()[0] == (
        "error: a cert-manager that the operator does not manage is in namespace cert-manager: "
        "remove it, or set certManager.source to upstream and render again"
    )
    assert [call for call in done.calls if call.changing] == []


def test_upstream_does_not_come_beside_the_operator() -> None:
    world = before(CERT_MANAGER, full_tree())
    put(world, make_crd("certmanagers.operator.openshift.io", "operator"))
    done = run(CERT_MANAGER, world, folder=full_tree())
    assert done.err.splitlines()[0] == (
        "error: an operator manages cert-manager in this cluster: remove it, or set "
        "certManager.source to xks and render again"
    )
    assert [call for call in done.calls if call.changing] == []


@BOTH
def test_a_cluster_that_does_not_tell_gets_no_second_cert_manager(folder: Path) -> None:
    world = before(CERT_MANAGER, folder)
    world.answers.append(Answer(" get (crd|deployment) ", "Unable to connect to the server", 1))
    done = run(CERT_MANAGER, world, folder=folder)
    assert done.code == 1
    assert re.search(r"^error: no answer whether (crd|deployment) cert", done.err, re.MULTILINE)
    assert [call for call in done.calls if call.changing] == []


@BOTH
def test_a_cert_manager_that_does_not_start_is_waited_for_and_then_shown(folder: Path) -> None:
    world = before(CERT_MANAGER, folder)
    world.answers.append(Answer("get deployments --namespace cert-manager", '{"items": []}'))
    done = run(CERT_MANAGER, world, folder=folder, WAIT_FACTOR="0")
    assert done.code == 1
    assert "waiting for controller, webhook and cainjector: at most 0 s\n" in done.out
    assert "error: cert-manager does not start: scripts/diagnose.sh collects why\n" in done.err
    assert done.lines[-1].endswith("get pods --namespace cert-manager")


def test_upstream_cert_manager_is_its_manifest_at_the_pinned_release() -> None:
    done = run(CERT_MANAGER, before(CERT_MANAGER, full_tree()), folder=full_tree())
    assert (done.code, done.err) == (0, "")
    assert [call.argv for call in done.calls if call.tool == "curl"] == [
        (
            *("--fail", "--silent", "--show-error", "--location"),
            *("--proto", "=https", "--proto-redir", "=https"),
            *("--connect-timeout", "20", "--max-time", "120", "--retry", "2"),
            *("--output", "/desk/tmp/llmd-render.X/cert-manager.yaml"),
            "https://github.com/cert-manager/cert-manager/releases/download/v1.21.1/cert-manager.yaml",
        )
    ]
    assert re.search(
        r"^SHA-256 [0-9a-f]{64}; certManager\.sha256 in the profile", done.out, re.MULTILINE
    )
    assert {call.tool for call in done.calls} == {"curl", "kubectl"}


def test_a_manifest_with_another_checksum_is_not_applied(tmp_path: Path) -> None:
    libraries = ("common", "steps", "waits", "calls", "records", "infrastructure")
    names = [CERT_MANAGER, *(f"lib/{name}.sh" for name in libraries)]
    copied = tree(tmp_path, {name: (full_tree() / name).read_text() for name in names})
    library = copied / "lib/infrastructure.sh"
    text, expected = library.read_text(), "5e" * 32
    assert "CERT_MANAGER_SHA256=''\n" in text
    library.write_text(text.replace("SHA256=''\n", f"SHA256={expected}\n"))
    world = before(CERT_MANAGER, full_tree())
    done = run(CERT_MANAGER, world, folder=copied)
    assert done.code == 1
    found = re.search(r"has SHA-256 ([0-9a-f]{64}) instead of (5e){32}: nothing was", done.err)
    assert found
    assert [call for call in done.calls if call.changing] == []
    library.write_text(text.replace("SHA256=''\n", f"SHA256={found[1]}\n"))
    assert run(CERT_MANAGER, world, folder=copied).code == 0


def test_what_comes_back_instead_of_a_manifest_is_not_applied() -> None:
    world = before(CERT_MANAGER, full_tree())
    world.answers.append(Answer("^curl ", ""))
    done = run(CERT_MANAGER, world, folder=full_tree())
    assert done.code == 1
    assert [call for call in done.calls if call.changing] == []


def test_kserve_is_applied_twice_the_first_time_and_once_where_it_runs() -> None:
    world = before(KSERVE_SCRIPT)
    first = run(KSERVE_SCRIPT, world)
    assert [line.split()[5] for line in first.lines if " delete " in line] == [
        "llminferenceservice.serving.kserve.io",
        "llminferenceserviceconfig.serving.kserve.io",
    ]
    assert '  no harm: error: resource mapping not found: no matches for kind "LLMI' in first.out
    again = run(KSERVE_SCRIPT, world)
    assert (again.code, again.err) == (0, "")
    assert "KServe is there, with 8 presets\n" in again.out
    assert [line for line in again.lines if " delete " in line] == []
    applied = [line.rpartition("/")[2].split()[0] for line in again.lines if " apply " in line]
    assert applied == ["namespaces.yaml", "pki.yaml", "kserve.yaml"]


def test_gkes_inference_pools_and_the_namespaces_of_the_foundation_are_left_as_they_are() -> None:
    world = before(KSERVE_SCRIPT)
    run(KSERVE_SCRIPT, world)
    pools = "CustomResourceDefinition||inferencepools.inference.networking.k8s.io"
    assert world.state["objects"][pools]["spec"] == {"origin": "gke"}
    assert "spec" not in world.state["objects"]["Namespace||opendatahub"]


def test_a_controller_that_does_not_start_is_waited_for_and_then_shown() -> None:
    world = before(KSERVE_SCRIPT)
    world.answers.append(Answer("--for=condition=Available", "no matching resources found", 1))
    world.answers.append(Answer("--for=condition=Ready clusterissuer", "condition met"))
    done = run(KSERVE_SCRIPT, world, WAIT_FACTOR="0")
    assert done.code == 1
    assert "error: the controller does not start: scripts/diagnose.sh collects why\n" in done.err
    assert done.err.splitlines()[-1].startswith("stopped in step 6 of 9, KServe, first pass; ")


def test_an_error_that_the_first_pass_does_not_expect_ends_it() -> None:
    world = before(KSERVE_SCRIPT)
    world.answers.append(Answer(r"apply .*/kserve\.yaml", 'no matches for kind "A"\nforbidden', 1))
    done = run(KSERVE_SCRIPT, world)
    assert done.code == 1
    assert "forbidden\nerror: exit code 1 in line " in done.err
    assert [line for line in done.lines if " delete " in line] == []


def test_too_few_presets_are_an_error() -> None:
    world = before(KSERVE_SCRIPT)
    world.answers.append(Answer("get llminferenceserviceconfigs", "preset\n" * 7))
    done = run(KSERVE_SCRIPT, world)
    assert done.code == 1
    assert done.err.startswith("error: KServe has 7 presets instead of 8\nstopped in step 9 of 9")


def test_nothing_is_removed_while_a_service_is_there() -> None:
    world = before("scripts/undeploy.sh")
    done = run(UNDEPLOY, world, "--yes")
    assert done.code == 1
    assert done.err.splitlines()[0] == (
        "error: still there: llminferenceservices.serving.kserve.io/qwen2-3b-pattern1: "
        "run scripts/undeploy.sh first"
    )
    assert [call for call in done.calls if call.changing] == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("llminferenceservices", "error: the cluster's services cannot be listed"),
        ("leaderworkersets", "error: the cluster's LeaderWorkerSets cannot be listed"),
        ("certificates", "error: the cluster's certificates and issuers cannot be listed"),
    ],
)
def test_what_cannot_be_listed_is_not_taken_for_absent(kind: str, message: str) -> None:
    world = before(UNDEPLOY)
    world.answers.append(Answer(f" get {kind}", "Unable to connect to the server", 1))
    done = run(UNDEPLOY, world, "--yes")
    assert done.code == 1
    shown = [line for line in done.err.splitlines() if not line.startswith("stopped in ")]
    assert shown == ["Unable to connect to the server", message]
    assert [line for line in done.lines if kind in line and "delete" in line] == []


def test_what_others_use_stays() -> None:
    world = before(UNDEPLOY)
    put(world, make("LeaderWorkerSet", "b", "default"))
    put(world, make("Certificate", "c", "default"))
    done = run(UNDEPLOY, world, "--yes")
    assert done.code == 0
    assert done.err == (
        "warning: it stays: somebody uses it: leaderworkersets.leaderworkerset.x-k8s.io/b\n"
        "warning: it stays: somebody uses it: certificates.cert-manager.io/c\n"
    )
    left = world.state["objects"]
    assert "LeaderWorkerSet|default|b" in left
    assert "Certificate|default|c" in left
    assert world.state["releases"] == ["cert-manager-operator"]


@BOTH
def test_what_is_left_is_what_was_there_before(folder: Path) -> None:
    world = before(UNDEPLOY, folder)
    assert run(UNDEPLOY, world, "--yes", folder=folder).code == 0
    assert world.state["releases"] == []
    left = {item["kind"] for item in world.state["objects"].values()}
    assert not left & {"Deployment", "ValidatingWebhookConfiguration", "LLMInferenceServiceConfig"}
    names = {item["metadata"]["name"] for item in world.state["objects"].values()}
    brought = {item["metadata"]["name"] for item in KSERVE} - {
        "opendatahub",
        "inferencepools.inference.networking.k8s.io",
    }
    assert not names & brought
    assert {"opendatahub", "inferencepools.inference.networking.k8s.io"} <= names
