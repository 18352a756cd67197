"""Puts a world behind an HTTP server: the hosts of the platforms, the control API, and what goes on by itself.

Threads move timers along, post callbacks and open the pages that people look at; they end with the server.
"""

import os
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from wecom_simulator import control, parts, snapshot
from wecom_simulator.admin import pages
from wecom_simulator.callbacks import Poster
from wecom_simulator.phones import Browsing
from wecom_simulator.transport import Door
from wecom_simulator.world import World

_TICK_SECONDS = 0.1
_SNAPSHOT_SECONDS = 60.0


def application(world: World) -> Door:
    """The ASGI application of one world."""
    mounted = [Mount(prefix, app) for prefix, app in parts.mounts(world).items()]
    return Door(world, parts.APIS, Starlette(routes=[*control.routes(world), *mounted, *pages.routes(world)]))


@dataclass(slots=True)
class Server:
    """A running server with its threads."""

    world: World
    host: str = "127.0.0.1"
    port: int = 8810
    state: Path | None = None
    with_parent: bool = False
    # In place of host and port, where another process has opened the address already.
    listening: socket.socket | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _uvicorn: uvicorn.Server | None = None
    _poster: Poster | None = None
    _browsing: Browsing | None = None

    def start(self) -> None:
        """Starts what goes on beside the answers."""
        self._poster = Poster(self.world)
        self._poster.start()
        self._browsing = Browsing(self.world)
        self._browsing.start()
        for run in (self._tick, self._keep):
            thread = threading.Thread(target=run, daemon=True, name=f"simulator-{run.__name__.strip('_')}")
            thread.start()
            self._threads.append(thread)

    def run(self) -> None:
        """Serves until somebody stops it."""
        config = uvicorn.Config(application(self.world), self.host, self.port, log_level="warning", access_log=False, lifespan="off")
        self._uvicorn = uvicorn.Server(config)
        self.start()
        try:
            self._uvicorn.run([self.listening] if self.listening else None)
        finally:
            self.stop()

    @property
    def is_up(self) -> bool:
        """Whether it takes connections."""
        return bool(self._uvicorn and self._uvicorn.started)

    def stop(self) -> None:
        """Ends the threads and writes the state."""
        if self._uvicorn:
            self._uvicorn.should_exit = True
        if self._stopping.is_set():
            return
        self._stopping.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(10)
        if self._browsing:
            self._browsing.stop()
        if self._poster:
            self._poster.stop()
        if self.state:
            snapshot.save(self.world, self.state)

    def _tick(self) -> None:
        parent = os.getppid()
        while not self._stopping.wait(_TICK_SECONDS):
            self.world.tick()
            if self.with_parent and os.getppid() != parent and self._uvicorn:
                # An orphan is handed to another parent: whoever started this one is gone.
                self._uvicorn.should_exit = True

    def _keep(self) -> None:
        kept, pause = self.world.version, _SNAPSHOT_SECONDS
        while self.state and not self._stopping.wait(pause):
            if self.world.version != kept:
                kept, begun = self.world.version, time.monotonic()
                snapshot.save(self.world, self.state)
                # Nobody is answered while a large world is written: not more than a twentieth of the time.
                pause = max(_SNAPSHOT_SECONDS, 20 * (time.monotonic() - begun))
