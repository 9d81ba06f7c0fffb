"""CustomResourceDefinitions of the user's: read from files, downloaded, listed.

What downloads is in `llmd_render.crds.sync`, to be imported when something is to be downloaded:
the rest needs no network code.
"""

from .listing import SchemaRow, describe_schemas
from .reading import LoadedCRDs, load_crds

__all__ = ["LoadedCRDs", "SchemaRow", "describe_schemas", "load_crds"]
