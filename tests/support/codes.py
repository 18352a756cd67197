"""Codes of a connected corp: staff known on both sides, codes made of them, arrivals and losses as channels tells them."""

import datetime as dt
from typing import Any

from tests.support.corps import Corp
from wellspring.acquisition.api import codes as api
from wellspring.acquisition.contracts.codes import Code, CodeKind, Draft, Plan, Shift
from wellspring.app import wiring
from wellspring.channels.contracts import Arrived
from wellspring.channels.events import ContactAdded, ContactLost
from wellspring.channels.repo import contacts
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import iso
from wellspring.organization import api as organization
from wellspring.organization.contracts import StaffDraft


def employ(corp: Corp, unit_id: str, *names: str) -> dict[str, str]:
    """Hires people into a unit, on both sides; gives their ids in the organisation by name."""
    corp.hire(*names)
    found = {}
    for name in names:
        draft = StaffDraft(code=name, name=name.title(), title="顾问", wecom_userid=name)
        found[name] = organization.add_staff(corp.ws, by=SYSTEM, draft=draft, unit_id=unit_id).id
    row = {"account_id": corp.account_id, "is_chosen": False, "is_active": True, "can_contact": True, "synced_at": corp.ws.clock.now()}
    with corp.ws.sql.write() as tx:
        contacts.add_staff(tx, [row | {"userid": one, "name": one, "staff_id": staff_id} for one, staff_id in found.items()])
    deliver(corp)
    return found


def channel_code(corp: Corp, *shifts: Shift, name: str = "包裹卡", backup: tuple[str, ...] = (), **more: Any) -> Code:
    """A channel code, made at the platform; `daily_limit` and `daily_limits` belong to its plan."""
    limits = {each: more.pop(each) for each in ("daily_limit", "daily_limits") if each in more}
    draft = Draft(name, CodeKind.CHANNEL, corp.account_id, plan=Plan(shifts, backup, **limits), **more)
    code = api.add(corp.ws, by=SYSTEM, draft=draft)
    settle(corp)
    return api.one(corp.ws, code_id=code.id)


def deliver(corp: Corp) -> None:
    """Lets everybody hear what was told."""
    bus.deliver(corp.ws, wiring.subscribers(), now=corp.ws.clock.now)


def settle(corp: Corp) -> None:
    """Lets pumps and subscribers work until nothing is left."""
    corp.work()
    deliver(corp)
    corp.work()


def users(corp: Corp, state: str) -> list[str]:
    """Who serves the way with this state, as the platform has it."""
    [way] = [one for one in corp.external.ways.values() if one.fields["state"] == state]
    return list(way.fields["user"])


def arrive(corp: Corp, name: str, userid: str, *, state: str = "", at: dt.datetime | None = None, **more: Any) -> int:
    """Somebody adds a member of staff, as channels tells it; gives the member's number."""
    external = corp.person(name)
    number = corp.member_of(external)
    staff = {one.userid: one.staff_id for one in _staff(corp)}
    told = {"is_returning": False, "is_half": False, "is_historical": False, "member_id": None, "add_way": 1} | more
    event = ContactAdded(
        account_id=corp.account_id,
        external_userid=external,
        userid=userid,
        staff_id=staff.get(userid),
        member_no=number,
        state=state,
        at=iso(at or corp.ws.clock.now()),
        **told,
    )
    _tell(corp, event)
    return number


def leave(corp: Corp, name: str, userid: str, *, reason: str = "customer_deleted", at: dt.datetime | None = None) -> None:
    """The relation ends, as channels tells it."""
    external = corp.person(name)
    staff = {one.userid: one.staff_id for one in _staff(corp)}
    number = corp.member_of(external)
    moment = iso(at or corp.ws.clock.now())
    _tell(corp, ContactLost(corp.account_id, external, userid, staff.get(userid), number, None, "", reason, moment, None))


def arrived(corp: Corp, userid: str, state: str, **more: Any) -> Arrived:
    """What the greeter is given."""
    now = corp.ws.clock.now()
    staff = {one.userid: one.staff_id for one in _staff(corp)}
    told: dict[str, Any] = {"member_no": 1, "add_way": 1, "is_returning": False, "is_half": False, "name": "小雨", "gender": 0} | more
    told = {"at": now, "answer_by": now + dt.timedelta(seconds=20)} | told
    return Arrived(account_id=corp.account_id, external_userid="wm1", userid=userid, staff_id=staff.get(userid), state=state, **told)


def _staff(corp: Corp) -> list[Any]:
    with corp.ws.sql.read() as tx:
        return list(contacts.staff(tx, corp.account_id))


def _tell(corp: Corp, event: bus.Event) -> None:
    with corp.ws.sql.write() as tx:
        bus.tell(corp.ws.sql, tx, event, at=corp.ws.clock.now())
    settle(corp)
