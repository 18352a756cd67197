"""Tags of members (not of customers) and the description of the app itself (pages 90209 to 90216, 90227, 90228)."""

from dataclasses import dataclass, field
from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.corp import App
from wecom_simulator.errors import Refused
from wecom_simulator.wecom import endpoint


@dataclass(slots=True)
class MemberTag:
    """A name for some members and departments."""

    name: str
    users: list[str] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)


@dataclass(slots=True)
class MemberTags:
    """A corp's tags of members by number."""

    by_id: dict[int, MemberTag] = field(default_factory=dict)


@endpoint("POST", "tag/create", defaults={"tagid": 0}, permission="directory")
def create(call: Call) -> dict[str, Any]:
    """A new tag."""
    tags, name = call.corp.part(MemberTags).by_id, call.text("tagname")
    if len(name) > 32:
        raise Refused(40072)
    if any(one.name == name for one in tags.values()):
        raise Refused(40071)
    id_ = call.maybe_number("tagid") or max(tags, default=0) + 1
    tags[id_] = MemberTag(name)
    return {"tagid": id_}


@endpoint("POST", "tag/update", permission="directory")
def update(call: Call) -> dict[str, Any]:
    """Another name."""
    _tag(call).name = call.text("tagname", most=32)
    return {}


@endpoint("GET", "tag/delete", permission="directory", is_read=False)
def delete(call: Call) -> dict[str, Any]:
    """The tag goes."""
    _tag(call)
    del call.corp.part(MemberTags).by_id[call.number("tagid")]
    return {}


@endpoint("GET", "tag/get", defaults={"userlist": [], "partylist": []}, permission="directory")
def get(call: Call) -> dict[str, Any]:
    """Who has the tag."""
    tag = _tag(call)
    users = [{"userid": userid, "name": call.corp.staff[userid].name} for userid in tag.users if call.corp.sees(call.app, userid)]
    return {"tagname": tag.name, "userlist": users, "partylist": tag.parties}


@endpoint("POST", "tag/addtagusers", permission="directory")
def add_users(call: Call) -> dict[str, Any]:
    """Gives the tag; who does not exist is told and nothing more."""
    tag, users, parties = _tag(call), call.texts("userlist", most=1000, code=40032), call.numbers("partylist", most=100, code=82002)
    if not users and not parties:
        raise Refused(40063)
    strangers = [one for one in users if not call.corp.sees(call.app, one)]
    lost = [one for one in parties if one not in call.corp.departments]
    if len(strangers) == len(users) and len(lost) == len(parties):
        raise Refused(40070, "all users and parties are invalid")
    tag.users = list(dict.fromkeys([*tag.users, *(one for one in users if one not in strangers)]))
    tag.parties = list(dict.fromkeys([*tag.parties, *(one for one in parties if one not in lost)]))
    return {"invalidlist": "|".join(strangers), "invalidparty": lost} if strangers or lost else {}


@endpoint("POST", "tag/deltagusers", permission="directory")
def delete_users(call: Call) -> dict[str, Any]:
    """Takes the tag away."""
    tag, users, parties = _tag(call), call.texts("userlist", most=1000, code=40032), call.numbers("partylist", most=100, code=82002)
    tag.users = [one for one in tag.users if one not in users]
    tag.parties = [one for one in tag.parties if one not in parties]
    return {"errmsg": "deleted"}


@endpoint("GET", "tag/list", defaults={"taglist": []}, permission="directory")
def list_(call: Call) -> dict[str, Any]:
    """Every tag."""
    return {"taglist": [{"tagid": id_, "tagname": one.name} for id_, one in call.corp.part(MemberTags).by_id.items()]}


# ------------------------------------------------------------------------------------------------ apps


@endpoint("GET", "agent/get")
def agent_get(call: Call) -> dict[str, Any]:
    """The app as its administrator sees it."""
    if call.number("agentid", code=41011) != call.app.agent_id:
        raise Refused(301002)
    app = call.app
    return {
        **_agent(app),
        "description": "",
        "allow_userinfos": {"user": [{"userid": one} for one in app.users]},
        "allow_partys": {"partyid": list(app.departments)},
        "allow_tags": {"tagid": []},
        "close": 0,
        "redirect_domain": app.trusted_domain,
        "report_location_flag": 0,
        "isreportenter": 0,
        "home_url": "",
        "customized_publish_status": 1,
    }


@endpoint("GET", "agent/list", defaults={"agentlist": []})
def agent_list(call: Call) -> dict[str, Any]:
    """The app of the token."""
    return {"agentlist": [_agent(call.app)]}


@endpoint("POST", "agent/set")
def agent_set(call: Call) -> dict[str, Any]:
    """Changes the app's name and trusted domain."""
    if call.number("agentid", code=41011) != call.app.agent_id:
        raise Refused(301002)
    call.app.name = call.maybe_text("name", call.app.name, most=32)
    call.app.trusted_domain = call.maybe_text("redirect_domain", call.app.trusted_domain)
    return {}


def _agent(app: App) -> dict[str, Any]:
    return {"agentid": app.agent_id, "name": app.name, "square_logo_url": f"https://p.qlogo.cn/bizmail/{app.agent_id}/0"}


def _tag(call: Call) -> MemberTag:
    found = call.corp.part(MemberTags).by_id.get(call.number("tagid", code=41017))
    if found is None:
        raise Refused(40068)
    return found
