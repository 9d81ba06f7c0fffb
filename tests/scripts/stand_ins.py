"""Runs a rendered script with real bash, and stand-ins on PATH for all that it calls.

A stand-in is ten lines of bash that hand their arguments to a server in this process, where the
world is: that costs a few milliseconds a call, where a program of its own would cost fifty.
"""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support import need

from .cloud import is_changing, run_gcloud
from .kubernetes import run_kubectl
from .world import RefusedError, UnknownCallError, World

CLIENT = r"""#!/usr/bin/env bash
stdin=
for word; do
  [ "$word" != - ] || { stdin=$STAND_IN_FOLDER/stdin.$$ && cat >"$stdin"; }
done
exec 3<>"/dev/tcp/127.0.0.1/$STAND_IN_PORT"
printf '%s\0' "${0##*/}" "$PWD" "$stdin" "$#" "$@" >&3
read -r status error <&3
cat <&3
[ -z "$error" ] || cat "$error" >&2
exit "$status"
"""
TOOLS = (
    "gcloud",
    "gke-gcloud-auth-plugin",
    "kubectl",
    "helm",
    "helmfile",
    "kustomize",
    "make",
    "git",
    "curl",
    "skopeo",
    "podman",
)
ANSWERS = {
    ("helm", "version"): "v3.17.1\n",
    ("helm", "plugin"): "NAME VERSION\ndiff 3.9.0\n",
    ("kustomize", "version"): "v5.8.0\n",
}
TIME_LIMIT = 60


@dataclass(frozen=True)
class Call:
    """One call of a tool: what it was, and whether it changed the world."""

    tool: str
    argv: tuple[str, ...]
    changed: bool

    @property
    def changing(self) -> bool:
        """Whether it is meant to change something, whether or not it did."""
        if self.tool == "gcloud":
            return is_changing(list(self.argv))
        return self.tool == "kubectl" and bool({"apply", "delete", "annotate"} & set(self.argv))


@dataclass
class Fault:
    """What goes wrong at which call, counted from 0: `refuse`, `kill-before` or `kill-after`."""

    at: int
    how: str


@dataclass
class Run:
    """What a run of a script left: code, output, and the calls that it made."""

    code: int = -1
    out: str = ""
    err: str = ""
    calls: list[Call] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: World, folder: Path, fault: Fault | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world, self.folder, self.fault = world, folder, fault
        self.calls: list[Call] = []
        self.unknown: list[str] = []
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def _word(self) -> str:
        read = bytearray()
        while (byte := self.rfile.read(1)) not in {b"\0", b""}:
            read += byte
        return read.decode()

    def handle(self) -> None:
        tool, folder, stdin = self._word(), Path(self._word()), self._word()
        argv = [self._word() for _ in range(int(self._word()))]
        text = Path(stdin).read_text(encoding="utf-8") if stdin else ""
        with self.server.lock:
            answer = _answer(self.server, tool, argv, (folder, text))
        if answer is not None:
            self.wfile.write(answer.encode())


def _answer(server: _Server, tool: str, argv: list[str], given: tuple[Path, str]) -> str | None:
    fault = server.fault if server.fault and server.fault.at == len(server.calls) else None
    before = server.world.picture()
    status, out, error = 0, "", ""
    if fault and fault.how == "refuse":
        status, error = 1, "ERROR: the stand-in refuses this call"
    elif not (fault and fault.how == "kill-before"):
        try:
            out = _ask(server.world, tool, argv, given)
        except RefusedError as refused:
            status, error = 1, str(refused)
        except UnknownCallError as unknown:
            server.unknown.append(f"{tool} {' '.join(argv)}: {unknown}")
            status, error = 64, f"no stand-in for {unknown}"
    server.calls.append(Call(tool, tuple(argv), server.world.picture() != before))
    if fault and fault.how.startswith("kill"):
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGKILL)
        return None
    path = ""
    if error:
        path = str(server.folder / f"error.{len(server.calls)}")
        Path(path).write_text(f"{error}\n", encoding="utf-8")
    return f"{status} {path}\n{out}"


def _ask(world: World, tool: str, argv: list[str], given: tuple[Path, str]) -> str:
    if tool == "gcloud":
        return run_gcloud(world, argv)
    if tool == "kubectl":
        return run_kubectl(world, argv, *given)
    try:
        return ANSWERS[tool, argv[0]]
    except (KeyError, IndexError):
        raise UnknownCallError(f"{tool} {' '.join(argv)}") from None


def make_stand_ins(folder: Path) -> None:
    """Write a stand-in for every tool that reaches beyond this machine."""
    folder.mkdir(exist_ok=True)
    for tool in TOOLS:
        (folder / tool).write_text(CLIENT, encoding="utf-8")
        (folder / tool).chmod(0o755)


def run_script(
    script: Path,
    *args: str,
    world: World | None = None,
    fault: Fault | None = None,
    environment: dict[str, str] | None = None,
) -> Run:
    """Run a script in a world, which it changes; fails when it calls what no stand-in knows."""
    need("jq")
    bash = os.environ.get("LLMD_RENDER_BASH") or need("bash")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_stand_ins(folder / "bin")
        server = _Server(world or World(), folder, fault)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        settings: dict[str, Any] = {
            "PATH": f"{folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": place,
            "TMPDIR": place,
            "WAIT_INTERVAL": "0",
            "STAND_IN_PORT": str(server.server_address[1]),
            "STAND_IN_FOLDER": place,
            **(environment or {}),
        }
        process = subprocess.Popen(
            [bash, str(script), *args],
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        server.process = process
        try:
            out, err = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            server.shutdown()
            server.server_close()
        left = [path.name for path in folder.glob("llmd-render.*")]
    assert not server.unknown, server.unknown
    assert fault or not left, "a script cleans up after itself"
    return Run(process.returncode, out.decode(), err.decode(), server.calls)
