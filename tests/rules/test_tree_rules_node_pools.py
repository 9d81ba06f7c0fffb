"""Rules about the TPU node pools that scripts create, at the edges beyond their own examples."""

from __future__ import annotations

import pytest
from support import OUT

from llmd_render.diagnostics import Location
from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: NAME}
spec:
  REPLICAS
  template:
    nodeSelector:
      cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
      cloud.google.com/gke-tpu-topology: 2x2
    containers:
      - name: main
        resources: {limits: {google.com/tpu: 4}}
"""
RULES = {
    "node-pool-below-replicas",
    "node-pool-topology-not-formable",
    "tpu-topology-of-one-host",
}
V5P_SHAPES = "2x2x1, 2x2x2, 2x2x4, 2x4x4, 4x4x4, 4x4x8, 4x8x8, 8x8x8, 8x8x16, 8x16x16"


def create(*options: str, machine: str = "ct6e-standard-4t", before: str = "") -> str:
    """Write a script that creates a node pool."""
    call = f"gcloud container node-pools create tpu --machine-type={machine}"
    return "\n".join(("#!/bin/bash", before, " \\\n  ".join((call, *options)), ""))


def service(replicas: str = "replicas: 1", name: str = "one") -> str:
    return SERVICE.replace("REPLICAS", replicas).replace("NAME", name)


def judge(files: dict[str, str]) -> list[tuple[str, Location, str, str]]:
    tree, problems = read_tree([RenderedFile(path, text, "") for path, text in files.items()])
    assert problems == []
    found = [item for item in lint_tree(tree) if item.code in RULES]
    return [(item.code, item.location, item.message, item.hint) for item in found]


LIMITS = ("--zone=europe-west4-a", "--enable-autoscaling", "--max-nodes=2")
FOUND = [
    (
        {
            "a.sh": create("--tpu-topology 2x2"),
        },
        "tpu-topology-of-one-host",
        Location("a.sh", 4, 3),
        (
            "--tpu-topology is 2x2, which one ct6e-standard-4t forms, and GKE has refused the "
            "flag for slices of one host"
        ),
        "leave --tpu-topology out; GKE labels the nodes with the topology itself",
    ),
    (
        # The topology stands in a file that the script sources.
        {
            "a.sh": create('--tpu-topology="$TOPOLOGY"', before='. "$(dirname "$0")/names.sh"'),
            "names.sh": "TOPOLOGY=2x2\n",
        },
        "tpu-topology-of-one-host",
        Location("a.sh", 4, 3),
        (
            "--tpu-topology is 2x2, which one ct6e-standard-4t forms, and GKE has refused the "
            "flag for slices of one host"
        ),
        "leave --tpu-topology out; GKE labels the nodes with the topology itself",
    ),
    (
        {"a.sh": create("--num-nodes=1", "--tpu-topology=2x4")},
        "node-pool-topology-not-formable",
        Location("a.sh", 4, 3),
        "--num-nodes is 1, and a slice of 2x4 takes 2 nodes of ct6e-standard-4t",
        "set --num-nodes to 2",
    ),
    (
        {"a.sh": create("--tpu-topology=2x4", "--num-nodes", "4")},
        "node-pool-topology-not-formable",
        Location("a.sh", 5, 3),
        "--num-nodes is 4, and a slice of 2x4 takes 2 nodes of ct6e-standard-4t",
        "set --num-nodes to 2",
    ),
    (
        {"a.sh": create("--tpu-topology=2x2x1")},
        "node-pool-topology-not-formable",
        Location("a.sh", 4, 3),
        (
            "--tpu-topology is 2x2x1, and machines of type ct6e-standard-4t form no such slice; "
            "they form 2x2, 2x4, 4x4, 4x8, 8x8, 8x16, 16x16"
        ),
        "set --tpu-topology to one of these, or use another machine type",
    ),
    (
        {"a.sh": create("--tpu-topology=2x2", machine="ct5p-hightpu-4t")},
        "node-pool-topology-not-formable",
        Location("a.sh", 4, 3),
        (
            "--tpu-topology is 2x2, and machines of type ct5p-hightpu-4t form no such slice; "
            f"they form {V5P_SHAPES}"
        ),
        "set --tpu-topology to one of these, or use another machine type",
    ),
    (
        {"a.sh": create(*LIMITS), "a.yaml": service("replicas: 3")},
        "node-pool-below-replicas",
        Location("a.sh", 6, 3),
        (
            "--max-nodes is 2, and the replicas of LLMInferenceService one are 3, each of which "
            "takes a whole ct6e-standard-4t"
        ),
        "set --max-nodes to 3 or more",
    ),
    (
        {
            "a.sh": create(*LIMITS),
            "a.yaml": service("replicas: 2") + "---\n" + service("minReplicas: 1", "two"),
        },
        "node-pool-below-replicas",
        Location("a.sh", 6, 3),
        (
            "--max-nodes is 2, and the replicas of LLMInferenceService one and "
            "LLMInferenceService two are 3, each of which takes a whole ct6e-standard-4t"
        ),
        "set --max-nodes to 3 or more",
    ),
]


@pytest.mark.parametrize(("files", "code", "place", "message", "hint"), FOUND)
def test_a_rule_says_what_is_wrong_in_which_line_and_no_other_speaks(
    files: dict[str, str], code: str, place: Location, message: str, hint: str
) -> None:
    assert judge(files) == [(code, place, message, hint)]


THREE = service("replicas: 3")
SILENT = {
    "a slice of several hosts": {"a.sh": create("--tpu-topology=4x4", "--num-nodes=4")},
    "a pool that begins empty": {"a.sh": create("--tpu-topology=4x4", "--num-nodes=0")},
    "a topology that only a run would tell": {"a.sh": create('--tpu-topology="$1"')},
    "a machine of another kind": {"a.sh": create("--tpu-topology=1x1", machine="n1-standard-4")},
    "a large slice of three dimensions": {
        "a.sh": create("--tpu-topology=4x8x12", machine="ct5p-hightpu-4t")
    },
    "another command": {
        "a.sh": create("--tpu-topology=2x2").replace("node-pools create", "node-pools  update")
        + "# node-pools create\n"
    },
    "a command that is only printed": {
        "a.sh": create("--tpu-topology=2x2").replace("gcloud", "echo gcloud")
    },
    "enough nodes": {"a.sh": create(*LIMITS), "a.yaml": service("replicas: 2")},
    "a limit in all": {"a.sh": create(*LIMITS, "--total-max-nodes=9"), "a.yaml": THREE},
    "two zones": {
        "a.sh": create("--node-locations=europe-west4-a,europe-west4-b", "--max-nodes=2"),
        "a.yaml": THREE,
    },
    "a zone that nobody names": {"a.sh": create("--max-nodes=2"), "a.yaml": THREE},
    "a limit that only a run would tell": {
        "a.sh": create(LIMITS[0], '--max-nodes="$1"'),
        "a.yaml": THREE,
    },
    "options that only a run would tell": {"a.sh": create(*LIMITS, '"$@"'), "a.yaml": THREE},
    "two pools of the kind": {"a.sh": create(*LIMITS) + create(*LIMITS), "a.yaml": THREE},
    "a pool of another kind": {
        "a.sh": create(*LIMITS, machine="ct6e-standard-1t"),
        "a.yaml": THREE,
    },
    "replicas that cannot be read": {
        "a.sh": create(*LIMITS),
        "a.yaml": service("replicas: ${REPLICAS}"),
    },
    "a topology that several machines form": {
        "a.sh": create(*LIMITS, machine="ct6e-standard-8t"),
        "a.yaml": THREE.replace("2x2", "2x4"),
    },
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_rules_about_node_pools_say_nothing_about(files: dict[str, str]) -> None:
    assert judge(files) == []


def shipped() -> dict[str, str]:
    """Read the shipped tree."""
    folder = OUT / "qwen-3b-v6e"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_mutant_of_the_shipped_script_is_found_once_in_its_line() -> None:
    files = shipped()
    assert judge(files) == []
    limit = '    --max-nodes="$MAX_NODES" \\\n'
    path = "cluster/create-tpu-node-pool.sh"
    for new, code in (
        (f"{limit}    --tpu-topology=2x2 \\\n", "tpu-topology-of-one-host"),
        (f"{limit}    --tpu-topology=3x3 \\\n", "node-pool-topology-not-formable"),
    ):
        mutant = {**files, path: files[path].replace(limit, new)}
        line = mutant[path].split("\n").index(new.split("\n")[1]) + 1
        ((found, place, _, _),) = judge(mutant)
        assert (found, place) == (code, Location(path, line, 5))


def test_a_mutant_of_the_shipped_service_names_both_ends() -> None:
    files = shipped()
    service_file, script = "workload/llminferenceservice.yaml", "cluster/create-tpu-node-pool.sh"
    files[service_file] = files[service_file].replace("\n  replicas: 1\n", "\n  replicas: 4\n")
    line = files[script].split("\n").index('    --max-nodes="$MAX_NODES" \\') + 1
    ((found, place, message, _),) = judge(files)
    assert (found, place) == ("node-pool-below-replicas", Location(script, line, 5))
    assert "--max-nodes is 3" in message
    assert "LLMInferenceService qwen2-3b-pattern1" in message
