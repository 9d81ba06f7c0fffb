"""Calls of gcloud and kubectl, judged offline by tables of what the two take."""

from .invocation import Given, Invocation, Refusal
from .judging import judge_call, read_call
from .tables import PROGRAMS, load_table
from .unknown import find_unknown_command
from .values import list_items, list_pairs

__all__ = [
    "PROGRAMS",
    "Given",
    "Invocation",
    "Refusal",
    "find_unknown_command",
    "judge_call",
    "list_items",
    "list_pairs",
    "load_table",
    "read_call",
]
