"""Version numbers of GKE and Kubernetes."""

from __future__ import annotations

import re

_GKE_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+)(?:-gke\.(\d+))?)?")
_KUBERNETES_PARTS = 2


def parse_gke_version(text: str) -> tuple[int, ...]:
    """Turn `1.34.0-gke.1626000` into four numbers to compare; what is left out counts as zero."""
    match = _GKE_VERSION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a GKE version such as 1.34.0-gke.1626000")
    return tuple(int(number or 0) for number in match.groups())


def kubernetes_minor(gke_version: str) -> str:
    """Give the Kubernetes version that a GKE version is: 1.34 of 1.34.1-gke.1829001."""
    return ".".join(gke_version.split(".")[:_KUBERNETES_PARTS])
