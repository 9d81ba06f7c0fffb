"""YAML that is no Kubernetes object, against a schema of ours for what reads it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from llmd_render.kubectl_yaml import read_document
from llmd_render.resources import data_file

from .references import Node, Resolver
from .store import Schema
from .structure import check_structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import Violation


def check_values(data: Any, reader: str) -> Iterator[Violation]:
    """Find what its reader would not understand: `llm-d-infra-xks` or `config-of-lint`."""
    yield from check_structure(data, _schema(reader))


@cache
def _schema(reader: str) -> Schema:
    text = data_file("values", f"{reader}.yaml").read_text(encoding="utf-8")
    root: Node = read_document(text)
    return Schema(
        group="",
        version="",
        kind="the file",
        scope="",
        root=root,
        resolver=Resolver(_no_references),
        origin=f"values of {reader}",
    )


def _no_references(reference: str) -> Node:
    raise KeyError(f"the values schema refers to {reference!r}")
