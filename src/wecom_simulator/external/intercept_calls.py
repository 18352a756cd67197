"""敏感词 rules (page 95097) and how the subscribers of a school are asked (page 92318)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, scope
from wecom_simulator.external.state import Fields, Store
from wecom_simulator.wecom import endpoint

_WORDS_MOST, _WORD_MOST = 300, 32
_SEMANTICS = frozenset({1, 2, 3})
_RANGE_MOST = 1000


@endpoint("POST", "externalcontact/add_intercept_rule", permission="customer")
def add_intercept_rule(call: Call) -> Fields:
    """Keep a rule."""
    external = scope.external_of(call)
    if len(external.intercepts) >= call.corp.settings.intercept_rules_max:
        raise Refused(41069)
    kept = _checked(call, call.body, "")
    rule_id = call.world.identifier("rule", 28)
    external.intercepts[rule_id] = Store(str(call.app.agent_id), call.now, kept)
    return {"rule_id": rule_id}


@endpoint("GET", "externalcontact/get_intercept_rule_list", defaults={"rule_list": []}, permission="customer")
def get_intercept_rule_list(call: Call) -> Fields:
    """List the rules."""
    rules = scope.external_of(call).intercepts
    return {"rule_list": [{"rule_id": id_, "rule_name": one.fields["rule_name"], "create_time": one.created} for id_, one in rules.items()]}


@endpoint("POST", "externalcontact/get_intercept_rule", permission="customer", is_read=True)
def get_intercept_rule(call: Call) -> Fields:
    """Tell a rule."""
    rule_id, found = _rule(call)
    shown = {name: value for name, value in found.fields.items() if name != "semantics_list"}
    return {"rule": {"rule_id": rule_id, **shown, "extra_rule": {"semantics_list": found.fields["semantics_list"]}}}


@endpoint("POST", "externalcontact/update_intercept_rule", permission="customer")
def update_intercept_rule(call: Call) -> Fields:
    """Change words and semantics, and add to or take from the range."""
    rule_id, found = _rule(call)
    body = call.body
    applicable: Fields = {name: [*found.fields["applicable_range"][name]] for name in ("user_list", "department_list")}
    added, removed = fields.part(body, "add_applicable_range"), fields.part(body, "remove_applicable_range")
    for name, kept in applicable.items():
        kept += [one for one in added.get(name, ()) if one not in kept]
        applicable[name] = [one for one in kept if one not in removed.get(name, ())]
    changed: Fields = {name: body[name] for name in ("rule_name", "word_list", "intercept_type") if name in body}
    if "extra_rule" in body:
        changed["semantics_list"] = fields.part(body, "extra_rule").get("semantics_list", [])
    found.fields = _checked(call, {**found.fields, **changed, "applicable_range": applicable}, rule_id)
    return {}


@endpoint("POST", "externalcontact/del_intercept_rule", permission="customer")
def del_intercept_rule(call: Call) -> Fields:
    """Delete a rule."""
    rule_id, _ = _rule(call)
    del scope.external_of(call).intercepts[rule_id]
    return {}


@endpoint("GET", "externalcontact/get_subscribe_mode", permission="customer")
def get_subscribe_mode(call: Call) -> Fields:
    """Tell how parents subscribe."""
    return {"subscribe_mode": scope.external_of(call).subscribe_mode}


@endpoint("POST", "externalcontact/set_subscribe_mode", permission="customer")
def set_subscribe_mode(call: Call) -> Fields:
    """Set how parents subscribe."""
    scope.external_of(call).subscribe_mode = fields.whole(call.body, "subscribe_mode", 0, least=1, most=2)
    return {}


@endpoint("GET", "externalcontact/get_subscribe_qr_code", permission="customer")
def get_subscribe_qr_code(call: Call) -> Fields:
    """Tell the code by which parents subscribe, in three sizes."""
    base = f"http://p.qpic.cn/wwhead/{call.corp.corpid}"
    return {"qrcode_big": f"{base}/0", "qrcode_middle": f"{base}/600", "qrcode_thumb": f"{base}/100"}


def _rule(call: Call) -> tuple[str, Store]:
    rule_id = fields.text(call.body, "rule_id", missing=41070)
    found = scope.external_of(call).intercepts.get(rule_id)
    if found is None:
        raise Refused(41070)
    return rule_id, found


def _checked(call: Call, body: Fields, own: str) -> Fields:
    name = fields.text(body, "rule_name", most=20, missing=40063)
    if any(one.fields["rule_name"] == name for id_, one in scope.external_of(call).intercepts.items() if id_ != own):
        raise Refused(41077)
    words = fields.texts(body, "word_list", most=_WORDS_MOST, missing=41068, bad=41068)
    if not all(1 <= len(word) <= _WORD_MOST for word in words):
        raise Refused(41083)
    semantics = fields.numbers(body, "semantics_list")
    if not _SEMANTICS.issuperset(semantics):
        raise Refused(41084)
    applicable = fields.part(body, "applicable_range", missing=41076)
    users, departments = fields.texts(applicable, "user_list"), fields.numbers(applicable, "department_list")
    if not (users or departments) or len(users) > _RANGE_MOST:
        raise Refused(41076)
    return {
        "rule_name": name,
        "word_list": words,
        "semantics_list": semantics,
        "intercept_type": fields.whole(body, "intercept_type", 0, least=1, most=2),
        "applicable_range": {"user_list": users, "department_list": departments},
    }
