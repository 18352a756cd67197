"""The simulator of WeChat's platforms as a real server on a free loopback port, with a clock that stands until moved."""

import atexit
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.server import free_port
from wecom_simulator.clock import Clock, parse
from wecom_simulator.corp import App, Corp
from wecom_simulator.serve import Server
from wecom_simulator.world import World

START = "2026-03-18T12:00:00+08:00"


@dataclass
class Simulator:
    """A running simulator; `get` and `post` call WeCom with the app's token."""

    world: World
    url: str
    http: httpx.Client
    token: str = ""

    @property
    def corp(self) -> Corp:
        return self.world.corp

    @property
    def app(self) -> App:
        return next(iter(self.corp.apps.values()))

    def fresh_token(self) -> str:
        """The app's token, asked for anew."""
        asked = {"corpid": self.corp.corpid, "corpsecret": self.app.secret}
        self.token = self.http.get("/cgi-bin/gettoken", params=asked).json()["access_token"]
        return self.token

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """A GET of `/cgi-bin/{path}`."""
        return self._json(self.http.get(f"/cgi-bin/{path}", params=self._known(query)))

    def post(self, path: str, body: dict[str, Any] | None = None, **query: Any) -> dict[str, Any]:
        """A POST of JSON to `/cgi-bin/{path}`."""
        return self._json(self.http.post(f"/cgi-bin/{path}", params=self._known(query), json=body or {}))

    def act(self, name: str, /, **arguments: Any) -> Any:
        """A human action, over HTTP."""
        return self.http.post(f"/simulator/actions/{name}", json=arguments).raise_for_status().json()

    def advance(self, seconds: float) -> None:
        """Moves the clock on; what is due on the way happens."""
        self.http.post("/simulator/clock", json={"advance": seconds}).raise_for_status()

    def settle(self, seconds: float = 20) -> None:
        """Waits until every callback is posted or given up."""
        deadline = time.monotonic() + seconds
        while not self.world.outbox.is_empty:
            if time.monotonic() > deadline:
                raise TimeoutError("callbacks are still under way")
            time.sleep(0.01)

    def _known(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"access_token": self.token or self.fresh_token(), **query}

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = response.json()
        return found


@contextmanager
def simulating(world: World | None = None) -> Iterator[Simulator]:
    """A server in a thread of this process."""
    world = world or World(Clock(start=parse(START)))
    server = Server(world, port=free_port())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.port}"
    deadline = time.monotonic() + 60
    while not server.is_up:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the simulator did not start")
        time.sleep(0.005)
    try:
        with httpx.Client(base_url=url, trust_env=False, verify=False, timeout=30) as http:
            yield Simulator(world, url, http)
    finally:
        server.stop()
        # It ends by itself in a moment; nobody has to wait for it but the end of the process.
        atexit.register(thread.join, 5)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh world behind a server."""
    with simulating() as found:
        yield found
