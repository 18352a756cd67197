"""The hot path: whom does each row of a batch belong to? One transaction per batch, in sets.

What is known and fresh is answered from memory; a batch of nothing else touches no store at all. For the rest: keys,
one query for owners, decisions in memory (`service.deciding`), then a handful of inserts of many rows. Members are
numbered under the lock of people, so numbers are dense and a number that was rolled back is given again before
anyone saw it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from wellspring.kernel import bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.ids import new_id, new_ids
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import NOBODY, Claim, Identity, IdentityKind, Refusal, Resolved
from wellspring.people.models import conflict_table, identity_table, member_table, namespace_table
from wellspring.people.repo import conflicts, identities, members, rows
from wellspring.people.rules.identities import KINDS, NO_IDENTITY, PERSONAL, mask
from wellspring.people.service import joining, memory, observing
from wellspring.people.service.deciding import IDENTITY_COLUMNS, Deciding, Made, identity_values
from wellspring.people.service.naming import Named, Naming, context
from wellspring.people.settings import LAST_SEEN_STEP

_STEP_MILLIS = int(LAST_SEEN_STEP.total_seconds() * 1000)
_Row = tuple[list[Named], list[Refusal]]
_MEMBER_COLUMNS = ("member_no", "id", "state", "source", "identified", "created_at", "first_seen_at", "last_seen_at", "import_id")


def resolve(ws: Workspace, *, by: Principal, claims: Sequence[Claim], historical: bool = False, import_id: str | None = None) -> Resolved:
    """See `people.api.resolve`."""
    plain = [
        (claim.identities[0], to_millis(claim.at))
        if len(claim.identities) == 1 and not claim.attributes and claim.previous is None and not claim.home_unit_id
        else None
        for claim in claims
    ]
    view, owners = _from_memory(ws, plain)
    asked = [place for place, owner in enumerate(owners) if owner == NOBODY]
    if view is not None and not asked:
        return Resolved([view.holders.get(owner, owner) for owner in owners], owners, {}, {})
    naming = Naming(ws)
    unknown = [claims[place] for place in asked]
    named = [naming.all_of(claim) for claim in unknown]
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        batch = _Batch(ws, tx, naming, memory.view_of(ws, tx), by=by, historical=historical, import_id=import_id)
        answer = batch.run(unknown, named)
        failpoints.hit("people.resolve.before_commit")
    failpoints.hit("people.resolve.after_commit")
    return answer if len(asked) == len(claims) else _woven(answer, asked, owners, batch.holder)


def known_owners(ws: Workspace, seen: Sequence[tuple[Identity, int] | None]) -> list[int]:
    """The owner's number of each identifier seen at an instant (milliseconds), as far as memory knows; 0: ask `resolve`.

    For rows with one identifier and nothing else, on the way of every event: it makes nothing and asks no store.
    """
    return _from_memory(ws, seen)[1]


def _from_memory(ws: Workspace, seen: Sequence[tuple[Identity, int] | None]) -> tuple[memory.View | None, list[int]]:
    """The owner of each identifier seen at a time, where that needs neither reading nor writing; 0 for the others.

    Only the embedded store may be answered for without asking it: there, this process is the only writer. Whom an
    identifier belongs to does not change by what other rows of the batch do; who holds that number may.
    """
    kept = memory.of(ws)
    view = kept.view
    if view is None or not ws.sql.is_sqlite or ws.sql.is_writing:
        return None, [NOBODY] * len(seen)
    given, written, holders = kept.given, kept.seen, view.holders
    owners: list[int] = []
    for one in seen:
        owner = NOBODY if one is None else given.get(one[0], NOBODY)
        if one is not None and owner and written.get(holders.get(owner, owner), 0) + _STEP_MILLIS <= one[1]:
            owner = NOBODY
        owners.append(owner)
    return view, owners


def _woven(answer: Resolved, asked: Sequence[int], owners: list[int], holder: Callable[[int], int]) -> Resolved:
    """The answer about the rows that were asked for, with those that memory knew between them."""
    members = [holder(owner) if owner else NOBODY for owner in owners]
    for place, member, owner in zip(asked, answer.member_nos, answer.owner_nos, strict=True):
        members[place], owners[place] = member, owner
    refused = {asked[place]: refusal for place, refusal in answer.refused.items()}
    ignored = {asked[place]: refusals for place, refusals in answer.ignored.items()}
    return Resolved(members, owners, refused, ignored, answer.created, answer.merged)


class _Batch:
    def __init__(
        self, ws: Workspace, tx: Tx, naming: Naming, view: memory.View, *, by: Principal, historical: bool, import_id: str | None
    ) -> None:
        self._ws, self._tx, self._naming, self._view = ws, tx, naming, view
        self._by, self._historical, self._import_id = by, historical, import_id
        self._now = ws.clock.now()
        self._first_no = members.last_no(tx) + 1
        self._deciding = Deciding(tx, view, limits=naming.limits, first_no=self._first_no)
        self._told: list[observing.Observation] = []
        self._seen: dict[int, int] = {}

    def holder(self, number: int) -> int:
        """Who holds a number now, this batch's merges included."""
        return self._deciding.holder(number)

    def run(self, claims: Sequence[Claim], named: Sequence[_Row]) -> Resolved:
        kept = memory.of(self._ws)
        previous = {place: self._previous(claim.previous) for place, claim in enumerate(claims) if claim.previous is not None}
        self._deciding.prepare(
            [row + previous.get(place, []) for place, (row, _) in enumerate(named)], kept.owners if kept.view is self._view else {}
        )
        answer = Resolved([], [], {}, self._deciding.ignored)
        given: dict[Identity, int] = {}
        for place, claim in enumerate(claims):
            member, owner = self._row(place, claim, named[place], previous.get(place, []), answer)
            answer.member_nos.append(member)
            answer.owner_nos.append(owner)
            # Only where the row named nothing else: otherwise the owner may be that of a stronger identifier.
            if owner and len(claim.identities) == 1 and len(named[place][0]) == 1 and named[place][0][0].kind not in PERSONAL:
                given[claim.identities[0]] = owner
        if self._deciding.made.joins:
            # An earlier row of the batch may belong to someone whom a later row merged.
            answer.member_nos[:] = [number and self._deciding.holder(number) for number in answer.member_nos]
        made = self._deciding.made
        self._save(made, given)
        return Resolved(answer.member_nos, answer.owner_nos, answer.refused, answer.ignored, len(made.members), len(made.joins))

    def _row(self, place: int, claim: Claim, named: _Row, previous: list[Named], answer: Resolved) -> tuple[int, int]:
        row, refused = named
        if refused:
            answer.ignored.setdefault(place, []).extend(refused)
        if len(row) == 1:
            found = self._deciding.single(row[0], claim)
        elif row:
            found = self._deciding.several(place, row, claim)
        else:
            found = refused[0] if refused else NO_IDENTITY
        if isinstance(found, Refusal):
            answer.refused[place] = found
            return NOBODY, NOBODY
        member, owner = found
        if previous:
            member = self._deciding.alias(member, previous, claim)
        self._note(place, claim, member, owner, answer)
        return member, owner

    def _note(self, place: int, claim: Claim, member: int, owner: int, answer: Resolved) -> None:
        at = min(claim.at, self._now)
        millis = to_millis(at)
        if millis > self._seen.get(member, 0):
            self._seen[member] = millis
        if claim.attributes:
            told, bad = observing.read(owner, claim.attributes, at=at, source=claim.source)
            self._told += told
            if bad:
                answer.ignored.setdefault(place, []).extend(bad)
        if claim.home_unit_id:
            self._told.append(observing.home_unit(owner, claim.home_unit_id, at=at, source=claim.source))

    def _previous(self, value: str | None) -> list[Named]:
        kinds = (IdentityKind.USER_ID, IdentityKind.ANONYMOUS_ID)
        found = (self._naming.named(Identity(kind, value or "")) for kind in kinds)
        return [one for one in found if isinstance(one, Named)]

    def _save(self, made: Made, given: dict[Identity, int]) -> None:
        tx = self._tx
        rows.insert_values(tx, member_table, _MEMBER_COLUMNS, self._member_rows(made))
        named = [identity_values(self._sealed, one, owner, claim, self._import_id) for one, owner, claim in made.identities]
        rows.insert_values(tx, identity_table, IDENTITY_COLUMNS, named)
        self._save_namespaces(made)
        members.mark_identified(tx, {self._deciding.holder(number) for number in made.identified if number < self._first_no})
        failpoints.hit("people.resolve.members_inserted")
        for survivor, loser, rule in made.joins:
            joining.join(
                self._ws,
                tx,
                by=self._by,
                survivor_no=survivor,
                loser_no=loser,
                rule=rule,
                historical=self._historical,
                import_id=self._import_id,
            )
        self._save_clashes(made)
        changed = observing.save(
            self._ws, tx, self._told, holder=self._deciding.holder, fresh_from=self._first_no, now=self._now, import_id=self._import_id
        )
        changed |= {self._deciding.holder(owner) for _, owner, _ in made.identities}
        self._save_seen()
        self._tell(made, {number for number in changed if number < self._first_no})
        self._remember(made, given)

    def _member_rows(self, made: Made) -> list[tuple[Any, ...]]:
        now, import_id, last = to_millis(self._now), self._import_id, None
        seen = now
        found: list[tuple[Any, ...]] = []
        for id, (number, claim, identified) in zip(new_ids("mem", len(made.members)), made.members, strict=True):
            # Rows of a batch often carry one and the same instant; converting it once is enough.
            if claim.at is not last:
                last, seen = claim.at, min(to_millis(claim.at), now)
            # A stranger of the batch's first rows may be named by a later one.
            known = identified or number in made.identified
            found.append((number, id, "active", claim.source[:60], known, now, seen, seen, import_id))
        return found

    def _sealed(self, one: Named) -> tuple[bytes, str]:
        return self._ws.keys.seal(one.value, context=context(one.kind.value)), mask(one.kind, one.value)

    def _save_namespaces(self, made: Made) -> None:
        seen = {(one.kind.value, one.namespace) for one, _, _ in made.identities if one.namespace}
        kept = memory.of(self._ws)
        fresh = seen - kept.namespaces
        if fresh:
            rows.insert_missing(self._tx, namespace_table, [{"kind": kind, "namespace": namespace} for kind, namespace in sorted(fresh)])
            self._ws.sql.after_commit(lambda: setattr(kept, "namespaces", kept.namespaces | fresh))

    def _save_clashes(self, made: Made) -> None:
        disputed: dict[tuple[bytes, frozenset[int]], rows.Row] = {}
        for named, holder, claimant, at, source in made.clashes:
            if KINDS[named.kind].personal:
                self._told.append(observing.contact(claimant, named, at=min(at, self._now), source=source))
            pair = frozenset((self._deciding.holder(holder), self._deciding.holder(claimant)))
            if KINDS[named.kind].disputed and len(pair) == 2 and pair not in self._view.apart:
                row = disputed.setdefault((named.key, pair), self._conflict_row(named, holder, claimant, source))
                row["times"] += 1
        if disputed:
            self._save_conflicts(disputed)

    def _save_conflicts(self, disputed: dict[tuple[bytes, frozenset[int]], rows.Row]) -> None:
        for known in conflicts.of_keys(self._tx, {key for key, _ in disputed}):
            pair = frozenset((self._deciding.holder(known["holder_no"]), self._deciding.holder(known["claimant_no"])))
            again = disputed.pop((bytes(known["key"]), pair), None)
            if again is not None and known["state"] == "open":
                conflicts.seen_again(self._tx, known["id"], at=self._now, times=again["times"])
        fresh = list(disputed.values())
        rows.insert(self._tx, conflict_table, fresh)
        told = [events.ConflictOpened(row["id"], row["holder_no"], row["claimant_no"]) for row in fresh]
        bus.tell(self._ws.sql, self._tx, *told, at=self._now)

    def _conflict_row(self, named: Named, holder: int, claimant: int, source: str) -> rows.Row:
        return {
            "id": new_id("cfl"),
            "state": "open",
            "key": named.key,
            "kind": named.kind.value,
            "holder_no": self._deciding.holder(holder),
            "claimant_no": self._deciding.holder(claimant),
            "reason": "limit",
            "source": source[:60],
            "opened_at": self._now,
            "last_at": self._now,
            "times": 0,
        }

    def _save_seen(self) -> None:
        kept, decided = memory.of(self._ws), self._deciding
        made = {number: to_millis(min(claim.at, self._now)) for number, claim, _ in decided.made.members}
        due: dict[int, int] = {}
        late: dict[int, int] = {}
        for number, millis in self._seen.items():
            holder = decided.holder(number)
            if millis >= kept.seen.get(holder, 0) + _STEP_MILLIS:
                due[holder] = millis
                # The row that made a member wrote its instant already.
                if made.get(holder) != millis:
                    late[holder] = millis
        members.saw(self._tx, late)
        if due:
            self._ws.sql.after_commit(lambda: kept.saw(due))

    def _tell(self, made: Made, changed: set[int]) -> None:
        told: list[bus.Event] = []
        if made.members:
            told.append(events.Joined(made.members[0][0], made.members[-1][0], self._historical))
        if changed:
            told.append(events.Changed(sorted(changed), self._historical))
        bus.tell(self._ws.sql, self._tx, *told, at=self._now)

    def _remember(self, made: Made, given: dict[Identity, int]) -> None:
        kept, view = memory.of(self._ws), self._view
        if made.joins:
            epoch = identities.next_epoch(self._tx)
            holders = {**view.holders, **self._deciding.overlay}
            fresh = memory.View(epoch, kept.ticket(), holders, memory.apart_now(view.apart, holders), view.suppresses)
            self._ws.sql.after_commit(lambda: kept.publish(fresh, since=view))
            view = fresh
        owners = self._deciding.new_owners
        self._ws.sql.after_commit(lambda: kept.remember(view, owners))
        self._ws.sql.after_commit(lambda: kept.remember_given(view, given))
