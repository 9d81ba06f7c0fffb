"""The boot disk of a TPU node has room for the model that is downloaded to it.

KServe downloads a model of `hf://` into an emptyDir volume, which lies on the boot disk of the
node, beside the image of vLLM. Where the disk runs full, GKE evicts the Pod, and the download
begins anew.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes (2026)

Passes:

    model: {uri: hf://mistralai/Mixtral-8x7B-Instruct-v0.1}
    cluster: {tpuPool: {bootDiskSize: 200}}

Fails:

    model: {uri: hf://mistralai/Mixtral-8x7B-Instruct-v0.1}
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import model_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile

_STEP = 10
# In GiB, for images and logs. Nobody says how large those are; the hint tells what is left.
_BESIDE = 20


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model = model_row(profile, catalog)
    if model is None:
        return
    asked = profile.cluster.tpu_pool.boot_disk_size
    size = asked or int(catalog.sizing["boot-disk-gb"].value)
    share = catalog.sizing["boot-disk-share"].value
    if model.weights_gib_bf16 <= size * share:
        return
    enough = math.ceil((model.weights_gib_bf16 + _BESIDE) / share / _STEP) * _STEP
    yield Violation(
        ("cluster", "tpuPool", "bootDiskSize") if asked else ("model", "uri"),
        f"{model.id} is {model.weights_gib_bf16:g} GiB to download, and of a boot disk of {size} "
        f"GB{'' if asked else ', which is what GKE gives a node,'} {size * share:.1f} GiB can be "
        "filled before GKE evicts Pods",
        f"set cluster.tpuPool.bootDiskSize to {enough}, which leaves "
        f"{enough * share - model.weights_gib_bf16:.0f} GiB for the image of vLLM and logs, or "
        "serve the model from a volume with pvc://",
    )


RULE = ProfileRule("model-download-exceeds-disk", Severity.WARNING, _check)
