"""The values for llm-d-infra-xks hold no switch that nothing reads.

`certManager.enabled`, `sailOperator.enabled` and `lwsOperator.enabled` stand in the values file of
that repository, and its helmfile never looks at them. `make deploy` installs Istio whatever they
say; what is installed is decided by the make target.

Source: https://github.com/aneeshkp/llm-d-infra-xks, helmfile.yaml.gotmpl at 7749a9a (2026-02-09)

Passes:

    values.yaml: |
      useSystemPodmanAuth: true

Fails:

    values.yaml: |
      useSystemPodmanAuth: true
      sailOperator:
        enabled: false
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

# Keys that the helmfile does read, and by which its values are known from those of any chart.
_READ = ("useSystemPodmanAuth", "pullSecretFile")
_TARGETS = {
    "certManager": "make deploy-cert-manager",
    "lwsOperator": "make deploy-lws",
    "sailOperator": "make deploy-istio",
}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for manifest in tree.manifests:
        name = manifest.file.rpartition("/")[2]
        if name not in {"values.yaml", "values.yml"} or not isinstance(manifest.data, dict):
            continue
        if not any(key in manifest.data for key in _READ):
            continue
        for key, target in _TARGETS.items():
            if value_at(manifest.data, key, "enabled") is not None:
                yield TreeViolation(
                    manifest,
                    Violation(
                        (key, "enabled"),
                        f"nothing reads {key}.enabled; what is installed is what make is told",
                        f"remove it; `{target}` installs that part, and no other target does "
                        "but deploy and deploy-all",
                        key=True,
                    ),
                )


RULE = TreeRule("infrastructure-values-ignored", Severity.INFO, _check, acknowledgeable=True)
