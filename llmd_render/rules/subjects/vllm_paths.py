"""Paths of HTTP that vLLM answers, or does not; shared by the rules about checks of health."""

from __future__ import annotations

# What other servers answer and vLLM answers with 404; of what is not here nothing is said.
_UNANSWERED = frozenset(
    {
        "/",
        "/alive",
        "/healthcheck",
        "/healthz",
        "/live",
        "/liveness",
        "/livez",
        "/ready",
        "/readiness",
        "/readyz",
        "/status",
        "/v1",
        "/v1/health",
        "/v2/health/live",
        "/v2/health/ready",
    }
)


def is_unanswered(path: object) -> bool:
    """Whether vLLM certainly answers a path with 404."""
    return isinstance(path, str) and path.partition("?")[0] in _UNANSWERED
