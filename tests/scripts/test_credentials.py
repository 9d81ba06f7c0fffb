"""The scripts of secrets/: where credentials come from, who could see them, what is stored."""

from __future__ import annotations

import base64
import json
import secrets
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from scripts.life import BY_PATH, TREE, world_before
from scripts.stand_ins import Run, run_script
from scripts.world import LOGIN, Answer

if TYPE_CHECKING:
    from scripts.world import World

NAMESPACE = "llm-d-inference-scheduling"
NAMESPACES = "foundation/namespaces.yaml"
HOME = "/desk/home"
REGISTRY = "registry.redhat.io"


def random_token(prefix: str = "hf_") -> str:
    return prefix + secrets.token_hex(17)


def login(*registries: str, user: str = "somebody") -> tuple[str, str]:
    """Make what podman writes after a login, and the part of it that is secret."""
    auth = base64.b64encode(f"{user}:{random_token('')}".encode()).decode()
    return json.dumps({"auths": {name: {"auth": auth} for name in registries}}), auth


@pytest.fixture
def world() -> World:
    return world_before(BY_PATH["secrets/create-pull-secret.sh"])


def stored(world: World, name: str) -> dict[str, Any]:
    found: dict[str, Any] = world.state["objects"][f"Secret|{NAMESPACE}|{name}"]
    return found


def value(world: World, name: str, key: str) -> str:
    return base64.b64decode(stored(world, name)["data"][key]).decode()


def create_token(world: World, *args: str, token: str = "", **more: Any) -> Run:
    return run_script(TREE / "secrets/create-hf-token.sh", *args, world=world, stdin=token, **more)


def create_pull_secret(world: World, *args: str) -> Run:
    return run_script(TREE / "secrets/create-pull-secret.sh", *args, world=world)


def applied(run: Run) -> list[str]:
    """List what was applied beside the namespaces."""
    return [line for line in run.lines if " apply " in line and NAMESPACES not in line]


def assert_hidden(run: Run, *hidden: str) -> None:
    for word in hidden:
        for text in (word, base64.b64encode(word.encode()).decode()):
            assert text not in run.out
            assert text not in run.err
            assert text not in "\n".join(run.lines)


@pytest.mark.parametrize("way", ["stdin", "file", "secret manager"])
def test_a_token_comes_from_standard_input_a_file_or_secret_manager(world: World, way: str) -> None:
    token = random_token()
    world.home["token $(x).txt"] = f"{token}\n"
    if way == "stdin":
        run = create_token(world, token=f" {token}\n")
    elif way == "file":
        run = create_token(world, "--file", "token $(x).txt")
    else:
        run = create_token(world, "--secret-manager", "hugging-face")
    assert run.code == 0, run.err
    expected = {"secret manager": "hf_the-newest-of-hugging-face"}.get(way, token)
    assert value(world, "hf-token", "HF_TOKEN") == expected
    assert stored(world, "hf-token")["type"] == "Opaque"
    assert run.reads == {("token", "0o600", "0o700"), ("wanted.json", "0o600", "0o700")}
    assert_hidden(run, expected)


def test_secret_manager_is_asked_for_the_newest_version_in_the_project(world: World) -> None:
    name = "-we ird;'\"$(touch owned)\n*"
    run = create_token(world, "--secret-manager", name)
    assert [call.argv for call in run.calls if call.tool == "gcloud"] == [
        (
            "secrets",
            "versions",
            "access",
            "latest",
            f"--secret={name}",
            "--project=ecoeng-llmd",
            "--quiet",
        )
    ]
    assert "owned" not in world.home


def test_an_unchanged_token_is_not_written_again_and_a_changed_one_is(world: World) -> None:
    token, other = random_token(), random_token()
    assert len(applied(create_token(world, token=token))) == 1
    again = create_token(world, token=token)
    assert "unchanged: llm-d-inference-scheduling/hf-token\n" in again.out
    assert applied(again) == []
    assert create_token(world, token=other).code == 0
    assert value(world, "hf-token", "HF_TOKEN") == other


def test_a_trace_of_the_shell_shows_no_token(world: World) -> None:
    token = random_token()
    for _ in range(2):
        run = create_token(world, token=token, options=("-x",))
        assert run.code == 0
        assert_hidden(run, token)


@pytest.mark.parametrize(
    ("args", "stdin", "message"),
    [
        ([], " \n", "error: there is no token in standard input\n"),
        (["--file", "absent"], "", "error: absent cannot be read\n"),
        (["--file"], "", "error: --file needs a path\n"),
        (["--secret-manager"], "", "error: --secret-manager needs the name of a secret\n"),
        (
            ["--file", "a", "--secret-manager", "b"],
            "",
            "error: --file and --secret-manager exclude each other\n",
        ),
    ],
)
def test_without_a_token_nothing_is_written(
    world: World, args: list[str], stdin: str, message: str
) -> None:
    run = create_token(world, *args, token=stdin)
    assert run.code == 1
    assert run.err.startswith(message)
    assert [call for call in run.calls if call.changing] == []


def test_a_token_of_an_unusual_form_is_stored_with_a_warning(world: World) -> None:
    token = random_token("x")
    run = create_token(world, token=token)
    assert run.err == "warning: tokens of Hugging Face begin with hf_; this one does not\n"
    assert value(world, "hf-token", "HF_TOKEN") == token


def test_a_secret_of_another_type_is_not_replaced(world: World) -> None:
    create_token(world, token=random_token())
    stored(world, "hf-token")["type"] = "kubernetes.io/tls"
    run = create_token(world, token=random_token())
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        "error: the Secret llm-d-inference-scheduling/hf-token is there with type "
        "kubernetes.io/tls instead of Opaque, which cannot be changed: delete it, then run this "
        "again"
    )


def test_only_the_registry_of_the_image_is_stored_of_a_login(world: World) -> None:
    world.home[LOGIN], auth = login("quay.io", REGISTRY)
    run = create_pull_secret(world)
    assert run.code == 0, run.err
    assert json.loads(value(world, "redhat-pull-secret", ".dockerconfigjson")) == {
        "auths": {REGISTRY: {"auth": auth}}
    }
    assert stored(world, "redhat-pull-secret")["type"] == "kubernetes.io/dockerconfigjson"
    assert f"used: a login by user name from {HOME}/{LOGIN}\n" in run.out
    assert_hidden(run, auth, base64.b64decode(auth).decode().partition(":")[2])
    again = create_pull_secret(world)
    assert "unchanged: llm-d-inference-scheduling/redhat-pull-secret\n" in again.out
    assert applied(again) == []


@pytest.mark.parametrize("form", ["json", "secret.json", "secret.yaml", "quoted.yaml"])
def test_a_file_downloaded_for_a_registry_service_account_is_understood(
    world: World, form: str
) -> None:
    text, auth = login(REGISTRY, user="1234567|llm-d")
    packed = base64.b64encode(text.encode()).decode()
    files = {
        "json": text,
        "secret.json": json.dumps({"kind": "Secret", "data": {".dockerconfigjson": packed}}),
        "secret.yaml": f"apiVersion: v1\nkind: Secret\ndata:\n  .dockerconfigjson: {packed}\n",
        "quoted.yaml": f'kind: Secret\ndata:\n    ".dockerconfigjson": "{packed}"\ntype: x\n',
    }
    world.home["my $(x) file"] = files[form]
    run = create_pull_secret(world, "--file", "my $(x) file")
    assert run.code == 0, run.err
    assert "used: a registry service account from my $(x) file\n" in run.out
    known = json.loads(value(world, "redhat-pull-secret", ".dockerconfigjson"))
    assert known == {"auths": {REGISTRY: {"auth": auth}}}
    assert_hidden(run, auth, packed)


def test_the_message_says_where_credentials_were_looked_for(world: World) -> None:
    del world.home[LOGIN]
    run = run_script(TREE / "secrets/check-pull-secret.sh", world=world)
    assert run.err == (
        "error: no credentials for registry.redhat.io in /nowhere/containers/auth.json "
        f"{HOME}/.config/containers/auth.json {HOME}/.docker/config.json: run podman login "
        "registry.redhat.io, or give a file with --file\n"
        "stopped in step 1 of 2, credentials for registry.redhat.io; run it again to go on\n"
    )


@pytest.mark.parametrize(
    "text", ["", "{}", "no json", '{"auths": {"registry.redhat.io": {}}}', '{"kind": "Secret"}']
)
def test_a_file_without_credentials_is_refused(world: World, text: str) -> None:
    world.home["file"] = text
    run = create_pull_secret(world, "--file", "file")
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        "error: file has no credentials for registry.redhat.io: it must hold what podman login "
        "writes, or be the Secret or the JSON that was downloaded for a registry service account"
    )


@pytest.mark.parametrize(
    ("without", "call"),
    [
        ((), "skopeo inspect --raw docker://"),
        (("skopeo",), "podman manifest inspect "),
    ],
)
def test_the_image_is_looked_at_with_a_private_copy_of_the_credentials(
    world: World, without: tuple[str, ...], call: str
) -> None:
    if without and which("skopeo"):
        return  # this machine's own would be called
    world.home[LOGIN], _ = login(REGISTRY, "quay.io")
    run = run_script(TREE / "secrets/check-pull-secret.sh", world=world, without=without)
    # The stand-ins refuse credentials for more than this registry.
    assert (run.code, run.err) == (0, "")
    assert run.lines == [f"{call}registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5"]
    assert run.reads == {("auth.json", "0o600", "0o700")}


def test_an_image_that_cannot_be_pulled_is_an_error(world: World) -> None:
    world.answers.append(Answer("^skopeo ", "unauthorized", 1))
    run = run_script(TREE / "secrets/check-pull-secret.sh", world=world)
    assert run.code == 1
    assert run.err.startswith("unauthorized\nerror: exit code 1 in line ")
