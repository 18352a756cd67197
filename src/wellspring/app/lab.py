"""Lab mode: a virtual clock that stands still until it is moved, with everything due done on the way.

Only a server started with WELLSPRING_LAB=1 has these addresses, and production mode refuses that. The clock's place is
kept in the data folder, so that a demo brand goes on where it stood.
"""

import datetime as dt
import re
import threading
from pathlib import Path
from typing import Annotated

import fastapi
import pydantic

from wellspring.app import simulator
from wellspring.app.worker import Worker
from wellspring.kernel import ticks
from wellspring.kernel.clock import UTC, SystemClock, VirtualClock, iso
from wellspring.kernel.errors import Invalid, WellspringError
from wellspring.kernel.web import In, Out, installation_of, public
from wellspring.kernel.workspace import Installation

_ADVANCE = re.compile(r"^(\d{1,5})(ms|s|m|h|d|w)$")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_REASON = "lab mode only: the server refuses to start with it in production"
_moving = threading.Lock()

router = fastapi.APIRouter(prefix="/lab", tags=["lab"])


class LabInProduction(WellspringError):
    """Both modes were asked for."""

    status = 409
    code = "app.lab_in_production"
    zh = "生产模式不能开启实验室模式（WELLSPRING_LAB 与 WELLSPRING_PRODUCTION 只能选一个）。"
    en = "Lab mode is refused in production: set only one of WELLSPRING_LAB and WELLSPRING_PRODUCTION."


class ClockIn(In):
    """Where to move the clock: an instant, or a distance such as "3d", "12h"."""

    now: Annotated[dt.datetime | None, pydantic.Field(description="ISO 8601 with zone")] = None
    advance: Annotated[str | None, pydantic.Field(pattern=_ADVANCE.pattern)] = None


class ClockOut(Out):
    """The virtual present."""

    now: str


def open_clock(home: Path) -> VirtualClock:
    """The clock at the place where it was left; at the real present the first time."""
    place = home / "lab-clock"
    start = dt.datetime.fromisoformat(place.read_text(encoding="utf-8")) if place.exists() else SystemClock().now()
    return VirtualClock(start)


@router.get("/clock", dependencies=[public(_REASON)])
def read_clock(request: fastapi.Request) -> ClockOut:
    """The virtual present."""
    return ClockOut(now=iso(installation_of(request).clock.now()))


@router.post("/clock", dependencies=[public(_REASON)])
def move_clock(request: fastapi.Request, body: ClockIn) -> ClockOut:
    """Moves the clock; answers when everything due up to the new instant is done."""
    installation = installation_of(request)
    clock = installation.clock
    if not isinstance(clock, VirtualClock):
        raise Invalid(field="now", reason="this server runs on the real clock")
    worker: Worker = request.app.state.worker
    with _moving, worker.heart_at_rest():
        _move(installation, worker, clock, _target(body, clock.now()))
        (installation.boot.home / "lab-clock").write_text(iso(clock.now()), encoding="utf-8")
    return ClockOut(now=iso(clock.now()))


def _move(installation: Installation, worker: Worker, clock: VirtualClock, target: dt.datetime) -> None:
    """By the hour where people are simulated: what they do is told at its time, and worked before they go on."""
    pause = ticks.lab_pause(target - clock.now())
    while simulator.address(installation) is not None and clock.now() < target:
        stop = min(target, clock.now() + pause)
        worker.advance(clock, stop, pause=pause)
        simulator.follow(installation, stop)
    worker.advance(clock, target)


def _target(body: ClockIn, now: dt.datetime) -> dt.datetime:
    try:
        if body.now is not None and body.advance is None:
            return body.now.astimezone(UTC) if body.now.tzinfo else body.now.replace(tzinfo=UTC)
        matched = _ADVANCE.match(body.advance or "")
        if matched is not None and body.now is None:
            return now + dt.timedelta(**{_UNITS[matched[2]]: int(matched[1])})
    except OverflowError as beyond:
        raise Invalid(field="now", reason="beyond the calendar") from beyond
    raise Invalid(field="now", reason='give either {"now": instant} or {"advance": "3d"}')
