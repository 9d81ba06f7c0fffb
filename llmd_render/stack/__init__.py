"""The stack: a deployment with every value decided, and how a profile becomes one."""

from .cluster import choose_machine_type, find_quota
from .durations import seconds
from .server import model_name, served_model_name
from .stack import Stack, resolve

__all__ = [
    "Stack",
    "choose_machine_type",
    "find_quota",
    "model_name",
    "resolve",
    "seconds",
    "served_model_name",
]
