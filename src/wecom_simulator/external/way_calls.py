"""「联系我」: codes and buttons by which customers add members (pages 92228, 92572)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import content, fields, rules, scope
from wecom_simulator.external.state import ContactWay, External, Fields
from wecom_simulator.wecom import endpoint

_USERS_MOST = 100
_WEEK, _FORTNIGHT = 7 * rules.DAY, 14 * rules.DAY
# Ways made before this day (2021-07-10) are not listed.
_LISTED_SINCE = 1_625_846_400


@endpoint("POST", "externalcontact/add_contact_way", permission="customer")
def add_contact_way(call: Call) -> Fields:
    """Make a way; only one of scene 2 has a code."""
    external, body = scope.external_of(call), call.body
    kind = fields.whole(body, "type", 0, bad=41039)
    scene = fields.whole(body, "scene", 0, bad=41040)
    for value, most, missing, bad in ((kind, 2, 41037, 41039), (scene, 2, 41038, 41040)):
        if value == 0:
            raise Refused(missing)
        if value > most:
            raise Refused(bad)
    kept = _checked(call, kind, scene, body)
    _room(call, external, is_temporary=kept["is_temp"])
    way = ContactWay(call.world.identifier("", 32), call.now, kind, scene, kept)
    if scene == 2:
        way.qr_code = f"{call.base}/wwhead/{way.config_id}/0"
    external.ways[way.config_id] = way
    return {"config_id": way.config_id, **({"qr_code": way.qr_code} if way.qr_code else {})}


@endpoint("POST", "externalcontact/get_contact_way", permission="customer", is_read=True)
def get_contact_way(call: Call) -> Fields:
    """Tell a way as it was made."""
    way = _way(call)
    shown: Fields = {"config_id": way.config_id, "type": way.type, "scene": way.scene, **way.fields}
    if way.qr_code:
        shown["qr_code"] = way.qr_code
    return {"contact_way": shown}


@endpoint("POST", "externalcontact/list_contact_way", defaults={"contact_way": []}, permission="customer", is_read=True)
def list_contact_way(call: Call) -> Fields:
    """List the ways of a time; temporary ones are not among them."""
    body = call.body
    first = max(fields.whole(body, "start_time", call.now - rules.QUARTER), _LISTED_SINCE)
    last = fields.whole(body, "end_time", call.now)
    ways = [way for way in scope.external_of(call).ways.values() if first <= way.created <= last and not way.fields["is_temp"]]
    shown, following = rules.page(ways, fields.start(body, "ways"), fields.size(body, default=100, most=1000))
    return {"contact_way": [{"config_id": way.config_id} for way in shown], "next_cursor": fields.following("ways", following)}


@endpoint("POST", "externalcontact/update_contact_way", permission="customer")
def update_contact_way(call: Call) -> Fields:
    """Overwrite remark, users and departments, and whatever else is given; type and scene stay."""
    way, body = _way(call), call.body
    merged = {**{name: value for name, value in way.fields.items() if name not in {"remark", "user", "party"}}, **body}
    merged["is_temp"] = way.fields["is_temp"]
    way.fields = _checked(call, way.type, way.scene, merged)
    return {}


@endpoint("POST", "externalcontact/del_contact_way", permission="customer")
def del_contact_way(call: Call) -> Fields:
    """Delete a way; whoever scans its code then finds nothing."""
    del scope.external_of(call).ways[_way(call).config_id]
    return {}


@endpoint("POST", "externalcontact/close_temp_chat", permission="customer")
def close_temp_chat(call: Call) -> Fields:
    """End a temporary session, which only medical corps have."""
    userid, customer = fields.text(call.body, "userid"), fields.text(call.body, "external_userid")
    scope.pair(call, userid, customer)
    return {}


def _way(call: Call) -> ContactWay:
    found = scope.external_of(call).ways.get(fields.text(call.body, "config_id", missing=41043))
    if found is None:
        raise Refused(41044)
    return found


def _checked(call: Call, kind: int, scene: int, body: Fields) -> Fields:
    users, departments = fields.texts(body, "user"), fields.numbers(body, "party")
    if kind == 1 and len(users) != 1:
        raise Refused(40058, "a single contact way has exactly one user")
    if kind == 1 and departments:
        raise Refused(40058, "a single contact way has no party")
    if any(department not in call.corp.departments for department in departments):
        raise Refused(60123)
    if not users and not departments:
        raise Refused(40063)
    for userid in users:
        scope.usable(call, userid)
    if len(scope.expanded(call, users, departments)) > _USERS_MOST:
        raise Refused(41041)
    is_temporary = fields.flag(body, "is_temp", default=False)
    kept: Fields = {
        "remark": fields.text(body, "remark", most=30),
        "skip_verify": fields.flag(body, "skip_verify", default=True),
        "state": fields.text(body, "state", most=30),
        "user": users,
        "party": departments,
        "is_temp": is_temporary,
        "is_exclusive": fields.flag(body, "is_exclusive", default=False),
        "mark_source": fields.flag(body, "mark_source", default=True),
    }
    if scene == 1:
        kept["style"] = fields.whole(body, "style", 1, least=1, most=3, bad=41042)
    return {**kept, **_temporary(call, kind, body)} if is_temporary else kept


def _temporary(call: Call, kind: int, body: Fields) -> Fields:
    if not call.corp.settings.may_use_temporary_ways or kind != 1:
        raise Refused(48002)
    kept: Fields = {
        "expires_in": fields.whole(body, "expires_in", _WEEK, most=_FORTNIGHT),
        "chat_expires_in": fields.whole(body, "chat_expires_in", rules.DAY, most=_FORTNIGHT),
        "unionid": fields.text(body, "unionid"),
    }
    if body.get("conclusions"):
        kept["conclusions"] = content.single(call, fields.part(body, "conclusions"), text_bytes=4000)
    return kept


def _room(call: Call, external: External, *, is_temporary: bool) -> None:
    settings = call.corp.settings
    if is_temporary:
        today = rules.midnight(rules.day_of(call.now))
        made = sum(1 for way in external.ways.values() if way.fields["is_temp"] and way.created >= today)
        most = settings.temporary_ways_per_day
    else:
        # Codes into groups count in the same number. Hardly any way is temporary, so that they need not be told apart.
        made = len(external.ways) + len(external.join_ways)
        most = settings.ways_max
    if made >= most:
        raise Refused(41045)
