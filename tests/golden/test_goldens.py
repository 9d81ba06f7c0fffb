"""The committed trees: the same as yesterday, and right in the eyes of the real programs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from scripts.life import trees
from support import CHECKOUT, OUT, SHIPPED, files_of, need, run, tree

from llmd_render import Folders, load, render_profile
from llmd_render.manifest import read_manifests
from llmd_render.write import compare_tree

DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
KUSTOMIZATIONS = [
    path.parent.relative_to(OUT).as_posix()
    for name in SHIPPED
    for path in sorted((OUT / name).rglob("kustomization.yaml"))
]
SCRIPTS = [
    path.relative_to(OUT).as_posix()
    for name in SHIPPED
    for path in sorted((OUT / name).rglob("*.sh"))
]
# Checks of shellcheck that it leaves out by default. The others ask for another style, or for
# variables that a sourced file has.
OPTIONAL = (
    "avoid-negated-conditions,avoid-nullary-conditions,deprecate-which,quote-safe-variables,"
    "useless-use-of-cat"
)
SCRIPT_NAMES = {
    "cluster/preflight.sh",
    "cluster/enable-apis.sh",
    "cluster/create-network.sh",
    "cluster/create-proxy-only-subnet.sh",
    "cluster/create-cluster.sh",
    "cluster/create-tpu-node-pool.sh",
    "cluster/get-credentials.sh",
    "cluster/verify-cluster.sh",
    "cluster/update-tpu-node-pool.sh",
    "cluster/scale-to-zero.sh",
    "cluster/scale-up.sh",
    "cluster/delete-cluster.sh",
    "infrastructure/deploy-cert-manager.sh",
    "infrastructure/deploy-lws-crds.sh",
    "infrastructure/deploy-kserve.sh",
    "infrastructure/undeploy.sh",
    "secrets/check-pull-secret.sh",
    "secrets/create-pull-secret.sh",
    "secrets/create-hf-token.sh",
    "scripts/deploy.sh",
    "scripts/status.sh",
    "scripts/test-cluster.sh",
    "scripts/benchmark-cluster.sh",
    "scripts/diagnose.sh",
    "scripts/undeploy.sh",
}


def build(folder: Path) -> list[dict[str, Any]]:
    """Build a kustomization with the real kustomize."""
    command = [need("kubectl"), "kustomize", str(folder)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return [item for item in yaml.safe_load_all(built.stdout) if item]


def name_of(item: dict[str, Any]) -> tuple[str, str]:
    return item["kind"], item["metadata"]["name"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_committed_tree_is_what_would_be_written(name: str) -> None:
    outcome = render_profile(load(name))
    assert outcome.ok
    assert list(compare_tree(outcome.files, OUT / name)) == []


def test_the_main_tree_has_all_its_scripts() -> None:
    scripts = {path for path in files_of(OUT / SHIPPED[0]) if path.endswith(".sh")}
    assert scripts >= SCRIPT_NAMES


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_kustomize_builds_it_and_what_it_builds_is_valid(folder: str) -> None:
    built = build(OUT / folder)
    result = run("lint", "--no-rules", "-", stdin=yaml.safe_dump_all(built))
    assert result.exit_code == 0, result.stdout
    listed = [
        item
        for path in (OUT / folder).rglob("*.yaml")
        if path.name != "values.yaml"
        for item in read_manifests(path.read_text(), str(path))[0]
        if item.kind != "Kustomization"
    ]
    if folder in SHIPPED:
        listed = [item for item in listed if "/foundation/" not in item.file]
    assert sorted(map(name_of, built)) == sorted(name_of(item.data) for item in listed)


def test_the_root_holds_gateway_workload_and_policies_and_no_namespace() -> None:
    root = build(OUT / SHIPPED[0])
    parts = [build(OUT / SHIPPED[0] / part) for part in ("gateway", "workload", "policies")]
    assert sorted(map(name_of, root)) == sorted(name_of(item) for part in parts for item in part)
    assert not [item for item in root if item["kind"] == "Namespace"]
    foundation = build(OUT / SHIPPED[0] / "foundation")
    assert [name_of(item)[1] for item in foundation] == [
        "llm-d-inference-scheduling",
        "opendatahub",
    ]


OVERLAY = {
    "overlay/kustomization.yaml": """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [BASE, deployment.yaml, service.yaml]
patches:
  - path: service-patch.yaml
  - path: deployment-patch.yaml
  - path: port-patch.yaml
""",
    "overlay/service-patch.yaml": """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen2-3b-pattern1, namespace: llm-d-inference-scheduling}
spec:
  template:
    containers:
      - name: main
        env: [{name: VLLM_LOGGING_LEVEL, value: DEBUG}]
""",
    "overlay/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: foreign, namespace: llm-d-inference-scheduling}
spec:
  selector: {matchLabels: {app: foreign}}
  template:
    metadata: {labels: {app: foreign}}
    spec:
      containers:
        - {name: a, image: a, env: [{name: ONE, value: "1"}, {name: TWO, value: "2"}]}
        - {name: b, image: b}
""",
    "overlay/deployment-patch.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: foreign, namespace: llm-d-inference-scheduling}
spec:
  template:
    spec:
      containers:
        - name: a
          env: [{name: TWO, value: "3"}]
""",
    "overlay/service.yaml": """\
apiVersion: v1
kind: Service
metadata: {name: foreign, namespace: llm-d-inference-scheduling}
spec:
  ports: [{name: a, port: 80}, {name: b, port: 81}]
""",
    "overlay/port-patch.yaml": """\
apiVersion: v1
kind: Service
metadata: {name: foreign, namespace: llm-d-inference-scheduling}
spec:
  ports: [{port: 81, targetPort: 8081}]
""",
}


@pytest.mark.parametrize("part", ["", "/workload"])
def test_patches_in_an_overlay_merge_into_our_service_and_into_foreign_objects(
    tmp_path: Path, part: str
) -> None:
    shutil.copytree(OUT / SHIPPED[0], tmp_path / "base")
    files = {path: text.replace("BASE", f"../base{part}") for path, text in OVERLAY.items()}
    tree(tmp_path, files)
    built = {name_of(item): item for item in build(tmp_path / "overlay")}
    main = built["LLMInferenceService", "qwen2-3b-pattern1"]["spec"]["template"]["containers"]
    assert [container["name"] for container in main] == ["main"]
    assert main[0]["image"].startswith("registry.redhat.io/")
    names = [variable["name"] for variable in main[0]["env"]]
    assert {"VLLM_LOGGING_LEVEL", "PJRT_DEVICE", "HF_TOKEN"} <= set(names)
    containers = built["Deployment", "foreign"]["spec"]["template"]["spec"]["containers"]
    assert [(item["name"], item["image"]) for item in containers] == [("a", "a"), ("b", "b")]
    assert {item["name"]: item["value"] for item in containers[0]["env"]} == {
        "ONE": "1",
        "TWO": "3",
    }
    ports = built["Service", "foreign"]["spec"]["ports"]
    assert sorted((port["name"], port.get("targetPort")) for port in ports) == [
        ("a", None),
        ("b", 8081),
    ]


def test_a_patch_on_the_gateway_merges_its_listeners(tmp_path: Path) -> None:
    shutil.copytree(OUT / SHIPPED[0], tmp_path / "base")
    patch = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: inference-gateway, namespace: opendatahub}
spec: {listeners: [{name: http, port: 8080}]}
"""
    overlay = "resources: [../base/gateway]\npatches: [{path: patch.yaml}]\n"
    tree(tmp_path, {"o/kustomization.yaml": overlay, "o/patch.yaml": patch})
    (listener,) = build(tmp_path / "o")[0]["spec"]["listeners"]
    assert listener["port"] == 8080
    assert listener["allowedRoutes"]["namespaces"]["from"] == "Selector"


@pytest.mark.parametrize("script", SCRIPTS)
def test_bash_parses_the_script(script: str) -> None:
    subprocess.run([need("bash"), "-n", str(OUT / script)], check=True)


@pytest.mark.parametrize(
    "folder", [OUT / SHIPPED[1], *trees().values()], ids=[SHIPPED[1], *trees()]
)
def test_shellcheck_and_shfmt_have_nothing_to_say(folder: Path) -> None:
    scripts = [str(path) for path in sorted(folder.rglob("*.sh"))]
    found = subprocess.run(
        [beside_python("shellcheck"), "-x", f"--enable={OPTIONAL}", *scripts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
    formatted = subprocess.run(
        [beside_python("shfmt"), "-d", "-i", "2", "-ci", *scripts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert formatted.returncode == 0, formatted.stdout


def beside_python(program: str) -> str:
    found = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
    assert found, f"{program} is a development dependency"
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_no_output_names_this_machine_or_a_day_other_than_those_of_our_facts(name: str) -> None:
    facts = (CHECKOUT / "llmd_render" / "data").rglob("*.yaml")
    known = {day for path in facts for day in DAY.findall(path.read_text())}
    for path, content in files_of(OUT / name).items():
        text = content.decode()
        assert set(DAY.findall(text)) <= known, path
        assert str(CHECKOUT) not in text, path
        assert "/home/" not in text, path


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Caracas", "LC_ALL": "tr_TR.UTF-8", "COLUMNS": "20"},
        {"PYTHONHASHSEED": "3", "LANG": "de_DE.ISO-8859-1", "PYTHONUTF8": "0", "HOME": "/nowhere"},
    ],
)
def test_output_depends_on_nothing_but_the_profile(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    code = (
        "import os, sys; os.umask(int(sys.argv[1], 8)); from llmd_render.cli import main;"
        " main(sys.argv[2:])"
    )
    args = ["--profile", SHIPPED[0], "--out", "made"]
    command = [sys.executable, "-X", "dev", "-c", code, "077", *args]
    subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **environment}, check=True, capture_output=True
    )
    assert files_of(tmp_path / "made" / SHIPPED[0]) == files_of(OUT / SHIPPED[0])


def test_the_order_of_keys_in_a_profile_does_not_matter(tmp_path: Path) -> None:
    text = (CHECKOUT / f"profiles/{SHIPPED[0]}.yaml").read_text()
    data = yaml.safe_load(text)

    def turn(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turn(value[key]) for key in reversed(value)}
        return value

    (tmp_path / f"{SHIPPED[0]}.yaml").write_text(yaml.safe_dump(turn(data), sort_keys=False))
    loaded = load(f"{tmp_path}/{SHIPPED[0]}.yaml", folders=Folders())
    assert list(compare_tree(render_profile(loaded).files, OUT / SHIPPED[0])) == []


def test_the_inventory_lists_exactly_the_files() -> None:
    for name in SHIPPED:
        files = set(files_of(OUT / name))
        inventory = json.loads((OUT / name / ".llmd-render.json").read_text())
        assert set(inventory["files"]) == files - {".llmd-render.json"}
