r"""A script reads the quota of TPU chips that GKE counts against.

Each kind of TPU has a quota of Compute Engine, which GKE uses, and another one of the Cloud TPU
API. To read or to raise the other one says nothing about node pools and changes nothing for them.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/tpus#ensure-quota (2026)

Passes:

    quota.sh: |
      gcloud beta quotas info describe TPUS-PER-TPU-FAMILY-per-project-region \
        --service=compute.googleapis.com --project=my-project

Fails:

    quota.sh: |
      gcloud beta quotas info describe TPUV6EPerProjectPerZoneForTPUAPI \
        --service=tpu.googleapis.com --project=my-project
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_DESCRIBE = "beta quotas info describe"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, _DESCRIBE):
        word = call.arguments[0] if call.arguments else None
        instead = _find_instead(word.text) if word and word.is_known else ()
        if word and instead:
            yield violate(
                word,
                call,
                f"{word.text} is a quota of the Cloud TPU API, which GKE does not use",
                f"read {' or '.join(instead)} of compute.googleapis.com",
            )


def _find_instead(quota_id: str) -> tuple[str, ...]:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only such scripts need it

    rows = load_catalog().quotas.values()
    unused = {row.accelerator for row in rows if row.quota_id == quota_id and not row.used_by_gke}
    return tuple(
        row.quota_id
        for row in rows
        if row.accelerator in unused and row.used_by_gke and row.quota_id
    )


RULE = TreeRule("tpu-quota-unused-by-gke", Severity.WARNING, _check, acknowledgeable=True)
