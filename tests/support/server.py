"""A server as its users have it: the command line's own process, on a free port, in a data folder of its own."""

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

_START_SECONDS_MAX = 60
_WELLSPRING = str(Path(sys.executable).with_name("wellspring"))


@dataclasses.dataclass(frozen=True)
class Server:
    """A running server and how this machine's own caller talks to it."""

    url: str
    home: Path
    process: "subprocess.Popen[str]"
    token: str

    def client(self, workspace: str = "main") -> httpx.Client:
        """A client that acts as the system, as the command line does."""
        headers = {"authorization": f"Bearer wsl_{workspace}_{self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def key(self, *, kind: str, permissions: list[str] | None = None) -> str:
        """A fresh API key (with every permission unless some are named) or write key."""
        with self.client() as client:
            if permissions is None:
                every = client.get("/api/permissions").raise_for_status().json()
                permissions = [row["permission"] for row in (every["rows"] if isinstance(every, dict) else every)]
            body = {"name": "test", "kind": kind, "permissions": permissions if kind == "api" else []}
            made: dict[str, Any] = client.post("/api/keys", json=body).raise_for_status().json()
            return str(made["secret"])

    def sign_in_link(self) -> str:
        """A one-time link for the owner."""
        done = subprocess.run([_WELLSPRING, "user", "link"], env=_environment(self.home), capture_output=True, text=True, check=True)
        return done.stdout.strip().splitlines()[-1].strip()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(home: Path, *arguments: str, command: str = "run", **environment: str) -> Iterator[Server]:
    """Starts `wellspring run` (or another command that serves) on the folder and waits until it answers."""
    port = free_port()
    line = [_WELLSPRING, command, "--port", str(port), *arguments]
    log = home.with_name(home.name + ".log")
    with log.open("a") as out:
        process = subprocess.Popen(line, env=_environment(home, **environment), stdout=out, stderr=subprocess.STDOUT, text=True)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        yield Server(url, home, process, str(json.loads((home / "server.json").read_text(encoding="utf-8"))["token"]))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WELLSPRING_")}
    return {**plain, "WELLSPRING_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def _wait(url: str, process: "subprocess.Popen[str]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS_MAX
    while True:
        try:
            if httpx.get(f"{url}/health", trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
        time.sleep(0.05)
