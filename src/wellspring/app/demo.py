"""The demo brand: a town of customers, told over the public HTTP API by a program of its own.

The town knows nothing of this program but its addresses, and this program starts it as a separate process, so what the
demo shows is exactly what any brand's systems could send.
"""

import datetime as dt
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Collection
from typing import Any

from wellspring.access import api as access
from wellspring.access.contracts import KeyKind
from wellspring.acquisition.api import codes as acquisition
from wellspring.acquisition.contracts.codes import CodeKind
from wellspring.app import presence, simulator
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountKind
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM, known_permissions
from wellspring.kernel.clock import VirtualClock, iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.workspace import Installation, Workspace

_SEED = 7
# One every two minutes on a real clock; a virtual one passes days in seconds.
_ARRIVALS_LIVE = 30.0
_ARRIVALS_LAB = 2.0
# What the town may do with its key: build the organisation, tell orders, consents and members, put tags, define audiences.
_TOWN_DOMAINS = ("organization", "people", "activity", "imports", "tags", "audiences", "channels", "acquisition", "content", "engagement")
# Fictitious, like everything in it.
_BRAND = "禾芽"
# The brand's systems as the town knows them, and the names under which they appear as sources.
_SENDERS = {"mini": "小程序", "web": "官网", "store": "门店收银", "wecom": "企业微信"}
_SHOPS = {"mini": "小程序", "tmall": "天猫旗舰店", "douyin": "抖音小店", "store": "门店收银"}
_HEADQUARTERS = "总部系统"
# How long the brand's codes wait for staff and groups to be known; they are set up with whoever is known then.
_SYNC_SECONDS = 60.0
_LINK_SECONDS = 10.0
_OVER = frozenset({"done", "failed", "cancelled"})
_log = logging.getLogger("wellspring.demo")


class NoServer(WellspringError):
    """The town speaks HTTP only."""

    status = 409
    code = "app.no_server"
    zh = "演示品牌只能由运行中的服务加载。"
    en = "The demo brand can be loaded by a running server only."


class TownFailed(WellspringError):
    """The town's program ended early."""

    status = 502
    code = "app.town_failed"
    zh = "演示小城程序异常退出（{status}）。"
    en = "The demo town's program ended early ({status})."


def load(installation: Installation, running: jobs.Running) -> dict[str, Any]:
    """The job: the town tells its past, and goes on telling where the lab clock is moved."""
    workspace: Workspace = running.workspace
    seed, days = running.body.get("seed", _SEED), running.body.get("days", installation.boot.demo_days)
    until = iso(workspace.clock.now())
    command = [*_command(installation, "load"), "--seed", str(seed), "--days", str(days), "--until", until]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment(workspace)) as town:  # noqa: S603 - our own program
        for line in town.stdout or ():
            word, _, rest = line.strip().partition(" ")
            if word == "progress":
                done, total, note = [*rest.split(" ", 2), "", ""][:3]
                running.progress(done=int(done), total=int(total), note=note)
    if town.returncode:
        raise TownFailed(status=town.returncode)
    name_brand(workspace)
    _write_library(installation, workspace)
    running.progress(done=0, total=None, note="企业微信 / WeCom")
    # The town moves in first: the corp is the brand's then, and is connected under its name.
    simulator.start(installation)
    simulator.say(installation, "actions/town", {"seed": seed, "days": days, "until": until, "arrivals_per_hour": _arrivals(workspace)})
    simulator.use(installation, workspace, by=SYSTEM)
    account = next(account for account in channels.accounts(workspace, kind=AccountKind.WECOM))
    asked = [ask(workspace, by=SYSTEM, account_id=account.id) for ask in (channels.ask_sync, channels.sync_groups)]
    _wait_for(running, asked)
    _set_up_codes(installation, workspace, account.id)
    follow(installation, workspace)
    return {"seed": seed, "days": days}


def _wait_for(running: jobs.Running, job_ids: Collection[str]) -> None:
    """Waits for jobs that other threads work on, for a while."""
    deadline = time.monotonic() + _SYNC_SECONDS
    while time.monotonic() < deadline and not all(jobs.get(running.workspace, job_id).state in _OVER for job_id in job_ids):
        running.progress(done=0, total=None, note="同步企业微信 / synchronising WeCom")
        time.sleep(0.25)


def _set_up_codes(installation: Installation, workspace: Workspace, account_id: str) -> None:
    """The codes that a brand has once WeCom is connected. The demo is worth showing without them."""
    command = [*_command(installation, "codes"), "--account", account_id, "--now", iso(workspace.clock.now())]
    if (lives_at := simulator.address(installation)) is not None:
        # The printed ones come into people's homes, who open them at their own hours.
        command += ["--simulator", lives_at]
    # The words of a refusal go to this server's own stderr.
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, env=_environment(workspace), check=False)  # noqa: S603 - our own program
    if ended.returncode:
        _log.warning("workspace %s: the brand's codes were not set up (%s)", workspace.slug, ended.returncode)
        return
    # The town's people see advertisements; the platform makes their links within seconds.
    deadline = time.monotonic() + _LINK_SECONDS
    while not (links := _links(workspace)) and time.monotonic() < deadline:
        time.sleep(0.25)
    try:
        simulator.say(installation, "actions/town_links", {"urls": links})
    except simulator.SimulatorAway as failure:
        _log.warning("workspace %s: %s", workspace.slug, failure)


def _write_library(installation: Installation, workspace: Workspace) -> None:
    """What the brand says to its customers: the materials that campaigns and journeys choose from."""
    ended = subprocess.run(_command(installation, "library"), stdout=subprocess.DEVNULL, env=_environment(workspace), check=False)  # noqa: S603 - our own program
    if ended.returncode:
        _log.warning("workspace %s: the brand's materials were not written (%s)", workspace.slug, ended.returncode)


def _links(workspace: Workspace) -> list[str]:
    found = acquisition.listing(workspace, kind=CodeKind.LINK, limit=20)
    return [way.url for code in found.rows for way in code.ways if way.url]


def _arrivals(workspace: Workspace) -> float:
    """Visitors who come beside the town's own life, per hour: so that somebody arrives while one watches."""
    return _ARRIVALS_LAB if isinstance(workspace.clock, VirtualClock) else _ARRIVALS_LIVE


def name_brand(workspace: Workspace) -> None:
    """The workspace is the demo brand's from now on, and is called like it unless somebody gave it a name."""
    settings = workspace.settings.get(WorkspaceSettings)
    is_unnamed = settings.name == WorkspaceSettings().name
    named = settings.model_copy(update={"is_demo": True, "name": _BRAND if is_unnamed else settings.name})
    workspace.settings.put(named)


def follow(installation: Installation, workspace: Workspace) -> None:
    """In lab mode: starts the town's own program that tells what happened whenever the clock was moved."""
    if installation.boot.lab:
        command = [*_command(installation, "follow"), "--with-parent"]
        if (lives_at := simulator.address(installation)) is not None:
            # There the people themselves add staff, write and read; the town then tells only what its other systems see.
            command += ["--without", "wecom", "--simulator", lives_at]
        subprocess.Popen(command, env=_environment(workspace), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program


def _command(installation: Installation, verb: str) -> list[str]:
    announced = presence.announced(installation.boot.home)
    if announced is None:
        raise NoServer
    state = installation.boot.home / "town.json"
    return [sys.executable, "-m", "wecom_simulator.town", verb, "--url", announced[0], "--state", str(state)]


def _environment(workspace: Workspace) -> dict[str, str]:
    """The town's keys: one per system of the brand, so that each is a source of its own as with a real brand."""
    keys = {
        "write_keys": {system: _key(workspace, name, KeyKind.WRITE) for system, name in _SENDERS.items()},
        "api_keys": {system: _key(workspace, name, KeyKind.API) for system, name in _SHOPS.items()},
    }
    return {**os.environ, "TOWN_API_KEY": _key(workspace, _HEADQUARTERS, KeyKind.API), "TOWN_KEYS": json.dumps(keys)}


def _key(workspace: Workspace, name: str, kind: KeyKind) -> str:
    """A new secret; the key of an earlier start is rotated, and its old secret ends."""
    for key in access.list_keys(workspace, by=SYSTEM):
        if key.name == name and key.kind is kind and key.disabled_at is None and key.created_by == SYSTEM.id:
            return access.rotate_key(workspace, key.id, by=SYSTEM, overlap=dt.timedelta(0)).secret
    wanted = [permission for permission, text in known_permissions().items() if text.domain in _TOWN_DOMAINS]
    return access.make_key(workspace, by=SYSTEM, name=name, kind=kind, permissions=wanted if kind is KeyKind.API else ()).secret
