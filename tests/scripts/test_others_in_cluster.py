"""What somebody else installed in the cluster: told by a record, left alone, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripts.controllers import put
from scripts.life import BY_PATH, TREE, full_tree, world_before
from scripts.releases import CERT_MANAGER, KSERVE, LWS, make, make_crd
from scripts.stand_ins import Run, run_script

if TYPE_CHECKING:
    from scripts.world import World

CERTS = "infrastructure/deploy-cert-manager.sh"
KSERVE_SCRIPT = "infrastructure/deploy-kserve.sh"
LWS_SCRIPT = "infrastructure/deploy-lws-crds.sh"
UNDEPLOY = "infrastructure/undeploy.sh"
OBJECTIVES = "inferenceobjectives.inference.networking.x-k8s.io"
FULL = full_tree()


def objects(world: World) -> dict[str, object]:
    found: dict[str, object] = world.state["objects"]
    return found


def with_others(path: str, *others: dict[str, object]) -> World:
    world = world_before(BY_PATH[path], FULL)
    for item in others:
        put(world, {**item, "spec": {"origin": "others"}})
    return world


def run(path: str, world: World, *args: str) -> Run:
    return run_script(FULL / path, "--yes", *args, world=world)


def records(world: World) -> list[str]:
    return sorted(key.split("|")[2] for key in objects(world) if key.startswith("ConfigMap|"))


@pytest.mark.parametrize(
    ("path", "part", "others", "crd", "hint"),
    [
        (
            CERTS,
            "cert-manager",
            CERT_MANAGER,
            "certificates.cert-manager.io",
            (
                "to use it, leave this script out and go on with infrastructure/deploy-lws-crds.sh;"
                " to install over it, add --force"
            ),
        ),
        (
            KSERVE_SCRIPT,
            "kserve",
            KSERVE[3:5],
            "llminferenceservices.serving.kserve.io",
            "to use it, leave this script out and go on; to install over it, add --force",
        ),
    ],
)
def test_what_somebody_else_installed_is_not_installed_over_without_force(
    path: str, part: str, others: list[dict[str, object]], crd: str, hint: str
) -> None:
    world = with_others(path, *others)
    before = world.picture()
    refused = run(path, world)
    assert refused.code == 1
    assert refused.err.splitlines()[0] == (
        f"error: {part} is in this cluster already, with the CRD {crd}, and there is no record that"
        f" these scripts installed it: {hint}"
    )
    if path == CERTS:
        assert world.picture() == before
    assert f"llmd-render-{part}" not in records(world)
    forced = run(path, world, "--force")
    assert (forced.code, forced.err) == (0, "")
    assert f"llmd-render-{part}" in records(world)


def test_a_crd_of_leader_worker_sets_from_somebody_else_serves_and_stays() -> None:
    world = with_others(LWS_SCRIPT, *LWS)
    before = world.picture()
    done = run(LWS_SCRIPT, world)
    assert (done.code, done.err) == (0, "")
    assert "it is there already, from somebody else: left as it is\n" in done.out
    assert world.picture() == before


def test_what_another_profile_installed_is_named_and_left_to_it() -> None:
    world = world_before(BY_PATH[CERTS], FULL)
    put(world, make("ConfigMap", "llmd-render-cert-manager", "default", data={"profile": "first"}))
    before = world.picture()
    done = run(CERTS, world)
    assert done.code == 1
    assert done.err.startswith(
        "error: profile first installed cert-manager in this cluster: to use"
    )
    assert world.picture() == before


def test_undeploy_leaves_what_has_no_record_and_what_another_profile_installed() -> None:
    world = world_before(BY_PATH[UNDEPLOY], FULL)
    for part in ("cert-manager", "lws-crds"):
        del objects(world)[f"ConfigMap|default|llmd-render-{part}"]
    put(world, make("ConfigMap", "llmd-render-kserve", "default", data={"profile": "first"}))
    for key in [
        key for key in objects(world) if key.startswith(("Certificate|", "ClusterIssuer|"))
    ]:
        del objects(world)[key]
    before = world.picture()
    done = run(UNDEPLOY, world)
    assert (done.code, done.err) == (0, "")
    assert world.picture() == before
    for text in (
        "profile first installed kserve: it stays\n",
        "no record that these scripts installed lws-crds: what is there stays\n",
        "no record that these scripts installed cert-manager: what is there stays\n",
    ):
        assert text in done.out
    assert run(UNDEPLOY, world, "--force").code == 0
    left = {key.split("|")[2] for key in objects(world)}
    assert "cert-manager-webhook" not in left
    assert "kserve-controller-manager" in left


def test_undeploy_leaves_no_record() -> None:
    for tree in (TREE, FULL):
        world = world_before(BY_PATH[UNDEPLOY], tree)
        assert records(world) == [
            f"llmd-render-{part}" for part in ("cert-manager", "kserve", "lws-crds")
        ]
        assert run_script(tree / UNDEPLOY, "--yes", world=world).code == 0
        assert records(world) == []


@pytest.mark.parametrize("kind", ["Issuer", "ClusterIssuer", "Certificate"])
def test_cert_manager_stays_while_somebody_has_issuers_or_certificates(kind: str) -> None:
    world = world_before(BY_PATH[UNDEPLOY], FULL)
    put(world, make(kind, "of-others", "" if kind == "ClusterIssuer" else "others"))
    done = run(UNDEPLOY, world)
    assert done.code == 0
    assert done.err == (
        f"warning: it stays: somebody uses it: {kind.lower()}s.cert-manager.io/of-others\n"
    )
    assert "Deployment|cert-manager|cert-manager" in objects(world)
    assert records(world) == ["llmd-render-cert-manager"]


def test_inference_crds_that_were_there_before_are_neither_changed_nor_removed() -> None:
    world = with_others(KSERVE_SCRIPT, make_crd(OBJECTIVES, "others"))
    crd = f"CustomResourceDefinition||{OBJECTIVES}"
    before = dict(objects(world))[crd]
    assert run(KSERVE_SCRIPT, world).code == 0
    assert run(KSERVE_SCRIPT, world).code == 0
    assert objects(world)[crd] == before
    done = run(UNDEPLOY, world)
    assert (done.code, done.err) == (0, "")
    assert objects(world)[crd] == before
    assert "Deployment|opendatahub|kserve-controller-manager" not in objects(world)


def test_inference_crds_that_came_with_kserve_go_unless_somebody_has_objects_in_them() -> None:
    crd = f"CustomResourceDefinition||{OBJECTIVES}"
    for used in (False, True):
        world = world_before(BY_PATH[UNDEPLOY], FULL)
        assert crd in objects(world)
        if used:
            put(world, make("InferenceObjective", "of-others", "others"))
        done = run(UNDEPLOY, world)
        assert done.code == 0
        assert (crd in objects(world)) is used
        assert ("InferenceObjective|others|of-others" in objects(world)) is used
        warning = f"warning: the inference CRDs stay: somebody uses them: {OBJECTIVES}/of-others\n"
        assert done.err == (warning if used else "")
        kserve = "CustomResourceDefinition||llminferenceservices.serving.kserve.io"
        assert kserve not in objects(world)
