"""The demo brand: a town of customers, told over the public HTTP API by a program of its own.

The town knows nothing of this program but its addresses, and this program starts it as a separate process, so what the
demo shows is exactly what any brand's systems could send.
"""

import os
import subprocess
import sys
import threading
import time
from typing import Any

import httpx

from wellspring.access import api as access
from wellspring.app import server
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM, known_permissions
from wellspring.kernel.clock import iso
from wellspring.kernel.errors import StoreUnavailable
from wellspring.kernel.settings import ProcessSettings, WorkspaceSettings
from wellspring.kernel.workspace import Installation, Workspace

_SEED = 7
_DAYS = 365
# What the town may do with its key: build the organisation, tell orders, consents and members.
_TOWN_DOMAINS = ("organization", "people", "activity", "imports", "tags")


def register(installation: Installation) -> None:
    """Makes "load the demo brand" a job of the running server."""
    jobs.register("console.load_demo", lambda running: _load(installation, running))


def serve_demo(*, host: str, port: int, seed: int, days: int) -> None:
    """Starts a lab-mode server and loads the town into it unless that was done before."""
    os.environ.setdefault("WELLSPRING_LAB", "1")
    os.environ.setdefault("WELLSPRING_HOME", "wellspring-demo")
    boot = ProcessSettings()
    installation = server.open_installation(boot)
    register(installation)
    workspace = server.prepared(installation, server.DEFAULT_WORKSPACE)
    address = f"http://{host}:{port}"
    threading.Thread(target=_when_up, args=(workspace, address, seed, days), daemon=True).start()
    server.serve(installation, host=host, port=port)


def _when_up(workspace: Workspace, address: str, seed: int, days: int) -> None:
    while not _answers(address):
        time.sleep(0.1)
    if not workspace.settings.get(WorkspaceSettings).is_demo:
        with workspace.sql.write() as tx:
            job_id = jobs.enqueue(workspace, tx, "console.load_demo", {"seed": seed, "days": days})
        _follow_progress(workspace, job_id)
    print(f"\n演示品牌已就绪 / the demo brand is ready: {address}")
    print(f"登录链接（一次有效）/ one-time sign-in link:\n  {server.sign_in_link(workspace, address)}", flush=True)


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


def _load(installation: Installation, running: jobs.Running) -> dict[str, Any]:
    """The job: starts the town and follows what it prints."""
    workspace: Workspace = running.workspace
    announced = server.announced(installation.boot.home)
    if announced is None:
        raise StoreUnavailable(reason="演示品牌需要运行中的服务 / the demo brand needs a running server")
    command = [
        *(sys.executable, "-m", "wecom_simulator.town", "load", "--url", announced[0]),
        *("--seed", str(running.body.get("seed", _SEED)), "--days", str(running.body.get("days", _DAYS))),
        *("--until", iso(workspace.clock.now())),
    ]
    secrets = {"TOWN_WRITE_KEY": _write_key(workspace), "TOWN_API_KEY": _api_key(workspace)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **secrets}) as town:  # noqa: S603 - our own program
        for line in town.stdout or ():
            word, _, rest = line.strip().partition(" ")
            if word == "progress":
                done, total, note = [*rest.split(" ", 2), "", ""][:3]
                running.progress(done=int(done), total=int(total), note=note)
    if town.returncode:
        raise StoreUnavailable(reason=f"小镇程序退出码 {town.returncode} / the town ended with {town.returncode}")
    settings = workspace.settings.get(WorkspaceSettings)
    workspace.settings.put(settings.model_copy(update={"is_demo": True}))
    if installation.boot.lab:
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "wecom_simulator.town", "follow", *command[4:8]],
            env={**os.environ, **secrets},
            stdout=subprocess.DEVNULL,
        )
    return {"seed": running.body.get("seed", _SEED)}


def _write_key(workspace: Workspace) -> str:
    return access.make_key(workspace, by=SYSTEM, name="演示小镇写入 / demo town", kind="write", permissions=[])


def _api_key(workspace: Workspace) -> str:
    wanted = [permission for permission, text in known_permissions().items() if text.domain in _TOWN_DOMAINS]
    return access.make_key(workspace, by=SYSTEM, name="演示小镇接口 / demo town", kind="api", permissions=wanted)
