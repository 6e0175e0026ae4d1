"""A chat server over real HTTP that follows a script: chat completions, streamed as server-sent events."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import regex

MODEL = "scripted"


@dataclass
class Reply:
    """What the server does with one request.

    Attributes:
        text: what to write; `[@heading]` becomes the number of the passage under that heading.
        status: HTTP status; anything but 200 sends an error body.
        before_s: seconds before the first byte.
        between_s: seconds between events.
        endless: repeat the text until the client leaves.
        cut: end the connection after the text, within the body.
        malformed: send an event that is no JSON after the text.
    """

    text: str = ""
    status: int = 200
    before_s: float = 0.0
    between_s: float = 0.0
    endless: bool = False
    cut: bool = False
    malformed: bool = False


@dataclass
class ScriptedServer:
    """A running server, what it was asked and whether a client left in the middle."""

    base_url: str
    reply: Reply = field(default_factory=Reply)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sent: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """All texts of the last request."""
        return "\n".join(message["content"] for message in self.requests[-1]["messages"])


def words_of(text: str) -> list[str]:
    """A text in the small pieces in which models stream."""
    return [text[at : at + 5] for at in range(0, len(text), 5)]


def filled(text: str, prompt: str) -> str:
    """A text with the numbers that the prompt gives its passages."""

    def number(match: regex.Match[str]) -> str:
        found = regex.search(rf'<passage number="(\d+)" section="[^"]*{regex.escape(match[1])}', prompt)
        return f"[{found[1]}]" if found else "[99]"

    return regex.sub(r"\[@([^]]+)\]", number, text)


@contextmanager
def serving(reply: Reply | None = None) -> Iterator[ScriptedServer]:
    """Run a server on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    scripted = ScriptedServer(f"http://127.0.0.1:{server.server_address[1]}/v1", reply or Reply())
    server.scripted = scripted  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield scripted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        """Answer `POST /v1/chat/completions`."""
        script: ScriptedServer = self.server.scripted  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.requests.append(body)
        script.keys.append(self.headers.get("Authorization", ""))
        reply = script.reply
        try:
            if self.path != "/v1/chat/completions":
                self._error(404, "no such path")
                return
            self._wait(reply.before_s)
            if reply.status != 200:
                self._error(reply.status, f"refused; the key was {self.headers.get('Authorization')}")
            elif body.get("stream"):
                self._stream(script, reply)
            else:
                self._whole(filled(reply.text, script.prompt))
        except (BrokenPipeError, ConnectionResetError):
            script.left.set()
            self.close_connection = True

    def _stream(self, script: ScriptedServer, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            for piece in words_of(filled(reply.text, script.prompt)):
                self._event(_chunk({"content": piece}))
                script.sent += 1
                self._wait(reply.between_s)
            if not reply.endless:
                break
        if reply.malformed:
            self._event("{not json")
        if reply.cut:
            self.close_connection = True
            return
        self._event(_chunk({}, finish="stop"))
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _whole(self, text: str) -> None:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        self._json(200, {**_head("chat.completion"), "choices": [choice], "usage": usage})

    def _event(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def _wait(self, seconds: float) -> None:
        """Wait, and notice a client that leaves meanwhile."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.connection.settimeout(max(0.001, min(0.05, until - time.monotonic())))
            try:
                if self.connection.recv(1, socket.MSG_PEEK) == b"":
                    raise BrokenPipeError
                time.sleep(0.005)
            except TimeoutError:
                pass
            finally:
                self.connection.settimeout(None)

    def _error(self, status: int, message: str) -> None:
        self._json(status, {"error": {"message": message, "type": "error", "code": None}})

    def _json(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _head(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": MODEL}


def _chunk(delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", **delta} if delta else {}, "finish_reason": finish}
    return json.dumps({**_head("chat.completion.chunk"), "choices": [choice]})
