"""规则组: who may do what with which members' customers and moments (pages 94883, 94890).

Both kinds have the same six endpoints and differ in their privileges.
"""

from collections.abc import Callable
from dataclasses import dataclass

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, rules, scope
from wecom_simulator.external.state import Fields, Store
from wecom_simulator.wecom import endpoint

_UNKNOWN = 60136

_CUSTOMER_PRIVILEGES = (
    "view_customer_list", "view_customer_data", "view_room_list", "contact_me", "join_room", "share_customer",
    "oper_resign_customer", "oper_resign_group", "send_customer_msg", "edit_welcome_msg", "view_behavior_data",
    "view_room_data", "send_group_msg", "room_deduplication", "rapid_reply", "onjob_customer_transfer",
    "edit_anti_spam_rule", "export_customer_list", "export_customer_data", "export_customer_group_list",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kind:
    path: str
    shelf: str
    privileges: tuple[str, ...]

    def kept(self, call: Call) -> dict[str, Store]:
        """Give the rule groups of this kind."""
        found: dict[str, Store] = getattr(scope.external_of(call), self.shelf)
        return found


def _list(call: Call, kind: _Kind) -> Fields:
    limit = fields.size(call.body, default=1000, most=1000, forgiving=True)
    shown, following = rules.page([*kind.kept(call)], fields.start(call.body, kind.shelf), limit)
    return {"strategy": [{"strategy_id": int(id_)} for id_ in shown], "next_cursor": fields.following(kind.shelf, following)}


def _get(call: Call, kind: _Kind) -> Fields:
    id_, found = _strategy(call, kind)
    shown = {name: value for name, value in found.fields.items() if name != "range"}
    return {"strategy": {"strategy_id": int(id_), "create_time": found.created, **shown}}


def _get_range(call: Call, kind: _Kind) -> Fields:
    _, found = _strategy(call, kind)
    limit = fields.size(call.body, default=1000, most=1000, forgiving=True)
    shown, following = rules.page(found.fields["range"], fields.start(call.body, "range"), limit)
    return {"range": [*shown], "next_cursor": fields.following("range", following)}


def _create(call: Call, kind: _Kind) -> Fields:
    kept = kind.kept(call)
    parent = fields.whole(call.body, "parent_id", 0)
    if parent and str(parent) not in kept:
        raise Refused(_UNKNOWN)
    made: Fields = {"parent_id": parent, **_checked(call, call.body, kind), "range": fields.parts(call.body, "range")}
    id_ = max((int(one) for one in kept), default=0) + 1
    kept[str(id_)] = Store(str(call.app.agent_id), call.now, made)
    return {"strategy_id": id_}


def _edit(call: Call, kind: _Kind) -> Fields:
    _, found = _strategy(call, kind)
    removed = fields.parts(call.body, "range_del")
    reach = [one for one in found.fields["range"] if one not in removed]
    reach += [one for one in fields.parts(call.body, "range_add") if one not in reach]
    given: Fields = {name: call.body[name] for name in ("strategy_name", "admin_list", "privilege") if name in call.body}
    merged: Fields = {**found.fields, **given}
    found.fields = {**found.fields, **_checked(call, merged, kind), "range": reach}
    return {}


def _del(call: Call, kind: _Kind) -> Fields:
    id_, _ = _strategy(call, kind)
    del kind.kept(call)[id_]
    return {}


def _strategy(call: Call, kind: _Kind) -> tuple[str, Store]:
    id_ = str(fields.whole(call.body, "strategy_id", 0, least=1))
    found = kind.kept(call).get(id_)
    if found is None:
        raise Refused(_UNKNOWN)
    return id_, found


def _checked(call: Call, body: Fields, kind: _Kind) -> Fields:
    admins = fields.texts(body, "admin_list", most=20, missing=40063)
    for userid in admins:
        call.seen_staff(userid)
    privilege = fields.part(body, "privilege")
    return {
        "strategy_name": fields.text(body, "strategy_name", missing=40063),
        "admin_list": admins,
        "privilege": {name: fields.flag(privilege, name, default=True) for name in kind.privileges},
    }


_DOINGS: dict[str, Callable[[Call, _Kind], Fields]] = {
    "list": _list,
    "get": _get,
    "get_range": _get_range,
    "create": _create,
    "edit": _edit,
    "del": _del,
}


def _declare(kind: _Kind, name: str, doing: Callable[[Call, _Kind], Fields]) -> None:
    @endpoint("POST", f"externalcontact/{kind.path}/{name}", permission="customer", is_read=name in {"list", "get", "get_range"})
    def run(call: Call) -> Fields:
        return doing(call, kind)


for _kind in (
    _Kind("customer_strategy", "strategies", _CUSTOMER_PRIVILEGES),
    _Kind("moment_strategy", "moment_strategies", ("send_moment", "view_moment_list")),
):
    for _name, _doing in _DOINGS.items():
        _declare(_kind, _name, _doing)
