"""Starting a server: open the installation, serve it with uvicorn, run the worker, tell the command line where it is.

`server.json` in the data folder (mode 0600) names the running server and a token with which this machine's own
command line acts as the system; the data folder belongs to the server while it runs.
"""

import contextlib
import json
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import fastapi
import uvicorn

from wellspring.access import api as access
from wellspring.app import lab, wiring
from wellspring.app.web import create_app
from wellspring.app.worker import Worker
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import Clock, SystemClock
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation, Workspace

DEFAULT_WORKSPACE = "main"


def open_installation(boot: ProcessSettings) -> Installation:
    """The installation in the data folder, with the real clock or lab mode's. Raises LabInProduction."""
    if boot.lab and boot.production:
        raise lab.LabInProduction
    wiring.register()
    boot.home.mkdir(parents=True, exist_ok=True)
    clock: Clock = lab.open_clock(boot.home) if boot.lab else SystemClock()
    return Installation(boot, clock=clock, log_tables=wiring.log_tables())


def prepared(installation: Installation, slug: str) -> Workspace:
    """The workspace, made if it is missing, with its roles and an owner."""
    workspace = installation.create(slug)
    access.seed(workspace)
    access.ensure_owner(workspace)
    return workspace


def sign_in_link(workspace: Workspace, address: str, *, email: str = "") -> str:
    """A one-time link for the user with this e-mail, or for the owner."""
    user_id = access.user_by_email(workspace, email=email).id if email else access.ensure_owner(workspace)
    token = access.make_link(workspace, by=SYSTEM, user_id=user_id)
    return f"{address}/sign-in?workspace={workspace.slug}&token={token}"


@contextlib.contextmanager
def running_app(installation: Installation, *, local_token: str = "") -> Iterator[fastapi.FastAPI]:
    """The application with its worker running."""
    app = create_app(installation, local_token=local_token)
    worker = Worker(installation)
    app.state.worker = worker
    worker.start()
    try:
        yield app
    finally:
        worker.stop()


def serve(installation: Installation, *, host: str, port: int) -> None:
    """Serves until the process is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    token = secrets.token_urlsafe(32)
    with running_app(installation, local_token=token) as app, _announced(installation.boot.home, host, port, token):
        # One process: the embedded engine belongs to it. No access log: addresses may hold identifiers of people.
        config = uvicorn.Config(
            app, host=host, port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools", server_header=False
        )
        uvicorn.Server(config).run()
    installation.close()


def announced(home: Path) -> tuple[str, str] | None:
    """Address and token of the server that runs on this data folder, if one does."""
    try:
        found = json.loads((home / "server.json").read_text(encoding="utf-8"))
        os.kill(found["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return found["url"], found["token"]


@contextlib.contextmanager
def _announced(home: Path, host: str, port: int, token: str) -> Iterator[None]:
    place = home / "server.json"
    text = json.dumps({"pid": os.getpid(), "url": f"http://{host}:{port}", "token": token})
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)
