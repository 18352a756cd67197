"""获客助手 over HTTP (pages 97297, 97298, 97375): an app sees only the links that it made itself."""

from wecom_simulator.call import Call
from wecom_simulator.corp import derived
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, links, rules, scope
from wecom_simulator.external.state import Fields, Link
from wecom_simulator.wecom import endpoint

_UNKNOWN = 60136
_MEMBERS_MOST = 100
_STATISTIC_DAYS = 180


@endpoint("POST", "externalcontact/customer_acquisition/list_link", defaults={"link_id_list": []}, permission="acquisition", is_read=True)
def list_link(call: Call) -> Fields:
    """List the app's links."""
    own = [link.link_id for link in scope.external_of(call).links.values() if link.agent == str(call.app.agent_id)]
    limit = fields.size(call.body, default=100, most=100, forgiving=True)
    shown, following = rules.page(own, fields.start(call.body, "links"), limit)
    return {"link_id_list": [*shown], "next_cursor": fields.following("links", following)}


@endpoint("POST", "externalcontact/customer_acquisition/get", permission="acquisition", is_read=True)
def get_link(call: Call) -> Fields:
    """Tell a link."""
    link = _link(call)
    shown: Fields = {"link_name": link.fields["link_name"], "url": link.url, "create_time": link.created}
    shown |= {"skip_verify": link.fields["skip_verify"], "mark_source": link.fields["mark_source"]}
    return {"link": shown, "range": link.fields["range"], "priority_option": link.fields["priority_option"]}


@endpoint("POST", "externalcontact/customer_acquisition/create_link", permission="acquisition")
def create_link(call: Call) -> Fields:
    """Make a link."""
    external = scope.external_of(call)
    if len(external.links) >= call.corp.settings.links_max:
        raise Refused(41095)
    kept = _checked(call, call.body)
    link_id = call.world.identifier("cawcde", 16)
    link = Link(link_id, str(call.app.agent_id), f"{call.base}/ca/{derived('ca', link_id, size=18)}", call.now, kept)
    external.links[link_id] = link
    return {"link": {"link_id": link_id, "link_name": kept["link_name"], "url": link.url, "create_time": link.created}}


@endpoint("POST", "externalcontact/customer_acquisition/update_link", permission="acquisition")
def update_link(call: Call) -> Fields:
    """Change what is given."""
    link = _link(call)
    link.fields = _checked(call, {**link.fields, **{name: value for name, value in call.body.items() if name != "link_id"}})
    return {}


@endpoint("POST", "externalcontact/customer_acquisition/delete_link", permission="acquisition")
def delete_link(call: Call) -> Fields:
    """Delete a link; the calling app hears nothing of it."""
    link = _link(call)
    del scope.external_of(call).links[link.link_id]
    links.tell(call.world, call.corp, "delete_link", {"LinkId": link.link_id}, call.app)
    return {}


@endpoint("POST", "externalcontact/customer_acquisition/customer", defaults={"customer_list": []}, permission="acquisition", is_read=True)
def list_link_customers(call: Call) -> Fields:
    """List who came by a link, and whether they have written."""
    link = _link(call)
    limit = fields.size(call.body, default=1000, most=1000, forgiving=True)
    shown, following = rules.page([*link.customers.values()], fields.start(call.body, "link_customers"), limit)
    rows = [
        {"external_userid": one.external_userid, "userid": one.userid, "chat_status": int(one.messages > 0), "state": one.state}
        for one in shown
    ]
    return {"customer_list": rows, "next_cursor": fields.following("link_customers", following)}


@endpoint("POST", "externalcontact/customer_acquisition/statistic", permission="acquisition", is_read=True)
def link_statistic(call: Call) -> Fields:
    """Count clicks and new customers of a time."""
    link = _link(call)
    first, last = fields.span(call.body, most_days=_STATISTIC_DAYS)
    days = range(rules.day_of(first), rules.day_of(last) + 1)
    return {
        "click_link_customer_cnt": sum(link.clicks.get(day, 0) for day in days),
        "new_customer_cnt": sum(link.arrivals.get(day, 0) for day in days),
    }


@endpoint("POST", "externalcontact/customer_acquisition/get_chat_info", permission="acquisition", is_read=True)
def get_chat_info(call: Call) -> Fields:
    """Tell what a key of a message event stands for, for half an hour."""
    external = scope.external_of(call)
    known = external.chat_keys.get(fields.text(call.body, "chat_key", missing=fields.BAD))
    if known is None or call.now - known[0] > links.CHAT_KEY_SECONDS or known[1] not in external.links:
        raise Refused(_UNKNOWN)
    _, link_id, customer = known
    one = external.links[link_id].customers[customer]
    chat = {"recv_msg_cnt": one.messages, "link_id": link_id, "state": one.state}
    return {"userid": one.userid, "external_userid": customer, "chat_info": chat}


@endpoint("GET", "externalcontact/customer_acquisition_quota", defaults={"quota_list": []}, permission="acquisition")
def acquisition_quota(call: Call) -> Fields:
    """Tell what was bought and what is left, the next to expire first."""
    lots = sorted(links.quota(call.world, call.corp), key=lambda lot: lot.expires)
    return {
        "total": sum(lot.total for lot in lots),
        "balance": sum(lot.balance for lot in lots),
        "quota_list": [{"expire_date": lot.expires, "balance": lot.balance} for lot in lots],
    }


def _link(call: Call) -> Link:
    found = scope.external_of(call).links.get(fields.text(call.body, "link_id", missing=fields.BAD))
    if found is None or found.agent != str(call.app.agent_id):
        raise Refused(_UNKNOWN)
    return found


def _checked(call: Call, body: Fields) -> Fields:
    asked = fields.part(body, "range", missing=40063)
    users = fields.texts(asked, "user_list", most=_MEMBERS_MOST)
    departments = fields.numbers(asked, "department_list")
    if not users and not departments:
        raise Refused(40063)
    if any(department not in call.corp.departments for department in departments):
        raise Refused(60123)
    for userid in users:
        scope.usable(call, userid)
    if len(scope.expanded(call, users, departments)) > _MEMBERS_MOST:
        raise Refused(41041)
    priority: Fields = {}
    if option := fields.part(body, "priority_option"):
        priority = {"priority_type": fields.whole(option, "priority_type", 1, least=1, most=2)}
        if priority["priority_type"] == 2:
            priority["priority_userid_list"] = fields.texts(option, "priority_userid_list", missing=40063)
    return {
        "link_name": fields.text(body, "link_name", most_bytes=90, missing=40063),
        "range": {"user_list": users, "department_list": departments},
        "skip_verify": fields.flag(body, "skip_verify", default=True),
        "priority_option": priority,
        "mark_source": fields.flag(body, "mark_source", default=True),
    }
