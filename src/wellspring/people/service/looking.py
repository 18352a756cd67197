"""Reading members: pages, one member, and the masked pieces that a screen shows of them."""

import base64
import datetime as dt
from collections.abc import Container, Mapping, Sequence
from typing import Any

import orjson

from wellspring.kernel.auth import EVERYTHING, Principal
from wellspring.kernel.clock import to_millis
from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.contracts import (
    NOBODY,
    Attribute,
    AttributeChange,
    CatalogueEntry,
    Identity,
    IdentityKind,
    KnownIdentity,
    Member,
    MemberState,
)
from wellspring.people.errors import MemberUnknown, NotActive
from wellspring.people.repo import attributes, identities, listing, members, rows
from wellspring.people.rules import attributes as attribute_rules
from wellspring.people.rules import identities as identity_rules
from wellspring.people.rules.identities import KINDS, PERSONAL
from wellspring.people.service import memory
from wellspring.people.service.naming import Named, Naming, context

_SHOWN = (IdentityKind.USER_ID.value, IdentityKind.PHONE.value, IdentityKind.EMAIL.value, IdentityKind.BUYER_ID.value)
_MASKS = ("name", IdentityKind.PHONE.value, IdentityKind.EMAIL.value)
# Mask and plain value of an identifier, by holder and kind.
_Shown = dict[tuple[int, str], tuple[str | None, str | None]]
# Rows looked at for one page when a set from above filters them: beyond it the page ends early, with a cursor to go on.
_SCANNED_MAX = 20_000


def page(
    ws: Workspace,
    wanted: listing.Wanted,
    *,
    among: Container[int] | None = None,
    outside: Container[int] | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Member]:
    """One page; `among` and `outside` are sets of numbers that the caller brings (buyers, an audience)."""
    size = limit_of(limit)
    after = _place_of(cursor)
    chosen: list[rows.Row] = []
    scanned, ended = 0, False
    with ws.sql.read() as tx:
        is_filtered = among is not None or outside is not None
        while len(chosen) <= size and scanned < _SCANNED_MAX and not ended:
            # What a set leaves over is not known: a little more at first, much more while it is little.
            step = min(max(2 * (size + 1), 4 * scanned), 2_000) if is_filtered else size + 1
            found = listing.page(tx, wanted, after=after, limit=step)
            ended, scanned = len(found) < step, scanned + len(found)
            chosen += [row for row in found if _fits(row["member_no"], among, outside)]
            after = _place(found[-1]) if found else after
        total = listing.total(tx) if wanted.is_plain and not is_filtered else None
        shown = decorate(tx, chosen[:size])
    if len(chosen) > size:
        return Page(shown, encode_cursor(_place(chosen[size - 1])), total)
    return Page(shown, None if ended or after is None else encode_cursor(after), total)


def one(ws: Workspace, *, by: Principal, member_id: str) -> Member:
    """One member as lists show it. Raises MemberUnknown."""
    with ws.sql.read() as tx:
        return decorate(tx, [row_of(tx, by=by, member_id=member_id)])[0]


def row_of(tx: Tx, *, by: Principal, member_id: str, active: bool = False) -> rows.Row:
    """The member's row within the caller's scope; with `active` a merged or erased one is refused."""
    found = members.by_id(tx, member_id, scope=by.scope)
    if found is None:
        raise MemberUnknown
    if active and found["state"] != MemberState.ACTIVE:
        raise NotActive(state=found["state"])
    return found


def family_of(tx: Tx, member_no: int) -> list[int]:
    """The member and every number merged into it."""
    return identities.families(tx, (member_no,))[member_no]


def numbers_named(ws: Workspace, wanted: Sequence[Identity]) -> list[int]:
    """The members who hold any of these identifiers now."""
    naming = Naming(ws)
    keys = [named.key for identity in wanted if isinstance(named := naming.named(identity), Named)]
    with ws.sql.read() as tx:
        held = memory.view_of(ws, tx).holders
        return sorted({held.get(number, number) for number in identities.owners(tx, keys).values()})


def find(ws: Workspace, wanted: Sequence[Identity]) -> list[int]:
    """The member who holds each identifier now; 0 where nobody does."""
    naming = Naming(ws)
    named = [naming.named(identity) for identity in wanted]
    with ws.sql.read() as tx:
        held = memory.view_of(ws, tx).holders
        owners = identities.owners(tx, {one.key for one in named if isinstance(one, Named)})
    numbers = [owners.get(one.key, NOBODY) if isinstance(one, Named) else NOBODY for one in named]
    return [held.get(number, number) for number in numbers]


def numbers_visible(ws: Workspace, *, by: Principal, names: Sequence[str | Identity]) -> list[int]:
    """The active member whom each id or identifier means and whom the caller may see, in order; 0 where there is none."""
    with ws.sql.read() as tx:
        held = memory.view_of(ws, tx).holders
        ids = members.numbers_of(tx, (name for name in names if isinstance(name, str)))
        known = [name for name in names if not isinstance(name, str)]
        by_identity = dict(zip(known, find(ws, known), strict=True))
        meant = [ids.get(name, NOBODY) if isinstance(name, str) else by_identity[name] for name in names]
        numbers = [held.get(number, number) for number in meant]
        there = members.by_numbers(tx, {number for number in numbers if number})
    seen = {number for number, row in there.items() if row["state"] == MemberState.ACTIVE and by.scope.covers(row["home_unit_id"])}
    return [number if number in seen else NOBODY for number in numbers]


def numbers_like(ws: Workspace, text: str) -> list[int]:
    """The members whom a searched text may mean: an identifier of any kind, a whole name, an id, a number.

    Personal values are sealed, so only whole values are found (a blind index knows equality, nothing else).
    """
    bare = text.strip()
    with ws.sql.read() as tx:
        namespaces = [("", kind) for kind in IdentityKind] + [(space, IdentityKind(kind)) for kind, space in identities.namespaces(tx)]
        found = numbers_named(ws, [Identity(kind, bare, space) for space, kind in namespaces])
        for name in ("name", "nickname", IdentityKind.PHONE.value, IdentityKind.EMAIL.value):
            found += attributes.by_blind(tx, ws.keys.blind(context(name), bare))
        if bare.startswith("mem_") and (row := members.by_id(tx, bare, scope=EVERYTHING)):
            found.append(row["member_no"])
        if bare.isascii() and bare.isdigit() and len(bare) <= 9:
            found.append(int(bare))
    return sorted(set(found))


def wished(ws: Workspace, identity: Identity | None, q: str | None) -> tuple[int, ...] | None:
    """The members whom an identifier and a searched text leave over; None when neither was given."""
    searched = (q or "").strip()
    if identity is None and not searched:
        return None
    found = None if identity is None else set(numbers_named(ws, [identity]))
    if searched:
        like = set(numbers_like(ws, searched))
        found = like if found is None else found & like
    return tuple(sorted(found or ()))


def decorate(tx: Tx, found: Sequence[rows.Row]) -> list[Member]:
    """Rows with the masks and the user id that a list shows; three queries for any number of rows."""
    numbers = [row["member_no"] for row in found]
    families = identities.families(tx, numbers)
    holder_of = {number: holder for holder, family in families.items() for number in family}
    shown: _Shown = {}
    for number, kind, mask, value in identities.shown(tx, holder_of, _SHOWN):
        shown.setdefault((holder_of[number], kind), (mask, value))
    masks = attributes.masks(tx, numbers, _MASKS)
    return [_member(row, shown, masks) for row in found]


def whole(tx: Tx, row: rows.Row, held: Sequence[rows.Row]) -> tuple[Member, list[KnownIdentity], list[Attribute]]:
    """One member whose identities were read already, with its attributes: one more query."""
    number = row["member_no"]
    shown: _Shown = {}
    for identity in held:
        shown.setdefault((number, identity["kind"]), (identity["mask"], identity["value"]))
    values = attributes.known(tx, number)
    masks = {(number, value["name"]): value["mask"] for value in values}
    return _member(row, shown, masks), _known(held), [_attribute(value) for value in values if _is_shown(value)]


def known_identities(tx: Tx, member_no: int) -> list[KnownIdentity]:
    """Every identifier of the member, those of merged numbers included, masked where personal; strongest first."""
    return _known(identities.known(tx, family_of(tx, member_no)))


def _known(found: Sequence[rows.Row]) -> list[KnownIdentity]:
    return sorted((_identity(row) for row in found), key=lambda one: (KINDS[one.kind].priority, one.since, one.key))


def values_in_force(tx: Tx, member_no: int) -> list[Attribute]:
    """The member's attributes, cleared ones left out, sealed ones masked."""
    return [_attribute(row) for row in attributes.known(tx, member_no) if _is_shown(row)]


def values_at(tx: Tx, member_no: int, *, at: dt.datetime, as_known: dt.datetime | None) -> list[Attribute]:
    """The attributes as they stood at an instant, with everything known today or as known at another instant."""
    best: dict[str, rows.Row] = {}
    for change in attributes.changes(tx, family_of(tx, member_no), at=at, as_known=as_known):
        before = best.get(change["name"])
        if before is None or _rank(change) > _rank(before):
            best[change["name"]] = change
    return [_attribute(best[name]) for name in sorted(best) if _is_shown(best[name])]


def history(tx: Tx, member_no: int, name: str) -> list[AttributeChange]:
    """Every observation of one attribute, the latest first."""
    found = attributes.changes(tx, family_of(tx, member_no), name=name)
    return [
        AttributeChange(name, row["kind"], _shown_value(row), row["at"], row["recorded_at"], row["source"], row["member_no"])
        for row in sorted(found, key=_rank, reverse=True)
    ]


def catalogue(tx: Tx) -> list[CatalogueEntry]:
    """Every attribute name with the kinds seen under it."""
    grouped: dict[str, list[rows.Row]] = {}
    for row in attributes.catalogue(tx):
        grouped.setdefault(row["name"], []).append(row)
    return [
        CatalogueEntry(
            name=name,
            kinds={row["kind"]: row["times"] for row in seen},
            drifts=len(seen) > 1,
            first_at=min(row["first_at"] for row in seen),
            last_at=max(row["last_at"] for row in seen),
        )
        for name, seen in sorted(grouped.items())
    ]


def _member(row: rows.Row, shown: _Shown, masks: Mapping[tuple[int, str], str | None]) -> Member:
    number = row["member_no"]

    def mask_of(kind: str) -> str | None:
        identity = shown.get((number, kind))
        return identity[0] if identity else masks.get((number, kind))

    user = shown.get((number, "user_id"))
    buyer = shown.get((number, "buyer_id"))
    return Member(
        id=row["id"],
        member_no=number,
        state=MemberState(row["state"]),
        merged_into=row["merged_into"],
        home_unit_id=row["home_unit_id"],
        source=row["source"],
        identified=row["identified"],
        name_masked=masks.get((number, "name")),
        phone_masked=mask_of("phone"),
        email_masked=mask_of("email"),
        user_id=user[1] if user else None,
        created_at=row["created_at"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        buyer_masked=identity_rules.part_of(buyer[1] or "") if buyer else None,
    )


def _identity(row: rows.Row) -> KnownIdentity:
    kind = IdentityKind(row["kind"])
    return KnownIdentity(
        key=base64.urlsafe_b64encode(row["key"]).decode().rstrip("="),
        kind=kind,
        namespace=row["namespace"],
        value=row["mask"] if kind in PERSONAL else row["value"],
        is_personal=kind in PERSONAL,
        source=row["source"],
        owner_no=row["member_no"],
        since=row["since"],
    )


def _attribute(row: rows.Row) -> Attribute:
    return Attribute(row["name"], row["kind"], _shown_value(row), row["at"], row["source"])


def _is_shown(row: rows.Row) -> bool:
    return row["kind"] != attribute_rules.NULL and not row["name"].startswith("$")


def _shown_value(row: rows.Row) -> Any:  # noqa: ANN401 - the attribute's own type
    return row["mask"] if row["kind"] == attribute_rules.SEALED else orjson.loads(row["value"])


def _rank(row: rows.Row) -> tuple[int, bytes]:
    return attribute_rules.rank(to_millis(row["at"]), bytes(row["digest"]))


def _fits(number: int, among: Container[int] | None, outside: Container[int] | None) -> bool:
    return (among is None or number in among) and (outside is None or number not in outside)


def _place(row: rows.Row) -> tuple[int, int]:
    return to_millis(row["last_seen_at"]), row["member_no"]


def _place_of(cursor: str | None) -> tuple[int, int] | None:
    if not cursor:
        return None
    seen, number = decode_cursor(cursor, length=2)
    if not isinstance(seen, int) or not isinstance(number, int) or isinstance(seen, bool) or isinstance(number, bool):
        raise Invalid(field="cursor", reason="not a cursor of this list")
    return seen, number
