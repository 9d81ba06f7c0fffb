"""A shell script read back: whether bash can parse it, and which programs it calls, how."""

from .grammar import is_code
from .reading import Script, is_script, read_scripts
from .syntax import check_script
from .words import HOLE, Call, Word

__all__ = [
    "HOLE",
    "Call",
    "Script",
    "Word",
    "check_script",
    "is_code",
    "is_script",
    "read_scripts",
]
