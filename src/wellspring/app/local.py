"""What the command line does, by way of the running server where there is one, otherwise on the data folder itself.

Only this machine's own caller comes here; it acts as the system.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from wellspring.access.errors import UserUnknown
from wellspring.activity import api as activity
from wellspring.app import presence, server, wiring
from wellspring.imports import api as imports
from wellspring.kernel import backup as backups
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation
from wellspring.people import api as people

# The largest file takes minutes; each single answer does not.
_TIMEOUT = httpx.Timeout(600, connect=10)
_POLL_SECONDS = 0.3


class ServerRefused(WellspringError):
    """The running server answered with a problem."""

    status = 502
    code = "app.server_refused"
    zh = "服务拒绝了请求：{zh}"
    en = "The server refused: {en}"


class ServerRuns(WellspringError):
    """The command needs the data folder for itself."""

    status = 409
    code = "app.server_runs"
    zh = "数据目录正被 {url} 的服务使用，请先停止它。"
    en = "The data folder is in use by the server at {url}: stop it first."


@contextlib.contextmanager
def opened() -> Iterator[Installation]:
    """The installation in the data folder. Raises ServerRuns while a server has it."""
    boot = ProcessSettings()
    running = presence.announced(boot.home)
    if running is not None:
        raise ServerRuns(url=running[0])
    installation = server.open_installation(boot)
    try:
        yield installation
    finally:
        installation.close()


@contextlib.contextmanager
def scratch_installation() -> Iterator[Installation]:
    """An installation without workspaces in a folder that goes away; for the OpenAPI document."""
    with tempfile.TemporaryDirectory() as folder:
        yield server.open_installation(ProcessSettings(home=Path(folder), lab=True, production=False))


def run_import(*, kind: str, paths: list[Path], mapping: str, options: dict[str, Any], slug: str, dry_run: bool) -> dict[str, Any]:
    """Imports files and waits for the end; gives the report."""
    running = presence.announced(ProcessSettings().home)
    if running is None:
        with opened() as installation:
            workspace = server.prepared(installation, slug)
            return imports.run_local(
                workspace, by=SYSTEM, kind=kind, paths=paths, mapping=mapping or None, options=options, dry_run=dry_run, on_progress=_show
            )
    with connected(running, slug) as client, contextlib.ExitStack() as stack:
        files = [("files", (path.name, stack.enter_context(path.open("rb")))) for path in paths]
        draft = told(client.post("/api/imports", params={"kind": kind, "mapping": _mapping_text(mapping)}, files=files))
        body = {"mapping": draft["suggested_mapping"], "options": options}
        verb = "dry-run" if dry_run else "start"
        begun = told(client.post(f"/api/imports/{draft['id']}/{verb}", json=body))
        return _waited(client, draft["id"], begun)


def undo_import(import_id: str, *, slug: str) -> dict[str, Any]:
    """Undoes an import and waits for the end."""
    running = presence.announced(ProcessSettings().home)
    if running is None:
        with opened() as installation:
            return imports.undo_local(server.prepared(installation, slug), by=SYSTEM, import_id=import_id)
    with connected(running, slug) as client:
        return _waited(client, import_id, told(client.post(f"/api/imports/{import_id}/undo")))


def backup(path: Path, *, slug: str) -> dict[str, Any]:
    """Writes a backup to the path; gives what is in it."""
    running = presence.announced(ProcessSettings().home)
    if running is None:
        with opened() as installation:
            made = backups.create(installation.workspace(slug), path, log_tables=wiring.log_tables(), watermark=activity.watermark)
            return {"file": str(path), "tables": made.tables, "files": made.files}
    with connected(running, slug) as client:
        job = job_done(client, told(client.post("/api/workspace/backup"))["job_id"])
        with client.stream("GET", f"/api/files/{job['result']['file_id']}") as answer, path.open("wb") as out:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                out.write(piece)
        return {"file": str(path), **job["result"]}


def propose_duplicates(least: float | None, *, slug: str) -> dict[str, Any]:
    """Compares all members and waits for the end; gives counts."""
    running = presence.announced(ProcessSettings().home)
    if running is not None:
        with connected(running, slug) as client:
            job = job_done(client, told(client.post("/api/conflicts/propose", json={"least": least}))["job_id"])
            return dict(job["result"])
    with opened() as installation:
        return people.propose_duplicates_now(server.prepared(installation, slug), by=SYSTEM, least=least, report=_report)


def user_link(email: str, *, slug: str) -> str:
    """A one-time sign-in link for the user, or for the owner."""
    boot = ProcessSettings()
    running = presence.announced(boot.home)
    if running is None:
        with opened() as installation:
            workspace = server.prepared(installation, slug)
            return server.sign_in_link(workspace, boot.public_url or "http://127.0.0.1:8800", email=email)
    with connected(running, slug) as client:
        rows = told(client.get("/api/users"))["rows"]
        wanted = next((row for row in rows if (row["email"] == email if email else "owner" in row["roles"])), None)
        if wanted is None:
            raise UserUnknown
        # Relative as long as nobody said under which address people open the console.
        return urljoin(running[0], str(told(client.post(f"/api/users/{wanted['id']}/link"))["url"]))


def connected(running: tuple[str, str], slug: str) -> httpx.Client:
    """A client of the running server that acts as this machine's own caller."""
    url, token = running
    headers = {"authorization": f"Bearer wsl_{slug}_{token}"}
    return httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT, trust_env=False)


def told(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON. Raises ServerRefused."""
    if answer.is_success:
        found: dict[str, Any] = answer.json()
        return found
    problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    raise ServerRefused(zh=problem.get("detail_zh", str(answer.status_code)), en=problem.get("detail_en", str(answer.status_code)))


def _waited(client: httpx.Client, import_id: str, begun: dict[str, Any]) -> dict[str, Any]:
    job_done(client, begun["job_id"])
    return told(client.get(f"/api/imports/{import_id}"))


def job_done(client: httpx.Client, job_id: str) -> dict[str, Any]:
    """The job once it is done, with its progress shown meanwhile. Raises ServerRefused."""
    while True:
        job = told(client.get(f"/api/jobs/{job_id}"))
        _show(job["progress"]["done"], job["progress"]["total"], job["progress"]["note"])
        if demand_done(job):
            return job
        time.sleep(_POLL_SECONDS)


def demand_done(job: dict[str, Any]) -> bool:
    """Whether the job is done. Raises ServerRefused when it never will be."""
    if job["state"] in {"failed", "cancelled"}:
        error = job["error"] or {}
        raise ServerRefused(zh=error.get("zh", job["state"]), en=error.get("en", job["state"]))
    return bool(job["state"] == "done")


def _mapping_text(mapping: str) -> str:
    return Path(mapping).read_text(encoding="utf-8") if mapping and not mapping.startswith("preset:") else mapping


def _report(*, done: int, total: int | None = None, note: str = "") -> None:
    _show(done, total, note)


def _show(done: int, total: int | None, note: str) -> None:
    share = f" {100 * done // total}%" if total else ""
    print(f"\r{done}{share} {note}".ljust(60), end="", file=sys.stderr, flush=True)
