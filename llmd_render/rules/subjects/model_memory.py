"""What a model needs of the memory of TPUs, and what they have; shared by the rules about memory.

There are two accounts. By the lower one, a model that does not fit certainly does not: vLLM refuses
to start. The upper one adds what vLLM may need besides; a model that fits by it ought to start.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmd_render.catalog import Accelerator, Catalog, LanguageModel, Topology

_GIB = 2**30
_ENDLESS = 10**9
_OLDER_SHARE_BEFORE = (0, 18)
_FINEST = 4

SHORTEST = 256
"""The shortest limit of a request that is worth naming, in tokens."""

SHARE_FLAG = "--gpu-memory-utilization"
"""The flag that says which share of the memory vLLM uses."""

_OTHER_NEED = {
    "--additional-config",
    "--cpu-offload-gb",
    "--data-parallel-size",
    "--decode-context-parallel-size",
    "--hf-overrides",
    "--kv-cache-dtype",
    "--kv-cache-memory-bytes",
    "--num-gpu-blocks-override",
    "--pipeline-parallel-size",
    "--quantization",
    "-dcp",
    "-dp",
    "-pp",
    "-q",
}


@dataclass(frozen=True, slots=True)
class Need:
    """What a model takes on all devices together, in bytes.

    Beside its weights, each token of a request takes keys and values; layers with a window keep
    those of the last tokens only. Memory is given out in blocks of tokens, and where these count
    vLLM holds one of them back.
    """

    weights: int
    per_token: int
    per_token_in_window: int
    window: int
    block: int = 1

    def cache(self, length: int) -> int:
        """Count the bytes that one request takes."""
        if self.block > 1:
            length = (math.ceil(length / self.block) + 1) * self.block
        return self.per_token * length + self.per_token_in_window * min(length, self.window)

    def fits(self, length: int, budget: int) -> bool:
        """Whether there is room for the weights and one request."""
        return self.weights + self.cache(length) <= budget

    def longest(self, budget: int) -> int:
        """Count the tokens of the longest request that there is room for."""
        room = budget - self.weights
        within = room // (self.per_token + self.per_token_in_window)
        if self.block > 1:
            return max(0, within // self.block - 1) * self.block
        if within <= self.window or not self.per_token_in_window:
            return max(0, within)
        if not self.per_token:
            return _ENDLESS
        return (room - self.per_token_in_window * self.window) // self.per_token


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices that a model is split over, and the share of their memory that vLLM uses."""

    accelerator: Accelerator
    number: int
    share: float

    @property
    def memory(self) -> int:
        """All the memory that programs can have, in bytes."""
        return int(self.number * self._each * _GIB)

    @property
    def budget(self) -> int:
        """What vLLM uses of it, in bytes."""
        return int(self.memory * self.share)

    @property
    def _each(self) -> float:
        return self.accelerator.memory_gib_per_chip / self.accelerator.devices_per_chip

    def __str__(self) -> str:
        noun = "chip" if self.accelerator.devices_per_chip == 1 else "device"
        many, each = ("s", " each") if self.number > 1 else ("", "")
        share = f"{self.share * 100:g} %"
        return f"{share} of {self.number} {noun}{many} with {self._each:g} GiB{each}"


def least_need(model: LanguageModel, size: int) -> Need:
    """Count what a model needs in any case with this tensor parallelism."""
    everything, windowed = model.kv_bytes_of_layers(size, smallest=True)
    weights = int(model.weights_gib_bf16 * _GIB)
    return Need(weights, everything - windowed, windowed, model.sliding_window or 0)


def most_need(model: LanguageModel, size: int, catalog: Catalog) -> Need:
    """Count what a model may need with this tensor parallelism, as far as there are numbers."""
    everything, _ = model.kv_bytes_of_layers(size, smallest=False)
    block = int(catalog.sizing["largest-block"].value)
    overhead = 1 + catalog.sizing["weights-overhead"].value
    return Need(int(model.weights_gib_bf16 * _GIB * overhead), everything, 0, 0, block)


def shares(catalog: Catalog, version: tuple[int, ...] | None, given: str) -> tuple[float, float]:
    """Give the least and the largest share of the memory that vLLM may use.

    `version` is that of vLLM, if known, and `given` the value of the flag, if there is one.
    """
    older = catalog.sizing["memory-share-older"].value
    newer = catalog.sizing["memory-share-newer"].value
    if given:
        share = _read_share(given)
        return (share, share) if share else (older, 1.0)
    if version is not None and version < _OLDER_SHARE_BEFORE:
        return older, older
    return older, newer


def is_sized_otherwise(flags: Iterable[str], variables: Iterable[str]) -> bool:
    """Whether flags or variables change what the model needs in a way that nobody can count."""
    return not _OTHER_NEED.isdisjoint(flags) or any("QUANTIZ" in name for name in variables)


def find_roomier(
    rows: Iterable[Topology], model: LanguageModel, length: int, devices: Devices, catalog: Catalog
) -> list[Topology]:
    """List the slices with room by the upper account, where the model is split over all devices."""
    found = []
    for row in rows:
        size = row.tensor_parallel
        budget = replace(devices, number=size).budget
        if model.allows_tensor_parallel(size) and most_need(model, size, catalog).fits(
            length, budget
        ):
            found.append(row)
    return found


def compare(model: LanguageModel, need: Need, length: int, devices: Devices, verb: str) -> str:
    """Write the sum: what weights and one request take, and what there is."""
    parts = need.weights, need.cache(length), devices.budget
    digits = next(
        (
            count
            for count in range(1, _FINEST)
            if sum(round(part / _GIB, count) for part in parts[:2]) > round(parts[2] / _GIB, count)
        ),
        _FINEST,
    )
    weights, cache, budget = (f"{part / _GIB:.{digits}f} GiB" for part in parts)
    return (
        f"{model.id} {verb} {weights} for weights and {cache} for one request of {length} tokens, "
        f"and vLLM uses {devices}, which is {budget}"
    )


def _read_share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 < share <= 1 else None
