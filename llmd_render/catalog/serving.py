"""vLLM on TPU: its images, environment variables and flags."""

from typing import Literal

from .row import Text, _Row


class Image(_Row):
    """A container image of vLLM for TPU; `ref` without a tag stands for all of its tags."""

    ref: Text
    registry: Text | None = None
    vllm: Text | None = None
    """The vLLM version inside; None when it depends on the tag or is unknown."""
    tags: tuple[Text, ...] = ()
    """Tags seen in use."""
    published: bool = True
    """Whether there is an image to pull; False: `ref` is a repository to build from."""
    pull_secret_needed: bool | None = None
    runs_as_root: bool | None = None
    """None when nobody looked."""
    note: Text | None = None


class RedHatVersion(_Row):
    """The vLLM version inside a release of the Red Hat AI Inference Server."""

    version: Text
    vllm: Text
    namespace: Literal["rhaiis", "rhaii"]
    """The path of its images under registry.redhat.io."""
    note: Text | None = None


class SupportStatement(_Row):
    """The platforms on which a vendor supports llm-d."""

    vendor: Text
    platforms: tuple[Text, ...]
    note: Text


class VllmVariable(_Row):
    """An environment variable vLLM or libtpu reads; `*` in a name stands for any text."""

    name: Text
    set_by: Literal["gke", "image", "tpu-inference", "user"]
    value: Text | None = None
    """The usual or default value; None when it depends."""
    note: Text | None = None


class VllmFlag(_Row):
    """What becomes of a vLLM flag, or of some values of it, on a TPU."""

    name: Text
    verdict: Literal[
        "ignored",
        "managed",
        "not-upstream",
        "recommended",
        "removed",
        "restricted",
        "supported",
        "unsupported",
    ]
    """`restricted`: only `values` work; `ignored`: `values` do nothing; `managed`: not yours.

    `removed`: some versions have it no more; the table of flags says which.
    """
    values: tuple[Text, ...] = ()
    refused_before: Text | None = None
    """Red Hat's images refuse it before this version of vLLM, whose own backend they have."""
    use: Text | None = None
    """What to write instead."""
    note: Text | None = None
