"""Sends what a library addresses to a platform's host to the simulator instead; the library is unchanged."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter


class Elsewhere(HTTPAdapter):
    """An adapter of `requests` that changes only the host (and the prefix under which the simulator has it)."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:  # type: ignore[override]
        asked = urlsplit(request.url or "")
        request.url = f"{self.base}{asked.path}" + (f"?{asked.query}" if asked.query else "")
        return super().send(request, **more)


def redirect(session: requests.Session, host: str, base: str) -> None:
    """Lets a session's calls of a host go to the simulator."""
    session.trust_env = False
    session.mount(host, Elsewhere(base))
