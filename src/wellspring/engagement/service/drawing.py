"""The holdout of the workspace: set, resized, drawn anew. Each draw has its own salt, and what earlier ones did carries over a while."""

import datetime as dt

from wellspring.engagement.contracts.proof import Design, Experiment, OriginKind, Terms
from wellspring.engagement.errors.proof import HoldoutMissing
from wellspring.engagement.repo import proof as repo
from wellspring.engagement.service import exposing
from wellspring.kernel.auth import SYSTEM, Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

_NAME = "全局对照组"


def holdout(ws: Workspace) -> Experiment | None:
    """The holdout in force."""
    with ws.sql.read() as tx:
        return repo.running(tx, OriginKind.WORKSPACE)


def resize(ws: Workspace, *, by: Principal, share_basis_points: int, refresh_days: int | None, terms: Terms) -> Experiment:
    """Sets the share for whoever is met from now on; who is held out stays so until the next draw (E07). Raises DesignRefused."""
    design = Design(control_basis_points=share_basis_points, terms=terms, refresh_days=refresh_days)
    with ws.sql.write() as tx:
        running = repo.running(tx, OriginKind.WORKSPACE)
        draw = running.origin_id if running else _next_draw(tx)
        return _declare(ws, tx, draw, design, by)


def refresh(ws: Workspace, *, by: Principal) -> Experiment:
    """Draws everybody anew: other members rest, those who rested may be touched (E09). Raises HoldoutMissing."""
    with ws.sql.write() as tx:
        running = repo.running(tx, OriginKind.WORKSPACE)
        if running is None:
            raise HoldoutMissing
        return _redraw(ws, tx, running, by)


def stop(ws: Workspace, *, by: Principal) -> None:
    """Nobody is held out by the workspace any more; its figures stay."""
    with ws.sql.write() as tx:
        running = repo.running(tx, OriginKind.WORKSPACE)
        if running is not None:
            exposing.end(ws, tx, origin_kind=OriginKind.WORKSPACE, origin_id=running.origin_id, by=by, at=ws.clock.now())


def refresh_due(ws: Workspace) -> bool:
    """Draws anew where the schedule says so; gives whether it did."""
    with ws.sql.write() as tx:
        running = repo.running(tx, OriginKind.WORKSPACE)
        if running is None or running.design.refresh_days is None:
            return False
        drawn_at = min(one.started_at for one in repo.revisions(tx, OriginKind.WORKSPACE, running.origin_id))
        if drawn_at + dt.timedelta(days=running.design.refresh_days) > ws.clock.now():
            return False
        _redraw(ws, tx, running, SYSTEM)
        return True


def _redraw(ws: Workspace, tx: Tx, running: Experiment, by: Principal) -> Experiment:
    exposing.end(ws, tx, origin_kind=OriginKind.WORKSPACE, origin_id=running.origin_id, by=by, at=ws.clock.now())
    return _declare(ws, tx, _next_draw(tx), running.design, by)


def _declare(ws: Workspace, tx: Tx, draw: str, design: Design, by: Principal) -> Experiment:
    return exposing.declare(ws, tx, origin_kind=OriginKind.WORKSPACE, origin_id=draw, name=_NAME, design=design, by=by, at=ws.clock.now())


def _next_draw(tx: Tx) -> str:
    return str(1 + max((int(one.origin_id) for one in repo.revisions(tx, OriginKind.WORKSPACE)), default=0))
