"""Workers and the parallelism that they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, dotted
from llmd_render.lookup import value_at

from .reading import integer_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_SIZES = ("pipeline", "data", "dataLocal")


def check_parallelism(subject: Subject) -> Iterator[Violation]:
    """Check the parallelism of the service and of its prefill."""
    for base, workload in subject.workloads():
        yield from _check_worker(base, workload)
        parallelism = mapping_at(workload, "parallelism")
        if parallelism is not None:
            yield from _check_sizes((*base, "parallelism"), parallelism)


def _check_worker(base: DataPath, workload: dict[str, Any]) -> Iterator[Violation]:
    if mapping_at(workload, "worker") is None:
        return
    parallelism = value_at(workload, "parallelism")
    sizes = [value_at(parallelism, name) for name in _SIZES]
    # What has the wrong type may be meant well: the schema has said so already.
    if not isinstance(parallelism, dict | None) or any(map(_is_malformed, sizes)):
        return
    if any(_is_positive(parallelism, name) for name in _SIZES):
        return
    place = dotted(*base, "parallelism")
    lacking = "is not set" if parallelism is None else "has neither data nor pipeline"
    yield Violation(
        (*base, "worker"),
        f"worker is set, but {place} {lacking}; workers need one of them",
        hint=f"set data and dataLocal, or pipeline, in {place}, or leave worker out",
        code="kserve-worker-without-parallelism",
        key=True,
    )


def _check_sizes(path: DataPath, parallelism: dict[str, Any]) -> Iterator[Violation]:
    has_data = any(_is_positive(parallelism, name) for name in ("data", "dataLocal"))
    if _is_positive(parallelism, "pipeline") and has_data:
        yield Violation(
            path,
            "parallelism has pipeline beside data or dataLocal; only one of the two is allowed",
            hint="leave out pipeline, or data and dataLocal",
            code="kserve-pipeline-with-data",
        )
    for given, missing, code in (
        ("data", "dataLocal", "kserve-data-without-data-local"),
        ("dataLocal", "data", "kserve-data-local-without-data"),
    ):
        is_given = integer_at(parallelism, given) is not None
        if is_given and value_at(parallelism, missing) is None:
            yield Violation(
                (*path, given),
                f"{given} is set without {missing}; they must be set together",
                hint=f"set {dotted(*path, missing)}",
                code=code,
                key=True,
            )
    for name in _SIZES:
        size = integer_at(parallelism, name)
        if size is not None and size <= 0:
            yield Violation(
                (*path, name),
                f"{name} is {size}; it must be 1 or more",
                hint=f"write the number of parallel parts, or leave {name} out",
                code="kserve-parallelism-not-positive",
            )


def _is_malformed(size: Any) -> bool:
    return size is not None and type(size) is not int


def _is_positive(parallelism: dict[str, Any] | None, name: str) -> bool:
    size = integer_at(parallelism, name)
    return size is not None and size > 0
