"""A receiver of webhooks: writes down each request with its headers, and answers as it is told to."""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson


@dataclass(frozen=True)
class Received:
    """One request."""

    headers: dict[str, str]
    raw: bytes
    path: str = ""

    @property
    def body(self) -> dict[str, object]:
        found: dict[str, object] = orjson.loads(self.raw)
        return found


@dataclass
class Receiver:
    """What came, and the statuses to answer with first; then 200."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on this machine."""
    found = Receiver("")

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            found.received.append(Received({name.lower(): value for name, value in self.headers.items()}, raw, self.path))
            status = found.answers.popleft() if found.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("location", found.url)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
