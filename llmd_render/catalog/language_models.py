"""Language models: geometry, licence, memory, and how they may be split over devices."""

import math
from typing import Annotated, Literal

from pydantic import Field

from .row import Count, Status, Text, _Row

_BYTES_OF_BF16 = 2
_KEY_AND_VALUE = 2
_LANES = 128
_NARROW_HEAD = 64


class LanguageModel(_Row):
    """A model by its Hugging Face id (published configurations, tpu-inference's matrix)."""

    id: Text
    family: Text
    parameters_billion: Annotated[float, Field(gt=0)]
    active_parameters_billion: float | None = None
    """Parameters a token goes through, of a mixture of experts."""
    layers: Count
    attention_heads: Count
    kv_heads: Count
    head_dim: Count
    global_layers: int = 0
    """How many of the layers have the global geometry below (Gemma 4)."""
    global_kv_heads: int = 0
    global_head_dim: int = 0
    hidden: Count
    intermediate: Count | None = None
    experts: Count | None = None
    experts_per_token: Count | None = None
    vocabulary: Count
    context: Count
    """The longest context of the configuration, in tokens."""
    sliding_window: Count | None = None
    tied_embeddings: bool
    licence: Text
    commercial_use: bool | None = None
    """None: allowed under conditions that somebody has to read."""
    gated: bool | None = None
    """Whether Hugging Face asks for a token that was granted access; None when unknown."""
    licence_status: Status
    """How sure the licence and the gate are; `status` speaks of the geometry."""
    weights_gib_bf16: Annotated[float, Field(gt=0)]
    tensor_parallel: tuple[Count, ...]
    """The valid ones among 1, 2, 4, 8 and 16."""
    support_matrix: Literal["pass", "no-hbm"] | None = None
    """Result on v6e in tpu-inference v0.27.0; None when not listed."""
    note: Text | None = None

    @property
    def kv_bytes_per_token(self) -> int:
        """Bytes of bfloat16 keys and values a token takes, each stored once and unpadded."""
        local = (self.layers - self.global_layers) * self.kv_heads * self.head_dim
        globals_ = self.global_layers * self.global_kv_heads * self.global_head_dim
        return (local + globals_) * _KEY_AND_VALUE * _BYTES_OF_BF16

    def allows_tensor_parallel(self, size: int) -> bool:
        """Say whether vLLM can split the attention heads over so many devices."""
        if self.attention_heads % size:
            return False
        if size < self.kv_heads:
            return self.kv_heads % size == 0
        return size % self.kv_heads == 0

    def kv_replicas(self, size: int) -> int:
        """Say how often each KV head is stored with this tensor parallelism."""
        return max(1, size // self.kv_heads)

    def kv_bytes_of_layers(self, size: int, *, smallest: bool) -> tuple[int, int]:
        """Return the bytes of bfloat16 keys and values a token takes on all devices together.

        The second number is the part of it in layers that may keep a window of tokens only; which
        those are is known of some models, and else all of them are. TPUs store heads in multiples
        of 128; whether those of 64 too depends on the backend, and `smallest` says that they stay.
        """
        windowed = _bytes_of(
            self.layers - self.global_layers, self.kv_heads, self.head_dim, size, smallest=smallest
        )
        whole = _bytes_of(
            self.global_layers, self.global_kv_heads, self.global_head_dim, size, smallest=smallest
        )
        return windowed + whole, windowed if self.sliding_window else 0


def _bytes_of(layers: int, heads: int, dimension: int, size: int, *, smallest: bool) -> int:
    if not layers:
        return 0
    padded = math.ceil(dimension / _LANES) * _LANES
    if smallest and dimension == _NARROW_HEAD:
        padded = dimension
    stored = heads * max(1, size // heads)
    return layers * stored * padded * _KEY_AND_VALUE * _BYTES_OF_BF16
