"""The endpoint picker: how many of it, and where its configuration is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation

from .reading import integer_at, is_empty_text, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_SCHEDULER: DataPath = ("spec", "router", "scheduler")
_CONFIG: DataPath = (*_SCHEDULER, "config")


def check_scheduler_replicas(subject: Subject) -> Iterator[Violation]:
    """Check that a scheduler that is asked for also runs."""
    replicas = integer_at(subject.spec, "router", "scheduler", "replicas")
    if replicas is not None and replicas <= 0:
        yield Violation(
            (*_SCHEDULER, "replicas"),
            f"replicas is {replicas}; a scheduler needs 1 or more",
            hint="write 1 or more, or leave spec.router.scheduler out to run without a scheduler",
            code="kserve-scheduler-replicas-not-positive",
        )


def check_scheduler_config(subject: Subject) -> Iterator[Violation]:
    """Check that the configuration of the scheduler is in exactly one place."""
    config = mapping_at(subject.spec, "router", "scheduler", "config")
    if config is None:
        return
    inline, ref = mapping_at(config, "inline"), mapping_at(config, "ref")
    if config.get("inline") is None and config.get("ref") is None:
        yield Violation(
            _CONFIG,
            "config has neither inline nor ref; it needs one of them",
            hint="write the EndpointPickerConfig in inline, name a ConfigMap in ref, or leave "
            "config out",
            code="kserve-scheduler-config-empty",
        )
    if inline is not None and ref is not None:
        yield Violation(
            _CONFIG,
            "config has inline and ref; only one of them is allowed",
            hint="leave out inline or ref",
            code="kserve-scheduler-config-inline-and-ref",
        )
    if inline is not None and not inline:
        yield Violation(
            (*_CONFIG, "inline"),
            "inline is an empty mapping; it must be an EndpointPickerConfig",
            hint="write the EndpointPickerConfig, or leave config out",
            code="kserve-scheduler-config-inline-empty",
        )
    if ref is not None and is_empty_text(ref, "name"):
        yield Violation(
            (*_CONFIG, "ref"),
            "ref names no ConfigMap",
            hint="set spec.router.scheduler.config.ref.name",
            code="kserve-scheduler-config-ref-without-name",
        )
