"""A model server on loopback that speaks the OpenAI API as vLLM does, and misbehaves on demand."""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JSON = "application/json"
METRICS = "text/plain; version=0.0.4; charset=utf-8"
ENDS = ("/health", "/v1/models", "/v1/completions", "/v1/chat/completions", "/metrics")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    version: str
    body: str

    @property
    def end(self) -> str:
        """The path as the model server knows it, without the prefix of a route."""
        return next((end for end in ENDS if self.path.endswith(end)), "")

    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; `missing` bytes are announced and never come."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    missing: int = 0


def as_json(data: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(data, ensure_ascii=False).encode())


Reply = Callable[[Request], Answer]


@dataclass(slots=True)
class Model:
    """The state of a vLLM: what it serves, its prefix cache and its counters."""

    name: str
    text: str = "I am fine, thank you."
    replies: dict[str, Reply] = field(default_factory=dict)
    """Paths that another answer than vLLM's comes from; the key "" is any path."""
    headers: tuple[tuple[str, str], ...] = ()
    caching: bool = True
    counters: str = "vllm:prefix_cache"
    block: int = 16
    log: Path | None = None
    requests: list[Request] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    released: threading.Event = field(default_factory=threading.Event)
    """Set at the end of a test; an answer that must come too late waits for it."""
    _cached: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
        reply = self.replies.get(request.end) or self.replies.get("")
        return reply(request) if reply else self.behave(request)

    def behave(self, request: Request) -> Answer:
        """Answer as vLLM does."""
        if request.method == "GET":
            return self._tell(request.end)
        data = request.data()
        if data["model"] != self.name:
            message = f"The model `{data['model']}` does not exist."
            return as_json(
                {"error": {"message": message, "type": "NotFoundError", "code": 404}}, 404
            )
        chat = request.end == "/v1/chat/completions"
        prompt = data["messages"][0]["content"] if chat else data["prompt"]
        name = f"{'chatcmpl' if chat else 'cmpl'}-{uuid.uuid4().hex}"
        if self.log is not None:
            with self._lock, self.log.open("a", encoding="utf-8") as log:
                log.write(f"[pod/model-server-1/main] INFO Received request {name}: params: ...\n")
        answer = as_json(self.generate(name, prompt, data["max_tokens"], chat=chat))
        return Answer(answer.status, answer.body, answer.content_type, self.headers)

    def generate(self, name: str, prompt: str, most: int, *, chat: bool) -> dict[str, Any]:
        """Make an answer and count it."""
        asked, told = len(prompt.split()), min(most, len(self.text.split()))
        with self._lock:
            self.counts["prompt"] += asked
            if self.caching:
                self.counts["queries"] += asked
                if prompt in self._cached:
                    self.counts["hits"] += (asked - 1) // self.block * self.block
                self._cached.add(prompt)
        choice: dict[str, Any] = {"index": 0, "logprobs": None, "finish_reason": "stop"}
        if chat:
            choice["message"] = {"role": "assistant", "content": self.text, "tool_calls": []}
        else:
            choice["text"] = self.text
        return {
            "id": name,
            "object": "chat.completion" if chat else "text_completion",
            "created": 1760000000,
            "model": self.name,
            "choices": [choice],
            "usage": {
                "prompt_tokens": asked,
                "completion_tokens": told,
                "total_tokens": asked + told,
                "prompt_tokens_details": None,
            },
        }

    def _tell(self, end: str) -> Answer:
        if end == "/health":
            return Answer(content_type="")
        if end == "/v1/models":
            card = {"id": self.name, "object": "model", "owned_by": "vllm", "root": "/mnt/models"}
            return as_json({"object": "list", "data": [card]})
        if end == "/metrics":
            return Answer(body=self.metrics().encode(), content_type=METRICS)
        return as_json({"detail": "Not Found"}, 404)

    def metrics(self) -> str:
        labels = f'{{engine="0",model_name={json.dumps(self.name)}}}'
        lines = [
            "# TYPE python_info gauge",
            'python_info{implementation="CPython",version="3.12.0"} 1.0',
            f'vllm:cache_config_info{{engine="0",block_size="{self.block}",dtype="auto"}} 1.0',
            f"vllm:prompt_tokens_total{labels} {self.counts['prompt']}.0",
            f"vllm:external_prefix_cache_hits_total{labels} 7.0",
        ]
        if self.counters:
            for noun in ("queries", "hits"):
                name = f"{self.counters}_{noun}"
                lines += [
                    f"# TYPE {name}_total counter",
                    f"{name}_total{labels} {self.counts[noun]}.0",
                    f"{name}_created{labels} 1.76e+09",
                ]
        return "\n".join(lines) + "\n"


@contextmanager
def serve(model: Model) -> Iterator[int]:
    """Serve a model on a free port of loopback, which is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # the client had enough
                super().handle()

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            answer = model.answer(Request(self.command, self.path, self.request_version, body))
            self.send_response(answer.status)
            if answer.content_type:
                self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.missing:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        model.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
