"""What rules ask of a tree is answered once, and copies of an object are one."""

from __future__ import annotations

from llmd_render.manifest import Tree, read_manifests
from llmd_render.rules.subjects.objects import objects, once

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"


def test_an_answer_is_worked_out_once_for_each_tree_and_question() -> None:
    asked: list[str] = []

    @once
    def answer(tree: Tree, question: str) -> list[str]:
        asked.append(question)
        return [f"{question} of {len(tree.manifests)}"]

    one, two = Tree({}, ()), Tree({}, ())
    assert answer(one, "a") == answer(one, "a") == ("a of 0",)
    assert answer(one, "b") == ("b of 0",)
    assert answer(two, "a") == ("a of 0",)
    assert asked == ["a", "b", "a"]


def test_copies_in_a_file_are_one_object_and_copies_in_two_files_are_two() -> None:
    several, _ = read_manifests("---\n".join([NAMESPACE] * 3), "a.yaml")
    other, _ = read_manifests(NAMESPACE, "b.yaml")
    assert len(list(objects(Tree({}, (*several, *other)), "", "Namespace"))) == 2
