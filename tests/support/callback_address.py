"""A callback address as a developer writes it: verifies, opens what comes, and answers as it is told to."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import orjson
from defusedxml import ElementTree

from wecom_simulator.crypto import Crypt

TOKEN = "callbacktoken"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


@dataclass
class Address:
    """What came (opened), and the statuses to answer with first; a negative one waits that many seconds before 200."""

    url: str
    crypt: Crypt
    received: list[dict[str, str]] = field(default_factory=list)
    answers: deque[float] = field(default_factory=deque)
    echo_suffix: bytes = b""

    def changes(self) -> list[str]:
        """The kinds of change in the order in which they came."""
        return [one.get("ChangeType", "") for one in self.received]


@contextlib.contextmanager
def listening(receive_id: str) -> Iterator[Address]:
    """An address on this machine."""
    found = Address("", Crypt(TOKEN, AES_KEY, receive_id))

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = dict(parse_qsl(urlsplit(self.path).query))
            plain = found.crypt.verify_url(query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"])
            self._answer(200, plain + found.echo_suffix)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            query = dict(parse_qsl(urlsplit(self.path).query))
            opened = found.crypt.open(raw, query["msg_signature"], query["timestamp"], query["nonce"])
            if opened.startswith(b"{"):
                found.received.append(orjson.loads(opened))
            else:
                found.received.append({one.tag: one.text or "" for one in ElementTree.fromstring(opened)})
            status = found.answers.popleft() if found.answers else 200
            if status < 0:
                time.sleep(-status)
                status = 200
            self._answer(int(status), b"")

        def _answer(self, status: int, body: bytes) -> None:
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}/callback"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
