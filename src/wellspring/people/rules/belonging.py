"""Who a set of identifiers belongs to: one of the known, somebody new, several who are one, or a dispute.

Read from the strongest identifier to the weakest. A weaker one that belongs to another profile brings that profile
in when the two together stay within every limit and nobody decided to keep them apart; otherwise it stays where it
is, and if it is of a disputed kind a person is asked. So two user ids never merge over a device (N02).
"""

import dataclasses
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from wellspring.people.contracts import NOBODY, IdentityKind
from wellspring.people.rules.identities import KINDS

Profile = dict[IdentityKind, set[bytes]]


class Wanted(NamedTuple):
    """One identifier of a row: its kind, its key, and who holds it now (0: nobody)."""

    kind: IdentityKind
    key: bytes
    holder_no: int


@dataclasses.dataclass(slots=True)
class Plan:
    """What to do with a row: `survivor_no` 0 means a new member."""

    survivor_no: int = NOBODY
    losers: list[int] = dataclasses.field(default_factory=list)
    attach: list[int] = dataclasses.field(default_factory=list)
    over_limit: list[int] = dataclasses.field(default_factory=list)
    stays: list[tuple[int, int]] = dataclasses.field(default_factory=list)


def plan(
    wanted: Sequence[Wanted], profiles: Mapping[int, Profile], *, limits: Mapping[IdentityKind, int], apart: AbstractSet[frozenset[int]]
) -> Plan:
    """The decision for one row; indexes in it point into `wanted`."""
    decided = Plan()
    union: Profile = {}
    joined: list[int] = []
    for index in sorted(range(len(wanted)), key=lambda place: KINDS[wanted[place].kind].priority):
        kind, key, holder = wanted[index]
        if holder == NOBODY:
            if key in union.get(kind, ()):
                continue
            if len(union.get(kind, ())) >= limits[kind]:
                decided.over_limit.append(index)
            else:
                decided.attach.append(index)
                union.setdefault(kind, set()).add(key)
        elif holder not in joined:
            together = _together(union, profiles[holder])
            if _fits(together, limits, parts=(union, profiles[holder])) and not any(
                frozenset((holder, other)) in apart for other in joined
            ):
                union = together
                joined.append(holder)
            else:
                decided.stays.append((index, holder))
    if joined:
        decided.survivor_no = survivor(joined, profiles)
        decided.losers = [number for number in joined if number != decided.survivor_no]
    return decided


def survivor(numbers: Sequence[int], profiles: Mapping[int, Profile]) -> int:
    """The profile with the strongest identifier; of equals the oldest (the lowest number)."""
    return min(numbers, key=lambda number: (strength(profiles[number]), number))


def may_be_one(one: Profile, other: Profile, *, limits: Mapping[IdentityKind, int]) -> bool:
    """Whether two profiles together stay within every limit: two user ids never do (N02)."""
    return _fits(_together(one, other), limits, parts=(one, other))


def strength(profile: Profile) -> int:
    """The priority of the profile's strongest identifier; 99 where it has none."""
    return min((KINDS[kind].priority for kind, keys in profile.items() if keys), default=99)


def _together(one: Profile, other: Profile) -> Profile:
    return {kind: one.get(kind, set()) | other.get(kind, set()) for kind in one.keys() | other.keys()}


def _fits(together: Profile, limits: Mapping[IdentityKind, int], *, parts: tuple[Profile, Profile]) -> bool:
    # A profile that a person already made larger than a limit may keep what it has; it only cannot grow.
    return all(len(keys) <= max(limits[kind], *(len(part.get(kind, ())) for part in parts)) for kind, keys in together.items())
