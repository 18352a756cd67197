"""Departments and their members as apps read and write them (pages 90194 to 90208).

Since 2022 an app of its own learns neither phone nor picture of a member here; since 2022-08-15 the secret of the
contact sync reads ids only (48009) and nobody else lists them all.
"""

import re
from typing import Any

from wecom_simulator.call import Call, page
from wecom_simulator.corp import Corp, Department, Staff, derived
from wecom_simulator.errors import Refused
from wecom_simulator.events import Event
from wecom_simulator.external.leaving import leave
from wecom_simulator.wecom import endpoint

_USERID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._@-]{0,63}")
_ONE: dict[str, Any] = {"department": [], "order": [], "is_leader_in_dept": [], "direct_leader": []}


# --------------------------------------------------------------------------------------------- members


@endpoint("GET", "user/get", defaults=_ONE, permission="directory")
def user_get(call: Call) -> dict[str, Any]:
    """One member."""
    return _member(call.staff())


@endpoint("GET", "user/simplelist", defaults={"userlist": []}, permission="directory")
def user_simplelist(call: Call) -> dict[str, Any]:
    """The members of a department, shortly."""
    rows = _of_department(call)
    return {"userlist": [{"userid": one.userid, "name": one.name, "department": list(one.departments)} for one in rows]}


@endpoint("GET", "user/list", defaults={"userlist": []}, permission="directory")
def user_list(call: Call) -> dict[str, Any]:
    """The members of a department."""
    return {"userlist": [_member(one) for one in _of_department(call)]}


@endpoint("POST", "user/list_id", defaults={"dept_user": []}, permission="contact_sync", is_read=True)
def user_list_id(call: Call) -> dict[str, Any]:
    """Ids of all members with their departments; only for the secret of the contact sync."""
    rows = [{"userid": one.userid, "department": node} for one in call.corp.visible(call.app) for node in one.departments]
    found, cursor = page(rows, call.maybe_text("cursor"), call.limit(10_000, 10_000))
    return {"dept_user": found, "next_cursor": cursor}


@endpoint("POST", "user/getuserid", permission="directory", is_read=True)
def user_getuserid(call: Call) -> dict[str, Any]:
    """The member with a phone number."""
    mobile = call.text("mobile")
    found = next((one for one in call.corp.visible(call.app) if one.mobile == mobile), None)
    if found is None:
        raise Refused(46004)
    return {"userid": found.userid}


@endpoint("POST", "user/convert_to_openid", permission="directory", is_read=True)
def convert_to_openid(call: Call) -> dict[str, Any]:
    """A member's openid towards this corp."""
    return {"openid": _openid(call.corp, call.staff())}


@endpoint("POST", "user/convert_to_userid", permission="directory", is_read=True)
def convert_to_userid(call: Call) -> dict[str, Any]:
    """The member of an openid."""
    openid = call.text("openid")
    found = next((one for one in call.corp.visible(call.app) if _openid(call.corp, one) == openid), None)
    if found is None:
        raise Refused(46004)
    return {"userid": found.userid}


@endpoint("GET", "user/authsucc", permission="directory", is_read=False)
def authsucc(call: Call) -> dict[str, Any]:
    """A second factor was passed (page 90203)."""
    call.staff()
    return {}


@endpoint("POST", "user/create", permission="directory_write")
def user_create(call: Call) -> dict[str, Any]:
    """A new member, not activated before the first login."""
    userid = call.text("userid", code=41009)
    if not _USERID.fullmatch(userid):
        raise Refused(40003)
    if userid in call.corp.staff and call.corp.staff[userid].status != 5:
        raise Refused(60102)
    departments = _departments(call) or (1,)
    made = Staff(userid, call.text("name", most=64), departments, call.maybe_text("mobile"), call.maybe_number("gender"), status=4)
    made.position = call.maybe_text("position", most=128)
    call.corp.staff[userid] = made
    call.world.emit(Event("change_contact", "create_user", {"UserID": userid, "Name": made.name}), corp=call.corp, by=call.app)
    return {}


@endpoint("POST", "user/update", permission="directory_write")
def user_update(call: Call) -> dict[str, Any]:
    """Changes what is given."""
    staff = call.staff()
    staff.name = call.maybe_text("name", staff.name, most=64)
    staff.mobile = call.maybe_text("mobile", staff.mobile)
    staff.position = call.maybe_text("position", staff.position, most=128)
    staff.gender = call.maybe_number("gender", staff.gender)
    staff.departments = _departments(call) or staff.departments
    if call.body.get("enable") is not None and staff.status in {1, 2}:
        staff.status = 1 if call.maybe_number("enable") else 2
    call.world.emit(Event("change_contact", "update_user", {"UserID": staff.userid}), corp=call.corp, by=call.app)
    return {}


@endpoint("GET", "user/delete", permission="directory_write", is_read=False)
def user_delete(call: Call) -> dict[str, Any]:
    """A member leaves; deletes are GET on this platform."""
    leave(call.world, call.corp, call.staff().userid, call.app)
    return {}


@endpoint("POST", "user/batchdelete", permission="directory_write")
def user_batchdelete(call: Call) -> dict[str, Any]:
    """Several leave."""
    found = [call.seen_staff(userid) for userid in call.texts("useridlist", most=200, code=40032)]
    if not found:
        raise Refused(40031)
    for one in found:
        leave(call.world, call.corp, one.userid, call.app)
    return {}


@endpoint("POST", "batch/invite", defaults={"invaliduser": [], "invalidparty": [], "invalidtag": []}, permission="directory")
def batch_invite(call: Call) -> dict[str, Any]:
    """Asks members who never logged in to do so."""
    strangers = [userid for userid in call.texts("user", most=1000, code=40032) if not call.corp.sees(call.app, userid)]
    parties = [node for node in call.numbers("party", most=100, code=82002) if node not in call.corp.departments]
    return {"invaliduser": strangers, "invalidparty": parties, "invalidtag": []}


# ----------------------------------------------------------------------------------------- departments


@endpoint("GET", "department/list", defaults={"department": []}, permission="directory")
def department_list(call: Call) -> dict[str, Any]:
    """A department and everything below it."""
    return {"department": [_department(node) for node in _seen_departments(call)]}


@endpoint("GET", "department/simplelist", defaults={"department_id": []}, permission="directory|contact_sync")
def department_simplelist(call: Call) -> dict[str, Any]:
    """The same without names."""
    return {"department_id": [{"id": node.id, "parentid": node.parent, "order": node.order} for node in _seen_departments(call)]}


@endpoint("GET", "department/get", defaults={"department": {}}, permission="directory")
def department_get(call: Call) -> dict[str, Any]:
    """One department."""
    return {"department": _department(_node(call, call.number("id")))}


@endpoint("POST", "department/create", defaults={"id": 0}, permission="directory_write")
def department_create(call: Call) -> dict[str, Any]:
    """A new department."""
    parent = _node(call, call.number("parentid"))
    name, known = call.text("name", most=64), call.corp.departments
    id_ = call.maybe_number("id") or max(known) + 1
    if id_ in known or any(one.parent == parent.id and one.name == name for one in known.values()):
        raise Refused(60008, "department existed")
    known[id_] = Department(id_, name, parent.id, call.maybe_number("order"))
    call.world.emit(Event("change_contact", "create_party", {"Id": id_, "Name": name}), corp=call.corp, by=call.app)
    return {"id": id_}


@endpoint("POST", "department/update", permission="directory_write")
def department_update(call: Call) -> dict[str, Any]:
    """Changes what is given."""
    node = _node(call, call.number("id"))
    node.name = call.maybe_text("name", node.name, most=64)
    node.order = call.maybe_number("order", node.order)
    if call.body.get("parentid") is not None:
        parent = _node(call, call.number("parentid")).id
        if parent in call.corp.below(node.id):
            raise Refused(60005, "not allowed to move a department below itself")
        node.parent = parent
    call.world.emit(Event("change_contact", "update_party", {"Id": node.id}), corp=call.corp, by=call.app)
    return {}


@endpoint("GET", "department/delete", permission="directory_write", is_read=False)
def department_delete(call: Call) -> dict[str, Any]:
    """An empty department goes."""
    node = _node(call, call.number("id"))
    if any(one.parent == node.id for one in call.corp.departments.values()):
        raise Refused(60006, "department contains sub-department")
    if any(node.id in one.departments for one in call.corp.staff.values() if one.status != 5):
        raise Refused(60005, "department contains user")
    del call.corp.departments[node.id]
    call.world.emit(Event("change_contact", "delete_party", {"Id": node.id}), corp=call.corp, by=call.app)
    return {}


# ----------------------------------------------------------------------------------------------- parts


def _member(staff: Staff) -> dict[str, Any]:
    return {
        "userid": staff.userid,
        "name": staff.name,
        "department": list(staff.departments),
        "order": [0 for _ in staff.departments],
        "position": staff.position,
        "status": staff.status,
        "enable": 0 if staff.status == 2 else 1,
        "is_leader_in_dept": [0 for _ in staff.departments],
        "direct_leader": [],
        "main_department": staff.departments[0] if staff.departments else 1,
        "alias": "",
        "telephone": "",
        "open_userid": derived("open", staff.userid, size=30),
        "extattr": {"attrs": []},
    }


def _of_department(call: Call) -> list[Staff]:
    node = _node(call, call.number("department_id"))
    nodes = call.corp.below(node.id) if call.maybe_number("fetch_child") else {node.id}
    return [one for one in call.corp.visible(call.app) if not nodes.isdisjoint(one.departments)]


def _seen_departments(call: Call) -> list[Department]:
    corp, app = call.corp, call.app
    asked = call.maybe_number("id")
    within = corp.below(_node(call, asked).id) if asked else set(corp.departments)
    seen = {node for department in app.departments for node in corp.below(department)}
    return [node for id_, node in corp.departments.items() if id_ in within and id_ in seen]


def _department(node: Department) -> dict[str, Any]:
    return {"id": node.id, "name": node.name, "name_en": "", "parentid": node.parent, "order": node.order, "department_leader": []}


def _node(call: Call, id_: int) -> Department:
    found = call.corp.departments.get(id_)
    if found is None:
        raise Refused(60003)
    return found


def _departments(call: Call) -> tuple[int, ...]:
    asked = call.body.get("department")
    found = [asked] if isinstance(asked, int) else call.numbers("department", most=100, code=40066)
    if any(node not in call.corp.departments for node in found):
        raise Refused(60003)
    return tuple(found)


def _openid(corp: Corp, staff: Staff) -> str:
    return "o" + derived("staff", corp.corpid, staff.userid, size=27)
