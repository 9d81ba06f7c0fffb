"""The maintainers' script that reads the flags of vLLM, on small packages written for the test."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from llmd_render.catalog.flag_table import FlagTable, VllmRelease, load_flag_table

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "read_vllm_flags.py"

ENGINE = """
import argparse, json
from typing import TYPE_CHECKING, Literal, Optional, Union
from vllm.config import ModelConfig, Nested
if TYPE_CHECKING:
    from somewhere import Methods
else:
    Methods = str

def literal_to_kwargs(type_hints):
    return {"metavar": []}

def _compute_kwargs(cls):
    if name == "max_model_len":
        kind = human_readable_int_or_auto
    elif name in {"max_tokens"}:
        kind = human_readable_int
    if hints == {bool, str, type(None)}:
        pass

class EngineArgs:
    @staticmethod
    def add_cli_args(parser):
        model_kwargs = get_kwargs(ModelConfig)
        model_kwargs["late"]["type"] = optional_type(json.loads)
        group = parser.add_argument_group(title="ModelConfig")
        if not "serve" in sys.argv:
            group.add_argument("--model", **model_kwargs["model"])
        for name in ("dtype",):
            pass
        group.add_argument("--dtype", "-d", **model_kwargs["dtype"])
        group.add_argument("--open-dtype", **model_kwargs["open_dtype"])
        group.add_argument("--max-model-len", **model_kwargs["max_model_len"])
        group.add_argument("--max-tokens", **model_kwargs["max_tokens"])
        group.add_argument("--depth", **{**model_kwargs["depth"], "default": None})
        group.add_argument("--share", **model_kwargs["share"])
        group.add_argument("--token", **model_kwargs["token"])
        group.add_argument("--enable-cache", "-ec", **model_kwargs["enable_cache"])
        group.add_argument("--sizes", **model_kwargs["sizes"])
        group.add_argument("--traces", **model_kwargs["traces"])
        group.add_argument("--nested", **model_kwargs["nested"])
        group.add_argument("--overrides", **model_kwargs["overrides"])
        group.add_argument("--loose", **model_kwargs["loose"])
        group.add_argument("--late", **model_kwargs["late"])
        group.add_argument("--inherited", **model_kwargs["inherited"])
        group.add_argument("--method", **model_kwargs["method"])
        lowered = model_kwargs["lowered"]
        lowered["type"] = lambda text: text.lower()
        group.add_argument("--lowered", **lowered)
        for arg, type in [("--old-one", str), ("--old-two", int)]:
            group.add_argument(arg, type=type, help="x", deprecated=True)
        group.add_argument("--mystery", **made_elsewhere())
        return parser

class AsyncEngineArgs(EngineArgs):
    @staticmethod
    def add_cli_args(parser, async_args_only=False):
        if not async_args_only:
            parser = EngineArgs.add_cli_args(parser)
        parser.add_argument("--enable-log", action=argparse.BooleanOptionalAction)
        parser.add_argument("--quiet", action="store_true", help="says nothing")
        return parser
"""

CONFIG = """
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Optional, Union
from vllm.names import DType
Size = Literal[8, 16]

@dataclass
class Nested:
    a: int = 1

class Base:
    inherited: float = 0.5

@config
@dataclass
class ModelConfig(Base):
    hidden: ClassVar[int] = 1
    model: str = "x"
    dtype: DType = "auto"
    open_dtype: Union[str, DType] = "auto"
    max_model_len: Optional[int] = None
    max_tokens: Annotated[int, "positive"] = 1
    depth: int | None = None
    share: float = 0.9
    token: bool | str | None = None
    enable_cache: Optional[bool] = None
    sizes: list[int] = None
    traces: Optional[list[Literal["all", "model"]]] = None
    nested: Optional[Nested] = None
    overrides: dict[str, Any] = None
    loose: Union[dict, Unknown] = None
    late: Optional[Any] = None
    method: Methods = None
    lowered: Literal["a", "b"] = "a"
"""

ENTRY = """
from vllm.engine.arg_utils import AsyncEngineArgs

class BaseFrontendArgs:
    chat: Optional[str] = None

    @classmethod
    def _customize_cli_kwargs(cls, frontend_kwargs):
        frontend_kwargs["chat"]["nargs"] = "+"
        return frontend_kwargs

    @classmethod
    def add_cli_args(cls, parser):
        frontend_kwargs = get_kwargs(cls)
        frontend_kwargs = cls._customize_cli_kwargs(frontend_kwargs)
        for key, value in frontend_kwargs.items():
            group.add_argument(f"--{key.replace('_', '-')}", **value)
        return parser

class FrontendArgs(BaseFrontendArgs):
    port: int = 8000
    allowed_origins: list[str] = None

    @classmethod
    def _customize_cli_kwargs(cls, frontend_kwargs):
        frontend_kwargs = super()._customize_cli_kwargs(frontend_kwargs)
        frontend_kwargs["allowed_origins"]["type"] = json.loads
        del frontend_kwargs["allowed_origins"]["nargs"]
        return frontend_kwargs

def make_arg_parser(parser):
    parser.add_argument("model_tag", nargs="?")
    parser.add_argument("--config")
    parser = FrontendArgs.add_cli_args(parser)
    return AsyncEngineArgs.add_cli_args(parser)
"""

SERVE = """
from vllm.entrypoints.openai.cli_args import make_arg_parser

class ServeSubcommand:
    def subparser_init(self, subparsers):
        serve_parser = make_arg_parser(subparsers.add_parser("serve"))
        serve_parser.add_argument("--grpc", action="store_true")
        return serve_parser
"""

PARSER = """
class Switch(BooleanOptionalAction):
    _inverse_prefixes = {"--enable-": "--disable-"}
"""


def package(folder: Path, version: str, engine: str = ENGINE, parser: str = "") -> Path:
    """Write an unpacked package of vLLM."""
    texts = {
        "PKG-INFO": f"Metadata-Version: 2.4\nName: vllm\nVersion: {version}\n\nRuns models.\n",
        "vllm/engine/arg_utils.py": engine,
        "vllm/config/__init__.py": "from vllm.config.model import ModelConfig, Nested\n",
        "vllm/config/model.py": CONFIG,
        "vllm/names.py": 'from typing import Literal\nDType = Literal["auto", "half"]\n',
        "vllm/entrypoints/openai/cli_args.py": ENTRY,
        "vllm/entrypoints/cli/serve.py": SERVE,
        "vllm/utils/argparse_utils.py": parser,
    }
    root = folder / f"vllm-{version}"
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def read(folder: Path, *packages: Path) -> str:
    output = folder / "table.json"
    command = [sys.executable, str(SCRIPT), "--date", "2026-01-02", "--output", str(output)]
    subprocess.run([*command, *map(str, packages)], check=True, timeout=60)
    return output.read_text(encoding="utf-8")


def facts(text: str) -> dict[str, Any]:
    """Give each flag of a table of one package with what is said of it."""
    rows = json.loads(text)["flags"]
    return {
        row["name"]: {key: row[key] for key in row if key not in {"name", "in"}} for row in rows
    }


def test_flags_are_read_with_their_kinds_choices_and_spellings(tmp_path: Path) -> None:
    found = facts(read(tmp_path, package(tmp_path, "1.0.0")))
    assert found == {
        "--allowed-origins": {"kind": "json"},
        "--chat": {"kind": "text", "values": "many"},
        "--config": {"kind": "text"},
        "--depth": {"kind": "integer"},
        "--dtype": {"kind": "choice", "choices": ["auto", "half"], "also": ["-d"]},
        "--enable-cache": {"kind": "boolean", "values": "none", "also": ["-ec"]},
        "--enable-log": {"kind": "boolean", "values": "none"},
        "--grpc": {"kind": "switch", "values": "none"},
        "--inherited": {"kind": "number"},
        "--late": {"kind": "json"},
        "--loose": {"kind": "any"},
        "--lowered": {"kind": "any"},
        "--max-model-len": {"kind": "size-or-auto"},
        "--max-tokens": {"kind": "size"},
        "--method": {"kind": "text"},
        "--model": {"kind": "text"},
        "--mystery": {"kind": "any", "values": "any"},
        "--nested": {"kind": "json"},
        "--old-one": {"kind": "text", "deprecated": True},
        "--old-two": {"kind": "integer", "deprecated": True},
        "--open-dtype": {"kind": "text"},
        "--overrides": {"kind": "json"},
        "--port": {"kind": "integer"},
        "--quiet": {"kind": "switch", "values": "none"},
        "--share": {"kind": "number"},
        "--sizes": {"kind": "integer", "values": "many"},
        "--token": {"kind": "text", "values": "optional"},
        "--traces": {"kind": "choice", "choices": ["all", "model"], "values": "many"},
    }


def test_newer_versions_spell_the_opposite_in_two_ways(tmp_path: Path) -> None:
    found = facts(read(tmp_path, package(tmp_path, "1.0.0", parser=PARSER)))
    assert found["--enable-log"]["also"] == ["--disable-log"]


def test_what_two_versions_share_is_one_row_and_the_same_bytes_come_again(tmp_path: Path) -> None:
    newer = ENGINE.replace('"--quiet"', '"--silent"').replace('"--depth"', '"--depth", "-de"')
    roots = [package(tmp_path, "1.10.0", newer), package(tmp_path, "1.9.0")]
    text = read(tmp_path, *roots)
    assert read(tmp_path, *reversed(roots)) == text
    rows = json.loads(text)["flags"]
    there = {name: [row["in"] for row in rows if row["name"] == name] for name in ("--port",)}
    assert there == {"--port": [[["vllm", "1.9.0", "1.10.0"]]]}
    lines = text.splitlines()
    start = '  {"name": "--quiet", "kind": "switch", "values": "none", "in": '
    assert f'{start}[["vllm", "1.9.0", "1.9.0"]]}},' in lines
    start = '  {"name": "--silent", "kind": "switch", "values": "none", "in": '
    assert f'{start}[["vllm", "1.10.0", "1.10.0"]]}},' in lines
    assert len([line for line in lines if '"--depth"' in line]) == 2
    assert json.loads(text)["packages"][0] == {
        "package": "vllm 1.9.0",
        "files": [
            "vllm/config/model.py",
            "vllm/engine/arg_utils.py",
            "vllm/entrypoints/cli/serve.py",
            "vllm/entrypoints/openai/cli_args.py",
        ],
        "as_of": "2026-01-02",
    }


def test_a_wheel_is_read_like_a_folder(tmp_path: Path) -> None:
    root = package(tmp_path, "1.0.0")
    wheel = tmp_path / "vllm-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in root.rglob("*.py"):
            archive.write(path, path.relative_to(root))
        archive.write(root / "PKG-INFO", "vllm-1.0.0.dist-info/METADATA")
    assert read(tmp_path, wheel) == read(tmp_path, root)


def test_a_package_of_an_unknown_shape_is_refused(tmp_path: Path) -> None:
    root = package(tmp_path, "1.0.0")
    (root / "vllm/entrypoints/openai/cli_args.py").unlink()
    command = [sys.executable, str(SCRIPT), "--date", "x", "--output", str(tmp_path / "t")]
    result = subprocess.run(
        [*command, str(root)], check=False, timeout=60, capture_output=True, text=True
    )
    assert result.returncode != 0
    assert "has no make_arg_parser where this script looks for it" in result.stderr
    assert not (tmp_path / "t").exists()


def test_the_table_that_is_shipped_knows_when_flags_came_and_went() -> None:
    table = load_flag_table()
    assert {item.package for item in table.releases} == {"vllm", "vllm-tpu"}
    had = {item for form in table.forms("--disable-log-requests") for item in form.releases}
    versions = [item.version for item in table.releases if item.package == "vllm" and item in had]
    assert versions == [
        *("0.9.2", "0.10.0", "0.10.1.1", "0.11.0", "0.11.1", "0.11.2", "0.12.0", "0.13.0"),
        "0.33.0",
    ]
    (form,) = [
        item
        for item in table.forms("--max-model-len")
        if VllmRelease("vllm", "0.11.2") in item.releases
    ]
    assert (form.kind, form.values) == ("size", "one")
    assert {len(table.forms(name)) > 0 for name in ("-tp", "-q", "--no-enable-lora")} == {True}
    assert table.forms("--prefix-cache-block-size") == []


def test_a_table_lists_what_some_releases_have() -> None:
    table = FlagTable(
        {
            "packages": [{"package": "vllm 1"}, {"package": "vllm 2"}],
            "flags": [
                {"name": "--aa", "kind": "boolean", "also": ["-a"], "in": [["vllm", "1", "2"]]},
                {"name": "--ab", "kind": "text", "in": [["vllm", "2", "2"]]},
            ],
        }
    )
    assert table.names([VllmRelease("vllm", "1")]) == ["--aa", "-a", "--no-aa"]
    assert table.begins("--a") == ["--aa", "--ab"]
