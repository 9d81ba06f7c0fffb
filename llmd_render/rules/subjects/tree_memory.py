"""The models that vLLM serves on TPU Pods, where the catalog knows them; shared by rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.lookup import text_at

from .objects import KSERVE, group_of, once
from .tpu_pods import read_count, slices_of
from .vllm_command import vllm_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import LanguageModel
    from llmd_render.manifest import Manifest, Tree

    from .vllm_command import Argument, VllmContainer

LENGTH = "--max-model-len"
"""The flag for the longest request."""

PARALLEL = ("--tensor-parallel-size", "-tp")
"""The flag for tensor parallelism, and its short form."""

_MOUNTED = "/mnt/models"
_FROM_HUB = "hf://"


@dataclass(frozen=True, slots=True)
class Served:
    """A container of vLLM with a model that the catalog knows, split over `size` devices.

    `argument` says so, or nothing does, and vLLM takes one. `devices` are those of the slice that
    the Pod selects, 0 where it may run on several kinds.
    """

    server: VllmContainer
    model: LanguageModel
    argument: Argument | None
    size: int
    devices: int


def served_models(tree: Tree) -> Iterator[Served]:
    """List the containers whose model and split are known."""
    for server, model in known_models(tree):
        argument = server.last(*PARALLEL)
        size = read_count(argument.value) if argument else int(server.is_complete)
        if not size:
            continue
        sizes = {row.tensor_parallel for row in slices_of(server.pod)}
        yield Served(server, model, argument, size, sizes.pop() if len(sizes) == 1 else 0)


@once
def known_models(tree: Tree) -> Iterator[tuple[VllmContainer, LanguageModel]]:
    """List the containers whose model the catalog knows, each with the model."""
    for server in vllm_containers(tree):
        name = _model_id(server)
        model = _find(name) if name else None
        if model:
            yield server, model


def _model_id(server: VllmContainer) -> str:
    """Find the model's id on Hugging Face; a path that KServe mounts is what its service names."""
    if server.model.rstrip("/") != _MOUNTED:
        return server.model
    return _uri_of(server.manifest) if group_of(server.manifest) == KSERVE else ""


def _uri_of(service: Manifest) -> str:
    uri = text_at(service.data, "spec", "model", "uri")
    return uri.removeprefix(_FROM_HUB).partition(":")[0] if uri.startswith(_FROM_HUB) else ""


def _find(name: str) -> LanguageModel | None:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    return load_catalog().models.get(name)
