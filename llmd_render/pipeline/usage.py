"""What is wrong with a call, as opposed to the input that it names."""

from __future__ import annotations

from llmd_render.diagnostics import Diagnostic, InputError, Location


class UsageProblem(InputError):  # noqa: N818 - it is a problem of the call, not of the input
    """What was asked for does not exist or cannot be read."""


def usage_problem(place: str, message: str, code: str, hint: str = "") -> UsageProblem:
    """Make the problem with a thing that the call names."""
    return UsageProblem(Diagnostic(Location(place), message, code, hint=hint))
