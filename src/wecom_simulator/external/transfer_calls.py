"""在职继承 and 离职继承 over HTTP (pages 92125, 94088, 94081, 94082, 92124)."""

from wecom_simulator.call import Call
from wecom_simulator.errors import Refused
from wecom_simulator.external import fields, rules, scope, transfers
from wecom_simulator.external.state import Fields, Json, Transfer
from wecom_simulator.wecom import endpoint

_CUSTOMERS_MOST = 100
_PAGE = 1000
_TICKET_SECONDS = 365 * rules.DAY


@endpoint("POST", "externalcontact/transfer_customer", defaults={"customer": []}, permission="customer")
def transfer_customer(call: Call) -> Fields:
    """Start handing on customers of a member in service."""
    message = fields.text(call.body, "transfer_success_msg", most=200)
    return _started(call, has_left=False, message=message)


@endpoint("POST", "externalcontact/transfer_result", defaults={"customer": []}, permission="customer", is_read=True)
def transfer_result(call: Call) -> Fields:
    """Tell how far those are."""
    return _results(call, has_left=False)


@endpoint("POST", "externalcontact/resigned/transfer_customer", defaults={"customer": []}, permission="customer")
def resigned_transfer_customer(call: Call) -> Fields:
    """Start handing on customers of a member who has left."""
    return _started(call, has_left=True, message="")


@endpoint("POST", "externalcontact/resigned/transfer_result", defaults={"customer": []}, permission="customer", is_read=True)
def resigned_transfer_result(call: Call) -> Fields:
    """Tell how far those are."""
    return _results(call, has_left=True)


@endpoint("POST", "externalcontact/get_unassigned_list", defaults={"info": []}, permission="customer", is_read=True)
def get_unassigned_list(call: Call) -> Fields:
    """List the customers whom members left behind."""
    left = scope.external_of(call).unassigned
    rows = [{"handover_userid": userid, "external_userid": one, "dimission_time": at} for (userid, one), at in left.items()]
    size = fields.whole(call.body, "page_size", _PAGE, least=1, most=_PAGE)
    cursor = fields.text(call.body, "cursor")
    first = fields.start(call.body, "unassigned") if cursor else fields.whole(call.body, "page_id", 0) * size
    shown, following = rules.page(rows, first, size)
    return {"info": [*shown], "is_last": not following, "next_cursor": fields.following("unassigned", following)}


def _started(call: Call, *, has_left: bool, message: str) -> Fields:
    handover, takeover = _members(call, has_left=has_left)
    named = fields.texts(call.body, "external_userid", most=_CUSTOMERS_MOST, missing=41035)
    rows: list[Json] = []
    for one in named:
        code = transfers.obstacle(call.world, call.corp, handover, takeover, one) or (-1 if call.fails() else 0)
        if not code:
            transfer = Transfer(handover, takeover, one, call.now, 0, has_left=has_left, message=message)
            transfers.start(call.world, call.corp, transfer)
            scope.external_of(call).unassigned.pop((handover, one), None)
        rows.append({"external_userid": one, "errcode": code})
    return {"customer": rows}


def _members(call: Call, *, has_left: bool) -> tuple[str, str]:
    handover = call.staff("handover_userid")
    takeover = call.staff("takeover_userid")
    if handover.userid == takeover.userid:
        raise Refused(40130)
    if has_left:
        if handover.status != 5:
            raise Refused(40097)
        if handover.wechat_login_at and handover.left_at - handover.wechat_login_at > _TICKET_SECONDS:
            raise Refused(40205)
    elif handover.status == 5:
        raise Refused(60111)
    if not takeover.is_active:
        raise Refused(41054)
    if not takeover.is_real_name:
        raise Refused(40098)
    return handover.userid, takeover.userid


def _results(call: Call, *, has_left: bool) -> Fields:
    handover, takeover = call.staff("handover_userid").userid, call.staff("takeover_userid").userid
    known = scope.external_of(call).transfers.get((handover, takeover), {})
    found = [transfer for transfer in known.values() if transfer.has_left == has_left]
    shown, following = rules.page(found, fields.start(call.body, "transfers"), _PAGE)
    rows = [_row(transfer) for transfer in shown]
    return {"customer": rows, "next_cursor": fields.following("transfers", following)}


def _row(transfer: Transfer) -> Fields:
    at = transfer.due if transfer.status in {transfers.DONE, transfers.WAITING} else 0
    return {"external_userid": transfer.external_userid, "status": transfer.status, "takeover_time": at}
