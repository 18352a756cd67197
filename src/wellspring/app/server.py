"""Starting a server: open the installation, serve it with uvicorn, run the worker, tell the command line where it is."""

import contextlib
import gc
import logging
import os
import secrets
import threading
import time
from collections.abc import Iterator

import fastapi
import httpx
import uvicorn

from wellspring.access import api as access
from wellspring.app import chores, demo, lab, presence, simulator, wiring
from wellspring.app.web import create_app
from wellspring.app.worker import Worker
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import Clock, SystemClock, VirtualClock
from wellspring.kernel.settings import ProcessSettings, WorkspaceSettings
from wellspring.kernel.workspace import Installation, Workspace

DEFAULT_WORKSPACE = "main"


def open_installation(boot: ProcessSettings) -> Installation:
    """The installation in the data folder, with the real clock or lab mode's. Raises LabInProduction."""
    if boot.lab and boot.production:
        raise lab.LabInProduction
    wiring.register()
    boot.home.mkdir(parents=True, exist_ok=True)
    clock: Clock = lab.open_clock(boot.home) if boot.lab else SystemClock()
    installation = Installation(boot, clock=clock, log_tables=wiring.log_tables())
    chores.register(installation)
    return installation


def prepared(installation: Installation, slug: str) -> Workspace:
    """The workspace, made if it is missing, with its roles and an owner."""
    workspace = installation.create(slug)
    access.seed(workspace)
    access.ensure_owner(workspace)
    return workspace


def sign_in_link(workspace: Workspace, address: str, *, email: str = "") -> str:
    """A one-time link for the user with this e-mail, or for the owner."""
    user = access.user_by_email(workspace, email=email) if email else access.ensure_owner(workspace)
    # In lab mode years pass in seconds, and a printed link must outlive them.
    made = access.make_link(workspace, user.id, by=SYSTEM, lasting=isinstance(workspace.clock, VirtualClock))
    return address.rstrip("/") + made.path


@contextlib.contextmanager
def running_app(installation: Installation, *, local_token: str = "") -> Iterator[fastapi.FastAPI]:
    """The application with its worker running."""
    app = create_app(installation, local_token=local_token)
    worker = Worker(installation)
    app.state.worker = worker
    worker.start()
    # Intake makes tens of thousands of tuples a second and no cycles: with Python's default of 700 the collector took a
    # third of the writer's time. What is there at the start stays, and need not be looked at again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield app
    finally:
        worker.stop()


def serve(installation: Installation, *, host: str, port: int) -> None:
    """Serves until the process is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The client logs whole addresses, and those of the platforms hold access tokens.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    token = secrets.token_urlsafe(32)
    with running_app(installation, local_token=token) as app, presence.announce(installation.boot.home, host=host, port=port, token=token):
        # One process: the embedded engine belongs to it. No access log: addresses may hold identifiers of people.
        threading.Thread(target=_resume, args=(installation, f"http://{host}:{port}"), daemon=True, name="simulator").start()
        config = uvicorn.Config(
            app, host=host, port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools", server_header=False
        )
        uvicorn.Server(config).run()
    installation.close()


def serve_demo(*, host: str, port: int, seed: int, days: int) -> None:
    """Serves in lab mode and loads the town into the workspace unless that was done before."""
    os.environ.setdefault("WELLSPRING_LAB", "1")
    os.environ.setdefault("WELLSPRING_HOME", "wellspring-demo")
    installation = open_installation(ProcessSettings())
    workspace = prepared(installation, DEFAULT_WORKSPACE)
    address = f"http://{host}:{port}"
    threading.Thread(target=_when_up, args=(installation, workspace, address, seed, days), daemon=True).start()
    serve(installation, host=host, port=port)


def _resume(installation: Installation, address: str) -> None:
    while not _answers(address):
        time.sleep(0.1)
    simulator.resume(installation)


def _when_up(installation: Installation, workspace: Workspace, address: str, seed: int, days: int) -> None:
    while not _answers(address):
        time.sleep(0.1)
    if not workspace.settings.get(WorkspaceSettings).is_demo:
        with workspace.sql.write() as tx:
            job_id = jobs.enqueue(workspace, tx, "console.load_demo", {"seed": seed, "days": days})
        _follow_progress(workspace, job_id)
    else:
        simulator.resume(installation)
        demo.follow(installation, workspace)
    print(f"\n演示品牌已就绪 / the demo brand is ready: {address}")
    print(f"登录链接（一次有效）/ one-time sign-in link:\n  {sign_in_link(workspace, address)}", flush=True)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _follow_progress(workspace: Workspace, job_id: str) -> None:
    while (job := jobs.get(workspace, job_id)).state in {"queued", "running"}:
        print(f"\r{job.done}/{job.total or '?'} {job.note}".ljust(70), end="", flush=True)
        time.sleep(0.5)
    if job.state != "done":
        print(f"\n演示品牌加载失败 / loading the demo failed: {job.error}", flush=True)
