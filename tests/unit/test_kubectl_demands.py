"""What kubectl refuses after its parser and before it asks a server; the real one is the judge."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from support import need

from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree


def find(text: str) -> list[str]:
    return [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in lint_calls(Tree({"call.sh": text}, ()))
    ]


WRONG = [
    (
        "kubectl wait pod/x",
        "1:1 error kubectl-flag-required: kubectl wait needs --for; add --for",
    ),
    (
        "kubectl wait --for=Ready pod/x",
        (
            "1:14 error kubectl-flag-value-invalid: --for is `Ready`, which is nothing that "
            "kubectl waits for; write it as --for=condition=Ready"
        ),
    ),
    (
        "kubectl wait pod/x --for ready",
        (
            "1:26 error kubectl-flag-value-invalid: --for is `ready`, which is nothing that "
            "kubectl waits for; give condition=NAME, jsonpath=EXPRESSION, create or delete"
        ),
    ),
    (
        "kubectl wait --for=delete",
        (
            "1:1 error kubectl-argument-missing: kubectl wait needs objects; "
            "write it as in `kubectl wait pod/NAME --for=condition=Ready`"
        ),
    ),
    (
        "kubectl scale deployment x",
        "1:1 error kubectl-flag-required: kubectl scale needs --replicas; add --replicas",
    ),
    (
        "kubectl patch pod x \\\n  --type=jsno -p '[]'",
        (
            "2:3 error kubectl-flag-value-invalid: --type is `jsno`; "
            "give one of json, merge, strategic"
        ),
    ),
    (
        "kubectl patch pod x",
        (
            "1:1 error kubectl-flag-required: kubectl patch needs --patch or --patch-file; "
            "add --patch or --patch-file"
        ),
    ),
    (
        "kubectl delete pod x --cascade=forground",
        (
            "1:22 error kubectl-flag-value-invalid: --cascade is `forground`; "
            "give one of background, foreground, orphan"
        ),
    ),
    (
        "kubectl delete -l app=x",
        (
            "1:1 error kubectl-argument-missing: kubectl delete needs objects; "
            "write it as in `kubectl delete pod/NAME`"
        ),
    ),
    (
        "kubectl port-forward svc/x",
        (
            "1:1 error kubectl-argument-missing: kubectl port-forward needs an object and a port; "
            "write it as in `kubectl port-forward service/NAME 8000`"
        ),
    ),
    (
        "kubectl annotate pod x",
        (
            "1:1 error kubectl-argument-missing: kubectl annotate names nothing to set or take "
            "away; add KEY=VALUE, or KEY- to take it away"
        ),
    ),
    (
        "kubectl label pod/x --overwrite",
        (
            "1:1 error kubectl-argument-missing: kubectl label names nothing to set or take "
            "away; add KEY=VALUE, or KEY- to take it away"
        ),
    ),
    (
        "kubectl get -o wide",
        (
            "1:1 error kubectl-argument-missing: kubectl get needs a kind of object; "
            "write it as in `kubectl get pods`"
        ),
    ),
    (
        "kubectl rollout status --timeout=5m",
        (
            "1:1 error kubectl-argument-missing: kubectl rollout status needs an object; "
            "write it as in `kubectl rollout status deployment/NAME`"
        ),
    ),
    (
        "kubectl logs -f",
        (
            "1:1 error kubectl-argument-missing: kubectl logs needs a Pod; "
            "write it as in `kubectl logs POD`"
        ),
    ),
    (
        "kubectl apply",
        (
            "1:1 error kubectl-flag-required: kubectl apply needs --filename or --kustomize; "
            "add --filename or --kustomize"
        ),
    ),
    (
        "kubectl apply -f",
        "1:15 error kubectl-flag-value-missing: -f has no value; write it as -f VALUE",
    ),
    (
        "kubectl scale deployment x --replica=1",
        (
            "1:28 error kubectl-flag-unknown: kubectl scale has no flag --replica; "
            "did you mean `--replicas`?"
        ),
    ),
    (
        "kubectl create configmap x --dry-run=client -o yml",
        (
            "1:48 error kubectl-format-unknown: -o is `yml`, which is no format of kubectl's; "
            "did you mean `yaml`?"
        ),
    ),
    (
        "kubectl create configmap x --dry-run=client --output=jsonpth='{.items}'",
        (
            "1:45 error kubectl-format-unknown: --output is `jsonpth`, which is no format of "
            "kubectl's; did you mean `jsonpath`?"
        ),
    ),
    (
        "kubectl create configmap x --dry-run=client -o toml",
        (
            "1:48 warning kubectl-format-unknown: -o is `toml`, which is no format of kubectl's; "
            "give one of json, yaml, kyaml, name, wide, jsonpath, jsonpath-as-json, "
            "jsonpath-file, custom-columns, custom-columns-file, go-template, go-template-file "
            "and others"
        ),
    ),
]

RIGHT = [
    "kubectl wait pod/x --for=condition=Ready",
    "kubectl wait -f x.yaml --for=jsonpath='{.status}'=a",
    "kubectl wait pod/x --for=DELETE",
    "kubectl wait pod/x --for create",
    'kubectl wait pod/x --for="$1"',
    'kubectl wait pod/x --for="condition=$1"',
    'kubectl wait "$@"',
    "kubectl wait --help",
    "kubectl scale --replicas=1 -f x.yaml",
    "kubectl scale $FLAGS deployment/x",
    "kubectl patch pod x --type=JSON --patch-file=x",
    "kubectl delete pod x --cascade=foreground",
    "kubectl delete pod x --cascade=false",  # of old, with a warning
    "kubectl delete pod x --cascade",
    "kubectl delete -k .",
    "kubectl port-forward x 80",
    'kubectl port-forward svc/x "$1"',
    'kubectl port-forward svc/x "${PORTS[@]}"',
    'kubectl annotate pod x "$1"',
    "kubectl annotate --list pod x",
    "kubectl label pods --all a-",
    "kubectl label -f x.yaml a=b",
    "kubectl get --raw /readyz",
    "kubectl get -f x.yaml -o JSON",
    "kubectl get pods -ojson",
    "kubectl get pods -o custom-columns=A:.a --no-headers",
    "kubectl get pods -o 'jsonpath={.items}'",
    "kubectl get pods -o=go-template='{{.a}}'",
    "kubectl get pods -o kyaml",
    'kubectl get pods -o "$1"',
    'kubectl get pods -o "json$1"',
    "kubectl api-resources -o name",
    "kubectl explain pods --output=plaintext-openapiv2",
    "kubectl kustomize . -o out",
    "kubectl rollout restart -f x.yaml",
    "kubectl logs -l app=x",
    "kubectl apply -k .",
    "kubectl create -n x secret generic y --from-literal=a=b",
    "kubectl create --namespace x -o yaml configmap y --dry-run=client --from-literal=a=b",
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_what_kubectl_refuses_without_a_server_is_found(text: str, finding: str) -> None:
    assert find(text) == [finding]


@pytest.mark.parametrize("text", RIGHT)
def test_what_kubectl_takes_or_only_a_run_tells_is_left_alone(text: str) -> None:
    assert find(text) == []


def ask(text: str, folder: Path) -> str:
    """Give what kubectl says where no cluster is; what it finds itself is no refused connection."""
    command = [need("kubectl"), *shlex.split(text)[1:], "--server=http://127.0.0.1:1"]
    environment = {"HOME": str(folder), "KUBECONFIG": str(folder / "none"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, env=environment
    )
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize("text", [text for text, _ in WRONG])
def test_what_is_found_is_refused_by_the_real_kubectl(text: str, tmp_path: Path) -> None:
    said = ask(text.replace("\\\n", ""), tmp_path)
    assert said
    assert "connection refused" not in said


# Those that open a file or wait long are left out.
ASKED = [text for text in RIGHT if "$" not in text and "--raw" not in text and "file" not in text]


@pytest.mark.parametrize(
    "text",
    [text for text in ASKED if not any(part in text for part in (".yaml", " -k", "kustomize"))],
)
def test_what_is_left_alone_is_not_refused_by_the_real_kubectl(text: str, tmp_path: Path) -> None:
    said = ask(text, tmp_path)
    assert not said or "connection refused" in said or "kyaml" in said, said
