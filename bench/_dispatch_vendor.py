"""The vendor of the measurement: takes every text message, and tells when each of them came.

`python -m bench._dispatch_vendor`; says its address. Times are of the monotonic clock, which all processes of a machine share.
"""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import orjson


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    taken: ClassVar[list[float]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.taken.append(time.monotonic())
        self._answer({"id": f"m{len(self.taken)}"})

    def do_GET(self) -> None:
        self._answer(self.taken)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _answer(self, told: object) -> None:
        body = orjson.dumps(told)
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    vendor = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(f"http://127.0.0.1:{vendor.server_port}", flush=True)
    vendor.serve_forever()
