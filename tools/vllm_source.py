"""The code of a package of vLLM: its modules, and what a name in one of them stands for."""

from __future__ import annotations

import ast
import re
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


class UnreadableError(Exception):
    """The package is not written the way this reader knows."""


@dataclass(eq=False)
class Module:
    """One file: its classes, functions, other assignments, and imports from vLLM by local name."""

    path: str
    tree: ast.Module
    bound: dict[str, ast.AST] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)

    def read(self, body: list[ast.stmt]) -> None:
        """Take in what statements bind when they run."""
        for statement in body:
            match statement:
                case ast.ClassDef() | ast.FunctionDef():
                    self.bound[statement.name] = statement
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.bound[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self.bound[name] = value
                case ast.ImportFrom(module=str(origin), level=level, names=names):
                    base = self._base(level, origin)
                    self.imports |= {item.asname or item.name: (base, item.name) for item in names}
                case ast.If(test=test, body=then, orelse=otherwise):
                    # What only a type checker sees is not there at run time.
                    unseen = ast.unparse(test).endswith("TYPE_CHECKING")
                    self.read(otherwise if unseen else [*otherwise, *then])
                case ast.Try(body=then):
                    self.read(then)

    def _base(self, level: int, origin: str) -> str:
        if not level:
            return origin
        parts = self.path.removesuffix(".py").split("/")
        return ".".join([*parts[: len(parts) - level], origin])


@dataclass(eq=False)
class Package:
    """A package: its name and version, and its modules as somebody asks for them."""

    root: Path
    name: str
    version: str
    modules: dict[str, Module | None] = field(default_factory=dict)

    @cached_property
    def _zip(self) -> zipfile.ZipFile | None:
        return zipfile.ZipFile(self.root) if self.root.is_file() else None

    def text(self, path: str) -> str | None:
        """Return the text of a file; None where there is none."""
        try:
            if self._zip:
                return self._zip.read(path).decode()
            return (self.root / path).read_text(encoding="utf-8")
        except (KeyError, FileNotFoundError):
            return None

    def module(self, name: str) -> Module | None:
        """Return a module by its dotted name; None where it is not one of vLLM."""
        if name not in self.modules:
            self.modules[name] = None
            base = name.replace(".", "/")
            for path in (f"{base}.py", f"{base}/__init__.py"):
                text = self.text(path) if name.startswith("vllm") else None
                if text is not None:
                    found = Module(path, ast.parse(text))
                    self.modules[name] = found
                    found.read(found.tree.body)
                    break
        return self.modules[name]

    def resolve(self, module: Module, name: str) -> tuple[Module, ast.AST] | None:
        """Find what a name stands for, through imports; None where it is not of vLLM."""
        for _ in range(10):
            if name in module.bound:
                return module, module.bound[name]
            if name not in module.imports:
                return None
            origin, name = module.imports[name]
            following = self.module(origin)
            if following is None:
                return None
            module = following
        return None


def open_package(root: Path) -> Package:
    """Open a wheel or an unpacked folder, and read its name and version from its metadata."""
    if root.is_file():
        with zipfile.ZipFile(root) as wheel:
            paths = [path for path in wheel.namelist() if path.endswith(".dist-info/METADATA")]
            metadata = wheel.read(paths[0]).decode() if paths else ""
    else:
        paths = [str(path) for path in (root / "PKG-INFO", *root.glob("*.dist-info/METADATA"))]
        there = [Path(path) for path in paths if Path(path).is_file()]
        metadata = there[0].read_text(encoding="utf-8") if there else ""
    found = dict(re.findall(r"^(Name|Version): (\S+)$", metadata, re.MULTILINE))
    if len(found) < 2:  # noqa: PLR2004 - a name and a version
        message = f"{root} says neither in PKG-INFO nor in METADATA what it is"
        raise UnreadableError(message)
    return Package(root, found["Name"].replace("_", "-"), found["Version"])
