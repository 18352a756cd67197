"""Consent: recording what was said, confirming a double opt-in, and answering whether an address may be contacted.

The state belongs to the address (N09), so two members never disagree about one phone; what was said about a person
as a whole stands beside it, and the stricter of the two decides (N06). Every change is audited (P07).
"""

import collections
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wellspring.kernel import audit, bus, failpoints
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import events
from wellspring.people.contracts import NOBODY, Answer, Consent, ConsentState, ConsentWord, Identity, IdentityKind, Refusal
from wellspring.people.errors import ConsentUnaddressed, IdentityRefused
from wellspring.people.models import consent_change_table, consent_table
from wellspring.people.repo import consents, identities, members, rows
from wellspring.people.rules.consent import CHANNEL_KINDS, PERSON, Said, settle, strictest
from wellspring.people.rules.identities import PERSONAL, UNKNOWN
from wellspring.people.service import looking, memory
from wellspring.people.service.naming import Naming

_Place = tuple[bytes, str, str]
_WORD_MAX = 40


class _Target(NamedTuple):
    address: bytes
    kind: str


def record(
    ws: Workspace, *, by: Principal, words: Sequence[tuple[int, ConsentWord]], import_id: str | None = None, historical: bool = False
) -> dict[int, Refusal]:
    """Keeps what was said about members, and settles the states; gives the rows refused, by their place."""
    now = ws.clock.now()
    naming = Naming(ws)
    refused: dict[int, Refusal] = {}
    with ws.sql.write() as tx:
        # Two statements about one address at once must both be seen by whoever settles last.
        ws.sql.lock(tx, memory.LOCK)
        holders = memory.view_of(ws, tx).holders
        held = {holders.get(number, number) for number, _ in words}
        addresses = _addresses(tx, held)
        fresh: list[rows.Row] = []
        for place, (number, word) in enumerate(words):
            holder = holders.get(number, number)
            targets = _targets(ws, naming, holder, word, addresses)
            if isinstance(targets, Refusal):
                refused[place] = targets
                continue
            fresh += [_row(word, target, holder, by=by, now=now, import_id=import_id) for target in targets]
        rows.insert(tx, consent_change_table, fresh)
        moved = _settle(tx, fresh)
        _tell(ws, tx, moved, by=by, historical=historical)
        failpoints.hit("people.consent.before_commit")
    return refused


def record_named(
    ws: Workspace,
    *,
    by: Principal,
    words: Sequence[tuple[Sequence[Identity], ConsentWord]],
    import_id: str | None,
    historical: bool,
) -> list[Refusal | None]:
    """As `record`, for people named by their identifiers; who is unknown, or outside the actor's scope, is refused alike."""
    flat = [identity for named, _ in words for identity in named]
    answers: list[Refusal | None] = []
    with ws.sql.write() as tx:
        numbers = iter(_within(tx, looking.find(ws, flat), by=by))
        found = [next((number for number in [next(numbers) for _ in named] if number), NOBODY) for named, _ in words]
        known = [(number, word) for number, (_, word) in zip(found, words, strict=True) if number]
        refused = record(ws, by=by, words=known, import_id=import_id, historical=historical)
    place = 0
    for number in found:
        answers.append(refused.get(place) if number else UNKNOWN)
        place += 1 if number else 0
    return answers


def _within(tx: Tx, numbers: Sequence[int], *, by: Principal) -> list[int]:
    """The members that the actor may see; nobody in the place of the others."""
    if by.scope.is_all:
        return list(numbers)
    homes = {number: row["home_unit_id"] for number, row in members.by_numbers(tx, set(numbers)).items()}
    return [number if number in homes and by.scope.covers(homes[number]) else NOBODY for number in numbers]


def put(ws: Workspace, *, by: Principal, member_id: str, word: ConsentWord) -> list[Consent]:
    """Records one statement about one member and gives the states in force. Raises MemberUnknown, NotActive, Invalid."""
    for field, text in (("purpose", word.purpose), ("channel", word.channel)):
        if not 0 < len(text) <= _WORD_MAX or not text.isprintable():
            raise Invalid(field=field, reason="1 to 40 printable characters")
    with ws.sql.write() as tx:
        row = looking.row_of(tx, by=by, member_id=member_id, active=True)
        refused = record(ws, by=by, words=[(row["member_no"], word)])
        if refused:
            raise IdentityRefused(field="address", reason=refused[0].en)
        return of_member(ws, tx, row["member_no"])


def confirm(ws: Workspace, *, by: Principal, member_id: str, purpose: str, channel: str, source: str, version: str) -> list[Consent]:
    """The person confirmed a double opt-in: what was pending is subscribed. Raises ConsentUnaddressed when nothing was (P02)."""
    now = ws.clock.now()
    with ws.sql.write() as tx:
        ws.sql.lock(tx, memory.LOCK)
        row = looking.row_of(tx, by=by, member_id=member_id, active=True)
        targets = _known_addresses(ws, tx, row["member_no"])
        waiting = [one for one in consents.in_force(tx, targets, purpose=purpose, channel=channel) if one["state"] == ConsentState.PENDING]
        if not waiting:
            raise ConsentUnaddressed
        word = ConsentWord(purpose, channel, ConsentState.SUBSCRIBED, now, source, version, explicit=True)
        fresh = [
            _row(word, _Target(bytes(one["address"]), one["kind"]), row["member_no"], by=by, now=now, import_id=None) for one in waiting
        ]
        rows.insert(tx, consent_change_table, fresh)
        _tell(ws, tx, _settle(tx, fresh), by=by, historical=False)
        return of_member(ws, tx, row["member_no"])


def of_member(ws: Workspace, tx: Tx, member_no: int) -> list[Consent]:
    """The states in force of every address of the member and of the person."""
    family = looking.family_of(tx, member_no)
    return of_family(ws, tx, family, identities.known(tx, family))


def of_family(ws: Workspace, tx: Tx, family: Sequence[int], held: Sequence[rows.Row]) -> list[Consent]:
    """The same for a member whose family and identities were read already."""
    shown = {bytes(row["key"]): row for row in held}
    return [_consent(row, shown) for row in consents.of_owners(tx, family, person_keys(ws, family))]


def may_contact(ws: Workspace, *, member_no: int, purpose: str, channel: str, address: Identity | None = None) -> Answer:
    """Whether this member may be contacted (P01): only a subscribed address of a person who did not object."""
    naming = Naming(ws)
    with ws.sql.read() as tx:
        person = [_person_key(ws, number) for number in looking.family_of(tx, member_no)]
        wanted = _keys_for(tx, naming, member_no, channel, address)
        found = consents.in_force(tx, [*person, *wanted], purpose=purpose, channel=channel)
    own = [ConsentState(row["state"]) for row in found if row["kind"] == PERSON]
    per_address = [ConsentState(row["state"]) for row in found if row["kind"] != PERSON]
    best = ConsentState.SUBSCRIBED if ConsentState.SUBSCRIBED in per_address else strictest(per_address)
    state = strictest([one for one in (strictest(own) if own else None, best if per_address else None) if one is not None])
    return Answer(state is ConsentState.SUBSCRIBED, state, "address" if per_address else PERSON if own else "nothing_said")


def resettle(tx: Tx, addresses: Iterable[bytes]) -> None:
    """Derives the states of these addresses anew from everything that was said."""
    places = list(addresses)
    consents.delete_states(tx, places)
    rows.upsert(tx, consent_table, list(_settled(consents.said(tx, places)).values()))


def _settle(tx: Tx, fresh: Sequence[rows.Row]) -> list[rows.Row]:
    addresses = {row["address"] for row in fresh}
    before = {_place(row): row for row in consents.in_force(tx, addresses)}
    after = _settled(consents.said(tx, addresses))
    moved = [row for place, row in after.items() if place not in before or _differs(before[place], row)]
    rows.upsert(tx, consent_table, moved)
    member_of = {_place(row): row["member_no"] for row in fresh}
    return [
        {**row, "member_no": member_of[place]}
        for row in moved
        if (place := _place(row)) in member_of and (place not in before or before[place]["state"] != row["state"])
    ]


def _settled(said: Iterable[rows.Row]) -> dict[_Place, rows.Row]:
    grouped: dict[_Place, list[rows.Row]] = collections.defaultdict(list)
    for row in said:
        grouped[_place(row)].append(row)
    names = [column.name for column in consent_table.columns]
    settled: dict[_Place, rows.Row] = {}
    for place, spoken in grouped.items():
        index = settle([Said(ConsentState(row["state"]), row["at"], row["explicit"]) for row in spoken])
        settled[place] = {name: spoken[index][name] for name in names}
    return settled


def _tell(ws: Workspace, tx: Tx, moved: Sequence[rows.Row], *, by: Principal, historical: bool) -> None:
    now = ws.clock.now()
    if not moved:
        return
    ids = members.ids_of(tx, {row["member_no"] for row in moved})
    if len(moved) == 1:
        one = moved[0]
        detail = {name: one[name] for name in ("purpose", "channel", "state", "source", "version")}
        audit.append(ws.sql, tx, by=by, action="people.consent.change", subject=ids[one["member_no"]], at=now, detail=detail)
    else:
        # Of a list, one entry: each row's actor, source and version stand in the consent history itself.
        states = collections.Counter(row["state"] for row in moved)
        audit.append(
            ws.sql, tx, by=by, action="people.consent.change", subject="people", at=now, detail={"addresses": len(moved), **states}
        )
    told = [events.ConsentChanged(row["member_no"], row["purpose"], row["channel"], row["state"]) for row in moved]
    if not historical:
        bus.tell(ws.sql, tx, *told, at=now)


def _targets(
    ws: Workspace, naming: Naming, holder: int, word: ConsentWord, addresses: Mapping[int, list[tuple[bytes, str]]]
) -> list[_Target] | Refusal:
    if word.address is not None:
        named = naming.named(word.address)
        return named if isinstance(named, Refusal) else [_Target(named.key, named.kind.value)]
    kind = CHANNEL_KINDS.get(word.channel)
    known = [_Target(key, held) for key, held in addresses.get(holder, ()) if kind is not None and held == kind.value]
    # "Do not call me" is said by a person, of every address they have or will have.
    if not known or word.explicit or word.state is ConsentState.UNSUBSCRIBED:
        known.append(_Target(_person_key(ws, holder), PERSON))
    return known


def _addresses(tx: Tx, holders: Iterable[int]) -> dict[int, list[tuple[bytes, str]]]:
    families = identities.families(tx, holders)
    holder_of = {number: holder for holder, family in families.items() for number in family}
    found: dict[int, list[tuple[bytes, str]]] = collections.defaultdict(list)
    for key, owner, kind in identities.of_owners(tx, holder_of):
        found[holder_of[owner]].append((key, kind))
    return found


def _known_addresses(ws: Workspace, tx: Tx, member_no: int) -> list[bytes]:
    family = looking.family_of(tx, member_no)
    return [*(key for key, _, _ in identities.of_owners(tx, family)), *(_person_key(ws, number) for number in family)]


def _keys_for(tx: Tx, naming: Naming, member_no: int, channel: str, address: Identity | None) -> list[bytes]:
    if address is not None:
        named = naming.named(address)
        return [] if isinstance(named, Refusal) else [named.key]
    kind = CHANNEL_KINDS.get(channel)
    return [key for key, _, held in identities.of_owners(tx, looking.family_of(tx, member_no)) if kind is not None and held == kind.value]


def _person_key(ws: Workspace, number: int) -> bytes:
    return ws.keys.mark(PERSON, str(number))


def person_keys(ws: Workspace, numbers: Iterable[int]) -> list[bytes]:
    """The addresses that stand for these persons as a whole."""
    return [_person_key(ws, number) for number in numbers]


def _row(word: ConsentWord, target: _Target, holder: int, *, by: Principal, now: dt.datetime, import_id: str | None) -> rows.Row:
    return {
        "address": target.address,
        "purpose": word.purpose,
        "channel": word.channel,
        "kind": target.kind,
        "member_no": holder,
        "state": word.state.value,
        "explicit": word.explicit,
        "source": word.source[:60],
        "version": word.version[:60],
        "actor": by.id,
        "at": min(word.at, now),
        "recorded_at": now,
        "import_id": import_id,
    }


def _place(row: rows.Row) -> _Place:
    return bytes(row["address"]), row["purpose"], row["channel"]


def _differs(one: rows.Row, other: rows.Row) -> bool:
    return any(one[name] != other[name] for name in ("state", "explicit", "at", "source", "version"))


def _consent(row: rows.Row, shown: Mapping[bytes, rows.Row]) -> Consent:
    identity = shown.get(bytes(row["address"]))
    personal = identity is not None and IdentityKind(identity["kind"]) in PERSONAL
    address = "" if identity is None else (identity["mask"] if personal else identity["value"])
    names = ("purpose", "channel", "explicit", "source", "version", "actor", "at")
    return Consent(**{name: row[name] for name in names}, state=ConsentState(row["state"]), address_kind=row["kind"], address=address)
