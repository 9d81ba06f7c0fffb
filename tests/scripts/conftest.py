"""Fixtures that more than one file of these tests uses."""

from __future__ import annotations

import shlex
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from benchmark_world import KUBECTL, World
from scripts.model_server import Answer, Model, Request, as_json, serve
from scripts.service_desk import Bench, render

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def cached_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(tmp_path_factory.mktemp("cached"), "server.prefixCaching=true")


@pytest.fixture
def bench(cached_tree: Path, tmp_path: Path) -> Bench:
    return Bench(cached_tree, tmp_path / "state")


@pytest.fixture
def dead_port() -> Iterator[int]:
    """Give a port that is taken, so that nobody else can listen on it, and refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[World]:
    """Give a machine with guidellm's stand-in, and a model server that keeps what comes in."""
    world = World(tmp_path, 0)

    def keep(request: Request) -> Answer:
        world.seen.append((request.version, request.path, request.data()))
        return as_json({})

    guidellm = f'exec {shlex.quote(sys.executable)} {HERE / "guidellm_standin.py"} "$@"'
    with serve(Model("", replies={"": keep})) as world.port:
        world.install("kubectl", KUBECTL)
        world.install("guidellm", f"#!/bin/sh\n{guidellm}\n")
        yield world
