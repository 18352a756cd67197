"""Audiences on the command line: counted, listed, explained, exported and brought, as `app.local` does everything.

Where no server runs, the very same requests are answered by the application in this process.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from wellspring.app import local, presence, server
from wellspring.app.web import create_app
from wellspring.audiences import api as audiences
from wellspring.audiences.errors import AudienceUnknown
from wellspring.kernel import jobs
from wellspring.kernel.pages import PAGE_MAX
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.people.contracts import IdentityKind


def count(text: str, *, at: str, slug: str) -> dict[str, Any]:
    """How many members a definition in text holds, branch by branch."""
    with _asking(slug) as asking:
        body = {"definition": _definition(asking, text), **({"at": at} if at else {})}
        return local.told(asking.request("POST", "/api/audiences/preview", json=body))


def members(named: str, *, limit: int, slug: str) -> Iterator[dict[str, Any]]:
    """The members of an audience, by name or id, in order of their numbers."""
    with _asking(slug) as asking:
        path, cursor, left = f"/api/audiences/{_id_of(asking, named)}/members", None, limit
        while left > 0:
            params = {"limit": min(left, PAGE_MAX), **({"cursor": cursor} if cursor else {})}
            page = local.told(asking.request("GET", path, params=params))
            yield from page["rows"]
            left, cursor = left - len(page["rows"]), page["next_cursor"]
            if cursor is None:
                return


def explain(text: str, member: str, *, slug: str) -> dict[str, Any]:
    """Why a definition in text holds of a member, or does not."""
    with _asking(slug) as asking:
        body = {"definition": _definition(asking, text), "member": member}
        return local.told(asking.request("POST", "/api/audiences/explain", json=body))


def export(named: str, path: Path, *, columns: list[str], purpose: str, slug: str) -> dict[str, Any]:
    """Writes the members of an audience to a file; a name that ends with .parquet says the format."""
    with _asking(slug) as asking:
        body = {"format": "parquet" if path.suffix == ".parquet" else "csv", "columns": columns, "purpose": purpose}
        asked = local.told(asking.request("POST", f"/api/audiences/{_id_of(asking, named)}/export", json=body))
        job = asking.finished(asked["job_id"])
        with path.open("wb") as out:
            for piece in asking.pieces(job["result"]["file_id"]):
                out.write(piece)
    return {"file": str(path), "rows": job["result"]["rows"]}


def bring(name: str, path: Path, *, kind: str, namespace: str, slug: str) -> dict[str, Any]:
    """Makes an audience of the members named in a file, one per line or in its first column."""
    text = path.read_text(encoding="utf-8-sig")
    listed = audiences.names_in(text, kind=IdentityKind(kind) if kind else None, namespace=namespace)
    body = {
        "name": name,
        "member_ids": [one for one in listed if isinstance(one, str)],
        "identities": [
            {"kind": one.kind.value, "value": one.value, "namespace": one.namespace} for one in listed if not isinstance(one, str)
        ],
    }
    with _asking(slug) as asking:
        return local.told(asking.request("POST", "/api/audiences/list", json=body))


class _Server:
    """The running server."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def request(self, method: str, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes it
        """One request."""
        return self._client.request(method, path, **sent)

    def finished(self, job_id: str) -> dict[str, Any]:
        """The job, once it is done."""
        return local.job_done(self._client, job_id)

    def pieces(self, file_id: str) -> Iterator[bytes]:
        """A file's content."""
        with self._client.stream("GET", f"/api/files/{file_id}") as answer:
            answer.raise_for_status()
            yield from answer.iter_bytes()


class _Inside:
    """The application in this process."""

    def __init__(self, installation: Installation, ws: Workspace) -> None:
        token = secrets.token_hex(16)
        self._ws, self._app = ws, create_app(installation, local_token=token)
        self._headers = {"authorization": f"Bearer wsl_{ws.slug}_{token}"}

    def request(self, method: str, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes it
        """One request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://wellspring.test", headers=self._headers) as client:
                return await client.request(method, path, **sent)

        return asyncio.run(ask())

    def finished(self, job_id: str) -> dict[str, Any]:
        """The job, run here: nobody else does."""
        jobs.run_due(self._ws)
        job = local.told(self.request("GET", f"/api/jobs/{job_id}"))
        local.demand_done(job)
        return job

    def pieces(self, file_id: str) -> Iterator[bytes]:
        """A file's content."""
        return self._ws.files.read(file_id)


@contextlib.contextmanager
def _asking(slug: str) -> Iterator[_Server | _Inside]:
    running = presence.announced(ProcessSettings().home)
    if running is not None:
        with local.connected(running, slug) as client:
            yield _Server(client)
        return
    with local.opened() as installation:
        yield _Inside(installation, server.prepared(installation, slug))


def _definition(asking: _Server | _Inside, text: str) -> dict[str, Any]:
    found: dict[str, Any] = local.told(asking.request("POST", "/api/audiences/parse", json={"text": text}))["definition"]
    return found


def _id_of(asking: _Server | _Inside, named: str) -> str:
    if named.startswith("aud_"):
        return named
    rows = local.told(asking.request("GET", "/api/audiences", params={"q": named, "limit": PAGE_MAX}))["rows"]
    found = next((str(row["id"]) for row in rows if row["name"] == named), None)
    if found is None:
        raise AudienceUnknown
    return found
