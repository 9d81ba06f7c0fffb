"""Downloading pinned CRDs from servers that misbehave: all of it is stored or nothing."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from support import files_of as contents_of

from llmd_render.crds import load_crds
from llmd_render.crds.download import _refuse_insecure, download
from llmd_render.crds.releases import (
    PinnedFile,
    PinnedRelease,
    choose_releases,
    files_of,
    pinned_releases,
)
from llmd_render.crds.sync import SyncReport, sync
from llmd_render.diagnostics import Diagnostic, InputError
from llmd_render.validate import Release, SchemaStore, check_object
from llmd_render.write import INVENTORY

FETCH = partial(download, timeout=10, limit=20_000)
IMPATIENT = partial(FETCH, timeout=0.2)
RELEASE = Release("Things v2", "example/things @0123456", "2026-01-02")


def crd(kind: str = "Thing", group: str = "example.com", size: str = "integer") -> bytes:
    return f"""\
# A comment that is part of what the hash covers.
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: things.example.com, annotations: {{a: b}}}}
spec:
  group: {group}
  names: {{kind: {kind}, plural: things}}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: A thing.
        properties:
          spec: {{type: object, properties: {{size: {{type: {size}, description: Large.}}}}}}
""".encode()


@dataclass
class Server:
    """A server on loopback whose answers are functions of the handler, by path."""

    address: str
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    end: threading.Event = field(default_factory=threading.Event)

    def pin(self, name: str, body: bytes, answer: Any = None) -> PinnedFile:
        """Serve a file, and say what it must be."""
        self.answers[f"/{name}"] = answer or partial(send, body=body)
        digest = hashlib.sha256(body).hexdigest()
        return PinnedFile(f"{self.address}/{name}", digest, RELEASE)


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes = b"",
    status: int = 200,
    length: int | None = None,
    **headers: str,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            known.answers[self.path](self)

        def log_message(self, *_args: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Server(f"http://127.0.0.1:{running.server_port}")
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield known
    known.end.set()
    running.shutdown()
    running.server_close()
    thread.join()


def refuse(tmp_path: Path, *files: PinnedFile, fetch: Callable[[str], bytes] = FETCH) -> Diagnostic:
    """Sync into a folder that holds something, and see that it stays as it is."""
    good = PinnedFile("http://127.0.0.1/held.yaml", hashlib.sha256(crd()).hexdigest(), RELEASE)
    fresh, target = tmp_path / "fresh" / "crds", tmp_path / "crds"
    sync(target, [good], fetch=lambda _: crd())
    before = contents_of(tmp_path)
    with pytest.raises(InputError) as caught:
        sync(target, [good, *files], fetch=fetch)
    with pytest.raises(InputError) as again:
        sync(fresh, files, fetch=fetch)
    assert caught.value.diagnostics == again.value.diagnostics
    assert contents_of(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["crds"]
    (found,) = caught.value.diagnostics
    assert found.hint
    assert "\n" not in f"{found.message}{found.hint}"
    return found


def test_a_sync_stores_compact_crds_that_judge_as_the_originals(
    server: Server, tmp_path: Path
) -> None:
    two = crd("Other") + b"---\n" + crd("Third") + b"---\napiVersion: v1\nkind: ConfigMap\n"
    wanted = [server.pin("a.yaml", crd()), server.pin("b.yaml", two)]
    target = tmp_path / "deep" / "crds"
    report = sync(target, wanted, fetch=FETCH)
    assert report == SyncReport(target, tuple(wanted), (), crds=3, changed=True)
    assert report.summary == (f"3 CRDs in {target.as_posix()}/: 2 files downloaded and verified")
    stored = contents_of(target)
    assert sorted(stored) == [
        INVENTORY,
        "example.com_Other.json",
        "example.com_Thing.json",
        "example.com_Third.json",
        "index.json",
    ]
    assert b"Large" not in stored["example.com_Thing.json"]
    loaded = load_crds([target])
    assert loaded.diagnostics == ()
    store = SchemaStore("1.34", loaded.crds)
    schema = store.find("example.com/v1", "Thing")
    assert schema
    assert schema.origin == (target / "example.com_Thing.json").as_posix()
    assert schema.releases == (Release("Things v2", wanted[0].url, "2026-01-02"),)
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}}
    wrong = list(check_object(thing | {"spec": {"size": "1"}}, store))
    assert [item.path for item in wrong] == [("spec", "size")]


def test_a_second_sync_downloads_nothing(server: Server, tmp_path: Path) -> None:
    wanted = [server.pin("a.yaml", crd()), server.pin("b.yaml", crd("Other"))]
    target = tmp_path / "crds"
    sync(target, wanted, fetch=FETCH)
    before, inode = contents_of(target), target.stat().st_ino
    server.asked.clear()
    report = sync(target, wanted, fetch=FETCH)
    assert server.asked == []
    assert report == SyncReport(target, (), tuple(wanted), crds=2, changed=False)
    assert report.summary == (
        f"2 CRDs in {target.as_posix()}/: nothing was downloaded, nothing changed"
    )
    assert (contents_of(target), target.stat().st_ino) == (before, inode)


def test_the_same_sync_gives_the_same_bytes_in_any_order(server: Server, tmp_path: Path) -> None:
    wanted = [server.pin("a.yaml", crd()), server.pin("b.yaml", crd("Other"))]
    sync(tmp_path / "a" / "crds", wanted, fetch=FETCH)
    sync(tmp_path / "b" / "crds", wanted[::-1], fetch=FETCH)
    assert contents_of(tmp_path / "a") == contents_of(tmp_path / "b")


def test_only_what_is_new_is_downloaded(server: Server, tmp_path: Path) -> None:
    old = [server.pin("a.yaml", crd()), server.pin("b.yaml", crd("Other"))]
    target = tmp_path / "crds"
    sync(target, old, fetch=FETCH)
    server.asked.clear()
    new = [old[0], server.pin("b.yaml", crd("Other", size="string"))]
    report = sync(target, new, fetch=FETCH)
    assert server.asked == ["/b.yaml"]
    assert (report.downloaded, report.held) == ((new[1],), (new[0],))
    assert report.summary.endswith(": 1 file downloaded and verified, 1 file held already")
    assert b'"string"' in contents_of(target)["example.com_Other.json"]


def test_what_is_not_wanted_any_more_goes(server: Server, tmp_path: Path) -> None:
    wanted = [server.pin("a.yaml", crd()), server.pin("b.yaml", crd("Other"))]
    target = tmp_path / "crds"
    sync(target, wanted, fetch=FETCH)
    report = sync(target, wanted[:1], fetch=FETCH)
    assert report.changed
    assert report.summary.endswith("nothing was downloaded, others were removed")
    assert sorted(contents_of(target)) == [INVENTORY, "example.com_Thing.json", "index.json"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "example.com_Thing.json").unlink(),
        lambda folder: (folder / "index.json").unlink(),
    ],
)
def test_what_is_lost_is_downloaded_again(
    damage: Callable[[Path], None], server: Server, tmp_path: Path
) -> None:
    wanted = [server.pin("a.yaml", crd())]
    target = tmp_path / "crds"
    sync(target, wanted, fetch=FETCH)
    before = contents_of(target)
    damage(target)
    server.asked.clear()
    assert sync(target, wanted, fetch=FETCH).changed
    assert server.asked == ["/a.yaml"]
    assert contents_of(target) == before


@pytest.mark.parametrize(
    "index",
    [
        b"not json",
        b"\xff",
        b"[]",
        b'{"format": 0, "sources": []}',
        b'{"format": 1, "sources": [1]}',
        b'{"format": 1, "sources": [{"url": "URL"}]}',
        (
            b'{"format": 1, "sources": [{"url": "URL", "sha256": "SHA", "release": "Things v2", '
            b'"source": "example/things @0123456", "date": "2026-01-02"}]}'
        ),
        (
            b'{"format": 1, "sources": [{"url": "URL", "sha256": "SHA", "release": "Things v2", '
            b'"source": "example/things @0123456", "date": "2026-01-02", '
            b'"files": {"../outside": "OUTSIDE"}}]}'
        ),
    ],
)
def test_an_index_that_says_something_else_is_not_believed(
    index: bytes, server: Server, tmp_path: Path
) -> None:
    wanted = [server.pin("a.yaml", crd())]
    target = tmp_path / "crds"
    sync(target, wanted, fetch=FETCH)
    before = contents_of(target)
    (tmp_path / "outside").write_bytes(crd())
    index = index.replace(b"URL", wanted[0].url.encode())
    index = index.replace(b"SHA", wanted[0].sha256.encode())
    index = index.replace(b"OUTSIDE", hashlib.sha256(crd()).hexdigest().encode())
    (target / "index.json").write_bytes(index)
    server.asked.clear()
    sync(target, wanted, fetch=FETCH, force=True)
    assert server.asked == ["/a.yaml"]
    assert contents_of(target) == before


def test_an_index_of_another_format_is_not_believed(server: Server, tmp_path: Path) -> None:
    wanted = [server.pin("a.yaml", crd())]
    target = tmp_path / "crds"
    sync(target, wanted, fetch=FETCH)
    index = json.loads((target / "index.json").read_text())
    for number, asked in ((1, ["/a.yaml"]), (2, ["/a.yaml"] * 2)):
        (target / "index.json").write_text(json.dumps(index | {"format": number}))
        sync(target, wanted, fetch=FETCH, force=True)
        assert server.asked == asked


def test_files_that_somebody_edited_or_added_are_kept_and_nothing_is_downloaded(
    server: Server, tmp_path: Path
) -> None:
    wanted = [server.pin("a.yaml", crd())]
    target = tmp_path / "crds"
    sync(target, wanted, fetch=FETCH)
    before = contents_of(target)
    (target / "example.com_Thing.json").write_text("mine")
    (target / "my.yaml").write_text("mine")
    server.asked.clear()
    with pytest.raises(InputError) as caught:
        sync(target, wanted, fetch=FETCH)
    assert [(item.code, item.hint) for item in caught.value.diagnostics] == [
        (
            "tree-file-hand-edited",
            "keep CRDs of your own in another folder; --force discards the edit",
        ),
        ("tree-file-extra", "keep CRDs of your own in another folder; --force removes the file"),
    ]
    assert server.asked == []
    assert (target / "my.yaml").read_text() == "mine"
    sync(target, wanted, fetch=FETCH, force=True)
    assert contents_of(target) == before


def test_a_folder_of_somebody_elses_is_not_touched(server: Server, tmp_path: Path) -> None:
    target = tmp_path / "crds"
    target.mkdir()
    (target / "my.yaml").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = contents_of(tmp_path)
    for place in (target, tmp_path / "file"):
        with pytest.raises(InputError) as caught:
            sync(place, [server.pin("a.yaml", crd())], fetch=FETCH, force=True)
        (found,) = caught.value.diagnostics
        assert found.code == "tree-target-foreign"
        assert found.hint == "move it away or choose another --to"
    assert server.asked == []
    assert contents_of(tmp_path) == before


def test_a_download_that_ends_early_is_refused(server: Server, tmp_path: Path) -> None:
    size = len(crd())
    file = server.pin("a.yaml", crd(), partial(send, body=crd()[:100], length=size))
    found = refuse(tmp_path, file)
    assert (str(found.location), found.code) == (file.url, "crd-download-truncated")
    assert found.message == f"the download ended after 100 of {size} bytes"
    assert found.hint == "nothing was stored; try again"


def test_a_download_in_chunks_that_ends_early_is_refused(server: Server, tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"a\r\napiVersion")

    found = refuse(tmp_path, server.pin("a.yaml", crd(), answer))
    assert found.code == "crd-download-truncated"
    assert found.message == "the answer breaks off or is not HTTP: IncompleteRead"


def test_a_download_in_chunks_is_read(server: Server, tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in (crd()[:10], crd()[10:], b""):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    assert sync(tmp_path / "crds", [server.pin("a.yaml", crd(), answer)], fetch=FETCH).changed


def test_another_file_than_the_pinned_one_is_refused_before_it_is_parsed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = server.pin("a.yaml", crd("Other"), partial(send, body=b"a: ["))
    held = crd()
    monkeypatch.setattr("llmd_render.crds.sync.find_crds", fail_unless(held))
    found = refuse(tmp_path, file)
    assert found.code == "crd-download-hash-wrong"
    assert found.message == (
        f"the file has the SHA-256 {hashlib.sha256(b'a: [').hexdigest()}; "
        f"it must have {file.sha256}"
    )


def fail_unless(expected: bytes) -> Any:
    from llmd_render.crds.finding import find_crds  # noqa: PLC0415 - before it is replaced

    def find(text: str, file: str) -> Any:
        assert text.encode() == expected, "what is not verified was parsed"
        return find_crds(text, file)

    return find


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (
            404,
            "crd-download-not-found",
            "the server answers 404 Not Found; the pinned file is not there any more",
        ),
        (
            503,
            "crd-download-server-error",
            "the server answers 503 Service Unavailable; expected was a file",
        ),
        (
            403,
            "crd-download-refused",
            "the server answers 403 Forbidden; expected was a file",
        ),
        (
            302,
            "crd-download-refused",
            "the server answers 302 Found; expected was a file",
        ),
    ],
)
def test_an_answer_that_is_no_file_is_refused(
    status: int, code: str, message: str, server: Server, tmp_path: Path
) -> None:
    answer = partial(send, body=crd(), status=status)
    found = refuse(tmp_path, server.pin("a.yaml", crd(), answer))
    assert (found.code, found.message) == (code, message)
    assert "kubectl get crd" in found.hint


def test_a_redirect_is_followed(server: Server, tmp_path: Path) -> None:
    server.pin("b.yaml", crd())
    file = server.pin("a.yaml", crd(), partial(send, status=302, Location="b.yaml"))
    assert sync(tmp_path / "crds", [file], fetch=FETCH).changed
    assert server.asked == ["/a.yaml", "/b.yaml"]


def test_a_circle_of_redirects_ends(server: Server, tmp_path: Path) -> None:
    server.pin("b.yaml", crd(), partial(send, status=307, Location="/a.yaml"))
    file = server.pin("a.yaml", crd(), partial(send, status=301, Location="/b.yaml"))
    found = refuse(tmp_path, file)
    assert found.code == "crd-download-redirected"
    assert found.message == (
        f"the server redirects more than 5 times, at last to {server.address}/a.yaml"
    )
    assert len(server.asked) == 12


@pytest.mark.parametrize(
    "target", ["http://example.com/a.yaml", "file:///etc/hostname", "ftp://127.0.0.1/a"]
)
def test_a_redirect_to_anything_but_https_is_refused(
    target: str, server: Server, tmp_path: Path
) -> None:
    file = server.pin("a.yaml", crd(), partial(send, status=302, Location=target))
    found = refuse(tmp_path, file)
    assert found.code == "crd-download-insecure"
    assert found.message == f"the server redirects to {target}; only https is followed"


@pytest.mark.parametrize(
    "url", ["http://example.com/a.yaml", "file:///etc/hostname", "a.yaml", "http://[::1"]
)
def test_an_address_that_is_not_https_is_refused(url: str, tmp_path: Path) -> None:
    found = refuse(tmp_path, PinnedFile(url, "0" * 64, RELEASE))
    expected = "cannot connect: Invalid IPv6 URL"
    if "[" not in url:
        expected = "the address is not https; only https is followed"
    assert (str(found.location), found.message) == (url, expected)


def test_nobody_elses_server_leads_to_a_service_of_this_machine() -> None:
    _refuse_insecure("http://127.0.0.1:8000/a", "http://localhost:8001/b")
    with pytest.raises(InputError) as caught:
        _refuse_insecure("http://127.0.0.1:8000/a", "https://example.com/b")
    assert caught.value.diagnostics[0].code == "crd-download-insecure"


@pytest.mark.parametrize("begun", [False, True])
def test_a_server_that_falls_silent_is_not_waited_for(
    begun: bool, server: Server, tmp_path: Path
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if begun:
            send(handler, b"api", length=100)
        server.end.wait(30)

    found = refuse(tmp_path, server.pin("a.yaml", crd(), answer), fetch=IMPATIENT)
    assert found.code == "crd-download-timed-out"
    assert found.message == (
        "the server did not send the file in time; it may keep silent for 0.2 s"
    )


def test_a_server_that_drips_is_not_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, length=10_000)
        while not server.end.wait(0.02):
            try:
                handler.wfile.write(b"a")
            except OSError:
                return

    monkeypatch.setattr("llmd_render.crds.download._PATIENCE", 1)
    found = refuse(tmp_path, server.pin("a.yaml", crd(), answer), fetch=IMPATIENT)
    assert found.code == "crd-download-timed-out"


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.yaml"
        found = refuse(tmp_path, PinnedFile(url, "0" * 64, RELEASE))
    assert (str(found.location), found.code) == (url, "crd-download-unreachable")
    assert found.message == "cannot connect: Connection refused"


def test_a_server_without_a_certificate_is_an_error(server: Server, tmp_path: Path) -> None:
    url = server.pin("a.yaml", crd()).url.replace("http:", "https:")
    found = refuse(tmp_path, PinnedFile(url, "0" * 64, RELEASE))
    assert found.code == "crd-download-tls-failed"
    assert found.message.startswith("no secure connection: ")
    assert found.message.endswith("; expected was a server with a valid certificate")
    assert "SSL_CERT_FILE" in found.hint


def test_a_server_that_hangs_up_is_an_error(server: Server, tmp_path: Path) -> None:
    found = refuse(tmp_path, server.pin("a.yaml", crd(), lambda _: None))
    assert found.code == "crd-download-truncated"
    assert found.message == "the answer breaks off or is not HTTP: RemoteDisconnected"


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_that_is_too_large_is_not_read_to_its_end(
    announced: bool, server: Server, tmp_path: Path
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if announced:
            send(handler, length=20_001)
            server.end.wait(30)
            return
        handler.send_response(200)
        handler.end_headers()
        while not server.end.is_set():
            try:
                handler.wfile.write(b"#" * 10_000)
            except OSError:
                return

    found = refuse(tmp_path, server.pin("a.yaml", crd(), answer))
    assert found.code == "crd-download-too-large"
    assert found.message == "the file is larger than 20,000 bytes; no file of CRDs is"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (
            b"kind: List\nitems: [\n",
            "yaml-syntax-error",
            "this is not YAML: did not find expected node content",
        ),
        (
            b"a: \xe9",
            "crd-download-not-text",
            "the file is not UTF-8 text (byte 3); it must be YAML",
        ),
        (
            b"<html>Sign in</html>",
            "crd-not-found",
            "the file has no CustomResourceDefinition; it must have one or more",
        ),
        (
            b"",
            "crd-not-found",
            "the file has no CustomResourceDefinition; it must have one or more",
        ),
        (
            crd().replace(b"scope: Namespaced", b"scope: 5"),
            "crd-malformed-definition",
            "scope is 5, an integer; it must be Cluster or Namespaced",
        ),
        (
            crd(size="integer, default: .nan"),
            "crd-download-not-json",
            (
                "a CustomResourceDefinition of the file cannot be written as JSON: "
                "Out of range float values are not JSON compliant"
            ),
        ),
    ],
)
def test_a_pinned_file_that_holds_no_crd_is_refused(
    body: bytes, code: str, message: str, server: Server, tmp_path: Path
) -> None:
    file = server.pin("a.yaml", body)
    found = refuse(tmp_path, file)
    assert (found.location.file, found.code) == (file.url, code)
    assert found.message.startswith(message)
    assert found.hint.endswith("update llmd-render")


def test_two_files_of_the_same_kind_are_refused(server: Server, tmp_path: Path) -> None:
    one, two = server.pin("a.yaml", crd("Other")), server.pin("b.yaml", crd("Other"))
    found = refuse(tmp_path, one, two)
    assert found.code == "crd-brought-twice"
    assert found.message == f"this file brings Other example.com, and so does {one.url}"


def test_what_cannot_be_written_is_not_half_written(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def fill_disk(path: Path, content: bytes) -> int:
        if path.name == "example.com_Third.json":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill_disk)
    files = [server.pin("a.yaml", crd("Other")), server.pin("b.yaml", crd("Third"))]
    target = tmp_path / "crds"
    held = [server.pin("c.yaml", crd())]
    sync(target, held, fetch=FETCH)
    before = contents_of(tmp_path)
    with pytest.raises(InputError) as caught:
        sync(target, files, fetch=FETCH)
    (found,) = caught.value.diagnostics
    assert found.message == "cannot write the tree: No space left on device"
    assert found.hint == "free the disk or choose another --to"
    assert contents_of(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["crds"]


def test_a_target_inside_a_file_is_an_error(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError) as caught:
        sync(tmp_path / "file" / "crds", [server.pin("a.yaml", crd())], fetch=FETCH)
    (found,) = caught.value.diagnostics
    assert found.hint.endswith("choose another --to")
    assert contents_of(tmp_path) == {"file": b"mine"}


def test_an_interrupted_download_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupt(_: str) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(tmp_path / "crds", [PinnedFile("https://a/b", "0" * 64, RELEASE)], fetch=interrupt)
    assert contents_of(tmp_path) == {}


def test_without_a_choice_the_defaults_are_downloaded(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b""

    with pytest.raises(InputError):
        sync(tmp_path / "crds", fetch=fetch)
    assert asked == [files_of(choose_releases())[0].url]


def test_of_each_project_one_release_is_the_default() -> None:
    projects = [item.project for item in pinned_releases()]
    assert [item.project for item in choose_releases()] == list(dict.fromkeys(projects))
    assert sum(item.default for item in pinned_releases()) == len(set(projects))
    assert len({(item.project, item.version) for item in pinned_releases()}) == len(projects)


def test_every_pinned_release_says_where_it_is_from_and_never_moves() -> None:
    for item in pinned_releases():
        repository, _, commit = item.source.partition(" @")
        assert len(commit) == 12
        base = f"https://raw.githubusercontent.com/{repository}/"
        assert item.base.startswith(base)
        reference = item.base.removeprefix(base).partition("/")[0]
        assert reference.startswith(("v", "odh-v", commit))
        assert len(item.date.split("-")) == 3
    urls = [file.url for file in files_of(pinned_releases())]
    assert len(set(urls)) == len(urls) == 51


def test_a_release_is_chosen_by_project_and_version() -> None:
    chosen = {item.project: item.version for item in choose_releases({"gateway-api": "v1.6.1"})}
    default = {item.project: item.version for item in choose_releases()}
    assert chosen == default | {"gateway-api": "v1.6.1"}
    assert default["gateway-api"] == "v1.4.1"


@pytest.mark.parametrize(
    ("wanted", "message", "hint"),
    [
        (
            {"gatewayapi": "v1.6.1"},
            "there is no project gatewayapi with CRDs to download",
            "did you mean `gateway-api`?",
        ),
        (
            {"kserve": "v9"},
            "kserve v9 is not one of the pinned releases",
            "releases: release-v0.15, odh-v3.5",
        ),
    ],
)
def test_an_unknown_release_is_refused(wanted: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        choose_releases(wanted)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.hint) == ("crd-release-unknown", message, hint)


@pytest.mark.parametrize(
    "change",
    [
        {"base": "http://example.com/"},
        {"base": "https://example.com"},
        {"files": {}},
        {"files": {"a.yaml": "0123"}},
        {"licence": "Apache-2.0"},
        {"date": ""},
    ],
)
def test_a_row_of_the_data_is_closed(change: dict[str, Any]) -> None:
    row = pinned_releases()[0].model_dump()
    PinnedRelease.model_validate(row)
    with pytest.raises(ValidationError):
        PinnedRelease.model_validate(row | change)


def test_the_index_says_what_each_file_was_made_from(server: Server, tmp_path: Path) -> None:
    file = server.pin("a.yaml", crd())
    target = tmp_path / "crds"
    sync(target, [file], fetch=FETCH)
    stored = contents_of(target)
    assert json.loads(stored["index.json"]) == {
        "format": 1,
        "sources": [
            {
                "url": file.url,
                "sha256": file.sha256,
                "release": "Things v2",
                "source": "example/things @0123456",
                "date": "2026-01-02",
                "files": {
                    "example.com_Thing.json": hashlib.sha256(
                        stored["example.com_Thing.json"]
                    ).hexdigest()
                },
            }
        ],
    }
    shutil.copytree(target, tmp_path / "copy")
    assert not sync(tmp_path / "copy", [file], fetch=FETCH).downloaded
