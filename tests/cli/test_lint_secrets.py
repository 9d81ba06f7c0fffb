"""Secrets in clear text, wherever in a folder somebody left them."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from support import run

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
KEY = f"-----BEGIN PRIVATE KEY-----\n{'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC' * 2}\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
HINT = "revoke it, remove it, and read it from a file or standard input"


def found(folder: Path) -> list[tuple[str, int, int, str, str]]:
    shown = json.loads(run("lint", "--format", "json", folder).stdout)
    return [
        (
            item["file"].removeprefix(f"{folder.as_posix()}/"),
            *(item[field] for field in ("line", "column", "code", "message")),
        )
        for item in shown["diagnostics"]
    ]


@pytest.mark.parametrize(
    "name",
    [".env", ".env.local", "Dockerfile", "Makefile", "a.json", "a.py", "a.tfvars", "a.yaml.j2"],
)
def test_a_token_in_a_file_of_another_tool_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "ok.yaml").write_text(CONFIG_MAP)
    (tmp_path / name).write_text(f"\nTOKEN = {TOKEN}\n")
    message = "a token of Hugging Face stands here in clear text"
    assert found(tmp_path) == [(name, 2, 9, "secret-value-in-text", message)]


def test_nothing_else_is_said_of_files_of_other_tools(tmp_path: Path) -> None:
    (tmp_path / "ok.yaml").write_text(CONFIG_MAP)
    (tmp_path / "tsconfig.json").write_text("// not what JSON allows\n{,}\n")
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "Makefile").write_text("all:\n\tgcloud container clusters craete\n")
    assert found(tmp_path) == []


def test_the_excerpt_does_not_repeat_the_token(tmp_path: Path) -> None:
    (tmp_path / "ok.yaml").write_text(CONFIG_MAP)
    (tmp_path / ".env").write_text(f"TOKEN={TOKEN}\n")
    result = run("lint", tmp_path)
    assert "TOKEN=hf_…" in result.output
    assert TOKEN not in result.output
    assert f"hint: {HINT}" in result.output


@pytest.mark.parametrize("name", ["deploy.bash", "deploy"])
def test_a_script_is_known_by_its_suffix_or_its_first_line(tmp_path: Path, name: str) -> None:
    script = "#!/usr/bin/env bash\ngcloud container clusters list --fromat=json --project=p\n"
    (tmp_path / name).write_text(script)
    (tmp_path / "LICENSE").write_text("Apache\n")
    codes = [(item[0], item[1], item[3]) for item in found(tmp_path)]
    assert codes == [(name, 2, "gcloud-flag-unknown")]


MANIFEST, TEXT = "secret-value-in-manifest", "secret-value-in-text"
HOLDER = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
LOGIN = """{.dockerconfigjson: '{"auths": {"a.io": {"password": "x7"}}}'}"""
CASES = {
    "comment": (f"# {TOKEN}\n{CONFIG_MAP}", 1, 3, TEXT, "a token of Hugging Face"),
    "values": (f"hub:\n  token: {TOKEN}\n", 2, 10, TEXT, "a token of Hugging Face"),
    "value": (f"{CONFIG_MAP}data: {{t: {TOKEN}}}\n", 4, 11, MANIFEST, "a token of Hugging Face"),
    "key": (f"{CONFIG_MAP}data: {{t: {json.dumps(KEY)}}}\n", 4, 11, MANIFEST, "a private key"),
    "key in base64": (
        f"{HOLDER}data: {{tls.key: {b64encode(KEY.encode()).decode()}}}\n",
        *(4, 17, MANIFEST, "a private key in base64"),
    ),
    "registry": (
        f"{HOLDER}type: kubernetes.io/dockerconfigjson\nstringData: {LOGIN}\n",
        *(5, 33, MANIFEST, "the password of a registry"),
    ),
}


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "what"), CASES.values(), ids=CASES.keys()
)
def test_yaml_is_searched_whole_and_each_secret_found_once(
    tmp_path: Path, text: str, line: int, column: int, code: str, what: str
) -> None:
    (tmp_path / "a.yaml").write_text(text)
    (place,) = [item for item in found(tmp_path) if item[3].startswith("secret")]
    assert place[:4] == ("a.yaml", line, column, code)
    assert place[4].startswith(f"{what} stands here")


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n",
        "token: hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
    ],
)
def test_examples_are_no_secrets(tmp_path: Path, text: str) -> None:
    (tmp_path / "ok.yaml").write_text(CONFIG_MAP)
    (tmp_path / "example.txt").write_text(text)
    assert found(tmp_path) == []


def test_a_login_without_password_is_no_secret(tmp_path: Path) -> None:
    for number, login in enumerate(("{}", '{"auth": ""}', '{"password": "${PASSWORD}"}')):
        config = json.dumps({"auths": {"a.io": json.loads(login)}})
        (tmp_path / f"{number}.yaml").write_text(
            f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a{number}}}\n"
            f"stringData: {{.dockerconfigjson: '{config}'}}\n"
        )
    assert [item for item in found(tmp_path) if item[3].startswith("secret")] == []
