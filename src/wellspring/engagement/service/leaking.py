"""Counts the marketing that reached whoever was to be left alone: 0, or something is broken (E03)."""

from pyroaring import BitMap

from wellspring.engagement.contracts.proof import OriginKind
from wellspring.engagement.repo import proof as repo
from wellspring.engagement.service import exposing
from wellspring.kernel.workspace import Workspace


def leaks(ws: Workspace, *, experiment_id: str) -> int:
    """Touches of members of the control made after they were exposed, until the experiment ended."""
    with ws.sql.read() as tx:
        found = exposing.demand(tx, experiment_id)
        control = [one for one in exposing.exposures_of(tx, experiment_id) if one.arm == 0]
        if not control:
            return 0
        held = BitMap.union(BitMap(), *(one.members for one in control))
        since, own = control[0].at, found.origin_kind is not OriginKind.WORKSPACE
        origin = (str(found.origin_kind), found.origin_id) if own else (None, None)
        exposed_at = {number: one.at for one in control for number in one.members} if len(control) > 1 else {}
        count = 0
        for piece in repo.marketed(tx, kind=origin[0], origin_id=origin[1], since=since):
            for number, at in piece:
                is_after = at >= exposed_at.get(number, since)
                count += number in held and is_after and (found.ended_at is None or at < found.ended_at)
        return count
