"""Who looks at a page: codes of members and customers (pages 91022, 91023, 98171, 98176).

The pages that hand out a code on the platform's own hosts are in `admin.login`; here a code becomes a person.
"""

from dataclasses import dataclass, field
from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.corp import App, Corp, Staff, derived
from wecom_simulator.errors import Refused
from wecom_simulator.external import friends
from wecom_simulator.registry import action
from wecom_simulator.wecom import endpoint
from wecom_simulator.world import World

CODE_SECONDS = 300
TICKET_SECONDS = 1_800


@dataclass(slots=True)
class Code:
    """Good once and for five minutes."""

    corpid: str
    agent_id: int
    # One of both.
    userid: str
    unionid: str
    scope: str
    expires_at: int
    is_used: bool = False


@dataclass(slots=True)
class Codes:
    """Codes, and the tickets for a member's private fields."""

    codes: dict[str, Code] = field(default_factory=dict)
    tickets: dict[str, Code] = field(default_factory=dict)


def new_code(world: World, corp: Corp, app: App, *, userid: str = "", unionid: str = "", scope: str = "snsapi_base") -> str:
    """A code for whoever looks at the app's page."""
    kept = world.part(Codes)
    for old in [text for text, one in kept.codes.items() if one.expires_at + CODE_SECONDS < world.now()]:
        del kept.codes[old]
    text = world.identifier("", 43)
    kept.codes[text] = Code(corp.corpid, app.agent_id, userid, unionid, scope, world.now() + CODE_SECONDS)
    return text


@action("成员打开应用页面")
def authorise_member(world: World, userid: str, *, agent_id: int = 0, scope: str = "snsapi_base") -> dict[str, Any]:
    """Gives the code that the redirect to a page would carry for a member."""
    corp = world.corp
    if userid not in corp.staff:
        raise ValueError(f"no member {userid}")
    return {"code": new_code(world, corp, _app(corp, agent_id), userid=userid, scope=scope)}


@action("顾客打开应用页面")
def authorise_customer(world: World, person: str, *, agent_id: int = 0) -> dict[str, Any]:
    """Gives the code that the redirect to a page would carry for a person who is no member."""
    return {"code": new_code(world, world.corp, _app(world.corp, agent_id), unionid=world.person(person).unionid)}


@endpoint("GET", "auth/getuserinfo", is_limited=False, is_read=False)
def getuserinfo(call: Call) -> dict[str, Any]:
    """The person of a code; calls with a good one are not counted."""
    code = _taken(call)
    if not code.userid:
        return _stranger(call, code.unionid, ("openid", "external_userid"))
    if code.scope != "snsapi_privateinfo" or not call.corp.sees(call.app, code.userid):
        return {"userid": code.userid}
    ticket = call.world.identifier("", 43)
    code.expires_at = call.now + TICKET_SECONDS
    call.world.part(Codes).tickets[ticket] = code
    return {"userid": code.userid, "user_ticket": ticket}


@endpoint("GET", "user/getuserinfo", is_limited=False, is_read=False)
def old_getuserinfo(call: Call) -> dict[str, Any]:
    """The same on its older path, with other names."""
    code = _taken(call)
    if not code.userid:
        return {**_stranger(call, code.unionid, ("OpenId", "external_userid")), "DeviceId": ""}
    return {"UserId": code.userid, "DeviceId": "simulated"}


@endpoint("POST", "auth/getuserdetail", is_read=True)
def getuserdetail(call: Call) -> dict[str, Any]:
    """A member's private fields, which the member agreed to show."""
    found = call.world.part(Codes).tickets.get(call.text("user_ticket", code=84015))
    if found is None or found.agent_id != call.app.agent_id:
        raise Refused(84015)
    if found.expires_at < call.now:
        raise Refused(84014)
    staff = call.corp.staff[found.userid]
    return {"userid": staff.userid, **private_fields(staff)}


@endpoint("GET", "miniprogram/jscode2session", is_read=False)
def jscode2session(call: Call) -> dict[str, Any]:
    """The member who opened a Mini Program inside WeCom."""
    code = _taken(call, "js_code")
    if not code.userid:
        raise Refused(40029)
    return {"corpid": call.corp.corpid, "userid": code.userid, "session_key": derived("session", code.userid, call.now, size=24)}


def private_fields(staff: Staff) -> dict[str, Any]:
    """What a member's own consent shows (since 2022-06-20 nothing else does)."""
    return {
        "gender": str(staff.gender),
        "avatar": f"http://shp.qpic.cn/bizmp/{staff.userid}/0",
        "qr_code": f"https://open.work.weixin.qq.com/wwopen/userQRCode?vcode={derived('vcode', staff.userid, size=18)}",
        "mobile": staff.mobile,
        "email": "",
        "biz_mail": f"{staff.userid}@example.com",
        "address": "",
    }


def _app(corp: Corp, agent_id: int) -> App:
    found = corp.app(agent_id) if agent_id else next(iter(corp.apps.values()))
    if found is None:
        raise ValueError(f"no app with the number {agent_id}")
    return found


def _taken(call: Call, name: str = "code") -> Code:
    found = call.world.part(Codes).codes.get(call.query.get(name, ""))
    if found is None or (found.corpid, found.agent_id) != (call.corp.corpid, call.app.agent_id):
        raise Refused(40029)
    if found.is_used:
        raise Refused(42022)
    if found.expires_at < call.now:
        raise Refused(42003)
    found.is_used = True
    return found


def _stranger(call: Call, unionid: str, names: tuple[str, str]) -> dict[str, Any]:
    person = call.world.person(unionid)
    contact = friends.contact_of(call.corp, person)
    told = {names[0]: call.world.openid(person, call.corp.corpid)}
    if any(one.by_staff and call.corp.sees(call.app, one.userid) for one in contact.relations):
        told[names[1]] = contact.external_userid
    return told
