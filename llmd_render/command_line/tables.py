"""The tables that ship with the program, each read when the first call asks for it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from llmd_render.kubectl_yaml import read_document
from llmd_render.resources import data_file

from .notation import read_table

if TYPE_CHECKING:
    from .table import Table

PROGRAMS = ("gcloud", "kubectl")


@cache
def load_table(program: str) -> Table:
    """Load what we know of a program."""
    text = data_file(f"{program}.yaml").read_text(encoding="utf-8")
    return read_table(program, read_document(text))
