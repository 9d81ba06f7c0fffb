"""Rules about what routes, pools, Services, policies and Gateways of a tree refer to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from short_objects import ODD, read, spoil

from llmd_render.diagnostics import Severity, format_path
from llmd_render.manifest import Tree, read_tree
from llmd_render.render import RenderedFile
from llmd_render.rules import TREE_RULES

NAMES = {
    "endpoint-picker-without-its-pool",
    "gateway-address-out-of-reach",
    "gateway-class-not-of-gke",
    "gke-policy-pool-group-outdated",
    "gke-policy-target-missing",
    "name-lookup-without-tcp",
    "pod-reference-elsewhere",
    "policy-admits-every-pod",
    "policy-beside-no-pods",
    "policy-cuts-metrics-collection",
    "policy-cuts-name-lookup",
    "policy-range-not-of-proxies",
    "pool-picker-not-found",
    "pool-port-not-served",
    "pool-selects-nothing",
    "route-backend-pool-missing",
    "route-backend-service-missing",
    "route-spec-without-rules",
    "routes-share-path",
    "service-port-not-served",
    "service-selects-nothing",
}
RULES = {rule.name: rule for rule in TREE_RULES if rule.name in NAMES}
CASES: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "tree_targets.yaml").read_text(encoding="utf-8")
)


def tree_of(case: dict[str, str]) -> Tree:
    tree = read(case["objects"])
    script = case.get("script", "")
    return Tree({**tree.files, "all.sh": f"{script}\n"} if script else tree.files, tree.manifests)


def judge(tree: Tree) -> list[tuple[str, str, str, str]]:
    return [
        (rule.name, format_path(item.violation.path), item.violation.message, item.violation.hint)
        for rule in RULES.values()
        for item in rule.check(tree)
    ]


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["rule"])
def test_what_is_not_there_is_named_with_what_is(case: dict[str, str]) -> None:
    found = judge(tree_of(case))
    assert found == [(case["rule"], case["path"], case["message"], case["hint"])]


@pytest.mark.parametrize("case", CASES["right"], ids=lambda case: case["why"])
def test_what_may_be_right_is_left_alone(case: dict[str, str]) -> None:
    assert judge(tree_of(case)) == []


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_data_makes_no_rule_fail(odd: object) -> None:
    for case in CASES["broken"]:
        tree = tree_of(case)
        rule = RULES[case["rule"]]
        for index, manifest in enumerate(tree.manifests):
            for data in spoil(manifest.data, odd):
                other = replace(manifest, data=data)
                changed = (*tree.manifests[:index], other, *tree.manifests[index + 1 :])
                list(rule.check(Tree(tree.files, changed)))


ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: NAME, namespace: llm}
spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: z, port: 80}]}]}
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: llm}
spec: {gatewayClassName: nginx}
"""


@pytest.mark.parametrize(
    ("folder", "beside", "found"),
    [
        ("a", {}, []),
        ("a", {"b/g.yaml": GATEWAY}, []),
        ("a", {"a/kustomization.yaml": "resources: [1.yaml]"}, []),
        ("b", {"a/g.yaml": GATEWAY, "b/g.yaml": GATEWAY}, []),
        ("a", {"a/g.yaml": GATEWAY}, ["routes-share-path"]),
        ("a", {"a/kustomization.yaml": "resources: [1.yaml, 2.yaml]"}, ["routes-share-path"]),
    ],
)
def test_routes_of_two_files_share_a_path_where_both_are_surely_applied(
    folder: str, beside: dict[str, str], found: list[str]
) -> None:
    routes = {"a/1.yaml": ROUTE.replace("NAME", "x"), f"{folder}/2.yaml": ROUTE}
    files = [RenderedFile(path, text, "") for path, text in {**routes, **beside}.items()]
    tree, _ = read_tree(files)
    assert [item[0] for item in judge(tree)] == found


def test_a_kustomization_may_add_the_container_whose_port_a_service_names() -> None:
    text = """
        v1 Service llm/s {spec: {selector: {app: a}, ports: [{port: 80, targetPort: web}]}}
        v1 Pod llm/p {metadata: {labels: {app: a}}, spec: {containers: [{ports: [{name: x}]}]}}
    """
    tree = read(text)
    assert [item[0] for item in judge(tree)] == ["service-port-not-served"]
    more, _ = read_tree([RenderedFile("kustomization.yaml", "resources: [all.yaml]", "")])
    both = Tree({**tree.files, **more.files}, (*tree.manifests, *more.manifests))
    assert judge(both) == []


def test_what_may_be_on_the_cluster_is_no_error() -> None:
    assert {rule.severity for rule in RULES.values()} == {Severity.WARNING, Severity.INFO}
