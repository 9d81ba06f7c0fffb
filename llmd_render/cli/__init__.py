"""The command line of llmd-render."""

from .main import main

__all__ = ["main"]
