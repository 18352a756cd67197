"""The welcome message (page 92137), within twenty seconds and once, and templates for groups (page 93353)."""

import time

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import content, fields, friends, scope
from wecom_simulator.external.state import Fields, Store, Welcome
from wecom_simulator.wecom import endpoint

_INVALID, _CHATTING = 41050, 41051


@endpoint("POST", "externalcontact/send_welcome_msg", permission="customer")
def send_welcome_msg(call: Call) -> Fields:
    """Send it: the first app wins, and neither a late code nor one of a chat already begun is good."""
    external = scope.external_of(call)
    code = external.welcomes.get(fields.text(call.body, "welcome_code", missing=41049))
    if code is None or _age(call, code) > call.corp.settings.welcome_seconds:
        raise Refused(_INVALID)
    relation = friends.relation_of(external, code.userid, code.external_userid)
    if code.used_by or relation is None or relation.chatted_at >= code.at:
        raise Refused(_CHATTING)
    message = content.of_message(call, call.body)
    code.used_by = str(call.app.agent_id)
    friends.receive(external, call.now, "welcome", relation, message)
    return {}


@endpoint("POST", "externalcontact/group_welcome_template/add", permission="customer")
def add_group_template(call: Call) -> Fields:
    """Keep a template, of at most a hundred."""
    external = scope.external_of(call)
    if len(external.group_templates) >= call.corp.settings.group_templates_max:
        raise Refused(41055)
    template_id = call.world.identifier("msg", 28)
    external.group_templates[template_id] = Store(str(call.app.agent_id), call.now, content.single(call, call.body))
    return {"template_id": template_id}


@endpoint("POST", "externalcontact/group_welcome_template/edit", permission="customer")
def edit_group_template(call: Call) -> Fields:
    """Overwrite a template of this app's own."""
    _template(call, own=True).fields = content.single(call, call.body)
    return {}


@endpoint("POST", "externalcontact/group_welcome_template/get", permission="customer", is_read=True)
def get_group_template(call: Call) -> Fields:
    """Tell a template."""
    return {**_template(call).fields}


@endpoint("POST", "externalcontact/group_welcome_template/del", permission="customer")
def del_group_template(call: Call) -> Fields:
    """Delete a template of this app's own."""
    _template(call, own=True)
    del scope.external_of(call).group_templates[fields.text(call.body, "template_id")]
    return {}


def _age(call: Call, code: Welcome) -> float:
    return time.time() - code.made_at if call.corp.settings.welcome_by_machine else call.now - code.at


def _template(call: Call, *, own: bool = False) -> Store:
    found = scope.external_of(call).group_templates.get(fields.text(call.body, "template_id", missing=40058))
    if found is None:
        raise Refused(60136)
    if own and found.agent != str(call.app.agent_id):
        raise Refused(41058)
    return found
