"""Input that asks for more memory or time than anybody means is refused at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from llmd_render.bounds import find_excess
from llmd_render.manifest import Tree, read_manifests
from llmd_render.validate import Admission, SchemaStore, check_tree

if TYPE_CHECKING:
    from llmd_render.diagnostics import Diagnostic

MERGES = "".join(
    f"m{index}: &m{index}\n"
    + (f"  <<: *m{index - 1}\n" if index else "")
    + "".join(f"  k{index}_{key}: 1\n" for key in range(40))
    for index in range(200)
)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("k: [" + "x," * 500_001 + "]", "yaml-too-large", "the document has more than 500,000"),
        ("".join(f"k{index}: 1\n" for index in range(250_001)), "yaml-too-large", "the document"),
        (MERGES, "yaml-alias-bomb", "aliases expand to more than 500,000 values"),
        ("[" * 101 + "]" * 101, "yaml-nested-too-deep", "the data is nested more than 100 levels"),
    ],
    ids=["list", "mapping", "merges", "depth"],
)
def test_a_document_beyond_the_bounds_is_refused(text: str, code: str, message: str) -> None:
    manifests, (found,) = read_manifests(text, "f.yaml")
    assert manifests == []
    assert found.code == code
    assert found.message.startswith(message)


def test_a_file_of_many_documents_is_refused_for_what_it_is() -> None:
    text = "---\n".join(["a: [1, 2]\n"] * 30)
    found = find_excess(text, 10, 100)
    assert found is not None
    assert (found.code, found.message) == ("yaml-too-large", "the file has more than 100 values")
    assert find_excess(text, 10, 1_000) is None


def test_depth_is_that_of_one_document_wherever_it_stands() -> None:
    shallow = "a: " + "[" * 60 + "]" * 60 + "\n"
    assert find_excess(f"{shallow}---\n{shallow}", 1_000) is None
    found = find_excess(f"{shallow}---\n" + "[" * 101 + "]" * 101, 1_000)
    assert found is not None
    assert (found.line, found.column, found.code) == (3, 101, "yaml-nested-too-deep")


def test_ten_thousand_ordinary_documents_are_within_the_bounds() -> None:
    text = "---\n".join(["apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"] * 10_000)
    manifests, problems = read_manifests(text, "f.yaml")
    assert (len(manifests), problems) == (10_000, [])


def check(text: str) -> list[Diagnostic]:
    manifests, problems = read_manifests(text, "f.yaml")
    tree = Tree({"f.yaml": text}, tuple(manifests))
    return [*problems, *check_tree(tree, Admission(SchemaStore("1.34")))]


def test_of_many_findings_in_one_object_the_first_are_shown_and_the_rest_is_not_hidden() -> None:
    data = "".join(f"  k{index}: 1\n" for index in range(600))
    found = check(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{data}")
    assert len(found) == 501
    assert found[-1].code == "manifest-findings-cut"
    assert found[-1].blocks
