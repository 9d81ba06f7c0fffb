"""A machine with stand-ins on its PATH, for the tests of the benchmark script."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from support import CHECKOUT, need, run

SCRIPT = "scripts/benchmark-cluster.sh"
PATH_OF_SERVICE = "/llm-d-inference-scheduling/qwen2-3b-pattern1"

TEN = "benchmark: {scenarios: [10/2]}\n"
TEN_AND_TWENTY = "benchmark: {scenarios: [10/2, 20/5]}\n"
IN_CLUSTER = "benchmark: {scenarios: [10/2], image: registry.redhat.io/tools/guidellm:0.8.1}\n"

KUBECTL = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$STATE/calls"
case " $* " in
  *" port-forward "*) echo "Forwarding from 127.0.0.1:$SERVER_PORT -> 8000"; exec sleep 60 ;;
  *" get gateways."*) printf '127.0.0.1:%s' "$SERVER_PORT" ;;
  *" create configmap "*)
    while [ "$1" != --from-file ]; do shift; done
    cp -R "$2" "$STATE/scenarios" ;;
  *" get job "*) echo '{"status": {"conditions": [{"type": "Complete", "status": "True"}]}}' ;;
  *" logs "*) sh "$STATE/container.sh" || : ;;
esac
"""


@dataclass
class World:
    """A machine with stand-ins on its PATH, and a model server on loopback."""

    folder: Path
    port: int
    seen: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def bash(self, tree: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script of a tree; `environment` is laid over that of the stand-ins."""
        env = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "STATE": str(self.folder),
            "SERVER_PORT": str(self.port),
            "WAIT_INTERVAL": "0",
            **environment,
        }
        command = [need("bash"), str(tree / SCRIPT), *args]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # ^C in a test is for the script alone
        )

    def install(self, name: str, text: str) -> None:
        """Put a program on the PATH of this machine."""
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def results(self) -> Path:
        """Find the folder of the only run."""
        (found,) = (self.folder / "benchmark-results").iterdir()
        return found

    def calls(self) -> list[str]:
        """What kubectl was asked, without the context."""
        text = (self.folder / "calls").read_text(encoding="utf-8")
        return [re.sub(r"^--context \S+ ", "", line) for line in text.splitlines()]


def render(folder: Path, change: str) -> Path:
    """Render the main profile with a change laid over it."""
    path = folder / "made.yaml"
    path.write_text(
        f"apiVersion: llmd-render/v1\nname: made\nextends: qwen-3b-v6e\n{change}", encoding="utf-8"
    )
    profiles = CHECKOUT / "profiles"
    result = run("--profile", path, "--profiles", profiles, "--out", folder / "out", "--force")
    assert result.exit_code == 0, result.output
    return folder / "out" / "made"


def run_job_in_logs(world: World, tree: Path) -> None:
    """Let `kubectl logs` run what the Job's container would, in folders of this test."""
    (job,) = yaml.safe_load_all((tree / "benchmark/job.yaml").read_text(encoding="utf-8"))
    (one,) = job["spec"]["template"]["spec"]["containers"]
    assert one["command"] == ["/bin/sh", "-c"]
    work = world.folder / "work"
    work.mkdir()
    text = (
        one["args"][0]
        .replace("/tmp/", f"{work}/")  # noqa: S108 - the path in the container
        .replace("/scenarios/*", f"{world.folder}/scenarios/*", 1)
    )
    (world.folder / "container.sh").write_text(text, encoding="utf-8")


def jq(*args: str, stdin: str = "") -> str:
    return subprocess.run(
        [need("jq"), *args], input=stdin, capture_output=True, text=True, check=True
    ).stdout
