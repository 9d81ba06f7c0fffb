"""A backslash before a space: where it breaks a call, and where it is meant or only text."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile

FINDING = (
    "backslash-continues-no-line: the backslash continues no line: before a space it makes an "
    "argument of one space, and the call ends here; "
    "end the line with the backslash, and put a comment on a line of its own"
)


def judge(text: str) -> list[str]:
    tree, _ = read_tree([RenderedFile("a.sh", text, "")])
    return [
        f"{item.location.line}:{item.location.column} {item.code}: {item.message}; {item.hint}"
        for item in lint_tree(tree)
        if item.code == "backslash-continues-no-line"
    ]


WRONG = [
    ("gcloud container clusters list --zone=a \\ # all\n  --limit=5\n", "1:41"),
    ("kubectl get pods \\  \n  --namespace=x\n", "1:18"),
    ("docker run \\ # here\n\t--rm x\n", "1:12"),
    ("echo 'ä' && kubectl get pods \\ # all", "1:30"),
    ("x() {\n  curl -s \\\n    https://example.com \\ \n}\n", "3:25"),
]


@pytest.mark.parametrize(("text", "place"), WRONG, ids=[text for text, _ in WRONG])
def test_a_call_that_a_backslash_cuts_is_found(text: str, place: str) -> None:
    assert judge(text) == [f"{place} {FINDING}"]


RIGHT = [
    "kubectl get pods \\\n  --namespace=x\n",
    "kubectl apply -f a\\ b.yaml # c\n",
    "tr -d \\ \ncut -d \\  -f1\n",  # a space is what they are to take
    "IFS=\\ \n",
    "cat <<EOF\nkubectl get pods \\ # all\n  --namespace=x\nEOF\n",
    "# kubectl get pods \\ # all\n#  --namespace=x\n",
    "echo 'kubectl get pods \\ # all\n  --namespace=x'\n",
    'echo "kubectl get pods \\ # all\n  --namespace=x"\n',
    "kubectl get pods \\\\ # all\n",
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_space_that_is_meant_or_only_text_is_left_alone(text: str) -> None:
    assert judge(text) == []
