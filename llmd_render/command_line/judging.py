"""Calls of scripts, read and judged by the table of their program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .gcloud import judge_gcloud_call, read_gcloud_call
from .keys import find_unknown_keys
from .kubectl import judge_kubectl_call, read_kubectl_call
from .tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.script import Call

    from .invocation import Invocation, Refusal

_READERS = {"gcloud": read_gcloud_call, "kubectl": read_kubectl_call}


def read_call(call: Call) -> Invocation | None:
    """Take a call apart; nothing where no table knows the program or the command."""
    program = name_program(call)
    read = _READERS.get(program)
    return read(call, load_table(program)) if read else None


def name_program(call: Call) -> str:
    """Name the program of a call without the folder that it is called in."""
    return call.program.rpartition("/")[2]


def judge_call(invocation: Invocation) -> Iterator[Refusal]:
    """Find what the program would refuse in a call, and keys of its answer that are not there."""
    program = name_program(invocation.call)
    table = load_table(program)
    if program == "gcloud":
        yield from judge_gcloud_call(invocation, table)
        yield from find_unknown_keys(invocation)
    else:
        yield from judge_kubectl_call(invocation, table)
