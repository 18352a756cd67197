"""Whether somebody carries a tag, where the platform keeps it per relation and we per person.

Both sides remember what they last agreed on. Whatever was put since, on either side, counts; a tag lifted on the
winning side is lifted on both, and one lifted on the other side comes back. So nothing is lifted at a first comparison.
"""

from collections.abc import Mapping
from typing import NamedTuple

from wellspring.channels.contracts.tags import Winner


class There(NamedTuple):
    """One relation's tag: whether it is there, was at the last agreement, and whether the relation still stands."""

    is_there: bool
    was_there: bool
    is_open: bool


class Outcome(NamedTuple):
    """Whether the person carries it from now on, and the relations on which it has to be put or lifted."""

    is_carried: bool
    put: tuple[str, ...] = ()
    lift: tuple[str, ...] = ()


def agreed(*, is_here: bool, was_here: bool, there: Mapping[str, There], winner: Winner) -> Outcome:
    """What both sides shall have. An ended relation keeps what it had: losing a customer lifts no tag."""
    is_new_here = is_here and not was_here
    is_new_there = any(one.is_there and not one.was_there for one in there.values())
    anywhere = any(one.is_there for one in there.values())
    carried = anywhere or is_new_here or (is_here and not there) if winner is Winner.WECOM else is_here or is_new_there
    if not carried:
        return Outcome(is_carried=False, lift=_open(there, is_there=True))
    wants_all = is_new_here if winner is Winner.WECOM else True
    return Outcome(is_carried=True, put=_open(there, is_there=False) if wants_all else ())


def renamed(*, here: str, there: str, seen: str, winner: Winner) -> str:
    """The name that both sides shall have."""
    if there in {here, seen}:
        return here
    if here == seen:
        return there
    return there if winner is Winner.WECOM else here


def _open(there: Mapping[str, There], *, is_there: bool) -> tuple[str, ...]:
    return tuple(sorted(userid for userid, one in there.items() if one.is_open and one.is_there is is_there))
