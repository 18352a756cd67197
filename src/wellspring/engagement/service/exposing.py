"""Experiments begin, members meet them, experiments end. Control and treatment are noted in one write at one instant (E04).

A member is exposed once per origin, whatever its revisions: one variant for ever (I32), and what somebody did under another
design does not blur the present one.
"""

import datetime as dt
from collections.abc import Sequence

from pyroaring import BitMap

from wellspring.engagement.contracts.proof import Design, Experiment, Exposure, OriginKind, Split
from wellspring.engagement.errors.proof import DesignRefused, ExperimentUnknown
from wellspring.engagement.repo import proof as repo
from wellspring.engagement.rules import designs
from wellspring.engagement.service import holding
from wellspring.kernel import audit, sets
from wellspring.kernel.auth import Principal
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def declare(
    ws: Workspace, tx: Tx, *, origin_kind: str, origin_id: str, name: str, design: Design, by: Principal, at: dt.datetime
) -> Experiment:
    """Begins the experiment of a campaign or a journey before anybody is exposed; the same design again is no change.

    Another design ends the one that runs and begins the next revision (E07). Raises DesignRefused.
    """
    kind = OriginKind(origin_kind)
    reason = designs.problem_of(design)
    if reason is not None:
        raise DesignRefused(reason_zh=reason[0], reason_en=reason[1])
    ws.sql.lock(tx, _lock_of(kind, origin_id))
    before = repo.revisions(tx, kind, origin_id)
    last = before[-1] if before else None
    if last is not None and last.ended_at is None:
        if last.design == design:
            return last
        repo.end(tx, last.id, at)
    revision = last.revision + 1 if last else 1
    made = repo.insert(
        tx, kind=kind, origin_id=origin_id, revision=revision, name=name[: designs.NAME_MAX], design=design, at=at, by_id=by.id
    )
    detail = {"origin": f"{kind}:{origin_id}", "revision": revision, "control_basis_points": design.control_basis_points}
    audit.append(ws.sql, tx, by=by, action="engagement.experiment.begin", subject=made.id, at=at, detail=detail)
    return made


def end(ws: Workspace, tx: Tx, *, origin_kind: str, origin_id: str, by: Principal, at: dt.datetime) -> None:
    """Ends what runs for an origin; whom it held out may be touched from now on. Nothing runs: nothing happens.

    An origin that is over ends it by itself. Exposures stay, and each member's outcomes are counted for the whole window
    after their own exposure, however early the end comes.
    """
    found = repo.running(tx, origin_kind, origin_id)
    if found is not None:
        repo.end(tx, found.id, at)
        audit.append(ws.sql, tx, by=by, action="engagement.experiment.end", subject=found.id, at=at, detail={})


def decide(ws: Workspace, tx: Tx, *, origin_kind: str, origin_id: str, members: BitMap, at: dt.datetime) -> Split:
    """Who is left alone and who gets which variant, and the exposure of all who are met for the first time.

    Asked with everybody who is eligible, before consent, caps, quiet hours or reach are looked at (E02). Repeatable.
    """
    rest, by_workspace = members, BitMap()
    holdout = repo.running(tx, OriginKind.WORKSPACE)
    if holdout is not None:
        found = _met(ws, tx, holdout, members, at)
        by_workspace, rest = found.held, members - found.held
    own = repo.running(tx, origin_kind, origin_id)
    if own is None:
        return Split(by_workspace, BitMap(), (rest,))
    found = _met(ws, tx, own, rest, at)
    return Split(by_workspace, found.held, holding.variants(ws, own, found.free))


def expose(ws: Workspace, tx: Tx, *, experiment_id: str, arm: int, members: BitMap, at: dt.datetime) -> BitMap:
    """Notes members in an arm (the control 0) unless their origin knows them already; gives who was new."""
    found = demand(tx, experiment_id)
    ws.sql.lock(tx, _lock_of(found.origin_kind, found.origin_id))
    held_name, free_name = holding.set_names(found)
    met = sets.read_several(tx, [held_name, free_name])
    fresh = members.difference(*met.values()) if met else BitMap(members)
    sets.change(tx, free_name if arm else held_name, add=fresh)
    repo.append(tx, experiment_id, [(arm, fresh)], at)
    return fresh


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Takes erased members out of exposures and draws, so that no report counts them (P04, S15). Repeatable.

    They leave whichever arm they were in, so what is compared stays comparable.
    """
    gone, removed = BitMap(numbers), 0
    with ws.sql.read() as tx:
        found = repo.exposing(tx, gone)
    for one in found:
        # A transaction for each: whoever decides takes the turns of several in an order of their own.
        with ws.sql.write() as tx:
            ws.sql.lock(tx, _lock_of(one.origin_kind, one.origin_id))
            removed += repo.forget(tx, one.id, gone)
            for name in holding.set_names(one):
                sets.change(tx, name, remove=gone)
    return removed


def demand(tx: Tx, experiment_id: str) -> Experiment:
    """The experiment. Raises ExperimentUnknown."""
    found = repo.experiment(tx, experiment_id)
    if found is None:
        raise ExperimentUnknown
    return found


def arms_of(tx: Tx, experiment_id: str, *, arms: int) -> list[BitMap]:
    """Who was exposed in each of so many arms, the control first."""
    found = [BitMap() for _ in range(arms)]
    for exposure in exposures_of(tx, experiment_id):
        found[exposure.arm] |= exposure.members
    return found


def exposures_of(tx: Tx, experiment_id: str) -> Sequence[Exposure]:
    return repo.exposures(tx, experiment_id)


def _met(ws: Workspace, tx: Tx, experiment: Experiment, members: BitMap, at: dt.datetime) -> holding.Known:
    ws.sql.lock(tx, _lock_of(experiment.origin_kind, experiment.origin_id))
    found = holding.known(ws, tx, experiment, members)
    if found.new_held or found.new_free:
        held_name, free_name = holding.set_names(experiment)
        sets.change_several(tx, {held_name: (found.new_held, BitMap()), free_name: (found.new_free, BitMap())})
        arms = [(0, found.new_held), *enumerate(holding.variants(ws, experiment, found.new_free), start=1)]
        repo.append(tx, experiment.id, arms, at)
    return found


def _lock_of(kind: str, origin_id: str) -> str:
    return f"engagement.proof/{kind}/{origin_id}"
