"""What lint says of calls of kubectl in a script, and what it must leave alone."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree

WRONG = [
    (
        "kubectl get pods \\\n  --no-header",
        (
            "2:3 error kubectl-flag-unknown: kubectl get has no flag --no-header; "
            "did you mean `--no-headers`?"
        ),
    ),
    (
        "kubectl version --short",
        (
            "1:17 warning kubectl-flag-unknown: kubectl version has no flag --short in version "
            "1.33; see its --help; a newer version may have it"
        ),
    ),
    (
        "kubectl get pods -Ax",
        (
            "1:18 warning kubectl-flag-unknown: kubectl get has no flag -x in version 1.33; "
            "see its --help; a newer version may have it"
        ),
    ),
    (
        "kubectl wait pod/x --for=condition=Ready --timeout=60",
        (
            "1:42 error kubectl-flag-value-invalid: --timeout is `60`; "
            "give a number with its unit, such as 60s or 5m"
        ),
    ),
    (
        "kubectl -n a apply --dry-run client -f x",
        (
            "1:30 error kubectl-flag-value-detached: `client` is no value of --dry-run, which "
            "takes one after `=` only; write it as --dry-run=client"
        ),
    ),
    (
        "kubectl get pods --watch false",
        (
            "1:26 error kubectl-flag-value-detached: `false` is no value of --watch, which takes "
            "one after `=` only; write it as --watch=false"
        ),
    ),
    (
        "kubectl get pods -n",
        "1:18 error kubectl-flag-value-missing: -n has no value; write it as -n VALUE",
    ),
    (
        "kubectl scale deployment/x --replicas=two",
        "1:28 error kubectl-flag-value-invalid: --replicas is `two`; give a whole number",
    ),
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_what_kubectl_refuses_is_found_at_its_word(text: str, finding: str) -> None:
    found = [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in lint_calls(Tree({"call.sh": text}, ()))
    ]
    assert found == [finding]


RIGHT = [
    "kubectl krew install --what --ever",  # a plug-in
    "kubectl create ingress x --rule=a --what",  # not in the table
    'kubectl "$@" --what',
    "kubectl get pods -nx -oyaml -A -lapp=x -w=true",
    "kubectl --context c -n d get pods --all-namespaces=false",
    "kubectl exec -it x -- ls --what -z",
    "kubectl apply --dry-run -f -",
    "kubectl create ns x --dry-run=client -o yaml",
    "kubectl logs x --tail -1 --since=5m",
    "kubectl wait x --timeout=${TIMEOUT}s --for=delete",
    "kubectl wait x --timeout=$TIMEOUT --for delete",
    "kubectl top pods -A --containers",
    "kubectl port-forward -n x service/y :8000 >log &",
    "kubectl annotate x a- --overwrite",
    "kubectl get - --warnings-as-errors=1",
    "kubectl get pods $FLAGS",
    "kubectl apply -f - <<EOF\na\nEOF\nls --what",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_kubectl_takes_or_a_run_decides_is_left_alone(text: str) -> None:
    assert list(lint_calls(Tree({"call.sh": text}, ()))) == []
