"""What `lint` says of files as other people have them: templates, placeholders, patches alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import run, tree

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: b}\n"
PATCH = f"{DEPLOYMENT}spec:\n  replicas: 2\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good, namespace: a}\n"
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}
subjects: [{kind: ServiceAccount, name: a}]
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: a, namespace: b}
spec:
  gatewayClassName: gke-l7-rilb
  listeners: [{name: http, protocol: HTTP, port: 80}]
"""


def lint(*args: str | Path, stdin: str | None = None) -> list[str]:
    """List place, severity, code and message of each finding."""
    result = run("lint", *args, "--format", "json", stdin=stdin)
    assert result.exit_code in {0, 1}, result.output
    return [
        f"{Path(item['file']).name}:{item['line']} {item['severity']} {item['code']}: "
        f"{item['message']}"
        for item in json.loads(result.stdout)["diagnostics"]
    ]


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("${NAME}", "info"),
        ("${NAME:-a}-b", "info"),
        ("$(NAME)", "info"),
        ("$K8S_NAME", "info"),
        ("'{{ name }}'", "info"),
        ("<your name>", "warning"),
    ],
)
def test_what_is_filled_in_later_is_told_of_once_a_file(value: str, severity: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {value}\n  namespace: {value}\n"
    (found,) = lint("-", stdin=text)
    shown = value.strip("'")
    assert found == (
        f"-:4 {severity} manifest-not-filled-in: `{shown}` is to be filled in, and is not judged, "
        "as others like it in this file"
    )


@pytest.mark.parametrize("value", ["NAME", "a<b", "a{b}", "$name", "< a >", "a}}"])
def test_what_is_no_placeholder_is_judged(value: str) -> None:
    found = lint("-", stdin=MAP.replace("good", f"'{value}'"))
    assert [item.split()[2] for item in found] == ["metadata-invalid-name:"]


def test_beside_a_placeholder_the_rest_is_judged() -> None:
    found = lint("-", stdin=MAP.replace("good", "'${NAME}'") + "data: 3\n")
    assert sorted(item.split()[2] for item in found) == [
        "manifest-not-filled-in:",
        "schema-wrong-type:",
    ]


def test_names_that_are_filled_in_later_are_not_compared(tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b, labels: {app: '${A}'}}\n"
    pod += "spec: {containers: [{name: a, image: 'registry.example/a:v1'}]}\n"
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\n"
    service += "spec: {selector: {app: web}, ports: [{port: 80}]}\n"
    tree(tmp_path, {"a.yaml": f"{pod}---\n{service}"})
    assert not [item for item in lint(tmp_path) if "selects" in item]
    tree(tmp_path, {"a.yaml": f"{pod.replace('${A}', 'a')}---\n{service}"})
    assert [item.split()[2] for item in lint(tmp_path) if "selects" in item] == [
        "service-selects-nothing:"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{{- if .Values.on }}\na: b\n{{- end }}\n",
        "metadata:\n  name: {{ .Release.Name }}-a\n",
        "args:\n  - {{ .x }}\n",
        "%{ if a }\nb: c\n%{ endif }\nd: [\n",
        "a: b\n  ${indent(2, c)}\nd\n",
    ],
)
def test_a_template_is_pointed_out_and_not_judged(text: str) -> None:
    codes = [
        item.split(":")[1].split(maxsplit=1)[1] for item in lint("-", stdin=f"{MAP}---\n{text}")
    ]
    assert codes == ["info manifest-is-template"]


def test_tags_of_other_programs_are_no_fault_of_what_is_no_manifest() -> None:
    other = "a: !!python/name:b.c\n"
    assert "info manifest-not-kubernetes" in str(lint("-", stdin=other))
    assert "error yaml-syntax-error" in str(lint("-", stdin=f"{MAP}data: {{{other.strip()}}}\n"))


def test_a_template_alone_is_nothing_to_judge() -> None:
    codes = [item.split()[2] for item in lint("-", stdin="a: {{ .x }}\n")]
    assert sorted(codes) == ["lint-input-empty:", "manifest-is-template:"]


def test_texts_alone_are_judged_by_their_links(tmp_path: Path) -> None:
    tree(tmp_path, {"a.md": "[b](b.md)\n"})
    assert [item.split()[2] for item in lint(tmp_path)] == ["markdown-link-broken:"]
    tree(tmp_path, {"b.md": "nothing\n"})
    assert lint(tmp_path) == []


def test_broken_yaml_that_only_quotes_braces_is_an_error() -> None:
    (found,) = lint("-", stdin='a: "{{ name }}"\nb: [1\n')
    assert found.startswith("-:3 error yaml-syntax-error: ")


def test_a_patch_alone_is_known_by_the_kustomization_above(tmp_path: Path) -> None:
    files = {"patches/a.yaml": PATCH, "kustomization.yaml": "patches: [{path: patches/a.yaml}]\n"}
    tree(tmp_path, files)
    for path in (tmp_path / "patches", tmp_path / "patches/a.yaml"):
        assert not [item for item in lint(path) if "error" in item]
    (tmp_path / "kustomization.yaml").unlink()
    assert [item.split()[2] for item in lint(tmp_path / "patches") if "error" in item] == [
        "schema-required-field:"
    ] * 2


def test_a_kustomization_above_that_cannot_be_read_is_nobodys_business(tmp_path: Path) -> None:
    tree(tmp_path, {"a/b.yaml": MAP, "kustomization.yaml": "a: [\n"})
    assert lint(tmp_path / "a") == []


def test_a_part_that_speaks_to_kustomize_is_a_patch() -> None:
    assert lint("-", stdin=f"$patch: delete\n{DEPLOYMENT}") == []
    found = lint("-", stdin=f"$patch: merge\n{DEPLOYMENT}spec: {{replicas: many}}\n")
    assert [item.split()[2] for item in found] == ["schema-wrong-type:"]


def test_a_namespace_that_kustomize_adds_to_subjects_is_not_missed(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml": BINDING})
    assert [item.split()[2] for item in lint(tmp_path)] == ["native-rbac-subject-invalid:"]
    tree(tmp_path, {"kustomization.yaml": "namespace: a\nresources: [a.yaml]\n"})
    assert lint(tmp_path) == []
    assert lint(tmp_path / "a.yaml") == []


def test_what_a_kustomization_has_in_a_comment_is_left_out_on_purpose(tmp_path: Path) -> None:
    listed = "resources:\n- a.yaml\n#- {name}\n"
    tree(tmp_path, {"kustomization.yaml": listed, "a.yaml": MAP, "b.yaml": MAP})
    assert [item.split()[2] for item in lint(tmp_path)] == ["kustomization-file-unlisted:"]
    tree(tmp_path, {"kustomization.yaml": listed.format(name="b.yaml")})
    assert lint(tmp_path) == []


def test_what_a_generator_takes_in_is_listed(tmp_path: Path) -> None:
    generator = "configMapGenerator: [{name: x, files: [b.yaml, c=c.yaml]}]\n"
    tree(tmp_path, {"kustomization.yaml": generator, "b.yaml": MAP, "c.yaml": MAP})
    assert lint(tmp_path) == []


def test_the_field_path_of_a_variable_is_spelled_in_two_ways() -> None:
    variable = "{name: a, objref: {kind: Service, name: a, apiVersion: v1}, fieldref: {%s: a}}"
    for name, count in (("fieldPath", 0), ("fieldpath", 0), ("fieldPth", 1)):
        kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        assert len(lint("-", stdin=f"{kustomization}vars: [{variable % name}]\n")) == count


def test_the_schema_of_a_chart_is_no_object() -> None:
    found = lint("-", stdin="apiVersion: str()\nname: str()\n")
    assert "manifest-not-kubernetes" in str(found)
    assert "manifest-without-kind" not in str(found)


def test_which_cluster_a_gateway_is_for_is_known_of_one_script_only(tmp_path: Path) -> None:
    create = "gcloud container clusters create a --zone=b --quiet\n"
    tree(tmp_path, {"a.sh": create, "gateway.yaml": GATEWAY})
    assert "cluster-without-gateway-api" in str(lint(tmp_path))
    tree(tmp_path / "far", {"x/y/z/a.sh": create, "v/gateway.yaml": GATEWAY})
    assert "cluster-without-gateway-api" not in str(lint(tmp_path / "far"))
    tree(tmp_path, {"b.sh": create})
    assert "cluster-without-gateway-api" not in str(lint(tmp_path))


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("a.sh", "b.sh", 1),
        ("cluster/a.sh", "scripts/b.sh", 1),
        ("a.sh", "scripts/b.sh", 1),
        ("x/one/a.sh", "y/b.sh", 0),
        ("x/one/a.sh", "y/two/b.sh", 0),
    ],
)
def test_scripts_of_other_deployments_may_have_other_defaults(
    tmp_path: Path, one: str, other: str, count: int
) -> None:
    tree(tmp_path, {one: 'Z="${ZONE:-a}"\n', other: 'Z="${ZONE:-b}"\n'})
    assert str(lint(tmp_path)).count("script-default-contradicts-other") == count


def test_a_default_that_depends_on_something_contradicts_none(tmp_path: Path) -> None:
    choice = 'case $1 in a) : "${ZONE:=a}" ;; *) : "${ZONE:=b}" ;; esac\n'
    tree(tmp_path, {"a.sh": choice, "b.sh": 'Z="${ZONE:-c}"\n'})
    assert lint(tmp_path) == []


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        ("kubectl apply --validate=false --dry-run=none -f x", []),
        ("kubectl apply --dry-run=nothing -f x", ["kubectl-flag-value-invalid:"]),
        ("gcloud compute networks describe a --project='<PROJECT_ID>'", []),
        ("gcloud compute networks describe a --project=PROJECT_ID", ["gcloud-flag-value-invalid:"]),
        ("curl -H 'Authorization: Bearer dummy' localhost", []),
        ("curl -H 'Authorization: Bearer abc' localhost", ["secret-on-command-line:"]),
    ],
)
def test_calls_are_judged_by_what_they_say(tmp_path: Path, call: str, codes: list[str]) -> None:
    tree(tmp_path, {"a.sh": f"{call}\n"})
    assert [item.split()[2] for item in lint(tmp_path)] == codes


def test_words_that_the_grammar_loses_are_not_missed(tmp_path: Path) -> None:
    loop = "while ! kubectl apply -f - <<'END' &>log; do\na: b\nEND\n  sleep 1\ndone\n"
    tree(tmp_path, {"a.sh": loop})
    assert lint(tmp_path) == []


@pytest.mark.parametrize(
    ("image", "count"), [("V_IMAGE_URL", 0), ("<image>", 0), ("$IMAGE", 0), ("vllm", 1)]
)
def test_an_image_that_is_filled_in_later_has_no_tag_yet(image: str, count: int) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n"
    found = lint("-", stdin=f"{pod}spec: {{containers: [{{name: a, image: '{image}'}}]}}\n")
    assert str(found).count("container-image-not-pinned") == count
