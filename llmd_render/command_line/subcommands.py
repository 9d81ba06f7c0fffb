"""The words that groups of commands have, and what people mean who write others."""

from __future__ import annotations

from functools import cache
from typing import Any

from llmd_render.kubectl_yaml import read_document
from llmd_render.resources import data_file


@cache
def _load() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read_document(
        data_file("commands.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def load_subcommands(program: str) -> dict[str, tuple[str, ...]]:
    """Load the words that may follow each group of commands of a program."""
    return {group: tuple(words.split()) for group, words in _load()[program].items()}


def find_meant(text: str) -> str:
    """Find what stands in for a command, or a flag behind its command, that never was."""
    return str(_load()["meant"].get(text, ""))
