"""What the benchmark sends, and the Job that sends it from inside the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmd_render.profile import Profile

    from .install import PullSecret
    from .server import Service

_PROMPT_WORDS = 128
_SHARED_WORDS = 1024
_SERIAL_REQUESTS_OF_CACHE_TEST = 5


@dataclass(frozen=True, slots=True)
class BenchmarkJob:
    """The Job, the ConfigMap with its scenarios, and the NetworkPolicies of its pod."""

    name: str
    scenarios: str
    image: str
    pull_secret: str
    component: str
    ingress: str
    egress: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Scenarios as `requests/clients`, lengths of prompts and answers, the Job."""

    scenarios: str
    cache_requests: int
    output_tokens: int
    prompt_words: int
    shared_words: int
    prefix_caching: bool
    job: BenchmarkJob | None


def resolve_benchmark(
    profile: Profile, service: Service, pull_secret: PullSecret | None
) -> Benchmark:
    """Decide what the benchmark sends; a prompt never fills more than half of the context."""
    length = profile.server.max_model_len
    return Benchmark(
        scenarios=" ".join(profile.benchmark.scenarios),
        cache_requests=_SERIAL_REQUESTS_OF_CACHE_TEST,
        output_tokens=profile.benchmark.output_tokens,
        # A word is one token or two.
        prompt_words=min(_PROMPT_WORDS, length // 8),
        shared_words=min(_SHARED_WORDS, length // 4),
        prefix_caching=profile.server.prefix_caching,
        job=_resolve_job(profile, service, pull_secret),
    )


def _resolve_job(
    profile: Profile, service: Service, pull_secret: PullSecret | None
) -> BenchmarkJob | None:
    image = profile.benchmark.image
    if image is None:
        return None
    shared = pull_secret is not None and image.startswith(f"{pull_secret.registry}/")
    return BenchmarkJob(
        name=f"{service.name}-benchmark",
        scenarios=f"{service.name}-benchmark-scenarios",
        image=image,
        pull_secret=pull_secret.name if pull_secret and shared else "",
        component="llminferenceservice-benchmark",
        ingress=f"{service.name}-benchmark-ingress",
        egress=f"{service.name}-benchmark-egress",
    )
