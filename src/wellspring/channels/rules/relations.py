"""Where a staff member and a contact stand, as a function of instants that only grow and of the newest truth.

Order and repetition cannot matter: an instant is the latest of its kind, and everything else follows from the set of
them. The platform's truth tells the staff member's side only (page 92114); the contact's side is told by events alone.
"""

import datetime as dt
from typing import NamedTuple

from wellspring.channels.contracts import RelationState

Instant = dt.datetime | None


class Marks(NamedTuple):
    """The latest instants of each kind; `is_followed` and `created_at` are the newest truth, None before it is known."""

    added_at: Instant = None
    half_at: Instant = None
    lost_at: Instant = None
    deleted_at: Instant = None
    transferred_at: Instant = None
    is_followed: bool | None = None
    created_at: Instant = None


class Standing(NamedTuple):
    """What follows from the marks; `ended_at` is None where the end is known and its instant is not."""

    state: RelationState
    is_half: bool
    joined_at: Instant
    ended_at: Instant


def latest(*instants: Instant) -> Instant:
    """The latest that is known."""
    return max((one for one in instants if one is not None), default=None)


def standing(marks: Marks) -> Standing:
    """The relation as it is. Of two instants that are alike, the end came after the beginning."""
    joined = latest(marks.added_at, marks.half_at, marks.created_at if marks.is_followed else None)
    is_half = not marks.is_followed and marks.half_at is not None and (marks.added_at is None or marks.half_at > marks.added_at)
    ends = [
        (at, state)
        for at, state in (
            (marks.lost_at, RelationState.LOST),
            # A transfer is told as a deletion with its reason, so at one instant the reason counts.
            (marks.transferred_at, RelationState.TRANSFERRED),
            (marks.deleted_at, RelationState.DELETED),
        )
        if at is not None and (joined is None or at >= joined)
    ]
    if marks.is_followed:
        # Whatever the staff member did before, the platform says that they keep the contact.
        ends = [(at, state) for at, state in ends if state is RelationState.LOST]
    if ends:
        # What ended it first: a staff member who tidies up after a contact left has lost nobody.
        at, state = min(ends, key=lambda end: end[0])
        return Standing(state, is_half=False, joined_at=joined, ended_at=at)
    # While only the contact has agreed the platform names no follower yet (page 92130).
    if marks.is_followed is False and not is_half:
        return Standing(RelationState.DELETED, is_half=False, joined_at=joined, ended_at=None)
    return Standing(RelationState.FOLLOWING, is_half=is_half, joined_at=joined, ended_at=None)
