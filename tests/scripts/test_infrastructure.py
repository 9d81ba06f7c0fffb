"""Scripts of infrastructure/ and secrets/ and diagnose.sh, run against stand-ins on PATH."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support import OUT, need, tree

from llmd_render import load, render_profile

TOOLS = (
    "curl",
    "gcloud",
    "git",
    "helm",
    "helmfile",
    "kubectl",
    "kustomize",
    "make",
    "podman",
    "skopeo",
)
STAND_IN = """\
#!{python} -IS
import json, os, pathlib, re, sys, time
name, args = os.path.basename(sys.argv[0]), sys.argv[1:]
home = pathlib.Path(os.environ["STAND_IN"])
calls = home / "calls"
with calls.open("a") as log:
    log.write(json.dumps([name, *args]) + "\\n")
number = len(calls.read_text().splitlines())
line = " ".join([name, *args])
if os.environ.get("STAND_IN_FAILS") in (str(number), "all"):
    sys.exit(f"{{name}} says no")
def option(key):
    found = [arg.split("=", 1)[1] for arg in args if arg.startswith(key + "=")]
    found += [args[at + 1] for at, arg in enumerate(args[:-1]) if arg == key]
    return found[0] if found else None
def read(path):
    places = [pathlib.Path(path), pathlib.Path(path).parent]
    modes = [oct(place.stat().st_mode & 0o777) for place in places]
    with (home / "modes").open("a") as log:
        log.write(json.dumps([os.path.basename(path), *modes]) + "\\n")
    return pathlib.Path(path).read_bytes()
if os.environ.get("REGISTRY_AUTH_FILE") and name in ("skopeo", "podman"):
    (home / "auth.json").write_bytes(read(os.environ["REGISTRY_AUTH_FILE"]))
if "create secret generic" in line:
    import base64
    key, path = option("--from-file").split("=", 1)
    data = {{key: base64.b64encode(read(path)).decode()}}
    meta = {{"name": args[args.index("generic") + 1], "namespace": option("--namespace")}}
    made = {{"kind": "Secret", "metadata": meta, "type": option("--type"), "data": data}}
    print(json.dumps(made))
    sys.exit()
if name == "kubectl" and "apply" in args and (option("--filename") or "").endswith("wanted.json"):
    wanted = json.loads(read(option("--filename")))
    (home / ("secret-" + wanted["metadata"]["name"])).write_text(json.dumps(wanted))
    sys.exit()
if "get secret " in line:
    stored = home / ("secret-" + args[args.index("secret") + 1])
    if stored.exists():
        print(stored.read_text())
    sys.exit()
if line.startswith("git clone"):
    if os.path.exists(args[-1]):
        sys.exit("fatal: destination path already exists")
    os.makedirs(args[-1] + "/.git")
if name == "curl" and option("--output"):
    pathlib.Path(option("--output")).write_text("kind: Namespace\\n")
if name == "make":
    (home / "values.yaml").write_text((pathlib.Path(option("-C")) / "values.yaml").read_text())
    wanted = re.search('"pullSecretFile": "(.+)"', (home / "values.yaml").read_text())
    if wanted:
        (home / "auth.json").write_bytes(read(wanted[1]))
for pattern, out, code in json.loads((home / "answers").read_text()):
    if re.search(pattern, line):
        (sys.stdout if code == 0 else sys.stderr).write(out)
        sys.exit(code)
"""
AVAILABLE = json.dumps(
    {"items": [{"status": {"conditions": [{"type": "Available", "status": "True"}]}}] * 3}
)
GONE = "Error from server (NotFound): not found\n"
UNKNOWN = 'error: the server doesn\'t have a resource type "x"\n'
Answer = tuple[str, str, int]
HEALTHY: list[Answer] = [
    ("helm plugin list", "diff\t3.9.0\n", 0),
    ("kubectl .* get deployments --namespace cert-manager", AVAILABLE, 0),
    ("get llminferenceserviceconfigs", "preset\n" * 8, 0),
]
NEW: list[Answer] = [
    ("kubectl .* get deployment cert-manager ", GONE, 1),
    ("kubectl .* get crd ", GONE, 1),
]


def random_token(prefix: str = "hf_") -> str:
    return prefix + secrets.token_hex(17)


@dataclass
class Result:
    code: int
    out: str
    err: str
    stopped: str
    calls: list[list[str]]

    @property
    def lines(self) -> list[str]:
        return [" ".join(call) for call in self.calls]


@dataclass
class Desk:
    """A machine with stand-ins for every tool, a home, and a rendered tree."""

    folder: Path
    tree: Path
    answers: list[Answer] = field(default_factory=lambda: [*NEW, *HEALTHY])
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(
        self, script: str, *args: str | Path, stdin: str = "", trace: bool = False, fails: str = ""
    ) -> Result:
        calls = self.state / "calls"
        calls.write_text("")
        (self.state / "answers").write_text(json.dumps(self.answers))
        done = subprocess.run(
            [need("bash"), *(["-x"] if trace else []), str(self.tree / script), *map(str, args)],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=self.folder,
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "HOME": str(self.home),
                "TMPDIR": str(self.folder / "tmp"),
                "STAND_IN": str(self.state),
                "STAND_IN_FAILS": fails,
                "WAIT_FACTOR": "0",
                "WAIT_INTERVAL": "0",
            }
            | self.environment,
        )
        made = [json.loads(line) for line in calls.read_text().splitlines()]
        assert list((self.folder / "tmp").glob("llmd-render.*")) == []
        err, stopped, step = done.stderr.partition("stopped in ")
        return Result(done.returncode, done.stdout, err, stopped + step, made)

    def stored(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.state / f"secret-{name}").read_text())
        return found

    def value(self, name: str, key: str) -> str:
        return base64.b64decode(self.stored(name)["data"][key]).decode()

    def modes(self) -> set[tuple[str, ...]]:
        return {tuple(json.loads(line)) for line in (self.state / "modes").read_text().splitlines()}


def make_desk(folder: Path, rendered: Path) -> Desk:
    for name in ("bin", "home", "state", "tmp"):
        (folder / name).mkdir()
    program = folder / "bin" / "stand-in"
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    for tool in TOOLS:
        (folder / "bin" / tool).symlink_to(program)
    need("jq")
    return Desk(folder, rendered)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path, OUT / "qwen-3b-v6e")


@pytest.fixture(scope="module")
def upstream_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    loaded = load("qwen-3b-v6e", settings=["certManager.source=upstream"])
    outcome = render_profile(loaded)
    assert outcome.ok
    return tree(
        tmp_path_factory.mktemp("upstream"), {file.path: file.text for file in outcome.files}
    )


@pytest.fixture
def upstream(tmp_path: Path, upstream_tree: Path) -> Desk:
    return make_desk(tmp_path, upstream_tree)


def login(*registries: str, user: str = "somebody") -> tuple[str, str]:
    password = random_token("")
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    return json.dumps({"auths": {name: {"auth": auth} for name in registries}}), auth


def log_in(desk: Desk, *registries: str, user: str = "somebody") -> tuple[Path, str]:
    text, auth = login(*registries, user=user)
    place = desk.home / ".config/containers/auth.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return place, auth


def assert_hidden(result: Result, *hidden: str) -> None:
    for value in hidden:
        for text in (value, base64.b64encode(value.encode()).decode()):
            assert text not in result.out
            assert text not in result.err
            assert text not in json.dumps(result.calls)


# Tokens of Hugging Face


@pytest.mark.parametrize("way", ["stdin", "file", "secret manager"])
def test_a_token_comes_from_standard_input_a_file_or_secret_manager(desk: Desk, way: str) -> None:
    token = random_token()
    args: list[str | Path] = []
    if way == "file":
        args = ["--file", tree(desk.folder, {"token $(x).txt": f"{token}\n"}) / "token $(x).txt"]
    if way == "secret manager":
        args = ["--secret-manager", "hugging-face"]
        desk.answers.append(("gcloud secrets versions access", token, 0))
    result = desk.run(
        "secrets/create-hf-token.sh", *args, stdin=f" {token}\n" if way == "stdin" else ""
    )
    assert result.code == 0, result.err
    assert desk.value("hf-token", "HF_TOKEN") == token
    assert desk.stored("hf-token")["type"] == "Opaque"
    assert desk.modes() == {("token", "0o600", "0o700"), ("wanted.json", "0o600", "0o700")}
    assert_hidden(result, token)


def test_secret_manager_is_asked_for_the_newest_version_in_the_project(desk: Desk) -> None:
    name = "-we ird;'\"$(touch owned)\n*"
    desk.answers.append(("gcloud secrets versions access", random_token(), 0))
    result = desk.run("secrets/create-hf-token.sh", "--secret-manager", name)
    assert [call for call in result.calls if call[0] == "gcloud"] == [
        [
            "gcloud",
            "secrets",
            "versions",
            "access",
            "latest",
            f"--secret={name}",
            "--project=ecoeng-llmd",
            "--quiet",
        ]
    ]
    assert not (desk.folder / "owned").exists()


def test_an_unchanged_token_is_not_written_again_and_a_changed_one_is(desk: Desk) -> None:
    token = random_token()
    first = desk.run("secrets/create-hf-token.sh", stdin=token)
    again = desk.run("secrets/create-hf-token.sh", stdin=token)
    assert "unchanged: llm-d-inference-scheduling/hf-token\n" in again.out
    assert len([line for line in again.lines if " apply " in line]) == 1  # the foundation
    assert len([line for line in first.lines if " apply " in line]) == 2
    other = random_token()
    assert desk.run("secrets/create-hf-token.sh", stdin=other).code == 0
    assert desk.value("hf-token", "HF_TOKEN") == other


def test_a_trace_of_the_shell_shows_no_token(desk: Desk) -> None:
    token = random_token()
    for _ in range(2):
        result = desk.run("secrets/create-hf-token.sh", stdin=token, trace=True)
        assert result.code == 0
        assert_hidden(result, token)


@pytest.mark.parametrize(
    ("args", "stdin", "message"),
    [
        ([], " \n", "error: there is no token in standard input\n"),
        (["--file", "absent"], "", "error: absent cannot be read\n"),
        (["--file"], "", "--file needs a path"),
        (["--secret-manager"], "", "--secret-manager needs the name of a secret"),
        (
            ["--file", "a", "--secret-manager", "b"],
            "",
            "error: --file and --secret-manager exclude each other\n",
        ),
    ],
)
def test_without_a_token_nothing_is_written(
    desk: Desk, args: list[str], stdin: str, message: str
) -> None:
    result = desk.run("secrets/create-hf-token.sh", *args, stdin=stdin)
    assert result.code != 0
    assert message in result.err
    assert [line for line in result.lines if "apply" in line or "create" in line] == []


def test_a_token_of_an_unusual_form_is_stored_with_a_warning(desk: Desk) -> None:
    token = random_token("x")
    result = desk.run("secrets/create-hf-token.sh", stdin=token)
    assert result.err == "warning: tokens of Hugging Face begin with hf_; this one does not\n"
    assert desk.value("hf-token", "HF_TOKEN") == token


def test_a_secret_of_another_type_is_not_replaced(desk: Desk) -> None:
    (desk.state / "secret-hf-token").write_text('{"type": "kubernetes.io/tls", "data": {}}')
    result = desk.run("secrets/create-hf-token.sh", stdin=random_token())
    assert result.code == 1
    assert result.err == (
        "error: the Secret llm-d-inference-scheduling/hf-token is there with type "
        "kubernetes.io/tls instead of Opaque, which cannot be changed: delete it, then run this "
        "again\n"
    )


# Pull secrets


def test_only_the_registry_of_the_image_is_stored_of_a_login(desk: Desk) -> None:
    place, auth = log_in(desk, "quay.io", "registry.redhat.io")
    result = desk.run("secrets/create-pull-secret.sh")
    assert result.code == 0, result.err
    assert json.loads(desk.value("redhat-pull-secret", ".dockerconfigjson")) == {
        "auths": {"registry.redhat.io": {"auth": auth}}
    }
    assert desk.stored("redhat-pull-secret")["type"] == "kubernetes.io/dockerconfigjson"
    assert f"used: a login by user name from {place}\n" in result.out
    assert_hidden(result, auth, base64.b64decode(auth).decode().partition(":")[2])
    again = desk.run("secrets/create-pull-secret.sh")
    assert "unchanged: llm-d-inference-scheduling/redhat-pull-secret\n" in again.out
    assert len([line for line in again.lines if " apply " in line]) == 1


@pytest.mark.parametrize("form", ["json", "secret.json", "secret.yaml", "quoted.yaml"])
def test_a_file_downloaded_for_a_registry_service_account_is_understood(
    desk: Desk, form: str
) -> None:
    text, auth = login("registry.redhat.io", user="1234567|llm-d")
    packed = base64.b64encode(text.encode()).decode()
    files = {
        "json": text,
        "secret.json": json.dumps({"kind": "Secret", "data": {".dockerconfigjson": packed}}),
        "secret.yaml": f"apiVersion: v1\nkind: Secret\ndata:\n  .dockerconfigjson: {packed}\n",
        "quoted.yaml": f'kind: Secret\ndata:\n    ".dockerconfigjson": "{packed}"\ntype: x\n',
    }
    file = tree(desk.folder, {"my $(x) file": files[form]}) / "my $(x) file"
    result = desk.run("secrets/create-pull-secret.sh", "--file", file)
    assert result.code == 0, result.err
    assert f"used: a registry service account from {file}\n" in result.out
    stored = json.loads(desk.value("redhat-pull-secret", ".dockerconfigjson"))
    assert stored == {"auths": {"registry.redhat.io": {"auth": auth}}}
    assert_hidden(result, auth, packed)


def test_the_message_says_where_credentials_were_looked_for(desk: Desk) -> None:
    result = desk.run("secrets/check-pull-secret.sh")
    home = desk.home
    assert result.err == (
        "error: no credentials for registry.redhat.io in /nowhere/containers/auth.json "
        f"{home}/.config/containers/auth.json {home}/.docker/config.json: run podman login "
        "registry.redhat.io, or give a file with --file\n"
    )


@pytest.mark.parametrize(
    "text", ["", "{}", "no json", '{"auths": {"registry.redhat.io": {}}}', '{"kind": "Secret"}']
)
def test_a_file_without_credentials_is_refused(desk: Desk, text: str) -> None:
    file = tree(desk.folder, {"file": text}) / "file"
    result = desk.run("secrets/create-pull-secret.sh", "--file", file)
    assert result.code == 1
    assert result.err == (
        f"error: {file} has no credentials for registry.redhat.io: it must hold what podman login "
        "writes, or be the Secret or the JSON that was downloaded for a registry service account\n"
    )


def test_the_image_is_looked_at_with_a_private_copy_of_the_credentials(desk: Desk) -> None:
    _, auth = log_in(desk, "registry.redhat.io", "quay.io")
    result = desk.run("secrets/check-pull-secret.sh")
    assert result.calls == [
        [
            "skopeo",
            "inspect",
            "--raw",
            "docker://registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5",
        ]
    ]
    known = json.loads((desk.state / "auth.json").read_text())
    assert known == {"auths": {"registry.redhat.io": {"auth": auth}}}
    assert desk.modes() == {("auth.json", "0o600", "0o700")}
    (desk.folder / "bin/skopeo").unlink()
    if shutil.which("skopeo") is None:
        result = desk.run("secrets/check-pull-secret.sh")
        assert result.lines == [
            "podman manifest inspect registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5"
        ]


# cert-manager


def test_credentials_of_one_registry_are_left_to_the_chart(desk: Desk) -> None:
    log_in(desk, "registry.redhat.io")
    result = desk.run("infrastructure/deploy-cert-manager.sh")
    assert result.code == 0, result.err
    assert "method: useSystemPodmanAuth\n" in result.out
    values = (desk.state / "values.yaml").read_text()
    assert values == (desk.tree / "infrastructure/values.yaml").read_text()


def test_credentials_of_more_registries_reach_the_chart_as_a_private_copy(desk: Desk) -> None:
    _, auth = log_in(desk, "registry.redhat.io", "quay.io")
    result = desk.run("infrastructure/deploy-cert-manager.sh")
    assert result.code == 0, result.err
    assert "method: pullSecretFile, a private copy with only registry.redhat.io\n" in result.out
    assert json.loads((desk.state / "values.yaml").read_text())["useSystemPodmanAuth"] is False
    known = json.loads((desk.state / "auth.json").read_text())
    assert known == {"auths": {"registry.redhat.io": {"auth": auth}}}
    assert_hidden(result, auth)


def test_a_second_run_clones_nothing_and_half_a_clone_does_not_count(desk: Desk) -> None:
    log_in(desk, "registry.redhat.io")
    cached = next(
        line.partition("=")[2].rpartition("/")[2].replace("$INFRASTRUCTURE_REF", REF)
        for line in (desk.tree / "lib/infrastructure.sh").read_text().splitlines()
        if line.startswith("INFRASTRUCTURE=")
    )
    half = desk.home / ".cache/llmd-render" / f"{cached}.part"
    half.mkdir(parents=True)
    first = desk.run("infrastructure/deploy-cert-manager.sh")
    assert [call[1] for call in first.calls if call[0] == "git"][:1] == ["clone"]
    assert not half.exists()
    again = desk.run("infrastructure/deploy-cert-manager.sh")
    assert again.code == 0
    assert [call[3] for call in again.calls if call[0] == "git"] == ["cat-file", "checkout"]


CONTEXT = "gke_ecoeng-llmd_europe-west4-a_llmd-gke-native-tpu-pattern1"
REF = "7749a9ac4e5dd8fe3de3ccf427aa29192ccbd95d"


def test_the_operator_does_not_come_beside_another_cert_manager(desk: Desk) -> None:
    log_in(desk, "registry.redhat.io")
    desk.answers.remove(("kubectl .* get deployment cert-manager ", GONE, 1))
    result = desk.run("infrastructure/deploy-cert-manager.sh")
    assert result.err == (
        "error: a cert-manager that the operator does not manage is in namespace cert-manager: "
        "remove it, or set certManager.source to upstream and render again\n"
    )
    assert "make" not in {call[0] for call in result.calls}


def test_upstream_cert_manager_is_its_manifest_at_the_pinned_release(upstream: Desk) -> None:
    result = upstream.run("infrastructure/deploy-cert-manager.sh")
    assert result.code == 0, result.err
    (download,) = [call for call in result.calls if call[0] == "curl"]
    assert download[-1] == (
        "https://github.com/cert-manager/cert-manager/releases/download/v1.21.1/cert-manager.yaml"
    )
    assert re.search(
        r"^SHA-256 [0-9a-f]{64}; certManager\.sha256 in the profile", result.out, re.MULTILINE
    )
    kubectl = [line for line in result.lines if line.startswith("kubectl")]
    assert [line.split(" ", 3)[3].split("/")[0] for line in kubectl] == [
        "get --raw ",
        "get crd certmanagers.operator.openshift.io",
        "apply --server-side --force-conflicts --filename ",
        "get deployments --namespace cert-manager --output json",
        "create --dry-run=server --filename ",
    ]
    assert {call[0] for call in result.calls} == {"curl", "kubectl"}


def test_a_manifest_with_another_checksum_is_not_applied(upstream: Desk, tmp_path: Path) -> None:
    shutil.copytree(upstream.tree, tmp_path / "tree")
    upstream.tree = tmp_path / "tree"
    library = upstream.tree / "lib/infrastructure.sh"
    expected = "5e" * 32
    text = library.read_text()
    assert "CERT_MANAGER_SHA256=''\n" in text
    library.write_text(
        text.replace("CERT_MANAGER_SHA256=''\n", f"CERT_MANAGER_SHA256={expected}\n")
    )
    result = upstream.run("infrastructure/deploy-cert-manager.sh")
    assert result.code == 1
    found = re.search(r"has SHA-256 ([0-9a-f]{64}) instead of (5e){32}: nothing was", result.err)
    assert found
    assert [line for line in result.lines if " apply " in line] == []
    library.write_text(
        text.replace("CERT_MANAGER_SHA256=''\n", f"CERT_MANAGER_SHA256={found[1]}\n")
    )
    assert upstream.run("infrastructure/deploy-cert-manager.sh").code == 0


def test_upstream_does_not_come_beside_the_operator(upstream: Desk) -> None:
    upstream.answers = list(HEALTHY)
    result = upstream.run("infrastructure/deploy-cert-manager.sh")
    assert result.err == (
        "error: an operator manages cert-manager in this cluster: remove it, or set "
        "certManager.source to xks and render again\n"
    )


# KServe


def test_kserve_is_applied_twice_the_first_time_and_once_where_it_runs(desk: Desk) -> None:
    missing: Answer = ("wait --for=condition=Available deployment/kserve", "no matching\n", 1)
    desk.answers.insert(0, missing)
    first = desk.run("infrastructure/deploy-kserve.sh")
    assert first.code == 1
    assert "error: the controller does not start: scripts/diagnose.sh collects why\n" in first.err
    deleted = [line for line in first.lines if " delete " in line]
    assert [line.split()[5] for line in deleted] == [
        "llminferenceservice.serving.kserve.io",
        "llminferenceserviceconfig.serving.kserve.io",
    ]
    desk.answers.remove(missing)
    again = desk.run("infrastructure/deploy-kserve.sh")
    assert again.code == 0, again.err
    assert "KServe is there, with 8 presets\n" in again.out
    assert [line for line in again.lines if " delete " in line] == []
    applied = [line.rpartition("/")[2] for line in again.lines if " apply " in line]
    assert applied == ["foundation", "pki.yaml", "kserve.yaml"]


def test_too_few_presets_are_an_error(desk: Desk) -> None:
    desk.answers.insert(0, ("get llminferenceserviceconfigs", "preset\n" * 7, 0))
    result = desk.run("infrastructure/deploy-kserve.sh")
    assert (result.code, result.err) == (1, "error: KServe has 7 presets instead of 8\n")


# Removing


def test_nothing_is_removed_while_a_service_is_there(desk: Desk) -> None:
    desk.answers.append(("get llminferenceservices", "llminferenceservice/a\n", 0))
    result = desk.run("infrastructure/undeploy.sh", "--yes")
    assert result.code == 1
    assert result.err == (
        "error: still there: llminferenceservice/a. Run scripts/undeploy.sh first.\n"
    )
    assert [line for line in result.lines if "delete" in line or "destroy" in line] == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("llminferenceservices", "error: the cluster's services cannot be listed\n"),
        ("leaderworkersets", "error: the cluster's LeaderWorkerSets cannot be listed\n"),
        ("certificates", "error: the cluster's certificates cannot be listed\n"),
    ],
)
def test_what_cannot_be_listed_is_not_taken_for_absent(desk: Desk, kind: str, message: str) -> None:
    desk.answers.insert(0, (f" get {kind}", "Unable to connect to the server\n", 1))
    result = desk.run("infrastructure/undeploy.sh", "--yes")
    assert result.code == 1
    assert result.err == f"Unable to connect to the server\n{message}"
    assert [line for line in result.lines if kind in line and "delete" in line] == []


def test_what_others_use_stays(desk: Desk) -> None:
    desk.answers[:0] = [
        (" get leaderworkersets", "leaderworkerset/b\n", 0),
        (" get certificates", "certificate/c\n", 0),
    ]
    result = desk.run("infrastructure/undeploy.sh", "--yes")
    assert result.code == 0
    assert result.err == (
        "warning: it stays: somebody uses it: leaderworkerset/b\n"
        "warning: it stays: somebody uses it: certificate/c\n"
    )
    assert [line for line in result.lines if "delete crd" in line or "destroy" in line] == []


@pytest.mark.parametrize("source", ["xks", "upstream"])
def test_removing_twice_is_as_good_as_once(request: pytest.FixtureRequest, source: str) -> None:
    desk: Desk = request.getfixturevalue("desk" if source == "xks" else "upstream")
    assert desk.run("infrastructure/undeploy.sh", "--yes").code == 0
    desk.answers.insert(0, (" get .* --all-namespaces", UNKNOWN, 1))
    desk.answers.insert(0, (" delete --ignore-not-found --filename", UNKNOWN, 1))
    again = desk.run("infrastructure/undeploy.sh", "--yes")
    assert again.code == 0, again.err


# Every call, failing


@dataclass(frozen=True)
class Case:
    script: str
    args: tuple[str, ...] = ()
    stdin: bool = False
    may_fail: tuple[str, ...] = ()
    source: str = "xks"

    def __str__(self) -> str:
        return f"{self.script} {self.source}"


PROBES = ("get deployment cert-manager ", "get crd ")
CASES = [
    Case("secrets/create-hf-token.sh", stdin=True),
    Case("secrets/create-hf-token.sh", ("--secret-manager", "name")),
    Case("secrets/create-pull-secret.sh"),
    Case("secrets/check-pull-secret.sh"),
    Case("infrastructure/deploy-cert-manager.sh", may_fail=(*PROBES, "cat-file")),
    Case("infrastructure/deploy-cert-manager.sh", may_fail=PROBES, source="upstream"),
    Case("infrastructure/deploy-lws-crds.sh"),
    Case(
        "infrastructure/deploy-kserve.sh",
        may_fail=("get crd ", "wait --for=condition=Available", "filename .*/kserve.yaml"),
    ),
    Case("infrastructure/undeploy.sh", ("--yes",), may_fail=("cat-file",)),
    Case("infrastructure/undeploy.sh", ("--yes",), source="upstream"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_call_that_fails_stops_the_script_and_names_the_step(
    request: pytest.FixtureRequest, case: Case
) -> None:
    desk: Desk = request.getfixturevalue("desk" if case.source == "xks" else "upstream")
    _, auth = log_in(desk, "registry.redhat.io")
    token = random_token()
    desk.answers.append(("gcloud secrets versions access", token, 0))
    stdin = token if case.stdin else ""
    whole = desk.run(case.script, *case.args, stdin=stdin)
    assert whole.code == 0, whole.err
    for number in range(1, len(whole.calls) + 1):
        shutil.rmtree(desk.home / ".cache", ignore_errors=True)
        for stored in desk.state.glob("secret-*"):
            stored.unlink()
        result = desk.run(case.script, *case.args, stdin=stdin, fails=str(number))
        failed = result.lines[number - 1]
        assert_hidden(result, token, auth)
        if any(re.search(pattern, failed) for pattern in case.may_fail):
            continue
        assert result.code != 0, failed
        assert len(result.err.splitlines()[-1]) > len("error: "), failed
        assert result.err.splitlines()[-1].startswith("error: "), failed
        steps = re.findall(
            r"^==> (step .*), after \d+ s: (.*?)(?:, usually .*)?$", result.out, re.MULTILINE
        )
        expected = "stopped in {}, {}; run it again to go on\n".format(*steps[-1]) if steps else ""
        assert result.stopped == expected, failed


# Dry runs


@pytest.mark.parametrize("case", [*CASES, Case("scripts/diagnose.sh")], ids=str)
def test_a_dry_run_prints_commands_and_calls_nothing(
    request: pytest.FixtureRequest, case: Case
) -> None:
    desk: Desk = request.getfixturevalue("desk" if case.source == "xks" else "upstream")
    result = desk.run(case.script, *case.args, "--dry-run")
    assert result.code == 0, result.err
    assert result.calls == []
    assert result.err == ""
    assert re.search(rf"^({'|'.join(TOOLS)}) ", result.out, re.MULTILINE)
    assert sorted(path.name for path in desk.home.iterdir()) == []
    assert list((desk.folder / "tmp").iterdir()) == []


def test_a_dry_run_shows_each_command_of_a_first_run(upstream: Desk) -> None:
    result = upstream.run("infrastructure/deploy-cert-manager.sh", "--dry-run")
    shown = [line for line in result.out.splitlines() if line.partition(" ")[0] in TOOLS]
    url = "https://github.com/cert-manager/cert-manager/releases/download/v1.21.1/cert-manager.yaml"
    download = (
        "curl --fail --silent --show-error --location --proto =https --proto-redir =https "
        f"--connect-timeout 20 --max-time 120 --retry 2 --output cert-manager.yaml {url}"
    )
    kubectl = f"kubectl --context {CONTEXT}"
    assert [re.sub(r" /\S+/", " ", line) for line in shown] == [
        f"{kubectl} get --raw /readyz",
        download,
        f"{kubectl} apply --server-side --force-conflicts --filename cert-manager.yaml",
        f"{kubectl} get deployments --namespace cert-manager --output json",
        f"{kubectl} create --dry-run=server --filename probe.yaml",
    ]


# Diagnosis


def read_archive(desk: Desk, folder: Path | None = None) -> dict[str, str]:
    (archive,) = (folder or desk.folder / "tmp").glob("diagnose-*.tar.gz")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as packed:
        found = {}
        for member in packed.getmembers():
            assert stat.S_IMODE(member.mode) == (0o700 if member.isdir() else 0o600)
            content = packed.extractfile(member)
            if content:
                found[Path(member.name).name] = content.read().decode()
    return found


@pytest.fixture
def patient(desk: Desk) -> Desk:
    desk.environment = {"WAIT_FACTOR": "1"}
    desk.answers = []
    return desk


def test_the_archive_is_made_when_every_call_fails(patient: Desk) -> None:
    result = patient.run("scripts/diagnose.sh", fails="all")
    assert result.code == 0, result.err
    files = read_archive(patient)
    assert files["pods.txt"].count("kubectl says no") == 3
    summary = files["0-summary.txt"]
    assert summary in result.out
    assert "Nothing known looks wrong in what could be collected.\n" in summary
    missed = summary.partition("Not collected:\n")[2].splitlines()
    assert [line.split(":")[0].strip() + ".txt" for line in missed] == [
        name for name in COLLECTED if name in files
    ]
    assert missed[0] == "  versions: exit code 1: gcloud says no"
    assert set(files) == {"0-summary.txt", *COLLECTED}


COLLECTED = [
    "versions.txt",
    "cluster.txt",
    "node-pools.txt",
    "operations.txt",
    "services.txt",
    "quotas.txt",
    "tpu-quota.txt",
    "nodes.txt",
    "nodes-described.txt",
    "pods.txt",
    "deployments.txt",
    "events.txt",
    "secret-names.txt",
    "crds.txt",
    "webhooks.txt",
    "presets.txt",
    "service.txt",
    "service-yaml.txt",
    "workload.txt",
    "log-model-server.txt",
    "log-model-server-previous.txt",
    "log-scheduler.txt",
    "log-kserve.txt",
    "log-cert-manager.txt",
    "log-cert-manager-webhook.txt",
    "conditions.txt",
    "gateway-classes.txt",
    "gateway.txt",
    "routes.txt",
    "inference-pools.txt",
    "health-check-policies.txt",
    "backend-policies.txt",
    "network-policies.txt",
    "volumes.txt",
    "forwarding-rules.txt",
    "backend-health.txt",
]


def test_after_the_whole_time_the_rest_is_left_out_and_the_archive_made(patient: Desk) -> None:
    patient.environment = {"WAIT_FACTOR": "0"}
    result = patient.run("scripts/diagnose.sh")
    assert (result.code, result.calls) == (0, [])
    summary = read_archive(patient)["0-summary.txt"]
    assert "  versions: left out, because 0 s had passed\n" in summary


def test_a_part_that_hangs_is_ended_with_all_its_children(tmp_path: Path) -> None:
    script = tree(
        tmp_path,
        {
            "try.sh": f"""\
set -Eeuo pipefail
WAIT_FACTOR=1
. {OUT / "qwen-3b-v6e"}/lib/diagnose.sh
# The pipe closes, and cat ends, only when the child of the child is gone, too.
hang() {{ sleep 300 & printf 'begun\\n'; wait; }}
if within 0.3 hang 2>&1 | cat; then exit 9; else echo "code ${{PIPESTATUS[0]}}"; fi
within 5 true && within 5 printf '%s\\n' 'a  b' && {{ within 5 false || echo "code $?"; }}
"""
        },
    )
    done = subprocess.run(
        [need("bash"), str(script / "try.sh")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "begun\nnot finished within 0.3 s\ncode 143\na  b\ncode 1\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_no_secret_is_asked_for_and_what_looks_like_one_is_masked(patient: Desk) -> None:
    token, word = random_token(), random_token("")
    header = "PRIVATE KEY-----"
    log = f"""\
HF_TOKEN={word}
    Environment:
      HF_TOKEN:  <set to the key 'HF_TOKEN' in secret 'hf-token'>  Optional: false
      MY_API_KEY:  {word}
    - name: HF_TOKEN
      value: {word}
    {{"name": "DB_PASSWORD", "value": "{word}", "x": "kept"}}
    "{{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"{word}\\"}}"
Authorization: Bearer {word}
{{"auth":"{word}","email":"kept"}}
vllm serve --api-key {word} --max-num-batched-tokens=2048
  - --api-key
  - {word}
https://user:{word}@example.com/kept
https://bucket.example/x?X-Goog-Signature={word}&kept=1
downloading with {token}
-----BEGIN RSA {header}
{word}
-----END RSA {header}
"key": "-----BEGIN {header}\\n{word}\\n-----END {header}\\n"
max_tokens: 50, secretName: hf-token, VLLM_TOKENIZER=kept hf_transfer
"""
    patient.answers = [("kubectl .* logs ", log, 0), ("kubectl .* get pods", log, 1)]
    result = patient.run("scripts/diagnose.sh")
    files = read_archive(patient)
    text = files["log-kserve.txt"]
    for content in (*files.values(), result.out, result.err):
        assert word not in content
        assert token not in content
    assert text.count("[masked]") == 16
    assert text.count("kept") == 5
    assert "HF_TOKEN:  <set to the key 'HF_TOKEN' in secret 'hf-token'>  Optional" in text
    assert text.endswith("max_tokens: 50, secretName: hf-token, VLLM_TOKENIZER=kept hf_transfer\n")
    about_secrets = [call for call in result.calls if {"secret", "secrets"} & set(call)]
    assert [call[3:5] for call in about_secrets] == [["get", "secrets"]]
    assert not [call for call in about_secrets if "--output" in call or "describe" in call]


KINDS = {
    "certificates": "Certificate",
    "clusterissuers": "ClusterIssuer",
    "llminferenceservices": "LLMInferenceService",
    "gateways": "Gateway",
    "httproutes": "HTTPRoute",
}


def condition(kind: str, name: str, type_: str, status: str, message: str = "") -> str:
    state = {"conditions": [{"type": type_, "status": status, "message": message}]}
    found = {
        "kind": KINDS.get(kind, kind),
        "metadata": {"name": name},
        "status": {"parents": [state]},
    }
    parts = {"networking.gke.io/backend-services": "/projects/1/regions/2/backendServices/gkegw1"}
    return json.dumps({"items": [found], "metadata": {"annotations": parts}})


WELL: list[Answer] = [
    ("services list", "compute.googleapis.com\nnetworkservices.googleapis.com\n", 0),
    ("get gatewayclasses", "gke-l7-regional-external-managed networking.gke.io/gateway True\n", 0),
    (
        "get crds",
        "leaderworkersets.leaderworkerset.x-k8s.io\nllminferenceservices.serving.kserve.io\n",
        0,
    ),
    ("get secrets", "redhat-pull-secret x 1\nhf-token Opaque 1\n", 0),
    (
        "get events",
        "Unhealthy pod/c Startup probe failed: HTTP 503\n",
        0,
    ),
    (
        "get healthcheckpolicies.* --output json",
        condition("HealthCheckPolicy", "a", "Attached", "True"),
        0,
    ),
    *(
        (f"get {kind}.* --output json", condition(kind, "a", type_, "True"), 0)
        for kind, type_ in (
            ("certificates", "Ready"),
            ("clusterissuers", "Ready"),
            ("llminferenceservices", "Ready"),
            ("gateways", "Programmed"),
            ("httproutes", "Accepted"),
        )
    ),
    ("gcloud version --format", '{"beta": "x"}', 0),
    ("--output json|--format=json", '{"items": [], "quotas": []}', 0),
]


def test_a_healthy_deployment_has_no_findings(patient: Desk) -> None:
    patient.answers = WELL
    result = patient.run("scripts/diagnose.sh")
    summary = read_archive(patient)["0-summary.txt"]
    assert summary.endswith("\nNothing known looks wrong.\n\n"), summary
    assert result.err == ""


ILL: list[Answer] = [
    ("services list", "compute.googleapis.com\n", 0),
    (
        "operations list",
        "operation-1 CREATE_NODE_POOL ERROR [GCE_STOCKOUT]: does not have enough resources\n",
        0,
    ),
    (
        "regions describe",
        (
            '{"quotas": [{"metric": "IN_USE_ADDRESSES", "usage": 8, "limit": 8}, '
            '{"metric": "CPUS", "usage": 8, "limit": 24}]}'
        ),
        0,
    ),
    ("get secrets", "redhat-pull-secret x 1\n", 0),
    (
        "get pods --namespace llm-d.* --output wide",
        "a-kserve-1  0/1  ImagePullBackOff  0  1m\na-kserve-2  0/1  Pending  0  1m\n",
        0,
    ),
    ("logs .*component=llminferenceservice-workload$", "error: unrecognized arguments: -x\n", 0),
    (
        "get gateways.* --output json",
        condition("Gateway", "g", "Programmed", "False", "wait\nmore"),
        0,
    ),
    (
        "get httproutes.* --output json",
        condition("HTTPRoute", "r", "Other", "False", "GWCER104: timeouts"),
        0,
    ),
    (
        "get healthcheckpolicies.* --output json",
        condition("HealthCheckPolicy", "a", "Attached", "False"),
        0,
    ),
]
FIRST_PAGE = """\
What looks wrong:

1. the API networkservices.googleapis.com is off: answers say "fault filter abort"
   seen:   services.txt has no such line
   remedy: run cluster/enable-apis.sh

2. the zone was out of TPUs
   seen:   operations.txt: operation-1 CREATE_NODE_POOL ERROR [GCE_STOCKOUT]: does not have enough \
resources
   remedy: wait, or take another zone, or another cluster.capacity.kind in the profile

3. no address is left in the region
   seen:   quotas.txt: IN_USE_ADDRESSES 8 of 8 exhausted
   remedy: release an address in europe-west4, or ask for quota

4. the Secret with the Hugging Face token is missing
   seen:   secret-names.txt has no such line
   remedy: run secrets/create-hf-token.sh

5. an image cannot be pulled
   seen:   pods.txt: a-kserve-1 0/1 ImagePullBackOff 0 1m
   remedy: credentials are missing, expired, or for another registry: \
secrets/check-pull-secret.sh, then secrets/create-pull-secret.sh

6. a pod is Pending
   seen:   pods.txt: a-kserve-2 0/1 Pending 0 1m
   remedy: no TPU to be had (stock-out, pool at its most), or selector and pool do not agree: \
events.txt

7. vLLM does not know one of its arguments
   seen:   log-model-server.txt: error: unrecognized arguments: -x
   remedy: remove it from server.args in the profile

8. the Gateway is not Programmed
   seen:   conditions.txt: Gateway g Programmed=False wait more
   remedy: its message names the cause; README.md has the usual ones

9. a route has timeouts, which GKE refuses
   seen:   conditions.txt: HTTPRoute r Other=False GWCER104: timeouts
   remedy: take routing declared, or managedRoute shadow, in the profile

10. the HealthCheckPolicy is not attached
   seen:   conditions.txt has no such line
   remedy: run scripts/deploy.sh again once the InferencePool is there

"""


def test_the_first_page_names_what_looks_wrong_and_the_remedy(patient: Desk) -> None:
    patient.answers = [*ILL, *WELL]
    result = patient.run("scripts/diagnose.sh")
    summary = read_archive(patient)["0-summary.txt"]
    assert summary.partition(" UTC\n\n")[2] == FIRST_PAGE
    assert summary in result.out


SICK: list[Answer] = [
    ("get gatewayclasses", "gke-l7-rilb networking.gke.io/gateway True\n", 0),
    ("get crds", "gateways.gateway.networking.k8s.io\n", 0),
    ("get certificates.* --output json", condition("certificates", "c", "Ready", "False"), 0),
    (
        "logs .*deployment/kserve",
        (
            'no matches for kind "LeaderWorkerSet" in version\n'
            'failed calling webhook "llminferenceservice.kserve-webhook-server.v1alpha1"\n'
        ),
        0,
    ),
    ("get secrets", "other Opaque 1\n", 0),
    (
        "get pods .* --output wide",
        "a 0/1 CreateContainerConfigError 0\nb 0/1 Init:Error 0\nc 0/1 CrashLoopBackOff 9\n",
        0,
    ),
    (
        "get events",
        (
            "Killing pod/c Container main failed startup probe, will be restarted\n"
            'failed calling webhook "webhook.cert-manager.io": no endpoints\n'
        ),
        0,
    ),
    (
        "get llminferenceservices.* --output json",
        condition("llminferenceservices", "s", "Ready", "Unknown"),
        0,
    ),
    (
        "get gateways.* --output json",
        condition(
            "gateways", "g", "Accepted", "False", "An active proxy-only subnetwork is required"
        ),
        0,
    ),
    ("get httproutes.* --output json", condition("httproutes", "r", "ResolvedRefs", "False"), 0),
    ("get-health gkegw1", '[{"status": {"healthStatus": [{"healthState": "UNHEALTHY"}]}}]', 0),
]


def test_the_first_page_knows_the_rows_of_the_troubleshooting_table(patient: Desk) -> None:
    patient.answers = [*SICK, *WELL]
    result = patient.run("scripts/diagnose.sh")
    assert re.findall(r"^[0-9]+\. (.*)$", result.out, re.MULTILINE) == [
        "GKE does not offer the GatewayClass of this deployment",
        "the CRD of LeaderWorkerSet is missing",
        "KServe is not installed",
        "a certificate of KServe is not signed",
        "KServe's controller missed the CRD of LeaderWorkerSet",
        "cert-manager's webhook did not answer",
        "KServe's webhook did not answer",
        "the image pull secret is missing",
        "the Secret with the Hugging Face token is missing",
        "a pod names a Secret or a key that is not there",
        "the model cannot be downloaded",
        "the model server was not ready in its start-up time",
        "a container restarts again and again",
        "the LLMInferenceService is not Ready",
        "the proxy-only subnet is missing",
        "a route is not accepted",
        "the load balancer sees an unhealthy model server: 503",
    ]
    assert "Not collected" not in result.out


def test_the_archive_goes_where_it_is_wanted(patient: Desk) -> None:
    patient.environment = {"WAIT_FACTOR": "0"}
    place = patient.folder / "a $(touch owned) folder"
    result = patient.run("scripts/diagnose.sh", "--output", place)
    assert (result.code, result.err) == (1, f"error: there is no folder {place}\n")
    place.mkdir()
    assert patient.run("scripts/diagnose.sh", "--output", place).code == 0
    assert "0-summary.txt" in read_archive(patient, place)
    assert not (patient.folder / "owned").exists()
