"""Refunds: asked for once, under way for a while, then arrived, closed, or stuck until somebody deals with it."""

from typing import Any

from wecom_simulator.pay import errors, notices
from wecom_simulator.pay.desk import REFUND_NO, Desk, rfc3339
from wecom_simulator.pay.state import Merchant, Order, Refund

PARTIAL_MAX = 50


def create(desk: Desk) -> dict[str, Any]:
    """Start a refund; the same number with the same fields answers what became of it."""
    desk.count("refund", desk.limits.refunds_per_second)
    out_refund_no = desk.text("out_refund_no", longest=64, pattern=REFUND_NO)
    desk.text("reason", longest=80, required=False)
    known = desk.merchant.refunds.get(out_refund_no)
    if known:
        if known.asked != desk.body:
            raise errors.invalid("请求重入时，参数与首次请求时不一致")
        return told(desk, known)
    order = _refunded_order(desk)
    amount, total = desk.cents("amount/refund"), desk.cents("amount/total")
    if desk.field("amount/currency") != "CNY":
        raise errors.bad_parameter("amount/currency", "Currency code is invalid", desk.field("amount/currency"))
    _check(desk, order, amount, total)
    refund = Refund(
        out_refund_no,
        refund_id=f"503{desk.digits(4)}{desk.day()}{desk.digits(14)}",
        out_trade_no=order.out_trade_no,
        transaction_id=order.transaction_id,
        amount=amount,
        total=total,
        asked=desk.body,
        created_at=desk.now,
        reason=desk.text("reason", longest=80, required=False),
        notify_url=desk.notify_url(required=False),
        funds_account="AVAILABLE" if desk.field("funds_account") == "AVAILABLE" else "UNSETTLED",
    )
    _take_money(desk, order, refund)
    order.refunded += amount
    order.state = "REFUND"
    desk.merchant.refunds[out_refund_no] = refund
    desk.pay.later(desk.now + desk.limits.refund_seconds, "refund", desk.merchant.mchid, out_refund_no)
    return told(desk, refund)


def query(desk: Desk) -> dict[str, Any]:
    """A refund by the merchant's number."""
    return told(desk, _found(desk.merchant, desk.path["out_refund_no"]))


def apply_abnormal(desk: Desk) -> dict[str, Any]:
    """Send a stuck refund elsewhere: to another card of the payer's, or to the merchant."""
    refund = _found(desk.merchant, desk.text("out_refund_no", longest=64))
    if refund.refund_id != desk.path["refund_id"]:
        raise errors.not_found("退款单不存在")
    kind = desk.text("type", longest=32)
    if kind not in {"USER_BANK_CARD", "MERCHANT_BANK_CARD"}:
        raise errors.bad_parameter("type", "取值不在允许范围内", kind)
    if kind == "USER_BANK_CARD":
        desk.name(desk.text("real_name", longest=1024))
    if refund.status != "ABNORMAL":
        raise errors.invalid("退款单状态不支持异常退款")
    refund.status = "PROCESSING"
    desk.pay.later(desk.now + desk.limits.refund_seconds, "refund", desk.merchant.mchid, refund.out_refund_no)
    return told(desk, refund)


def arrive(desk: Desk, refund: Refund) -> None:
    """What becomes of a refund once it was worked on."""
    if refund.status != "PROCESSING":
        return
    if desk.faults.strikes("refund_abnormal", desk.rng):
        refund.status = "ABNORMAL"
    elif desk.faults.strikes("refund_closed", desk.rng):
        refund.status = "CLOSED"
        _give_money_back(desk.merchant, refund)
    else:
        refund.status, refund.success_at = "SUCCESS", desk.now
    summary = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}[refund.status]
    resource = {
        "mchid": desk.merchant.mchid,
        "out_trade_no": refund.out_trade_no,
        "transaction_id": refund.transaction_id,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_status": refund.status,
        "user_received_account": "支付用户零钱",
        "amount": {"total": refund.total, "refund": refund.amount, "payer_total": refund.total, "payer_refund": refund.amount},
    }
    if refund.success_at:
        resource["success_time"] = rfc3339(refund.success_at)
    notices.tell(desk, refund.notify_url, f"REFUND.{refund.status}", summary, "refund", resource)


def told(desk: Desk, refund: Refund) -> dict[str, Any]:
    """A refund as create and query tell it (a notification says `refund_status`, here it is `status`)."""
    answer = {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": refund.transaction_id,
        "out_trade_no": refund.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(refund.created_at),
        "status": refund.status,
        "funds_account": refund.funds_account,
        "amount": {
            "total": refund.total,
            "refund": refund.amount,
            "from": [],
            "payer_total": refund.total,
            "payer_refund": refund.amount,
            "settlement_refund": refund.amount,
            "settlement_total": refund.total,
            "discount_refund": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }
    if refund.success_at:
        answer["success_time"] = rfc3339(refund.success_at)
    return answer


def _refunded_order(desk: Desk) -> Order:
    transaction_id = desk.text("transaction_id", longest=32, required=False)
    out_trade_no = desk.text("out_trade_no", longest=32, required=False)
    if not transaction_id and not out_trade_no:
        raise errors.bad_parameter("transaction_id", "transaction_id 与 out_trade_no 不能同时为空")
    known = desk.merchant.transactions.get(transaction_id, "") if transaction_id else out_trade_no
    order = desk.merchant.orders.get(known)
    if order is None or not order.paid_at:
        raise errors.not_found("订单不存在")
    return order


def _check(desk: Desk, order: Order, amount: int, total: int) -> None:
    if total != order.total:
        raise errors.invalid("订单金额或退款金额与之前请求不一致，请核实后再试")
    if desk.now > order.paid_at + desk.limits.refund_days * 86400:
        raise errors.invalid("订单已超过可退款的最大期限")
    if amount > order.total - order.refunded:
        raise errors.invalid("退款金额超过可退金额")
    earlier = [refund for refund in desk.merchant.refunds.values() if refund.out_trade_no == order.out_trade_no]
    if len(earlier) >= PARTIAL_MAX:
        raise errors.Refused(403, "RULE_LIMIT", "部分退款次数超过 50 次")
    if any(desk.now - refund.created_at < desk.limits.refund_gap_seconds for refund in earlier):
        raise errors.too_often("同一笔订单部分退款需间隔 1 分钟")


def _take_money(desk: Desk, order: Order, refund: Refund) -> None:
    """First what is still frozen of a shared order, then the merchant's own."""
    frozen = 0 if order.is_released else order.total - order.fee - order.shared - _frozen_refunds(desk.merchant, order)
    refund.from_frozen = min(max(frozen, 0), refund.amount)
    rest = refund.amount - refund.from_frozen
    if rest > desk.merchant.available:
        raise errors.Refused(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    desk.merchant.available -= rest


def _give_money_back(merchant: Merchant, refund: Refund) -> None:
    order = merchant.orders[refund.out_trade_no]
    order.refunded -= refund.amount
    order.state = "REFUND" if order.refunded else "SUCCESS"
    merchant.available += refund.amount - (0 if order.is_released else refund.from_frozen)


def _frozen_refunds(merchant: Merchant, order: Order) -> int:
    return sum(
        refund.from_frozen
        for refund in merchant.refunds.values()
        if refund.out_trade_no == order.out_trade_no and refund.status != "CLOSED"
    )


def unsplit(merchant: Merchant, order: Order) -> int:
    """What is left of a shared order to share out: net of the fee, of what went out and of what was refunded from it."""
    if order.is_released:
        return 0
    return max(order.total - order.fee - order.shared - _frozen_refunds(merchant, order), 0)


def _found(merchant: Merchant, out_refund_no: str) -> Refund:
    refund = merchant.refunds.get(out_refund_no)
    if refund is None:
        raise errors.not_found("退款单不存在")
    return refund
