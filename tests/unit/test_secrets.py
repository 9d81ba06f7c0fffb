"""What looks like a secret is never printed, whoever finds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import MINIMAL, run

TOKEN = "hf_" + "abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "junit", "github", "gitlab"])
@pytest.mark.parametrize(
    "profile",
    [
        MINIMAL + f"secrets: {{hfToken: {TOKEN}}}\n",
        MINIMAL + f"server: {{env: {{HF_TOKEN: {TOKEN}}}}}\n",
        MINIMAL + f"server: {{args: [--hf-token={TOKEN}]}}\n",
        MINIMAL + f"{TOKEN}: 1\n",
    ],
)
def test_a_token_in_a_profile_is_cut_to_its_prefix(
    profile: str, format_: str, tmp_path: Path
) -> None:
    (tmp_path / "p.yaml").write_text(profile)
    result = run("--profile", tmp_path / "p.yaml", "--dry-run", "--format", format_)
    assert result.exit_code == 1
    assert TOKEN not in result.output
    if format_ == "text":
        assert "hf_…" in result.output


def test_a_token_in_a_setting_is_cut_to_its_prefix() -> None:
    setting = f"server.env.HF_TOKEN={TOKEN}"
    result = run("--profile", "qwen-3b-v6e", "--dry-run", "--set", setting)
    assert result.exit_code == 1
    assert TOKEN not in result.output
