"""Durations: as a profile writes them, and how long things usually take."""

from __future__ import annotations

from dataclasses import dataclass

_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class UsualTimes:
    """How long each thing usually takes, in words for people who wait; no time-out.

    Those of Gateway, service and backend were measured on the deployment that the first profile
    describes, the rest is what its authors report.
    """

    apis: str = "up to 2 minutes"
    network: str = "up to a minute"
    subnet: str = "half a minute"
    cluster: str = "8 to 12 minutes"
    cpu_nodes: str = "a few seconds"
    tpu_pool: str = "3 to 10 minutes"
    gateway_class: str = "up to 45 minutes from the cluster's creation"
    gateway: str = "2 to 3 minutes"
    service: str = "4 to 15 minutes"
    backend: str = "30 to 90 seconds"
    pods_gone: str = "under a minute"
    resize: str = "1 to 3 minutes"
    delete_cluster: str = "5 to 10 minutes"


def seconds(duration: str) -> int:
    """Turn a duration such as 45m into seconds."""
    return int(duration[:-1]) * _UNITS[duration[-1]]
