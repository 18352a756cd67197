"""The front door of proof: experiments, who was exposed to them, and the holdout of the workspace."""

import datetime as dt
from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.engagement.contracts.proof import Experiment, Exposure, Terms
from wellspring.engagement.repo import proof as _repo
from wellspring.engagement.service import drawing as _drawing
from wellspring.engagement.service import exposing as _exposing
from wellspring.engagement.service import holding as _holding
from wellspring.engagement.service import leaking as _leaking
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

# A journey is exposed to in small sets all day long: of those, as many as a page may wait for.
_LOOKED_AT_MAX = 20_000


def experiments(
    ws: Workspace,
    *,
    kind: str | None = None,
    origin_id: str | None = None,
    is_running: bool | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Experiment]:
    """Experiments, the newest first."""
    size, after = limit_of(limit), str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        found, total = _repo.listing(tx, kind=kind, origin_id=origin_id, is_running=is_running, after=after, limit=size + 1)
    return Page(found[:size], encode_cursor([found[size - 1].id]) if len(found) > size else None, total)


def experiment(ws: Workspace, *, experiment_id: str) -> Experiment:
    """One experiment. Raises ExperimentUnknown."""
    with ws.sql.read() as tx:
        return _exposing.demand(tx, experiment_id)


def experiments_of(ws: Workspace, *, origin_kind: str, origin_id: str | None = None) -> Sequence[Experiment]:
    """Every revision of an origin's experiment (of every draw of the workspace's holdout), the oldest first."""
    with ws.sql.read() as tx:
        return _repo.revisions(tx, origin_kind, origin_id)


def exposures(ws: Workspace, *, experiment_id: str) -> Sequence[Exposure]:
    """Who met the experiment in which arm and when, in order of time; a member is in one of them at most."""
    with ws.sql.read() as tx:
        return _exposing.exposures_of(tx, experiment_id)


def units(ws: Workspace, *, experiment_ids: Sequence[str]) -> dict[tuple[str, int], int]:
    """How many were exposed, by experiment and arm."""
    with ws.sql.read() as tx:
        return _repo.counts(tx, experiment_ids)


def controls_of(ws: Workspace, *, member_no: int) -> list[tuple[Experiment, dt.datetime]]:
    """The experiments that left a member alone (merged numbers included), and since when; the latest first."""
    with ws.sql.read() as tx:
        return _repo.controls_with(tx, BitMap(people.numbers_held(ws, member_no=member_no)), limit=_LOOKED_AT_MAX)


def held_out(ws: Workspace, *, origin_kind: str, origin_id: str, members: BitMap) -> BitMap:
    """Those of the members who would get no marketing of this origin; nothing is written."""
    with ws.sql.read() as tx:
        return _holding.held_out(ws, tx, origin_kind, origin_id, members)


def leaks(ws: Workspace, *, experiment_id: str) -> int:
    """Marketing touches of members whom the experiment was to leave alone: 0, or something is broken. Raises ExperimentUnknown."""
    return _leaking.leaks(ws, experiment_id=experiment_id)


def end(ws: Workspace, *, by: Principal, experiment_id: str) -> Experiment:
    """Ends an experiment; whom it held out may be touched from now on. Raises ExperimentUnknown."""
    found = experiment(ws, experiment_id=experiment_id)
    with ws.sql.write() as tx:
        if found.ended_at is None:
            _exposing.end(ws, tx, origin_kind=found.origin_kind, origin_id=found.origin_id, by=by, at=ws.clock.now())
    return experiment(ws, experiment_id=experiment_id)


def holdout(ws: Workspace) -> Experiment | None:
    """The holdout of the workspace, None where there is none."""
    return _drawing.holdout(ws)


def set_holdout(ws: Workspace, *, by: Principal, share_basis_points: int, refresh_days: int | None, terms: Terms) -> Experiment:
    """Sets the holdout for whoever is met from now on. Raises DesignRefused."""
    return _drawing.resize(ws, by=by, share_basis_points=share_basis_points, refresh_days=refresh_days, terms=terms)


def refresh_holdout(ws: Workspace, *, by: Principal) -> Experiment:
    """Draws everybody anew (E09). Raises HoldoutMissing."""
    return _drawing.refresh(ws, by=by)


def stop_holdout(ws: Workspace, *, by: Principal) -> None:
    """Nobody is held out by the workspace any more; its figures stay."""
    _drawing.stop(ws, by=by)
