"""Templates to files in memory."""

from .render import RenderedFile, TemplateFolder, render

__all__ = ["RenderedFile", "TemplateFolder", "render"]
