"""Speaking to Wellspring over HTTP: one kept-alive connection, gzip, both kinds of keys, patience with failures.

Sending again is always safe: messages carry ids, orders and refunds their numbers. So a broken connection or a
5xx is tried again; an answer that says the request itself is wrong is raised with the server's own words.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from gzip import compress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import sleep
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import orjson

from wecom_simulator.town.actions import Json

TRIES_MAX = 5
TIMEOUT_SECONDS = 120

# Below this size compressing costs more than it saves; level 1 because the wire is rarely the narrow place.
_GZIP_FROM_BYTES, _GZIP_LEVEL = 4_096, 1

_AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Wellspring is, and the keys of one workspace."""

    url: str
    write_key: str
    api_key: str
    write_keys: Mapping[str, str] = field(default_factory=dict)
    """By system; the write key is for those that have none of their own."""
    api_keys: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """Wellspring answered that it does not take this."""

    def __init__(self, method: str, path: str, status: int, answer: str) -> None:
        super().__init__(f"{method} {path}: {status} {answer[:600]}")
        self.status = status


class Connection:
    """One connection; not to be shared between threads."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._http: HTTPConnection | None = None

    @property
    def url(self) -> str:
        """Where it leads."""
        return self._address.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next call opens it anew."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def tell(self, path: str, body: Json, system: str = "") -> Json:
        """POST messages with a system's write key; a message that is not taken is an error."""
        key = self._address.write_keys.get(system, self._address.write_key)
        answer = _json(self._call("POST", path, orjson.dumps(body), "Basic " + b64encode(f"{key}:".encode()).decode()))
        if isinstance(answer, dict) and answer.get("rejected"):
            raise Refused("POST", path, 200, orjson.dumps(answer).decode())
        return answer

    def call(self, method: str, path: str, body: Json = None, system: str = "") -> Json:
        """Call the API with a system's API key."""
        key = self._address.api_keys.get(system, self._address.api_key)
        return _json(self._call(method, path, b"" if body is None else orjson.dumps(body), "Bearer " + key))

    def download(self, path: str) -> bytes:
        """GET a file with the API key."""
        return self._call("GET", path, b"", "Bearer " + self._address.api_key)

    def _call(self, method: str, path: str, body: bytes, authorization: str) -> bytes:
        headers = {"Authorization": authorization, "Accept": "application/json"}
        if body:
            headers["Content-Type"] = "application/json"
        # Only the ingestion API promises to read gzip.
        if path.startswith("/v1/") and len(body) >= _GZIP_FROM_BYTES:
            body = compress(body, _GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        for attempt in range(1, TRIES_MAX + 1):
            try:
                status, answer = self._once(method, path, body, headers)
            except (OSError, HTTPException):
                self.close()
                if attempt == TRIES_MAX:
                    raise
            else:
                if status < 400:
                    return answer
                if status not in _AGAIN or attempt == TRIES_MAX:
                    raise Refused(method, path, status, answer.decode(errors="replace"))
            sleep(0.2 * 2 ** (attempt - 1))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._http is None:
            parts = urlsplit(self._address.url)
            opened = HTTPSConnection if parts.scheme == "https" else HTTPConnection
            self._http = opened(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_SECONDS)
        self._http.request(method, path, body or None, headers)
        answer = self._http.getresponse()
        return answer.status, answer.read()


def _json(answer: bytes) -> Json:
    found: Json = orjson.loads(answer) if answer else None
    return found
