"""Runs a rendered script with real bash, and stand-ins on PATH for all that it calls.

A stand-in is ten lines of bash that hand their arguments to a server in this process, where the
world is: that costs a few milliseconds a call, where a program of its own would cost fifty.
"""

from __future__ import annotations

import os
import pty
import re
import signal
import socketserver
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support import need

from .cloud import is_changing, run_gcloud
from .kubernetes import run_kubectl
from .tools import Place, read_home, run_tool, write_home
from .world import RefusedError, UnknownCallError, World

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = r"""#!/usr/bin/env bash
stdin=
for word; do
  [ "$word" != - ] || { stdin=$STAND_IN_FOLDER/stdin.$$ && cat >"$stdin"; }
done
exec 3<>"/dev/tcp/127.0.0.1/$STAND_IN_PORT"
printf '%s\0' "${0##*/}" "$PWD" "$stdin" "${KUBECONFIG:-}" "${REGISTRY_AUTH_FILE:-}" \
  "$#" "$@" >&3
read -r status error <&3
[ "$status" != stay ] || exec cat <&3
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
        words = set(self.argv)
        if self.tool == "gcloud":
            return is_changing(list(self.argv))
        if self.tool == "git":
            return bool({"init", "fetch", "checkout"} & words)
        if self.tool == "kubectl":
            made = "create" in words and "configmap" in words
            return made or bool({"apply", "delete", "annotate"} & words)
        return self.tool in {"make", "helmfile"}


@dataclass
class Fault:
    """What goes wrong at which call, counted from 0: `refuse`, `kill-before` or `kill-after`."""

    at: int
    how: str


@dataclass
class Run:
    """What a run of a script left: code, output, the calls that it made, what these read."""

    code: int = -1
    out: str = ""
    err: str = ""
    calls: list[Call] = field(default_factory=list)
    reads: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def lines(self) -> list[str]:
        """The calls as lines."""
        return [" ".join([call.tool, *call.argv]) for call in self.calls]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: World, folder: Path, fault: Fault | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world, self.folder, self.fault = world, folder, fault
        self.calls: list[Call] = []
        self.reads: set[tuple[str, str, str]] = set()
        self.unknown: list[str] = []
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def plain(self, text: str) -> str:
        """Give what differs from run to run, which is where temporary files are, one name."""
        text = text.replace(str(self.folder), "/desk")
        return re.sub(r"(llmd-render)\.(?!X{6})\w{6}\b", r"\1.X", text)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def _word(self) -> str:
        read = bytearray()
        while (byte := self.rfile.read(1)) not in {b"\0", b""}:
            read += byte
        return read.decode()

    def handle(self) -> None:
        tool, folder, stdin = self._word(), Path(self._word()), self._word()
        place = Place(folder, "", self._word(), self._word(), self.server.reads)
        argv = [self._word() for _ in range(int(self._word()))]
        if stdin:
            place.stdin = Path(stdin).read_text(encoding="utf-8")
        with self.server.lock:
            answer = _answer(self.server, tool, argv, place)
        if answer is not None:
            self.wfile.write(answer.encode())
            if answer.startswith("stay"):
                self.rfile.read()


def _answer(server: _Server, tool: str, argv: list[str], place: Place) -> str | None:
    fault = server.fault if server.fault and server.fault.at == len(server.calls) else None
    before = server.world.picture()
    status, out, error = "0", "", ""
    if fault and fault.how == "refuse":
        status, error = "1", "ERROR: the stand-in refuses this call"
    elif not (fault and fault.how == "kill-before"):
        try:
            out = _ask(server, tool, argv, place)
        except RefusedError as refused:
            status, error = str(refused.code), str(refused)
        except UnknownCallError as unknown:
            server.unknown.append(f"{tool} {' '.join(argv)}: {unknown}")
            status, error = "64", f"no stand-in for {unknown}"
    changed = server.world.picture() != before
    server.calls.append(Call(tool, tuple(map(server.plain, argv)), changed))
    if fault and fault.how.startswith("kill"):
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGKILL)
        return None
    path = ""
    if error:
        path = str(server.folder / f"error.{len(server.calls)}")
        Path(path).write_text(f"{error}\n", encoding="utf-8")
    if status == "0" and "port-forward" in argv:
        status = "stay"
    return f"{status} {path}\n{out}"


def _ask(server: _Server, tool: str, argv: list[str], place: Place) -> str:
    world, line = server.world, " ".join([tool, *argv])
    past = "\n".join(" ".join([call.tool, *call.argv]) for call in server.calls)
    for answer in world.answers:
        if re.search(answer.pattern, line) and re.search(answer.after, past):
            if answer.code:
                raise RefusedError(answer.text.rstrip("\n"), answer.code)
            return answer.text
    if tool == "gcloud":
        return run_gcloud(world, argv)
    if tool == "kubectl":
        return run_kubectl(world, argv, place)
    return run_tool(world, tool, argv, place)


def make_stand_ins(folder: Path, without: tuple[str, ...] = ()) -> None:
    """Write a stand-in for every tool that reaches beyond this machine."""
    for name in ("bin", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "bin/client").write_text(CLIENT, encoding="utf-8")
    (folder / "bin/client").chmod(0o755)
    for tool in set(TOOLS) - set(without):
        (folder / "bin" / tool).symlink_to("client")


@contextmanager
def _typed(text: str) -> Iterator[int]:
    """Open a terminal on which a text was typed already."""
    master, slave = pty.openpty()
    os.write(master, text.encode())
    try:
        yield slave
    finally:
        os.close(master)
        os.close(slave)


def run_script(
    script: Path,
    *args: str,
    world: World | None = None,
    fault: Fault | None = None,
    environment: dict[str, str] | None = None,
    stdin: str = "",
    options: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    place: str = "",
    terminal: bool = False,
) -> Run:
    """Run a script in a world, which it changes; fails when it calls what no stand-in knows.

    Options are bash's own. What it is run without is then the machine's program, if it has one.
    Home and temporary files are in the place; standard input is typed where it is a terminal.
    """
    need("jq")
    bash = os.environ.get("LLMD_RENDER_BASH") or need("bash")
    world = world or World()
    with tempfile.TemporaryDirectory() as made, _typed(stdin if terminal else "") as typed:
        folder = Path(made)
        make_stand_ins(folder, without)
        write_home(folder / place / "home", world.home)
        (folder / place / "tmp").mkdir(exist_ok=True)
        server = _Server(world, folder / place, fault)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        settings: dict[str, Any] = {
            "PATH": f"{folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder / place / "home"),
            "TMPDIR": str(folder / place / "tmp"),
            "WAIT_INTERVAL": "0",
            "STAND_IN_PORT": str(server.server_address[1]),
            "STAND_IN_FOLDER": made,
            **(environment or {}),
        }
        process = subprocess.Popen(
            [bash, *options, str(script), *args],
            env=settings,
            cwd=folder / place / "home",
            stdin=typed if terminal else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        server.process = process
        try:
            piped = None if terminal else stdin.encode()
            out, err = process.communicate(piped, timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            server.shutdown()
            server.server_close()
        left = [path.name for path in (folder / place / "tmp").glob("llmd-render.*")]
        home = read_home(folder / place / "home")
        world.home = {name: server.plain(text) for name, text in home.items()}
    assert not server.unknown, server.unknown
    assert fault or not left, "a script cleans up after itself"
    said, complained = (server.plain(text.decode()) for text in (out, err))
    return Run(process.returncode, said, complained, server.calls, server.reads)
