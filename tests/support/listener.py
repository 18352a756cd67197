"""A small HTTP server that writes down what it is told, standing in for Wellspring where only the telling is tested."""

import contextlib
import gzip
import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_LISTS = ("/api/acquisition/codes", "/api/cards/designs", "/api/cards/batches", "/api/item-codes/batches", "/api/groups")


@dataclass(frozen=True)
class Heard:
    """One request with its decoded body."""

    method: str
    path: str
    authorization: str
    gzipped: bool
    size: int
    body: Any


@dataclass
class Listener:
    """What was heard, and how to answer: `troubles` are statuses (0 breaks the connection) given first."""

    url: str
    now: str
    heard: list[Heard] = field(default_factory=list)
    troubles: deque[int] = field(default_factory=deque)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """What is downloaded as it is, by path."""
    guard: threading.Lock = field(default_factory=threading.Lock)

    def of(self, path: str, method: str = "POST") -> list[Heard]:
        return [each for each in self.heard if each.path.split("?")[0] == path and each.method == method]

    def messages(self) -> list[dict[str, Any]]:
        return [message for each in (*self.of("/v1/import"), *self.of("/v1/batch")) for message in each.body["batch"]]

    def orders(self) -> list[dict[str, Any]]:
        return [order for each in self.of("/api/orders/batch") for order in each.body["orders"]]

    def refunds(self) -> list[dict[str, Any]]:
        return [refund for each in self.of("/api/refunds/batch") for refund in each.body["refunds"]]

    def answer(self, heard: Heard) -> Any:
        path = heard.path.split("?")[0]
        if path == "/lab/clock":
            if heard.method == "POST":
                self.now = heard.body["now"]
            return {"now": self.now}
        if path.startswith("/api/org/"):
            known = self.rows.setdefault(path, [])
            if heard.method == "POST":
                known.append({**heard.body, "id": f"id-{heard.body['code']}"})
                return known[-1]
            return self._page(known, heard.path)
        if path == "/api/tags":
            known = self.rows.setdefault(path, [])
            if heard.method == "POST":
                known.append({**heard.body, "id": f"tag-{len(known)}"})
                return known[-1]
            return [{"name": name, "tags": [tag for tag in known if tag["group"] == name]} for name in {tag["group"]: 0 for tag in known}]
        if path == "/api/audiences":
            known = self.rows.setdefault(path, [])
            if heard.method == "POST":
                known.append({**heard.body, "id": f"aud-{len(known)}"})
                return known[-1]
            return {"rows": list(known), "next_cursor": None, "total": len(known)}
        return self._codes(heard, path)

    def _codes(self, heard: Heard, path: str) -> Any:
        """Codes, cards and codes on packages, and what they ask for; `rows` says whom the account knows."""
        if path.startswith("/api/channels/accounts"):
            rows = self.rows.get(path, [])
            return {"rows": rows} if path.endswith("/staff") else rows
        if path.endswith("/draw"):
            batch = next(row for row in self.rows["/api/item-codes/batches"] if row["id"] in path)
            batch["draw_id"] = "draw-1"
            self.rows["/api/item-codes/draws/draw-1"] = [{**heard.body, "id": "draw-1", "state": "draft"}]
        if path.endswith("/publication"):
            self.rows[path.removesuffix("/publication")][0]["state"] = "published"
        if "/draw" in path:
            return self.rows["/api/item-codes/draws/draw-1"][0]
        if path.startswith("/api/acquisition/codes/"):
            return self.rows[path][0]
        if path in _LISTS:
            known = self.rows.setdefault(path, [])
            if heard.method == "POST":
                known.append({"draw_id": None, **heard.body, "id": f"{path.rsplit('/', 1)[1]}-{len(known)}"})
                return known[-1]
            return self._page(known, heard.path)
        return {"success": True}

    def _page(self, known: list[dict[str, Any]], path: str) -> dict[str, Any]:
        # Pages of 25 whatever was asked, so that a client that does not read on is found out.
        first = int(path.partition("cursor=")[2] or 0)
        following = str(first + 25) if first + 25 < len(known) else None
        return {"rows": known[first : first + 25], "next_cursor": following, "total": None}


@contextlib.contextmanager
def listening(now: str = "2026-01-01T04:00:00.000Z") -> Iterator[Listener]:
    """A listener on a free port of this machine."""
    listener = Listener("", now)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are written apart; Nagle would hold the second back for 40 ms.
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._take()

        def do_POST(self) -> None:
            self._take()

        def do_PUT(self) -> None:
            self._take()

        def _take(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            gzipped = self.headers.get("Content-Encoding") == "gzip"
            plain = gzip.decompress(raw) if gzipped else raw
            with listener.guard:
                trouble = listener.troubles.popleft() if listener.troubles else 200
                if trouble == 0:
                    self.close_connection = True
                    return
                if trouble == 200:
                    body = json.loads(plain) if plain else None
                    heard = Heard(self.command, self.path, self.headers.get("Authorization", ""), gzipped, len(plain), body)
                    listener.heard.append(heard)
                    raw_file = listener.files.get(self.path.split("?")[0])
                    answer = json.dumps(listener.answer(heard)).encode() if raw_file is None else raw_file
                else:
                    answer = b'{"detail": "trouble"}'
            self.send_response(trouble)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def instant(text: str) -> int:
    """Milliseconds of an instant in ISO 8601."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)
