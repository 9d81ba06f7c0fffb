"""The profile: what a person writes, its language, and how a file becomes one."""

from .layers import apply_setting, read_profile
from .load import load_profile
from .model import API_VERSION, Profile
from .schema import profile_schema

__all__ = [
    "API_VERSION",
    "Profile",
    "apply_setting",
    "load_profile",
    "profile_schema",
    "read_profile",
]
