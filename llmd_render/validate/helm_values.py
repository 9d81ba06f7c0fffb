"""Helm values, which are no Kubernetes objects, against the schema of the chart they are for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from llmd_render.resources import data_file

from .references import Node, Resolver
from .store import Schema
from .structure import check_structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import Violation


def check_helm_values(data: Any) -> Iterator[Violation]:
    """Find what the charts of llm-d-infra-xks would not read in their values."""
    yield from check_structure(data, _schema())


@cache
def _schema() -> Schema:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = data_file("values", "llm-d-infra-xks.yaml").read_text(encoding="utf-8")
    root: Node = yaml.load(text, Loader=loader)  # noqa: S506 - it is safe
    return Schema(
        group="",
        version="",
        kind="values",
        scope="",
        root=root,
        resolver=Resolver(_no_references),
        origin="values of llm-d-infra-xks",
    )


def _no_references(reference: str) -> Node:
    raise KeyError(f"the values schema refers to {reference!r}")
