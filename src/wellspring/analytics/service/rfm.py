"""The RFM grid of the newest day: cells, segments, and who moved between segments since an earlier day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wellspring.analytics.contracts import RfmCell, RfmGrid, RfmMovement, RfmSegment
from wellspring.analytics.facts import rfm, runs
from wellspring.analytics.facts.runs import Run
from wellspring.analytics.rules import rate
from wellspring.analytics.rules.rfm import SEGMENTS, cell_at, segments_by_place
from wellspring.analytics.service import derive
from wellspring.kernel.auth import Principal
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_SEGMENTS = [segment.code for segment in SEGMENTS]
# The segment of each place as a number; whoever did not buy in the window stands last.
_PLACES = np.array([_SEGMENTS.index(code) for code in segments_by_place()], dtype=np.int64)
_ABSENT = len(_SEGMENTS)


def grid(ws: Workspace, *, by: Principal, since: dt.date | None) -> RfmGrid:
    """See `analytics.api.rfm`."""
    is_refreshing = derive.ask(ws)
    known = runs.listing(ws, derive.RFM)
    if not known:
        return RfmGrid(None, None, 0, "", is_refreshing, 0, 0, (), (), None, ())
    newest = known[-1]
    members = _visible(ws, by, rfm.cells(ws, newest.run))
    earlier = _earlier(known, since)
    before = None if earlier is None else _visible(ws, by, rfm.cells(ws, earlier.run))
    return RfmGrid(
        on=newest.on,
        derived_at=newest.at,
        window_days=int(newest.summary["window_days"]),
        currency=str(newest.summary["currency"]),
        is_refreshing=is_refreshing,
        buyers=len(members),
        net_minor=int(members["net_minor"].sum()),
        cells=_cells(members),
        segments=_segments(members, before),
        compared_on=None if earlier is None else earlier.on,
        movements=() if before is None else _movements(before, members),
    )


def _visible(ws: Workspace, by: Principal, members: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if by.scope.unit_ids is None:
        return members
    own = np.array(people.served_by(ws, by.scope.unit_ids).to_array(), dtype=np.uint32)
    return members[np.isin(members["member_no"], own)]


def _earlier(known: Sequence[Run], since: dt.date | None) -> Run | None:
    """The last day at or before the one asked for; else the oldest; by default four weeks back."""
    wanted = since or known[-1].on - dt.timedelta(weeks=4)
    before = [run for run in known[:-1] if run.on <= wanted]
    return before[-1] if before else next(iter(known[:-1]), None)


def _cells(members: npt.NDArray[Any]) -> tuple[RfmCell, ...]:
    counts = np.bincount(members["place"], minlength=len(_PLACES))
    net = np.zeros(len(_PLACES), dtype=np.int64)
    np.add.at(net, members["place"], members["net_minor"])
    named = segments_by_place()
    return tuple(RfmCell(*cell_at(place), named[place], int(counts[place]), int(net[place])) for place in np.flatnonzero(counts).tolist())


def _segments(members: npt.NDArray[Any], before: npt.NDArray[Any] | None) -> tuple[RfmSegment, ...]:
    own = _PLACES[members["place"]]
    counts, net = np.bincount(own, minlength=_ABSENT), np.zeros(_ABSENT, dtype=np.int64)
    np.add.at(net, own, members["net_minor"])
    past = None if before is None else np.bincount(_PLACES[before["place"]], minlength=_ABSENT)
    return tuple(
        RfmSegment(
            code=code,
            members=int(counts[place]),
            share=rate(int(counts[place]), len(members)),
            net_minor=int(net[place]),
            members_before=None if past is None else int(past[place]),
        )
        for place, code in enumerate(_SEGMENTS)
    )


def _movements(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> tuple[RfmMovement, ...]:
    """From where to where, without those who stayed; None is "did not buy in the window"."""
    numbers = np.union1d(before["member_no"], after["member_no"])
    came, went = np.full(len(numbers), _ABSENT), np.full(len(numbers), _ABSENT)
    came[np.searchsorted(numbers, before["member_no"])] = _PLACES[before["place"]]
    went[np.searchsorted(numbers, after["member_no"])] = _PLACES[after["place"]]
    moved = np.bincount(came * (_ABSENT + 1) + went, minlength=(_ABSENT + 1) ** 2)
    names: list[str | None] = [*_SEGMENTS, None]
    pairs = [divmod(place, _ABSENT + 1) for place in np.flatnonzero(moved).tolist()]
    found = [RfmMovement(names[one], names[other], int(moved[one * (_ABSENT + 1) + other])) for one, other in pairs if one != other]
    return tuple(sorted(found, key=lambda movement: -movement.members))
