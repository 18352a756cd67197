"""One batch of claims decided in memory, row after row, so that identify and then track in one batch apply in order (T09).

It reads in sets beforehand (owners, profiles of those who may merge, suppressed keys) and writes nothing: what is to be
written is left in `made`, for `service.resolve` to save.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from wellspring.kernel.clock import to_millis
from wellspring.kernel.stores.sql import Tx
from wellspring.people.contracts import NOBODY, Claim, IdentityKind, Refusal
from wellspring.people.repo import identities as repo
from wellspring.people.rules.belonging import Plan, Profile, Wanted, plan
from wellspring.people.rules.identities import KINDS, NO_IDENTITY, OVER_LIMIT, STAYS, SUPPRESSED, UNKNOWN, WEAK
from wellspring.people.service.memory import View
from wellspring.people.service.naming import Named

ALIAS = "alias"
IDENTITY_COLUMNS = ("key", "member_no", "kind", "namespace", "value", "sealed", "mask", "source", "since", "import_id")


class Join(NamedTuple):
    """Two members to be made one."""

    survivor_no: int
    loser_no: int
    rule: str


class Clash(NamedTuple):
    """An identifier of `holder_no` that a row of `claimant_no` names."""

    named: Named
    holder_no: int
    claimant_no: int
    at: dt.datetime
    source: str


@dataclasses.dataclass(slots=True)
class Made:
    """What a batch wants written."""

    members: list[tuple[int, Claim, bool]] = dataclasses.field(default_factory=list)
    identities: list[tuple[Named, int, Claim]] = dataclasses.field(default_factory=list)
    identified: set[int] = dataclasses.field(default_factory=set)
    joins: list[Join] = dataclasses.field(default_factory=list)
    clashes: list[Clash] = dataclasses.field(default_factory=list)


class Deciding:
    """The state of a batch while its rows are decided."""

    def __init__(self, tx: Tx, view: View, *, limits: dict[IdentityKind, int], first_no: int) -> None:
        self._tx, self._view, self._limits = tx, view, limits
        self._next_no = self._first_no = first_no
        self._overlay: dict[int, int] = {}
        self._profiles: dict[int, Profile] = {}
        self._families: dict[int, list[int]] = {}
        self._suppressed: set[bytes] = set()
        self.owners: dict[bytes, int] = {}
        self.new_owners: dict[bytes, int] = {}
        self.made = Made()
        self.ignored: dict[int, list[Refusal]] = {}

    def holder(self, number: int) -> int:
        """The member that holds a number, this batch's merges included."""
        return self._overlay.get(number) or self._view.holders.get(number, number)

    @property
    def overlay(self) -> dict[int, int]:
        """What this batch's merges changed about who holds whom."""
        return self._overlay

    def prepare(self, named: Sequence[list[Named]], known: dict[bytes, int]) -> None:
        """Reads what the rows may need: owners that are not known yet, suppressed keys, and profiles that may merge."""
        wanted = {one.key for row in named for one in row}
        self.owners = {key: known[key] for key in wanted if key in known}
        self.new_owners = repo.owners(self._tx, wanted - self.owners.keys())
        self.owners.update(self.new_owners)
        if self._view.suppresses:
            self._suppressed = repo.suppressed(self._tx, wanted - self.owners.keys())
        self._load({holder for row in named if len(row) > 1 for holder in self._to_compare(row)})

    def single(self, named: Named, claim: Claim) -> tuple[int, int] | Refusal:
        """A row with one identifier: it is known, or somebody new."""
        owner = self.owners.get(named.key)
        if owner is not None:
            return self.holder(owner), owner
        if named.key in self._suppressed:
            return SUPPRESSED
        if not claim.creates:
            return UNKNOWN
        number = self._new(claim, [named])
        return number, number

    def several(self, index: int, named: list[Named], claim: Claim) -> tuple[int, int] | Refusal:
        """A row with several identifiers: known, new, merged or disputed."""
        usable = self._unsuppressed(index, named)
        if isinstance(usable, Refusal):
            return usable
        wanted = [Wanted(one.kind, one.key, self._holder_of(one.key)) for one in usable]
        holders = {one.holder_no for one in wanted}
        if len(holders) == 1 and NOBODY not in holders:
            return self._answer(usable, wanted)
        self._load(holder for holder in holders if holder != NOBODY)
        decided = plan(wanted, self._profiles, limits=self._limits, apart=self._view.apart)
        if decided.survivor_no == NOBODY and not claim.creates:
            return UNKNOWN
        return self._apply(index, usable, decided, claim)

    def alias(self, member_no: int, previous: Iterable[Named], claim: Claim) -> int:
        """Segment's alias: whoever the old id belongs to becomes part of the member; the user id survives (N03)."""
        olds = list(previous)
        known = [old for old in olds if old.key in self.owners]
        for old in known:
            loser = self._holder_of(old.key)
            if loser != member_no and frozenset((loser, member_no)) not in self._view.apart:
                self._load((member_no, loser))
                self._join(member_no, loser, ALIAS)
        fresh = next((old for old in olds if old.kind is IdentityKind.ANONYMOUS_ID and old.key not in self._suppressed), None)
        if not known and fresh is not None:
            self._own(fresh, member_no, claim)
        return member_no

    def _answer(self, usable: list[Named], wanted: list[Wanted]) -> tuple[int, int]:
        strongest = min(range(len(usable)), key=lambda place: KINDS[usable[place].kind].priority)
        return wanted[strongest].holder_no, self.owners[usable[strongest].key]

    def _apply(self, index: int, usable: list[Named], decided: Plan, claim: Claim) -> tuple[int, int]:
        fresh = [usable[place] for place in decided.attach]
        if decided.survivor_no == NOBODY:
            member = owner = self._new(claim, fresh)
        else:
            member = decided.survivor_no
            for loser in decided.losers:
                self._join(member, loser, _bridge(usable, decided))
            owner = self._owner_among(usable, member)
            for one in fresh:
                self._own(one, owner, claim)
        notes = [OVER_LIMIT for _ in decided.over_limit]
        for place, holder in decided.stays:
            notes.append(STAYS)
            holder_now = self.holder(holder)
            if holder_now != member:
                self.made.clashes.append(Clash(usable[place], holder_now, member, claim.at, claim.source))
        if notes:
            self.ignored.setdefault(index, []).extend(notes)
        return member, owner

    def _owner_among(self, usable: list[Named], member: int) -> int:
        # What comes with an identifier belongs where that identifier belongs, should a merge be undone.
        ranked = sorted(usable, key=lambda one: KINDS[one.kind].priority)
        return next((self.owners[one.key] for one in ranked if self._holder_of(one.key) == member), member)

    def _new(self, claim: Claim, named: list[Named]) -> int:
        number = self._next_no
        self._next_no += 1
        identified = False
        profile: Profile = {}
        for one in named:
            self.owners[one.key] = self.new_owners[one.key] = number
            self.made.identities.append((one, number, claim))
            profile.setdefault(one.kind, set()).add(one.key)
            identified = identified or one.kind not in WEAK
        self._profiles[number] = profile
        self.made.members.append((number, claim, identified))
        return number

    def _own(self, one: Named, owner: int, claim: Claim) -> None:
        holder = self.holder(owner)
        self.owners[one.key] = self.new_owners[one.key] = owner
        self.made.identities.append((one, owner, claim))
        if holder in self._profiles:
            self._profiles[holder].setdefault(one.kind, set()).add(one.key)
        if one.kind not in WEAK:
            self.made.identified.add(holder)

    def _join(self, survivor: int, loser: int, rule: str) -> None:
        for number in self._families.get(loser, [loser]):
            self._overlay[number] = survivor
        self._families.setdefault(survivor, [survivor]).extend(self._families.pop(loser, [loser]))
        for kind, keys in self._profiles.pop(loser, {}).items():
            self._profiles[survivor].setdefault(kind, set()).update(keys)
        self.made.joins.append(Join(survivor, loser, rule))

    def _holder_of(self, key: bytes) -> int:
        owner = self.owners.get(key)
        return NOBODY if owner is None else self.holder(owner)

    def _to_compare(self, row: list[Named]) -> set[int]:
        holders = {self._holder_of(one.key) for one in row}
        return holders - {NOBODY} if len(holders) > 1 else set()

    def _load(self, numbers: Iterable[int]) -> None:
        missing = [number for number in numbers if number not in self._profiles and number < self._first_no]
        if not missing:
            return
        families = repo.families(self._tx, missing)
        self._families.update(families)
        holder_of = {number: holder for holder, family in families.items() for number in family}
        self._profiles.update((holder, {}) for holder in families)
        for key, owner_no, kind in repo.of_owners(self._tx, holder_of):
            self._profiles[holder_of[owner_no]].setdefault(IdentityKind(kind), set()).add(bytes(key))
        # What this batch has attached meanwhile is not in the tables yet.
        for one, owner, _claim in self.made.identities:
            if self.holder(owner) in families:
                self._profiles[self.holder(owner)].setdefault(one.kind, set()).add(one.key)

    def _unsuppressed(self, index: int, named: list[Named]) -> list[Named] | Refusal:
        """What may be used of a row: an erased person is not revived, and does not take others down with them.

        A suppressed identifier is left out when another one of the row is known, or when only a shared device or
        cookie is suppressed; otherwise the whole row is refused.
        """
        if not self._suppressed:
            return named
        usable = [one for one in named if one.key not in self._suppressed]
        if len(usable) == len(named):
            return named
        only_weak = all(one.kind in WEAK for one in named if one.key in self._suppressed)
        if any(one.key in self.owners for one in usable) or (only_weak and any(one.kind not in WEAK for one in usable)):
            self.ignored.setdefault(index, []).append(SUPPRESSED)
            return usable
        return SUPPRESSED


def _bridge(usable: list[Named], decided: Plan) -> str:
    """The kind of the weakest identifier that was not left aside: the one over which the profiles met."""
    aside = {place for place, _ in decided.stays} | set(decided.over_limit)
    kinds = [one.kind for place, one in enumerate(usable) if place not in aside]
    return max(kinds, key=lambda kind: KINDS[kind].priority).value if kinds else NO_IDENTITY.code


def identity_values(
    sealing: Callable[[Named], tuple[bytes, str]], one: Named, owner: int, claim: Claim, import_id: str | None
) -> tuple[Any, ...]:
    """A new identifier's values in the order of IDENTITY_COLUMNS; `sealing` seals a personal value and gives its mask."""
    if KINDS[one.kind].personal:
        sealed, mask = sealing(one)
        return (one.key, owner, one.kind.value, one.namespace, None, sealed, mask, claim.source[:60], to_millis(claim.at), import_id)
    return (one.key, owner, one.kind.value, one.namespace, one.value, None, None, claim.source[:60], to_millis(claim.at), import_id)
