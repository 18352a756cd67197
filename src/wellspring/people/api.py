"""The front door of people: who somebody is, what is known of them, what they agreed to, and their leaving.

Every verb takes the workspace first and acts in one transaction, joining the caller's where one is open.
"""

import dataclasses
import datetime as dt
from collections.abc import Container, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import (
    Answer,
    Attribute,
    AttributeChange,
    CatalogueEntry,
    Claim,
    Conflict,
    Consent,
    ConsentWord,
    Decision,
    Identity,
    IdentityKind,
    KnownIdentity,
    Member,
    Merge,
    Receipt,
    Refusal,
    Resolved,
    Screen,
)
from wellspring.people.repo import listing as _listing
from wellspring.people.repo import members as _members
from wellspring.people.repo import totals as _totals
from wellspring.people.rules import consent as _consent_rules
from wellspring.people.service import addressing as _addressing
from wellspring.people.service import checking as _checking
from wellspring.people.service import conflicts as _conflicts
from wellspring.people.service import consenting as _consenting
from wellspring.people.service import duplicates as _duplicates
from wellspring.people.service import erasing as _erasing
from wellspring.people.service import exporting as _exporting
from wellspring.people.service import looking as _looking
from wellspring.people.service import memory as _memory
from wellspring.people.service import merge as _merge
from wellspring.people.service import mirroring as _mirroring
from wellspring.people.service import observing as _observing
from wellspring.people.service import registry as _registry
from wellspring.people.service import resolve as _resolve
from wellspring.people.service import resolving_keys as _keys
from wellspring.people.service import revealing as _revealing
from wellspring.people.service import standing as _standing
from wellspring.people.service import undoing as _undoing
from wellspring.people.service import writing as _writing

# The identity that a channel speaks to.
CHANNEL_KINDS = _consent_rules.CHANNEL_KINDS
known_owners = _resolve.known_owners
SORTS = ("-created_at", "created_at", "-last_seen_at", "last_seen_at")


def resolve(ws: Workspace, *, by: Principal, claims: Sequence[Claim], historical: bool = False, import_id: str | None = None) -> Resolved:
    """Says whom each row of a batch belongs to, in order, making, naming and merging members as the rules say.

    All or nothing: one transaction, committed on return (or joining the caller's). A row without a usable identifier,
    of an erased person, or of an unknown one when it may not be made, is refused alone, with a reason.
    """
    return _resolve.resolve(ws, by=by, claims=claims, historical=historical, import_id=import_id)


def resolve_keys(
    ws: Workspace,
    *,
    kind: IdentityKind,
    values: Sequence[str],
    namespace: str = "",
    at: dt.datetime,
    source: str,
    creates: bool = True,
    historical: bool = False,
    import_id: str | None = None,
) -> list[int]:
    """The owner's number of each single identifier, made where it is new; 0 where it cannot be taken.

    As `resolve` for rows with one identifier of one kind and nothing else, at a fraction of the cost; one transaction
    per 20,000. Map the numbers through `holders_of` for the members who hold them now.
    """
    return _keys.resolve_keys(
        ws, kind=kind, values=values, namespace=namespace, at=at, source=source, creates=creates, historical=historical, import_id=import_id
    )


def find(ws: Workspace, wanted: Sequence[Identity]) -> list[int]:
    """The member who holds each identifier now, 0 where nobody does; makes nothing."""
    return _looking.find(ws, wanted)


def holders(ws: Workspace) -> dict[int, int]:
    """The full map of merged numbers to the members that hold them now; flat, so one look-up is enough."""
    with ws.sql.read() as tx:
        return dict(_memory.view_of(ws, tx).holders)


def holders_of(ws: Workspace, *, member_nos: Sequence[int]) -> list[int]:
    """The member that holds each of these numbers now, in order."""
    with ws.sql.read() as tx:
        held = _memory.view_of(ws, tx).holders
    return [held.get(number, number) for number in member_nos]


def numbers_held(ws: Workspace, *, member_no: int) -> list[int]:
    """The member's own number and every number merged into it."""
    with ws.sql.read() as tx:
        return _looking.family_of(tx, member_no)


def last_member_no(ws: Workspace) -> int:
    """The highest member number ever given; 0 in an empty workspace."""
    with ws.sql.read() as tx:
        return _members.last_no(tx)


def counts(ws: Workspace, *, by: Principal) -> tuple[int, int]:
    """How many members the caller may see, and how many of them are identified."""
    with ws.sql.read() as tx:
        return _totals.counted(tx, by.scope)


def members_by_source(ws: Workspace, *, by: Principal) -> dict[str, BitMap]:
    """The numbers of the members whom the caller may see, by the source that told of them first."""
    with ws.sql.read() as tx:
        return _totals.by_source(tx, by.scope)


def members(
    ws: Workspace,
    *,
    by: Principal,
    identity: Identity | None = None,
    q: str | None = None,
    source: str | None = None,
    home_unit_id: str | None = None,
    identified: bool | None = None,
    state: str | None = "active",
    created_from: dt.datetime | None = None,
    created_to: dt.datetime | None = None,
    sort: str | None = None,
    among: Container[int] | None = None,
    outside: Container[int] | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Member]:
    """A page of the members whom the caller may see, masked. `state` None is every state.

    `among` and `outside` are sets of numbers from above (buyers, an audience). The total is given where it is cheap:
    for the unfiltered list. A searched text finds whole values only. Raises Invalid for an unknown order.
    """
    order = sort or SORTS[0]
    if order not in SORTS:
        raise Invalid(field="sort", reason=", ".join(SORTS))
    wanted = _listing.Wanted(
        scope=by.scope,
        state=state,
        source=source,
        home_unit_id=home_unit_id,
        identified=identified,
        created_from=created_from,
        created_to=created_to,
        numbers=_looking.wished(ws, identity, q),
        by_seen=order.endswith("last_seen_at"),
        ascending=not order.startswith("-"),
    )
    return _looking.page(ws, wanted, among=among, outside=outside, cursor=cursor, limit=limit)


def member(ws: Workspace, *, by: Principal, member_id: str) -> Member:
    """One member, masked; a merged one says into whom. Raises MemberUnknown."""
    return _looking.one(ws, by=by, member_id=member_id)


def member_no(ws: Workspace, *, by: Principal, member_id: str) -> int:
    """The number of a member whom the caller may see. Raises MemberUnknown."""
    with ws.sql.read() as tx:
        return int(_looking.row_of(tx, by=by, member_id=member_id)["member_no"])


def screen(ws: Workspace, *, by: Principal, member_id: str) -> Screen:
    """What a member's page shows, of one instant and in as few questions as can be. Raises MemberUnknown."""
    return _conflicts.screen(ws, by=by, member_id=member_id)


def members_of(ws: Workspace, *, by: Principal, member_nos: Sequence[int]) -> dict[int, Member]:
    """Members by number, those outside the caller's scope left out."""
    with ws.sql.read() as tx:
        found = _members.by_numbers(tx, member_nos)
        visible = [row for row in found.values() if by.scope.covers(row["home_unit_id"])]
        return {one.member_no: one for one in _looking.decorate(tx, visible)}


def identities(ws: Workspace, *, by: Principal, member_id: str) -> list[KnownIdentity]:
    """The member's identifiers, strongest first, personal ones masked. Raises MemberUnknown."""
    with ws.sql.read() as tx:
        return _looking.known_identities(tx, _looking.row_of(tx, by=by, member_id=member_id)["member_no"])


def attributes(ws: Workspace, *, by: Principal, member_id: str) -> list[Attribute]:
    """The values in force, sealed ones masked. Raises MemberUnknown."""
    with ws.sql.read() as tx:
        return _looking.values_in_force(tx, _looking.row_of(tx, by=by, member_id=member_id)["member_no"])


def attributes_at(ws: Workspace, *, by: Principal, member_id: str, at: dt.datetime, as_known: dt.datetime | None = None) -> list[Attribute]:
    """The values as they stood at an instant, with everything known today, or as it was known at `as_known`."""
    with ws.sql.read() as tx:
        number = _looking.row_of(tx, by=by, member_id=member_id)["member_no"]
        return _looking.values_at(tx, number, at=at, as_known=as_known)


def attribute_history(ws: Workspace, *, by: Principal, member_id: str, name: str) -> list[AttributeChange]:
    """Every observation of one attribute, the latest first. Raises MemberUnknown."""
    with ws.sql.read() as tx:
        return _looking.history(tx, _looking.row_of(tx, by=by, member_id=member_id)["member_no"], name)


def attribute_catalogue(ws: Workspace) -> list[CatalogueEntry]:
    """Every attribute name ever seen with its kinds; more than one kind is a drift."""
    with ws.sql.read() as tx:
        return _looking.catalogue(tx)


def create(
    ws: Workspace,
    *,
    by: Principal,
    identities: Sequence[Identity],
    attributes: Mapping[str, Any] | None = None,
    home_unit_id: str | None = None,
) -> str:
    """Makes a member and gives its id. Raises IdentityTaken, IdentityRefused, Suppressed, AttributeRefused."""
    return _writing.create(ws, by=by, wanted=identities, attributes=attributes or {}, home_unit_id=home_unit_id)


def change(
    ws: Workspace,
    *,
    by: Principal,
    member_id: str,
    attributes: Mapping[str, Any] | None = None,
    home_unit_id: str | None = None,
    moves: bool = False,
) -> None:
    """Sets attributes (null clears) and, with `moves`, the home unit. Raises MemberUnknown, NotActive, AttributeRefused, IdentityTaken."""
    _writing.change(ws, by=by, member_id=member_id, attributes=attributes or {}, home_unit_id=home_unit_id, moves=moves)


def merge(ws: Workspace, *, by: Principal, ids: Sequence[str], survivor_id: str | None = None, reason: str = "") -> Merge | None:
    """Makes two members one; None when they already are. The survivor is the wished one, or has the stronger identifier.

    Raises MemberUnknown, NotActive when one was erased, Invalid.
    """
    return _merge.merge(ws, by=by, ids=ids, survivor_id=survivor_id, reason=reason)


def unmerge(ws: Workspace, *, by: Principal, merge_id: str, reason: str = "") -> Merge:
    """Takes a merge back: both are exactly as they were, and kept apart from then on. Twice is once.

    What arrived since stays with the survivor unless it came with an identifier of the restored one.
    Raises MergeUnknown, NotActive.
    """
    return _merge.undo(ws, by=by, merge_id=merge_id, reason=reason)


def merges(ws: Workspace, *, by: Principal, member_id: str) -> list[Merge]:
    """The merges that the member was part of, undone ones included, the newest first. Raises MemberUnknown."""
    return _merge.history(ws, by=by, member_id=member_id)


def put_consent(ws: Workspace, *, by: Principal, member_id: str, word: ConsentWord) -> list[Consent]:
    """Records one statement and gives the states in force. Raises MemberUnknown, NotActive, Invalid, IdentityRefused."""
    return _consenting.put(ws, by=by, member_id=member_id, word=word)


def confirm_consent(
    ws: Workspace, *, by: Principal, member_id: str, purpose: str, channel: str, source: str = "", version: str = ""
) -> list[Consent]:
    """Completes a double opt-in: pending becomes subscribed. Raises ConsentUnaddressed when nothing is pending."""
    return _consenting.confirm(ws, by=by, member_id=member_id, purpose=purpose, channel=channel, source=source, version=version)


def put_consents(
    ws: Workspace,
    *,
    by: Principal,
    words: Sequence[tuple[Sequence[Identity], ConsentWord]],
    import_id: str | None = None,
    historical: bool = False,
) -> list[Refusal | None]:
    """Records many statements about people named by their identifiers; gives the reason of each row refused, else None."""
    return _consenting.record_named(ws, by=by, words=words, import_id=import_id, historical=historical)


def consents(ws: Workspace, *, by: Principal, member_id: str) -> list[Consent]:
    """The states in force, per purpose, channel and address. Raises MemberUnknown."""
    with ws.sql.read() as tx:
        return _consenting.of_member(ws, tx, _looking.row_of(tx, by=by, member_id=member_id)["member_no"])


def may_contact(ws: Workspace, *, member_no: int, purpose: str, channel: str, address: Identity | None = None) -> Answer:
    """Whether this member may be contacted for a purpose on a channel: only when subscribed, and with the reason."""
    return _consenting.may_contact(ws, member_no=member_no, purpose=purpose, channel=channel, address=address)


def conflicts(
    ws: Workspace, *, by: Principal, state: str | None = "open", cursor: str | None = None, limit: int | None = None
) -> Page[Conflict]:
    """Conflicts of which the caller may see both sides, the newest first."""
    return _conflicts.page(ws, by=by, state=state, cursor=cursor, limit=limit)


def decide(
    ws: Workspace, *, by: Principal, conflict_id: str, decision: Decision, survivor_id: str | None = None, reason: str = ""
) -> Conflict:
    """Carries out a person's decision and remembers it. Raises ConflictUnknown, ConflictDecidedAlready, NotActive, Invalid."""
    return _conflicts.decide(ws, by=by, conflict_id=conflict_id, decision=decision, survivor_id=survivor_id, reason=reason)


def export(ws: Workspace, *, by: Principal, member_id: str) -> str:
    """Queues a file of everything held about a person; gives the job, whose result names it. Raises Forbidden, MemberUnknown, NotActive."""
    return _exporting.ask(ws, by=by, member_id=member_id)


def erase(ws: Workspace, *, by: Principal, member_id: str, reason: str = "") -> Receipt:
    """Forgets a person: here at once, in the other stores by a job. Raises MemberUnknown, NotActive when erased before."""
    return _erasing.erase(ws, by=by, member_id=member_id, reason=reason)


def undo_import(ws: Workspace, *, by: Principal, import_id: str, keep: Container[int] = ()) -> dict[str, int]:
    """Takes an import back: merges, identifiers, observations, consents, and members whom nobody else named.

    Members whose number is in `keep` stay with their identifiers: the caller knows of orders, events or tags that are
    not this import's. Gives how many of each went; a second time finds nothing.
    """
    return dataclasses.asdict(_undoing.undo_import(ws, by=by, import_id=import_id, keep=keep))


def attributes_in_force(ws: Workspace, *, member_nos: Sequence[int], name: str) -> dict[int, Any]:
    """The value of one plain attribute for many members, missing where there is none."""
    with ws.sql.read() as tx:
        return _observing.plain_values(tx, member_nos, name)


def members_by_attribute(ws: Workspace, *, name: str) -> dict[str, BitMap]:
    """The members by what a plain text attribute says of them, for one of few values such as a time zone."""
    with ws.sql.read() as tx:
        return _observing.members_by_text(tx, name)


# Those that need no thin wrapping: their own words stand with them.
register_person_part = _registry.register_part
register_eraser = _registry.register_eraser
register_leaver = _registry.register_leaver
receipt = _erasing.receipt
lift_suppression = _erasing.lift
erased_among = _erasing.erased_among
check = _checking.check
reveal = _revealing.reveal
plain_values = _revealing.plain_values
conflict = _conflicts.evidence
propose_duplicates = _duplicates.ask
propose_duplicates_now = _duplicates.propose
holders_epoch = _memory.epoch_of
numbers_visible = _looking.numbers_visible
active_members = _standing.active_members
identified_members = _standing.identified_members
served_by = _standing.served_by
served_by_unit = _standing.served_by_unit
consented = _standing.consented
consents_known = _standing.consents_known
objecting = _standing.objecting
addressed = _standing.addressed
reachable = _standing.reachable
addresses_of_kind = _addressing.addresses_of_kind
opened_addresses = _addressing.opened_addresses
address_mark = _addressing.address_mark
members_of_marks = _addressing.members_of_marks
withdrawals = _standing.withdrawals
version = _standing.version
attribute_rows = _mirroring.attribute_rows
observation_rows = _mirroring.observation_rows
member_rows = _mirroring.member_rows
seen_after = _mirroring.seen_after
holding = _mirroring.holding
attribute_name = _mirroring.attribute_name
blinded = _mirroring.blinded
