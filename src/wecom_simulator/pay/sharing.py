"""Profit sharing: who may receive, what of a paid order goes to whom, what is released, what comes back."""

from typing import Any

from wecom_simulator.pay import errors, notices, refunds
from wecom_simulator.pay.desk import REFUND_NO, Desk, rfc3339
from wecom_simulator.pay.state import Merchant, Order, Share, ShareReturn, Sharing

KINDS = ("MERCHANT_ID", "PERSONAL_OPENID", "PERSONAL_SUB_OPENID")
RELATIONS = (
    "SERVICE_PROVIDER",
    "STORE",
    "STAFF",
    "STORE_OWNER",
    "PARTNER",
    "HEADQUARTER",
    "BRAND",
    "DISTRIBUTOR",
    "USER",
    "SUPPLIER",
    "CUSTOM",
)
RECEIVERS_MAX = 50
REQUESTS_MAX = 50


def add_receiver(desk: Desk) -> dict[str, Any]:
    """Make somebody known who may receive a part."""
    appid = desk.appid()
    kind = _kind(desk.field("type"), "type")
    account = desk.text("account", longest=64)
    relation = desk.text("relation_type", longest=32)
    if relation not in RELATIONS:
        raise errors.bad_parameter("relation_type", "取值不在允许范围内", relation)
    if relation == "CUSTOM":
        desk.text("custom_relation", longest=10)
    sealed = desk.text("name", longest=10240, required=kind == "MERCHANT_ID")
    name = desk.name(sealed) if sealed else ""
    receiver = {"type": kind, "account": account, "relation_type": relation}
    if desk.field("custom_relation"):
        receiver["custom_relation"] = str(desk.field("custom_relation"))
    desk.merchant.receivers[f"{kind}:{account}"] = {**receiver, "appid": appid, "name": name}
    return {**receiver, **({"name": sealed} if sealed else {})}


def delete_receiver(desk: Desk) -> dict[str, Any]:
    """Take somebody off the list; nobody being there is no error."""
    desk.appid()
    kind, account = _kind(desk.field("type"), "type"), desk.text("account", longest=64)
    desk.merchant.receivers.pop(f"{kind}:{account}", None)
    return {"type": kind, "account": account}


def create(desk: Desk) -> dict[str, Any]:
    """Share out a part of a paid order; the same number with the same fields answers what became of it."""
    desk.count("sharing", desk.limits.sharings_per_second)
    appid = desk.appid()
    out_order_no = desk.text("out_order_no", longest=64, pattern=REFUND_NO)
    order = _order(desk)
    known = _known(desk, out_order_no)
    if known:
        return told(known)
    if not isinstance(desk.field("unfreeze_unsplit"), bool):
        raise errors.bad_parameter("unfreeze_unsplit", "此字段必填")
    shares = [_share(desk, index, row, appid) for index, row in enumerate(_receivers(desk))]
    _check(desk, order, sum(share.amount for share in shares))
    sharing = _start(desk, out_order_no, order, shares, releases=bool(desk.field("unfreeze_unsplit")))
    order.shared += sum(share.amount for share in shares)
    order.sharings += 1
    return told(sharing)


def query(desk: Desk) -> dict[str, Any]:
    """A sharing by the merchant's number."""
    sharing = _found(desk.merchant, desk.path["out_order_no"])
    if desk.query.get("transaction_id") != sharing.transaction_id:
        raise errors.not_found("记录不存在")
    return told(sharing)


def unfreeze(desk: Desk) -> dict[str, Any]:
    """Release the rest of an order to the merchant."""
    out_order_no = desk.text("out_order_no", longest=64, pattern=REFUND_NO)
    description = desk.text("description", longest=80)
    order = _order(desk)
    known = _known(desk, out_order_no)
    if known:
        return told(known)
    left = refunds.unsplit(desk.merchant, order)
    if left <= 0:
        raise errors.Refused(403, "NOT_ENOUGH", "分账金额不足")
    own = Share("MERCHANT_ID", desk.merchant.mchid, left, description, f"36{desk.digits(26)}", created_at=desk.now)
    return told(_start(desk, out_order_no, order, [own], releases=True))


def give_back(desk: Desk) -> dict[str, Any]:
    """A merchant who received returns a part."""
    out_return_no = desk.text("out_return_no", longest=64, pattern=REFUND_NO)
    return_mchid, amount = desk.text("return_mchid", longest=32), desk.cents("amount")
    description = desk.text("description", longest=80)
    known = desk.merchant.returns.get(out_return_no)
    if known:
        if (known.return_mchid, known.amount) != (return_mchid, amount):
            raise errors.invalid("请求重入时，参数与首次请求时不一致")
        return _return_told(known)
    sharing = _returned_sharing(desk)
    share = next((one for one in sharing.shares if one.account == return_mchid and one.kind == "MERCHANT_ID"), None)
    if share is None or share.result != "SUCCESS":
        raise errors.invalid("回退方不是该分账单的接收方，或分账未完成")
    if amount > share.amount - share.returned:
        raise errors.invalid("回退金额超过可回退金额")
    share.returned += amount
    returned = ShareReturn(
        out_return_no, f"3008{desk.digits(24)}", sharing.out_order_no, sharing.order_id, return_mchid, amount, description, desk.now
    )
    desk.merchant.returns[out_return_no] = returned
    desk.pay.later(desk.now + desk.limits.share_seconds, "share_return", desk.merchant.mchid, out_return_no)
    return _return_told(returned)


def query_return(desk: Desk) -> dict[str, Any]:
    """A return by the merchant's number."""
    returned = desk.merchant.returns.get(desk.path["out_return_no"])
    if returned is None or desk.query.get("out_order_no") != returned.out_order_no:
        raise errors.not_found("记录不存在")
    return _return_told(returned)


def amounts(desk: Desk) -> dict[str, Any]:
    """What is left of an order to share out."""
    order = desk.merchant.orders.get(desk.merchant.transactions.get(desk.path["transaction_id"], ""))
    if order is None:
        raise errors.not_found("订单不存在")
    return {"transaction_id": order.transaction_id, "unsplit_amount": refunds.unsplit(desk.merchant, order)}


def max_ratio(desk: Desk) -> dict[str, Any]:
    """How much of an order may be shared out, in ten-thousandths."""
    merchant = desk.pay.merchants.get(desk.path["sub_mchid"])
    if merchant is None:
        raise errors.not_found("商户不存在", "MCH_NOT_EXISTS")
    return {"sub_mchid": merchant.mchid, "max_ratio": merchant.max_ratio}


def finish(desk: Desk, sharing: Sharing) -> None:
    """The parts arrive, or some of them cannot; the rest is released if that was asked."""
    order = desk.merchant.orders[desk.merchant.transactions[sharing.transaction_id]]
    own = {desk.merchant.mchid}
    for share in sharing.shares:
        share.finished_at = desk.now
        if share.account not in own and desk.faults.strikes("share_fails", desk.rng):
            share.result, share.fail_reason = "CLOSED", "ACCOUNT_ABNORMAL"
            order.shared -= share.amount
            continue
        share.result = "SUCCESS"
        if share.account not in own:
            _receive(desk, share)
            _tell(desk, sharing, share)
    sharing.state = "FINISHED"
    if sharing.releases:
        release(desk, order)


def release(desk: Desk, order: Order) -> None:
    """What was not shared out is the merchant's."""
    if not order.is_released:
        desk.merchant.available += refunds.unsplit(desk.merchant, order)
        order.is_released = True


def finish_return(desk: Desk, returned: ShareReturn) -> None:
    """The money of a return comes back, or cannot."""
    returned.finished_at = desk.now
    sharing = desk.merchant.sharings[returned.out_order_no]
    share = next(one for one in sharing.shares if one.account == returned.return_mchid)
    giver = desk.pay.merchants.get(returned.return_mchid)
    if giver and giver.available < returned.amount:
        returned.result, returned.fail_reason = "FAILED", "PAYER_ACCOUNT_ABNORMAL"
        share.returned -= returned.amount
        return
    if giver:
        giver.available -= returned.amount
    returned.result = "SUCCESS"
    order = desk.merchant.orders[desk.merchant.transactions[sharing.transaction_id]]
    order.shared -= returned.amount
    if order.is_released:
        desk.merchant.available += returned.amount


def told(sharing: Sharing) -> dict[str, Any]:
    """A sharing as it is told."""
    receivers = []
    for share in sharing.shares:
        row: dict[str, Any] = {
            "amount": share.amount,
            "description": share.description,
            "type": share.kind,
            "account": share.account,
            "result": share.result,
            "create_time": rfc3339(share.created_at),
            "detail_id": share.detail_id,
        }
        if share.finished_at:
            row["finish_time"] = rfc3339(share.finished_at)
        if share.fail_reason:
            row["fail_reason"] = share.fail_reason
        receivers.append(row)
    return {
        "transaction_id": sharing.transaction_id,
        "out_order_no": sharing.out_order_no,
        "order_id": sharing.order_id,
        "state": sharing.state,
        "receivers": receivers,
    }


def _start(desk: Desk, out_order_no: str, order: Order, shares: list[Share], *, releases: bool) -> Sharing:
    order_id = f"3008{desk.digits(24)}"
    sharing = Sharing(out_order_no, order_id, order.transaction_id, desk.body, shares, desk.now, releases=releases)
    desk.merchant.sharings[out_order_no] = sharing
    desk.pay.later(desk.now + desk.limits.share_seconds, "sharing", desk.merchant.mchid, out_order_no)
    return sharing


def _order(desk: Desk) -> Order:
    if not desk.merchant.can_share:
        raise errors.Refused(403, "NO_AUTH", "无分账权限")
    order = desk.merchant.orders.get(desk.merchant.transactions.get(desk.text("transaction_id", longest=32), ""))
    if order is None:
        raise errors.not_found("订单不存在")
    if not order.is_shared:
        raise errors.invalid("非分账订单不支持分账")
    if desk.now < order.paid_at + desk.limits.share_wait_seconds:
        raise errors.invalid("订单处理中，请稍后重试")
    return order


def _known(desk: Desk, out_order_no: str) -> Sharing | None:
    known = desk.merchant.sharings.get(out_order_no)
    if known and known.asked != desk.body:
        raise errors.invalid("请求重入时，参数与首次请求时不一致")
    return known


def _receivers(desk: Desk) -> list[Any]:
    rows = desk.field("receivers")
    if not isinstance(rows, list) or not rows or len(rows) > RECEIVERS_MAX:
        raise errors.bad_parameter("receivers", "分账接收方数量应为 1 至 50")
    return rows


def _share(desk: Desk, index: int, row: object, appid: str) -> Share:
    inner = Desk(desk.pay, desk.merchant, desk.now, desk.rng, row if isinstance(row, dict) else {}, sealed_for=desk.sealed_for)
    kind = _kind(inner.field("type"), f"receivers/{index}/type")
    account, amount = inner.text("account", longest=64), inner.cents("amount")
    receiver = desk.merchant.receivers.get(f"{kind}:{account}")
    if receiver is None or (kind != "MERCHANT_ID" and receiver["appid"] != appid):
        raise errors.invalid("分账接收方关系不存在，请检查参数中每个接收方的关系")
    return Share(kind, account, amount, inner.text("description", longest=80), f"36{desk.digits(26)}", created_at=desk.now)


def _check(desk: Desk, order: Order, amount: int) -> None:
    if order.sharings >= REQUESTS_MAX:
        raise errors.Refused(403, "RULE_LIMIT", "单笔订单分账次数超过 50 次")
    if amount > refunds.unsplit(desk.merchant, order):
        raise errors.Refused(403, "NOT_ENOUGH", "分账金额不足")
    if (order.shared + amount) * 10_000 > order.total * desk.merchant.max_ratio:
        raise errors.invalid("分账金额超出最大分账比例")


def _receive(desk: Desk, share: Share) -> None:
    if share.kind == "MERCHANT_ID" and share.account in desk.pay.merchants:
        desk.pay.merchants[share.account].available += share.amount


def _tell(desk: Desk, sharing: Sharing, share: Share) -> None:
    receiver = {"type": share.kind, "account": share.account, "amount": share.amount, "description": share.description}
    resource = {
        "mchid": desk.merchant.mchid,
        "transaction_id": sharing.transaction_id,
        "order_id": sharing.order_id,
        "out_order_no": sharing.out_order_no,
        "receiver": receiver,
        "success_time": rfc3339(desk.now),
    }
    notices.tell(desk, desk.merchant.sharing_notify_url, "TRANSACTION.SUCCESS", "分账", "profitsharing", resource)


def _returned_sharing(desk: Desk) -> Sharing:
    order_id = desk.text("order_id", longest=64, required=False)
    out_order_no = desk.text("out_order_no", longest=64, required=False)
    if not order_id:
        return _found(desk.merchant, out_order_no)
    for sharing in desk.merchant.sharings.values():
        if sharing.order_id == order_id:
            return sharing
    raise errors.not_found("记录不存在")


def _return_told(returned: ShareReturn) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "order_id": returned.order_id,
        "out_order_no": returned.out_order_no,
        "out_return_no": returned.out_return_no,
        "return_id": returned.return_id,
        "return_mchid": returned.return_mchid,
        "amount": returned.amount,
        "description": returned.description,
        "result": returned.result,
        "create_time": rfc3339(returned.created_at),
    }
    if returned.finished_at:
        answer["finish_time"] = rfc3339(returned.finished_at)
    if returned.fail_reason:
        answer["fail_reason"] = returned.fail_reason
    return answer


def _kind(value: object, field: str) -> str:
    if value not in KINDS:
        raise errors.bad_parameter(field, "取值不在允许范围内", value)
    return str(value)


def _found(merchant: Merchant, out_order_no: str) -> Sharing:
    sharing = merchant.sharings.get(out_order_no)
    if sharing is None:
        raise errors.not_found("记录不存在")
    return sharing
