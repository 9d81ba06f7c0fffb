"""CRDs of the user's own, and of other projects, at the command line."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import MINIMAL, files_of, run, tree

from llmd_render.crds import releases
from llmd_render.rules import TREE_RULES
from llmd_render.validate import cel

CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties: {size: {type: integer}}
            x-kubernetes-validations:
            - {rule: self.size > 1, message: a thing is larger than one}
"""
THING = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {size: 2}\n"


def test_a_crd_of_the_user_judges_its_kind(tmp_path: Path) -> None:
    tree(tmp_path, {"crds/thing.yaml": CRD})
    options = ("lint", "--crds", tmp_path / "crds", "-")
    good = run(*options, stdin=THING)
    assert (good.exit_code, good.stdout) == (
        0,
        (
            "1 file, 1 object of 1 kind, 1 CEL rule, "
            f"{len(TREE_RULES)} tree rules: 0 errors, 0 warnings\n"
        ),
    )
    small = run(*options, stdin=THING.replace("2", "1"))
    assert small.exit_code == 1
    assert "-:4:1: error: a thing is larger than one [cel-rule-violated]" in small.stdout
    wrong = run(*options, stdin=THING.replace("size", "sise"))
    assert "-:4:8: error: sise is not a field of spec [schema-unknown-field]" in wrong.stdout
    assert "did you mean `size`?" in wrong.stdout


def test_a_template_of_the_user_may_have_a_kind_of_the_users_crd(tmp_path: Path) -> None:
    tree(
        tmp_path,
        {
            "p.yaml": MINIMAL,
            "crds/thing.yaml": CRD,
            "templates/things/thing.yaml.j2": THING,
            "templates/things/kustomization.yaml.j2": "resources: [thing.yaml]\n",
        },
    )
    render = ("--profile", tmp_path / "p.yaml", "--templates", tmp_path / "templates", "--dry-run")
    assert "[schema-missing-for-kind]" in run(*render).stderr
    result = run(*render, "--crds", tmp_path / "crds")
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"crds/a.yaml": "a: [\n"}, "yaml-syntax-error"),
        ({"crds/a.yaml": THING}, "crd-not-found"),
        ({"crds/a.yaml": CRD.replace("served: true", "served: 1")}, "crd-malformed-definition"),
        ({}, "file-not-readable"),
    ],
)
def test_crds_that_cannot_be_used_are_usage_errors(
    files: dict[str, str], code: str, tmp_path: Path
) -> None:
    tree(tmp_path, files)
    result = run("lint", "--crds", tmp_path / "crds", "-", stdin=THING)
    assert result.exit_code == 2
    assert f"[{code}]" in result.stderr


def test_without_an_engine_rules_are_errors_unless_allowed_for_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cel.walk, "load_engine", lambda: None)
    tree(tmp_path, {"thing.yaml": CRD})
    options = ("lint", "--crds", tmp_path / "thing.yaml", "-")
    missing = run(*options, stdin=THING)
    assert missing.exit_code == 1
    assert "[cel-rule-not-evaluated]" in missing.stdout
    allowed = run(*options, "--allow-unevaluated", "judged in CI", stdin=THING)
    assert allowed.exit_code == 0
    assert "acknowledged: judged in CI" in allowed.stdout


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "thing.yaml").write_text(CRD)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path / "served"))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}/"
        httpd.shutdown()
        thread.join()


def pin(monkeypatch: pytest.MonkeyPatch, base: str, sha256: str) -> None:
    row = releases.PinnedRelease.model_construct(
        project="example",
        version="v1",
        name="Example v1",
        default=True,
        source="example/example",
        date="2026-01-01",
        base=base,
        files={"thing.yaml": sha256},
    )
    monkeypatch.setattr(releases, "pinned_releases", lambda: (row,))


def test_what_is_downloaded_is_verified_stored_and_used_from_then_on(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, server, hashlib.sha256(CRD.encode()).hexdigest())
    target = tmp_path / "stored"
    result = run("crds", "sync", "--to", target)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == f"downloading {server}thing.yaml\n"
    assert "1 CRD in " in result.stdout
    again = run("crds", "sync", "--to", target)
    assert (again.exit_code, again.stderr) == (0, "")
    assert "nothing was downloaded" in again.stdout
    assert run("lint", "--crds", target, "-", stdin=THING).exit_code == 0
    rows = json.loads(run("crds", "list", "--crds", target, "--format", "json").stdout)
    (row,) = [row for row in rows if row["kind"] == "Thing"]
    assert (row["cel rules"], row["from"]) == (1, (target / "example.com_Thing.json").as_posix())


def test_a_download_that_is_not_what_was_pinned_stores_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, server, "0" * 64)
    result = run("crds", "sync", "--to", tmp_path / "stored")
    assert result.exit_code == 1
    assert "[crd-download-hash-wrong]" in result.stderr
    assert files_of(tmp_path / "stored") == {}


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ("gateway-api", "`gateway-api` is not of the form PROJECT=VERSION"),
        ("gateway-ap=v1.6.1", "did you mean `gateway-api`?"),
        ("gateway-api=v9", "gateway-api v9 is not one of the pinned releases"),
    ],
)
def test_a_release_that_is_not_pinned_is_named_with_those_that_are(
    release: str, message: str, tmp_path: Path
) -> None:
    result = run("crds", "sync", "--to", tmp_path / "stored", "--release", release)
    assert result.exit_code in {1, 2}
    assert message in result.stderr
