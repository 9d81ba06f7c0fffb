"""LoRA adapters: their limits and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.lookup import text_at
from llmd_render.validate.words import show

from .reading import integer_at, is_empty_text, list_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_LORA: DataPath = ("spec", "model", "lora")
_LIMITS = ("maxRank", "maxAdapters", "maxCpuAdapters")


def check_lora(subject: Subject) -> Iterator[Violation]:
    """Check the limits of LoRA, and that each adapter has a name of its own."""
    lora = mapping_at(subject.spec, "model", "lora")
    for limit in _LIMITS:
        size = integer_at(lora, limit)
        if size is not None and size < 1:
            yield Violation(
                (*_LORA, limit),
                f"{limit} is {size}; it must be 1 or more",
                hint=f"write 1 or more, or leave {limit} out",
                code="kserve-lora-limit-not-positive",
            )
    # The defaulting webhook comes first: a model without a name has that of the service.
    model = text_at(subject.spec, "model", "name") or text_at(subject.metadata, "name")
    seen: dict[str, int] = {}
    for index, adapter in enumerate(list_at(lora, "adapters")):
        path = (*_LORA, "adapters", index)
        if adapter is None or (isinstance(adapter, dict) and is_empty_text(adapter, "name")):
            yield Violation(
                path,
                f"adapters[{index}] has no name, by which requests would ask for it",
                hint="set its name",
                code="kserve-lora-adapter-without-name",
            )
            continue
        name = text_at(adapter, "name")
        if name:
            yield from _check_name((*path, "name"), name, model, seen.setdefault(name, index))


def _check_name(path: DataPath, name: str, model: str, first: int) -> Iterator[Violation]:
    index: Any = path[-2]
    if name in {".", ".."}:
        yield Violation(
            path,
            f"name is {show(name)}, which as the name of a folder leads out of its place",
            hint="give the adapter another name",
            code="kserve-lora-adapter-name-is-path",
        )
        return
    if first != index:
        yield Violation(
            path,
            f"name is {show(name)}, which is the name of adapters[{first}], too",
            hint="give each adapter a name of its own",
            code="kserve-lora-adapter-name-repeated",
        )
    if name == model:
        yield Violation(
            path,
            f"name is {show(name)}, which is the name of the base model",
            hint="give the adapter another name, or set spec.model.name",
            code="kserve-lora-adapter-named-as-model",
        )
