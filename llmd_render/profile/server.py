"""The LLMInferenceService and its vLLM model server."""
# No `from __future__ import annotations`: Pydantic would have to compile each of them at start-up.

from typing import Literal

from pydantic import Field

from .section import _Model
from .types import (
    DnsLabel,
    Duration,
    EnvName,
    ImageRef,
    Quantity,
    ServiceName,
    ShortText,
    Text,
)


class Service(_Model):
    """The LLMInferenceService."""

    name: ServiceName | None = Field(
        default=None, description="Its name, and part of the URL; the profile's name by default."
    )
    namespace: DnsLabel = Field(
        default="llm-d-inference-scheduling", description="Its namespace, and part of the URL."
    )
    replicas: int = Field(default=1, ge=1, le=64, description="Model servers, one slice each.")
    served_model_name: ShortText | None = Field(
        default=None,
        description="The name clients send as `model`; the model's own name by default.",
    )


class CompileCache(_Model):
    """A volume that keeps XLA's compiled programs across restarts."""

    size: Quantity = Field(default="20Gi", description="Size of the volume.")
    storage_class: DnsLabel | None = Field(
        default=None,
        description="StorageClass; by default the tree brings one whose disks the TPU can attach.",
    )
    access_mode: Literal["ReadWriteOnce", "ReadWriteMany"] = Field(
        default="ReadWriteOnce", description="ReadWriteMany when several replicas share it."
    )


class Server(_Model):
    """The vLLM model server."""

    image: ImageRef = Field(
        default="registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5", description="Container image."
    )
    run_as_root: bool = Field(
        default=False,
        description="Whether the image's user is root, which KServe refuses unless it is told.",
    )
    dtype: Literal["auto", "bfloat16", "float16", "float32", "half"] = Field(
        default="bfloat16", description="Type of the weights; TPUs compute in bfloat16."
    )
    max_model_len: int = Field(
        default=2048, ge=16, le=10_000_000, description="Longest prompt plus answer, in tokens."
    )
    tensor_parallel: int | None = Field(
        default=None, ge=1, le=4096, description="Chips a model is split over; all by default."
    )
    prefix_caching: bool = Field(
        default=False, description="Whether vLLM keeps the KV cache of shared prompt prefixes."
    )
    args: list[Text] = Field(
        default_factory=list, max_length=100, description="More arguments for vLLM."
    )
    env: dict[EnvName, Text] = Field(
        default_factory=dict, description="More environment variables for vLLM."
    )
    startup_budget: Duration = Field(
        default="45m",
        description="How long download, load and XLA compilation may take; drives the startup "
        "probe and every wait.",
    )
    compile_cache: CompileCache | None = Field(
        default=None, description="Keep XLA's compiled programs on a volume."
    )
