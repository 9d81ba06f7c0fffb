"""What a secret looks like; shared by the rules that look for one in clear text."""

from __future__ import annotations

import re

NAME = re.compile(r"(^|_)(TOKEN|SECRET|PASSWORD|API_?KEY|ACCESS_KEY)$", re.IGNORECASE)
"""Names of environment variables that hold one."""

TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{20,}")
"""A token of Hugging Face."""

FLAGS = {"--api-key", "--hf-token"}
"""Flags of vLLM that take one."""
