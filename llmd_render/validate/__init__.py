"""Judging a manifest as the API server would: schemas, defaults, structure and metadata."""

from .defaults import apply_defaults
from .kserve import RELEASES as KSERVE_RELEASES
from .later import later_schemas
from .metadata import check_metadata
from .objects import Admission, check_object
from .plain_values import check_values
from .store import (
    GivenCRD,
    MalformedCRDError,
    Release,
    Schema,
    SchemaStore,
    UnknownKubernetesVersionError,
)
from .structure import check_structure
from .tree import check_tree
from .unfinished import excuse_problem

__all__ = [
    "KSERVE_RELEASES",
    "Admission",
    "GivenCRD",
    "MalformedCRDError",
    "Release",
    "Schema",
    "SchemaStore",
    "UnknownKubernetesVersionError",
    "apply_defaults",
    "check_metadata",
    "check_object",
    "check_structure",
    "check_tree",
    "check_values",
    "excuse_problem",
    "later_schemas",
]
