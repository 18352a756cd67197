"""Looking at contacts: lists, one with everybody who follows it, a member's, the staff, and the history of a relation."""

import datetime as dt
from collections.abc import Collection, Sequence

from wellspring.channels.contracts import Contact, Relation, RelationState, StaffMember, WelcomeRow, WelcomeState
from wellspring.channels.errors import ContactUnknown
from wellspring.channels.repo import browsing, welcomes
from wellspring.channels.repo import contacts as rows
from wellspring.channels.service import naming, shaping
from wellspring.kernel import audit
from wellspring.kernel.auth import Principal
from wellspring.kernel.errors import Invalid
from wellspring.kernel.pages import Page, decode_cursor, encode_cursor, limit_of
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def get(ws: Workspace, *, by: Principal, account_id: str, external_userid: str) -> Contact:
    """One contact. Raises ContactUnknown."""
    with ws.sql.read() as tx:
        row = rows.contact(tx, account_id, external_userid)
        found = _shaped(ws, tx, by, [row]) if row is not None else []
    if not found:
        raise ContactUnknown
    return found[0]


def find(ws: Workspace, external_userid: str) -> Contact | None:
    """A contact by its id alone, of whichever account; None when it was never heard of. For the domains above."""
    with ws.sql.read() as tx:
        row = browsing.by_external_userid(tx, external_userid)
        return _contacts(ws, tx, [row])[0] if row is not None else None


def names(ws: Workspace, *, account_id: str, external_userids: Collection[str]) -> dict[str, str]:
    """The masked names of contacts, by id; those without a name are left out."""
    with ws.sql.read() as tx:
        found = rows.contacts(tx, account_id, external_userids)
    return {external_userid: row["name_masked"] for external_userid, row in found.items() if row["name_masked"]}


def of_member(ws: Workspace, *, member_no: int) -> list[Relation]:
    """Everybody who follows or followed a member, whatever numbers it holds."""
    numbers = people.numbers_held(ws, member_no=member_no)
    with ws.sql.read() as tx:
        found = _contacts(ws, tx, browsing.of_members(tx, numbers))
    return [relation for contact in found for relation in contact.relations]


def page(
    ws: Workspace,
    *,
    by: Principal,
    account_id: str | None,
    userid: str | None,
    state: RelationState | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    cursor: str | None,
    limit: int | None,
) -> Page[Contact]:
    """Contacts whom the caller may see, the newest first; with a state, those with such a relation."""
    size = limit_of(limit)
    wanted = browsing.Wanted(
        account_id=account_id, userid=userid, state=state, since=since, until=until, before=_place(cursor), limit=size + 1
    )
    with ws.sql.read() as tx:
        found = browsing.contacts(tx, wanted)
        shown = _shaped(ws, tx, by, found[:size])
    last = found[size - 1] if len(found) > size else None
    following = encode_cursor([last["place"], last["account_id"], last["external_userid"]]) if last is not None else None
    return Page(shown, following)


def staff(ws: Workspace, account_id: str) -> list[StaffMember]:
    """Everybody of an account who has or may have contacts."""
    with ws.sql.read() as tx:
        return [
            StaffMember(account_id, row["userid"], row["staff_id"], row["name"], row["is_active"], row["can_contact"], int(row["contacts"]))
            for row in rows.staff(tx, account_id)
        ]


def link_staff(ws: Workspace, *, by: Principal, account_id: str, userid: str, staff_id: str | None) -> None:
    """Says by hand who a userid is in the organisation. Raises Invalid for an unknown userid."""
    with ws.sql.write() as tx:
        if not rows.change_staff(tx, account_id, [userid], {"staff_id": staff_id, "is_chosen": True}):
            raise Invalid(field="userid", reason="没有这个成员 / there is no such userid")
        subject = f"{account_id}/{userid}"
        audit.append(ws.sql, tx, by=by, action="channels.staff.link", subject=subject, at=ws.clock.now(), detail={"staff_id": staff_id})


def reveal(ws: Workspace, *, by: Principal, account_id: str, external_userid: str) -> str:
    """The plain name of a contact; every reading is audited. Raises ContactUnknown."""
    with ws.sql.write() as tx:
        row = rows.contact(tx, account_id, external_userid)
        if row is None or not _shaped(ws, tx, by, [row]):
            raise ContactUnknown
        audit.append(ws.sql, tx, by=by, action="channels.contact.reveal", subject=external_userid, at=ws.clock.now())
    return ws.keys.open(row["name"], context=shaping.NAME_CONTEXT) if row["name"] is not None else ""


def welcome_page(ws: Workspace, *, account_id: str | None, state: str | None, cursor: str | None, limit: int | None) -> Page[WelcomeRow]:
    """The ledger of welcomes, the newest first."""
    size = limit_of(limit)
    before = str(decode_cursor(cursor, length=1)[0]) if cursor else None
    with ws.sql.read() as tx:
        found = welcomes.listing(tx, account_id=account_id, state=state, before=before, limit=size + 1)
    shown = [_welcome(row) for row in found[:size]]
    return Page(shown, encode_cursor([shown[-1].id]) if len(found) > size else None)


def welcomes_of(ws: Workspace, *, states: Sequence[WelcomeState], since: dt.datetime | None, limit: int) -> list[WelcomeRow]:
    """The newest of these states."""
    with ws.sql.read() as tx:
        return [_welcome(row) for row in welcomes.newest(tx, states=states, since=since, limit=limit)]


def _welcome(row: welcomes.Row) -> WelcomeRow:
    names = ("id", "account_id", "external_userid", "userid", "variant", "added_at", "planned_at", "ended_at", "latency_millis")
    return WelcomeRow(state=WelcomeState(row["state"]), code=row["answer_code"], **{name: row[name] for name in names})


def _place(cursor: str | None) -> tuple[int, str, str] | None:
    if not cursor:
        return None
    at, account_id, external_userid = decode_cursor(cursor, length=3)
    if not isinstance(at, int):
        raise Invalid(field="cursor", reason="not a cursor of this list")
    return at, str(account_id), str(external_userid)


def _shaped(ws: Workspace, tx: Tx, by: Principal, found: Sequence[rows.Row]) -> list[Contact]:
    """Those of the found whom the caller may see: a contact is seen by whoever sees the member."""
    shown = _contacts(ws, tx, found)
    if by.scope.is_all:
        return shown
    visible = people.members_of(ws, by=by, member_nos=[contact.member_no for contact in shown])
    return [contact for contact in shown if contact.member_no in visible]


def _contacts(ws: Workspace, tx: Tx, found: Sequence[rows.Row]) -> list[Contact]:
    by_account: dict[str, list[str]] = {}
    for row in found:
        by_account.setdefault(row["account_id"], []).append(row["external_userid"])
    kept: dict[tuple[str, str], list[Relation]] = {}
    for account_id, ids in by_account.items():
        relations = rows.relations(tx, account_id, ids)
        staff_ids = rows.staff_ids(tx, account_id, {row["userid"] for row in relations})
        for row in relations:
            shaped = shaping.relation_out(row, staff_ids.get(row["userid"]))
            kept.setdefault((account_id, row["external_userid"]), []).append(shaped)
    holders = people.holders_of(ws, member_nos=[row["member_no"] for row in found])
    return [
        shaping.contact_out(row, kept.get((row["account_id"], row["external_userid"]), []), holder)
        for row, holder in zip(found, holders, strict=True)
    ]


staff_ids = naming.staff_ids
