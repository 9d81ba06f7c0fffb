"""What the API server checks of core kinds in Go, which no schema says.

The rules are those of kubernetes/kubernetes pkg/apis/*/validation after its defaulting; where
releases differ, or a feature gate decides, the laxer one holds, so that nothing is refused here
that some supported server takes.
"""

from .pods import check_embedded_pod_spec
from .registry import KINDS, check_native

__all__ = [
    "KINDS",
    "check_embedded_pod_spec",
    "check_native",
]
