"""Whether what an object leaves out may come from elsewhere; shared by rules about trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.kustomization import is_kustomization

from .objects import KSERVE, group_of, objects, value_at

if TYPE_CHECKING:
    from llmd_render.manifest import Manifest, Tree

_CHANGES = (
    "components",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "transformers",
)


def is_complete(tree: Tree, manifest: Manifest) -> bool:
    """Whether nothing in the tree adds to an object: no patch and no configuration of KServe.

    What KServe's own presets add is another question.
    """
    if is_patched(tree):
        return False
    if group_of(manifest) != KSERVE:
        return True
    inherits = value_at(manifest.data, "spec", "baseRefs")
    return not inherits and not any(objects(tree, KSERVE, "LLMInferenceServiceConfig"))


def is_patched(tree: Tree) -> bool:
    """Whether a kustomization of the tree changes objects, whichever those are."""
    return any(
        is_kustomization(item.file) and any(value_at(item.data, key) for key in _CHANGES)
        for item in tree.manifests
    )
