"""「加入群聊」: codes that lead into one of up to five groups (page 92229)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, scope
from wecom_simulator.external.state import Fields, JoinWay
from wecom_simulator.wecom import endpoint

_REMARK_KEPT = 30
_GROUPS_MOST = 5


@endpoint("POST", "externalcontact/groupchat/add_join_way", permission="customer")
def add_join_way(call: Call) -> Fields:
    """Make a way; its code is told by get_join_way."""
    external = scope.external_of(call)
    if len(external.ways) + len(external.join_ways) >= call.corp.settings.ways_max:
        raise Refused(41045)
    chat_ids, kept = _checked(call)
    way = JoinWay(call.world.identifier("", 32), str(call.app.agent_id), kept, chat_ids, int(kept["room_base_id"]))
    way.qr_code = f"{call.base}/wwpic/join/{way.config_id}/0"
    external.join_ways[way.config_id] = way
    return {"config_id": way.config_id}


@endpoint("POST", "externalcontact/groupchat/get_join_way", permission="customer", is_read=True)
def get_join_way(call: Call) -> Fields:
    """Tell a way with its code."""
    way = _way(call)
    return {"join_way": {"config_id": way.config_id, **way.fields, "chat_id_list": [*way.chat_ids], "qr_code": way.qr_code}}


@endpoint("POST", "externalcontact/groupchat/update_join_way", permission="customer")
def update_join_way(call: Call) -> Fields:
    """Overwrite a way; its code stays."""
    way = _way(call)
    way.chat_ids, way.fields = _checked(call)
    way.next_number = max(way.next_number, int(way.fields["room_base_id"]))
    return {}


@endpoint("POST", "externalcontact/groupchat/del_join_way", permission="customer")
def del_join_way(call: Call) -> Fields:
    """Delete a way; its code then leads nowhere."""
    del scope.external_of(call).join_ways[_way(call).config_id]
    return {}


def _way(call: Call) -> JoinWay:
    found = scope.external_of(call).join_ways.get(fields.text(call.body, "config_id", missing=41043))
    if found is None:
        raise Refused(41044)
    return found


def _checked(call: Call) -> tuple[list[str], Fields]:
    body = call.body
    chat_ids = fields.texts(body, "chat_id_list", most=_GROUPS_MOST, missing=40063, bad=41091)
    for chat_id in chat_ids:
        scope.group(call, chat_id)
    scene = fields.whole(body, "scene", 0, bad=41040)
    if scene not in {1, 2}:
        raise Refused(41040 if scene else 41038)
    kept: Fields = {
        "scene": scene,
        "remark": fields.text(body, "remark")[:_REMARK_KEPT],
        "auto_create_room": fields.whole(body, "auto_create_room", 1, most=1),
        "room_base_name": fields.text(body, "room_base_name", most=40),
        "room_base_id": fields.whole(body, "room_base_id", 1),
        "state": fields.text(body, "state", most=30),
        "mark_source": fields.flag(body, "mark_source", default=True),
    }
    return chat_ids, kept
