"""Who is left alone so that the others can be compared with somebody: by the workspace's holdout, or by an origin's own.

By hash alone (`kernel.arms`) for whoever is met for the first time, and by what was decided then ever after: another
share concerns newcomers only, and nobody who is held out is reassigned (E07). Everybody is drawn anew by a refresh (E09).
"""

import dataclasses

from pyroaring import BitMap

from wellspring.engagement.contracts.proof import Design, Experiment, OriginKind
from wellspring.engagement.repo import proof as repo
from wellspring.kernel import sets
from wellspring.kernel.arms import OUTSIDE, Arms, Assigned, Holdout, assigned, held_by
from wellspring.kernel.sets import from_column, to_column
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Who of an origin's members is held, who is free, and who is met for the first time: the newcomers of each."""

    held: BitMap
    free: BitMap
    new_held: BitMap
    new_free: BitMap


def held_out(ws: Workspace, tx: Tx, origin_kind: str, origin_id: str, members: BitMap) -> BitMap:
    """Those of the members who get no marketing of this origin; the same answer for ever, and nothing is written.

    Messages that are no marketing go to everybody (E03): whoever sends them does not ask.
    """
    found = BitMap()
    holdout = repo.running(tx, OriginKind.WORKSPACE)
    if holdout is not None:
        found |= known(ws, tx, holdout, members).held
    own = repo.running(tx, origin_kind, origin_id)
    if own is not None:
        found |= known(ws, tx, own, members - found).held
    return found


def held_by_workspace(ws: Workspace, tx: Tx, members: BitMap) -> BitMap:
    """Those of the members whom the workspace's holdout leaves alone."""
    holdout = repo.running(tx, OriginKind.WORKSPACE)
    return BitMap() if holdout is None else known(ws, tx, holdout, members).held


def known(ws: Workspace, tx: Tx, experiment: Experiment, members: BitMap) -> Known:
    """The members by what was decided for them, or would be now."""
    held_name, free_name = set_names(experiment)
    found = sets.read_several(tx, [held_name, free_name])
    held, free = members & found.get(held_name, BitMap()), members & found.get(free_name, BitMap())
    new = members - held - free
    holdout = Holdout(f"{ws.slug}:{experiment.origin_kind}:{experiment.origin_id}:control", experiment.design.control_basis_points)
    column = to_column(new)
    new_held = from_column(column[held_by([holdout], column) != OUTSIDE])
    return Known(held | new_held, free | (new - new_held), new_held, new - new_held)


def variants(ws: Workspace, experiment: Experiment, members: BitMap) -> tuple[BitMap, ...]:
    """The members by variant. One salt for all revisions, so that another weight moves as few as it can."""
    design: Design = experiment.design
    if len(design.weights) == 1:
        return (members,)
    column = to_column(members)
    arms: Assigned = assigned(Arms(f"{ws.slug}:{experiment.origin_kind}:{experiment.origin_id}:arms", design.weights), column)
    return tuple(from_column(column[arms == place]) for place in range(len(design.weights)))


def set_names(experiment: Experiment) -> tuple[str, str]:
    """The names of the sets that remember an origin's held and free members."""
    origin = f"engagement.proof/{experiment.origin_kind}/{experiment.origin_id}"
    return f"{origin}/held", f"{origin}/free"
