"""The servers of the measurement: the product, the web stack alone, and the platform as the simulator plays it.

`python -m bench._channels_servers MODE HOME …`; says `ready {json}` with its address once it is about to listen.
"""

import socket
import sys
from pathlib import Path
from typing import Any

import fastapi
import httpx
import orjson
import uvicorn

from wecom_simulator.clock import Clock
from wecom_simulator.serve import Server
from wecom_simulator.world import World
from wellspring.app import server
from wellspring.channels import api as channels
from wellspring.channels.adapters.wecom import client
from wellspring.channels.contracts import AccountDraft, AccountKind, Arrived, Welcome
from wellspring.channels.settings import ChannelsSettings
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.settings import ProcessSettings
from wellspring.kernel.workspace import Workspace

_TOKEN, _KEY = "QDG6eKbench", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
_LOCAL = "bench-local-token"


def main(mode: str, home: Path, *arguments: str) -> None:
    """Serves until the process is told to stop."""
    if mode == "simulator":
        _simulator()
    elif mode == "bare":
        _bare()
    else:
        _product(home, *arguments)


def _simulator() -> None:
    world = World(Clock())
    port = _port()
    _ready({"url": f"http://127.0.0.1:{port}", "port": port})
    Server(world, port=port).run()


def _bare() -> None:
    app = fastapi.FastAPI()

    @app.post("/{path:path}")
    async def take(request: fastapi.Request, path: str) -> fastapi.Response:
        assert path
        await request.body()
        return fastapi.Response(b"success", media_type="text/plain")

    port = _port()
    _ready({"url": f"http://127.0.0.1:{port}", "port": port})
    uvicorn.run(app, port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools")


def _product(_home: Path, simulator: str, calls_per_minute: str) -> None:
    installation = server.open_installation(ProcessSettings())
    ws = server.prepared(installation, "main")
    corp = httpx.get(f"{simulator}/simulator/corp", trust_env=False).raise_for_status().json()
    settings = ws.settings.get(ChannelsSettings)
    ws.settings.put(settings.model_copy(update={"calls_per_minute": int(calls_per_minute)}))
    app_of = corp["apps"][0]
    draft = AccountDraft(
        AccountKind.WECOM, "bench", corp["corpid"], str(app_of["agent_id"]), app_of["secret"], _TOKEN, _KEY, host=simulator
    )
    account = channels.connect(ws, by=SYSTEM, draft=draft)
    channels.register_greeter(_greet)
    port = _port()
    path = channels.callback_path(ws, account.id)
    told = {"url": f"http://127.0.0.1:{port}", "port": port, "account_id": account.id, "corp_id": corp["corpid"], "callback_path": path}
    keys = {"url": f"http://127.0.0.1:{port}{path}", "token": _TOKEN, "aes_key": _KEY, "agent_id": app_of["agent_id"], "verify": False}
    with server.running_app(installation, local_token=_LOCAL) as app:
        _add_way(app, ws, account.id)
        _ready({**told, "callbacks": keys, "token": _LOCAL})
        uvicorn.run(app, port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools")


def _add_way(app: fastapi.FastAPI, ws: Workspace, account_id: str) -> None:
    """One code of one member, made with a bare call."""

    def way() -> dict[str, str]:
        account = channels.account(ws, account_id)
        userid = client.call(ws, account, "externalcontact/get_follow_user_list")["follow_user"][0]
        body = {"type": 1, "scene": 2, "user": [userid], "state": "bench"}
        return {"config_id": client.call(ws, account, "externalcontact/add_contact_way", body=body)["config_id"]}

    route = fastapi.routing.APIRoute("/bench/way", way, methods=["POST"])
    app.router.routes.insert(0, route)


def _greet(_ws: Workspace, arrived: Arrived) -> Welcome:
    return Welcome(text=f"你好，{arrived.name}", variant="bench")


def _ready(told: dict[str, Any]) -> None:
    print("ready " + orjson.dumps(told).decode(), flush=True)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
