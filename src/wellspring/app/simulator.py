"""The simulator beside the server: a WeChat of its own on this machine, for the demo, for training, and for a first look.

It is a separate program that is spoken to over HTTP only. It ends with the server, keeps its world in the data folder, and
is connected like a real corp: what differs is the host. Where the clock is virtual, both clocks are moved together.
"""

import contextlib
import datetime as dt
import logging
import secrets
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import fastapi
import httpx

from wellspring.app import presence
from wellspring.channels import api as channels
from wellspring.channels.contracts import Account, AccountDraft, AccountKind, Permission
from wellspring.console.http.first_run import JobAskedOut
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.clock import VirtualClock, iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.web import Call, Out, allow
from wellspring.kernel.workspace import Installation, Workspace

CONNECT_JOB = "app.use_simulator"
_LOOPBACK = "http://127.0.0.1:"
_PORT = 8810
_PATIENCE_SECONDS = 30.0
# A moved clock lets the simulated people live through hours in one call.
_TIMEOUT = httpx.Timeout(600, connect=5)
_running: dict[Path, str] = {}
_starting = threading.Lock()
_connecting = threading.Lock()
_log = logging.getLogger("wellspring.simulator")

router = fastapi.APIRouter(prefix="/api/channels/simulator", tags=["channels"])


class SimulatorAway(WellspringError):
    """The simulator does not start, or refuses what it was asked."""

    status = 502
    code = "app.simulator_away"
    zh = "模拟器没有启动或拒绝了请求：{reason}"
    en = "The simulator does not start or refused: {reason}"


class NoOwnAddress(WellspringError):
    """Callbacks need an address of this server."""

    status = 409
    code = "app.no_own_address"
    zh = "模拟器只能由运行中的服务连接。"
    en = "The simulator can be connected by a running server only."


class SimulatorOut(Out):
    """Where the simulator is, if this server started one."""

    address: str | None


@router.get("", dependencies=[allow(Permission.ACCOUNT_READ)])
def read_simulator(request: fastapi.Request) -> SimulatorOut:
    """Whether a simulator runs beside this server, and its page."""
    return SimulatorOut(address=address(request.app.state.installation))


@router.post("", status_code=202)
def use_simulator(call: Annotated[Call, allow(Permission.ACCOUNT_WRITE)]) -> JobAskedOut:
    """Starts the simulator and connects its corp, official account and mini program; the job tells how far it is."""
    with call.ws.sql.write() as tx:
        return JobAskedOut(job_id=jobs.enqueue(call.ws, tx, CONNECT_JOB, {}, by=call.by))


def register(installation: Installation) -> None:
    """Makes the job known."""
    jobs.register(CONNECT_JOB, lambda running: use(installation, running.workspace, by=SYSTEM))


def address(installation: Installation) -> str | None:
    """The address of the simulator that this server started."""
    return _running.get(installation.boot.home)


def use(installation: Installation, workspace: Workspace, *, by: Principal) -> dict[str, Any]:
    """Starts the simulator unless it runs, and connects whatever it has. Raises SimulatorAway, NoOwnAddress."""
    base = start(installation)
    # Both sides get a fresh callback secret: two at a time would leave them with different ones.
    with _connecting, _asking(base) as simulator:
        connected = [_connect_wecom(installation, workspace, simulator, by=by)]
        connected += _connect_accounts(installation, workspace, simulator, by=by)
    for account in connected:
        channels.check_account(workspace, account_id=account.id)
    return {"address": base, "accounts": [account.id for account in connected]}


def resume(installation: Installation) -> None:
    """Starts the simulator again where it was in use, and tells it where this server is now. Needs a server that answers."""
    if not _world(installation).exists():
        return
    for slug in installation.slugs():
        workspace = installation.workspace(slug)
        if any(account.host.startswith(_LOOPBACK) for account in channels.accounts(workspace)):
            try:
                use(installation, workspace, by=SYSTEM)
            except WellspringError as failure:
                _log.warning("workspace %s: %s", slug, failure)


def start(installation: Installation) -> str:
    """The address of the running simulator. Raises SimulatorAway."""
    with _starting:
        known = _running.get(installation.boot.home)
        if known is None:
            # Opened here and handed over: another server that starts one at the same moment cannot get the same address.
            with _listening(_kept_port(installation)) as listening:
                port = int(listening.getsockname()[1])
                known = f"{_LOOPBACK}{port}"
                fd = listening.fileno()
                command = _command(installation, fd)
                child = subprocess.Popen(command, pass_fds=[fd], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
            _wait_for(known, child)
            (installation.boot.home / "simulator.port").write_text(str(port), encoding="utf-8")
            channels.allow_host(known)
            if isinstance(installation.clock, VirtualClock):
                channels.count_welcomes_by_machine()
                with _asking(known) as simulator:
                    # Its world was written a while before it ended.
                    _ask(simulator, "clock", {"now": iso(installation.clock.now())})
            _running[installation.boot.home] = known
    return known


def follow(installation: Installation, until: dt.datetime) -> None:
    """Lets the simulated people live until a virtual clock's new instant, and waits for what they tell. No simulator: nothing."""
    base = address(installation)
    if base is not None:
        with _asking(base) as simulator:
            _ask(simulator, "clock", {"now": iso(until), "wait": 5})
            _ask(simulator, "callbacks/wait", {"seconds": 60})


def say(installation: Installation, verb: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Asks the running simulator for something that no real platform has. Raises SimulatorAway."""
    base = address(installation)
    if base is None:
        raise SimulatorAway(reason="it was not started")
    with _asking(base) as simulator:
        return _ask(simulator, verb, body)


def _command(installation: Installation, fd: int) -> list[str]:
    clock = installation.clock
    virtual = ["--clock", "virtual", "--start", iso(clock.now())] if isinstance(clock, VirtualClock) else []
    module = [sys.executable, "-m", "wecom_simulator", "serve", "--with-parent"]
    return [*module, "--fd", str(fd), "--state", str(_world(installation)), *virtual]


def _world(installation: Installation) -> Path:
    return installation.boot.home / "simulator.state"


def _kept_port(installation: Installation) -> int:
    """The port of last time, so that connected accounts still point there."""
    try:
        return int((installation.boot.home / "simulator.port").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _PORT


def _listening(wanted: int) -> socket.socket:
    for port in (wanted, 0):
        with contextlib.suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    raise SimulatorAway(reason="no free port")


def _wait_for(base: str, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with _asking(base) as simulator:
        while time.monotonic() < deadline and child.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if simulator.get("/simulator/health").is_success:
                    return
            time.sleep(0.1)
    raise SimulatorAway(reason="it does not answer")


def _asking(base: str) -> httpx.Client:
    return httpx.Client(base_url=base, timeout=_TIMEOUT, trust_env=False)


def _ask(simulator: httpx.Client, verb: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - any JSON
    try:
        answer = simulator.get(f"/simulator/{verb}") if body is None else simulator.post(f"/simulator/{verb}", json=body)
    except httpx.TransportError as gone:
        raise SimulatorAway(reason=type(gone).__name__) from gone
    if answer.is_error:
        raise SimulatorAway(reason=answer.json().get("error", answer.status_code))
    return answer.json()


def _connect_wecom(installation: Installation, workspace: Workspace, simulator: httpx.Client, *, by: Principal) -> Account:
    corp = _ask(simulator, "corp")
    app = corp["apps"][0]
    draft = _draft(AccountKind.WECOM, corp["name"], corp["corpid"], app["secret"], str(simulator.base_url), agent_id=str(app["agent_id"]))
    account = _kept(workspace, draft, by=by)
    target = _callback(installation, account)
    _ask(simulator, "callbacks", {"url": target, "token": draft.callback_token, "aes_key": draft.callback_key, "agent_id": app["agent_id"]})
    return account


def _connect_accounts(installation: Installation, workspace: Workspace, simulator: httpx.Client, *, by: Principal) -> list[Account]:
    """The official account and the mini program, which stand under a host of their own."""
    connected = []
    for row in _ask(simulator, "official"):
        kind = AccountKind(row["kind"])
        draft = _draft(kind, row["name"], row["appid"], row["secret"], f"{str(simulator.base_url).rstrip('/')}/official")
        account = _kept(workspace, draft, by=by)
        target = _callback(installation, account)
        body = {"appid": row["appid"], "url": target, "token": draft.callback_token, "aes_key": draft.callback_key}
        _ask(simulator, "official/callbacks", body)
        connected.append(account)
    return connected


def _draft(kind: AccountKind, name: str, corp_id: str, secret: str, host: str, *, agent_id: str = "") -> AccountDraft:
    # As an administrator would: a fresh token and key for the callbacks (page 90930: 43 letters and digits).
    token, key = secrets.token_hex(16), (secrets.token_hex(22))[:43]
    return AccountDraft(kind, name, corp_id, agent_id, secret=secret, callback_token=token, callback_key=key, host=host.rstrip("/"))


def _kept(workspace: Workspace, draft: AccountDraft, *, by: Principal) -> Account:
    """The account of this corp as the simulator has it now, connected unless it was."""
    for account in channels.accounts(workspace, kind=draft.kind):
        if (account.corp_id, account.agent_id) == (draft.corp_id, draft.agent_id):
            return channels.change_account(workspace, by=by, account_id=account.id, draft=draft)
    return channels.connect(workspace, by=by, draft=draft)


def _callback(installation: Installation, account: Account) -> str:
    announced = presence.announced(installation.boot.home)
    if announced is None:
        raise NoOwnAddress
    return announced[0] + account.callback_path
