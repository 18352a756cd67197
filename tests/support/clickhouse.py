"""A ClickHouse HTTP interface on loopback that answers from the embedded engine: what the ClickHouse path is tested against.

It speaks as much of the protocol as the vendor's client uses: query in the address or the body, typed parameters,
settings, compressed bodies, the summary header, and failures with the exception code.
"""

import gzip
import http.server
import json
import re
import threading
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chdb

_KNOWN = {
    "query",
    "database",
    "default_format",
    "session_id",
    "query_id",
    "compress",
    "wait_end_of_query",
    "send_progress_in_http_headers",
    "role",
}
_INSERT = re.compile(rb"^\s*(INSERT\s+INTO\s+.*?)\s+FORMAT\s+(\w+)\s*", re.IGNORECASE | re.DOTALL)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    address: str

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))) if "content-length" in self.headers else self._chunks()
        self._answer(_unpacked(body, self.headers.get("content-encoding", "")))

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _chunks(self) -> bytes:
        whole = b""
        while size := int(self.rfile.readline().strip() or b"0", 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def _answer(self, body: bytes) -> None:
        if self.path.startswith("/ping"):
            self._send(200, b"Ok.\n", {})
            return
        wanted = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, keep_blank_values=True))
        connection = chdb.connect(self.address)
        try:
            answer, written = _run(connection, wanted, body)
        except RuntimeError as failure:
            code = re.search(r"Code: (\d+)", str(failure))
            self._send(500, str(failure).encode(), {"X-ClickHouse-Exception-Code": code[1] if code else "1000"})
        else:
            self._send(200, answer, {"X-ClickHouse-Summary": json.dumps({"written_rows": str(written)})})
        finally:
            connection.close()

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _run(connection: Any, wanted: dict[str, str], body: bytes) -> tuple[bytes, int]:
    if "database" in wanted:
        connection.query(f"USE {wanted['database']}")
    for name, value in wanted.items():
        if name not in _KNOWN and not name.startswith("param_"):
            connection.query(f"SET {name} = '{value}'")
    params = {name.removeprefix("param_"): value for name, value in wanted.items() if name.startswith("param_")}
    text = wanted["query"].encode() + b"\n" + body if "query" in wanted else body
    insert = _INSERT.match(text)
    if insert:
        with connection.send_insert(insert[1].decode(), insert[2].decode()) as inserter:
            inserter.append(text[insert.end() :])
            return b"", int(inserter.finish().rows_written)
    return bytes(connection.query(text.decode(), wanted.get("default_format", "TabSeparated"), params=params).bytes()), 0


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "deflate":
        return zlib.decompress(body)
    return body


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Serves the engine of this process on the folder; gives its address."""
    handler = type("Handler", (_Handler,), {"address": str(folder)})
    held = chdb.connect(str(folder))
    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://default:@127.0.0.1:{listening.server_address[1]}"
    finally:
        listening.shutdown()
        listening.server_close()
        held.close()
