"""The stack: a deployment with every value decided, and how a profile becomes one."""

from .model import Stack
from .resolve import choose_machine_type, kubernetes_minor, resolve, seconds
from .server import model_name, served_model_name

__all__ = [
    "Stack",
    "choose_machine_type",
    "kubernetes_minor",
    "model_name",
    "resolve",
    "seconds",
    "served_model_name",
]
