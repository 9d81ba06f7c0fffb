"""The benchmark that measures the deployed service."""
# No `from __future__ import annotations`: Pydantic would have to compile each of them at start-up.

from pydantic import Field

from .section import _Model
from .types import ImageRef, Scenario


class Benchmark(_Model):
    """What the benchmark sends, and whether it can run inside the cluster."""

    scenarios: list[Scenario] = Field(
        default=["1/1", "10/1", "20/5", "50/10", "100/20"],
        min_length=1,
        max_length=12,
        description="Load, step by step: requests, and how many clients send them at once.",
    )
    output_tokens: int = Field(
        default=50, ge=1, le=10_000, description="Length of each answer, in tokens."
    )
    image: ImageRef | None = Field(
        default=None,
        description="Image with guidellm 0.8 for runs inside the cluster; without it the tree has "
        "no Job for them.",
        examples=["registry.example.com/tools/guidellm:0.8.1"],
    )
