"""The servers that intake is measured against each other: the product's own, and two baselines.

`python -m bench._ingest_servers MODE HOME PORT`. `wellspring` is the product. `bare` is the same web stack that only
decodes and inserts into the same log, many requests in one insert, without judging, dedup or identities.
`rowwise` validates with pydantic and commits each batch to SQLite row by row.
"""

import asyncio
import base64
import contextlib
import datetime as dt
import queue
import sqlite3
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import fastapi
import orjson
import pydantic
import uvicorn
from fastapi import FastAPI, Request, Response

from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.activity.models import event_log
from wellspring.app import server
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Workspace

_COLUMNS = ("arrival_no", "member_no", "kind", "type", "at", "received_at", "message_id", "source", "props", "context")
_OK = b'{"success":true}'


def bare(ws: Workspace) -> FastAPI:
    """Decodes and inserts, nothing else."""
    app = fastapi.FastAPI()
    waiting: queue.SimpleQueue[tuple[list[dict[str, Any]], Future[None]]] = queue.SimpleQueue()

    def write() -> None:
        number = 0
        while True:
            group = [waiting.get()]
            with contextlib.suppress(queue.Empty):
                while len(group) < 100:
                    group.append(waiting.get_nowait())
            lines = []
            for batch, _done in group:
                for message in batch:
                    number += 1
                    row = (
                        number, 1, message["event"], "track", message["timestamp"], message["timestamp"], message["messageId"], "bench",
                        message["properties"], orjson.dumps(message["context"]).decode(),
                    )  # fmt: skip
                    lines.append(orjson.dumps(row))
            ws.log.insert(event_log.name, _COLUMNS, [b"\n".join(lines)], fmt="JSONCompactEachRow")
            for _batch, done in group:
                done.set_result(None)

    threading.Thread(target=write, daemon=True).start()

    @app.post("/v1/batch")
    async def batch(request: Request) -> Response:
        done: Future[None] = Future()
        waiting.put((orjson.loads(await request.body())["batch"], done))
        await asyncio.wrap_future(done)
        return Response(_OK, media_type="application/json")

    return app


class _Message(pydantic.BaseModel):
    type: str
    event: str
    messageId: str  # noqa: N815 - Segment's names
    userId: str | None = None  # noqa: N815
    anonymousId: str | None = None  # noqa: N815
    timestamp: dt.datetime
    properties: dict[str, Any]
    context: dict[str, Any]


class _Batch(pydantic.BaseModel):
    batch: list[_Message]


def rowwise(home: Path) -> FastAPI:
    """Validates with pydantic and commits every row, as a first version is usually written."""
    app = fastapi.FastAPI()
    home.mkdir(parents=True, exist_ok=True)
    store = sqlite3.connect(home / "events.sqlite", isolation_level=None, check_same_thread=False)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute(
        "CREATE TABLE event (id TEXT PRIMARY KEY, kind TEXT, user_id TEXT, anonymous_id TEXT, at TEXT, properties TEXT, context TEXT)"
    )
    lock = threading.Lock()

    @app.post("/v1/batch")
    def batch(body: _Batch) -> dict[str, bool]:
        with lock:
            for message in body.batch:
                row = (
                    message.messageId, message.event, message.userId, message.anonymousId, message.timestamp.isoformat(),
                    orjson.dumps(message.properties).decode(), orjson.dumps(message.context).decode(),
                )  # fmt: skip
                store.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return {"success": True}

    return app


def main(mode: str, home: Path, port: int) -> None:
    """Serves until the process is told to stop; prints the authorization to send."""
    with contextlib.ExitStack() as stack:
        if mode == "rowwise":
            app = rowwise(home)
            print("ready Basic none", flush=True)
        else:
            installation = server.open_installation(ProcessSettings(home=home))
            stack.callback(installation.close)
            ws = server.prepared(installation, server.DEFAULT_WORKSPACE)
            secret = access.make_key(ws, by=SYSTEM, name="bench", kind=KeyKind.WRITE).secret
            app = bare(ws) if mode == "bare" else stack.enter_context(server.running_app(installation))
            print("ready Basic " + base64.b64encode(f"{secret}:".encode()).decode(), flush=True)
        uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools")
        ).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
