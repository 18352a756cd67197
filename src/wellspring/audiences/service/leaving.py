"""Erased people leave every audience and what was said of them by hand; and what audiences add to a person's own data."""

from collections.abc import Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.audiences import repo
from wellspring.audiences.contracts import Cause, State
from wellspring.audiences.service import cache, defining
from wellspring.audiences.service import mirror as mirroring
from wellspring.kernel import sets
from wellspring.kernel.clock import iso
from wellspring.kernel.workspace import Workspace


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Takes erased members out of every set of members and of both by hand (rule S15); gives of how many. Repeatable.

    Whoever follows an audience hears that they left. Their attributes leave the mirror.
    """
    gone, removed = BitMap(numbers), 0
    mirroring.refresh(ws)
    with ws.sql.write() as tx:
        ws.sql.lock(tx, repo.LOCK)
        for audience in repo.listing(tx):
            for name in repo.by_hand_names(audience.id):
                if found := sets.read(tx, name) & gone:
                    sets.put(tx, name, sets.read(tx, name) - found)
                    removed += len(found)
            members = repo.members(tx, audience.id)
            if not members & gone:
                continue
            removed += members.intersection_cardinality(gone)
            left = defining.put_members(
                ws, tx, audience, members - gone, cause=Cause.RECONCILED, instant=None, watermark=audience.watermark
            )
            # Nothing was computed: the rest of the members is as old as it was, and what is wrong still is.
            kept: dict[str, Any] = {"computed_at": audience.computed_at, "state": audience.state.value}
            if audience.state is not State.READY:
                kept |= {"failed_since": audience.failed_since, "problem": audience.problem}
            repo.change(tx, left.id, kept)
    cache.of(ws).clear()
    return removed


def of_person(ws: Workspace, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The audiences that a person is or was in, and when they entered and left."""
    mine = BitMap(numbers)
    told = []
    with ws.sql.read() as tx:
        for audience in repo.listing(tx):
            is_member = bool(repo.members(tx, audience.id) & mine)
            crossed = [crossing for number in mine for crossing in repo.changes_of_member(tx, audience.id, number)]
            if crossed or is_member:
                changes = [{"at": iso(version.at), "entered": entered} for version, entered in crossed]
                told.append({"audience": audience.name, "is_member": is_member, "changes": changes})
    return told
