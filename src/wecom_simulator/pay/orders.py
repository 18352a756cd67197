"""Orders: placed by the merchant, paid by a person, asked for, closed. A repeated order must be the same order."""

import random
from typing import Any

from wecom_simulator.pay import errors, keys, notices
from wecom_simulator.pay.desk import TRADE_NO, Desk, rfc3339, seconds
from wecom_simulator.pay.state import Merchant, Order, Pay

PREPAY_SECONDS = 7200
DESCRIPTIONS = {
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
    "REVOKED": "订单已撤销",
    "USERPAYING": "用户支付中",
    "PAYERROR": "支付失败",
}


def jsapi(desk: Desk) -> dict[str, Any]:
    """An order for a page inside WeChat."""
    return {"prepay_id": _placed(desk, "JSAPI").prepay_id}


def app(desk: Desk) -> dict[str, Any]:
    """An order for an app of the merchant's."""
    return {"prepay_id": _placed(desk, "APP").prepay_id}


def native(desk: Desk) -> dict[str, Any]:
    """An order behind a code to scan."""
    return {"code_url": f"weixin://wxpay/bizpayurl?pr={_placed(desk, 'NATIVE').prepay_id[-12:]}zz"}


def h5(desk: Desk) -> dict[str, Any]:
    """An order for a browser outside WeChat."""
    return {"h5_url": f"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={_placed(desk, 'MWEB').prepay_id}"}


def by_trade_no(desk: Desk) -> dict[str, Any]:
    """An order by the merchant's number."""
    desk.own_mchid(desk.query.get("mchid"))
    return told(desk.merchant, found(desk.merchant, desk.path["out_trade_no"]))


def by_transaction(desk: Desk) -> dict[str, Any]:
    """An order by the platform's number."""
    desk.own_mchid(desk.query.get("mchid"))
    return told(desk.merchant, of_transaction(desk.merchant, desk.path["transaction_id"]))


def close(desk: Desk) -> None:
    """An order that shall no longer be paid."""
    desk.own_mchid(desk.text("mchid", longest=32))
    order = found(desk.merchant, desk.path["out_trade_no"])
    if order.state in {"SUCCESS", "REFUND"}:
        raise errors.invalid("该订单已支付")
    if order.state == "CLOSED":
        raise errors.Refused(400, "ORDER_CLOSED", "订单已关闭")
    order.state = "CLOSED"


def found(merchant: Merchant, out_trade_no: str) -> Order:
    """The order under the merchant's number."""
    order = merchant.orders.get(out_trade_no)
    if order is None:
        raise errors.not_found("订单不存在", "ORDER_NOT_EXIST")
    return order


def of_transaction(merchant: Merchant, transaction_id: str) -> Order:
    """The order under the platform's number."""
    return found(merchant, merchant.transactions.get(transaction_id, ""))


def told(merchant: Merchant, order: Order) -> dict[str, Any]:
    """An order as queries and notifications tell it."""
    answer: dict[str, Any] = {
        "mchid": merchant.mchid,
        "appid": order.appid,
        "out_trade_no": order.out_trade_no,
        "trade_state": order.state,
        "trade_state_desc": DESCRIPTIONS[order.state],
        "trade_type": order.trade_type,
        "attach": order.attach,
        "promotion_detail": [],
        "amount": {"total": order.total, "currency": "CNY"},
    }
    if order.paid_at:
        answer |= {
            "transaction_id": order.transaction_id,
            "bank_type": "OTHERS",
            "success_time": rfc3339(order.paid_at),
            "payer": {"openid": order.openid},
        }
        answer["amount"] |= {"payer_total": order.total, "payer_currency": "CNY"}
    return answer


def pay_for(pay: Pay, prepay_id: str, openid: str, now: float, rng: random.Random) -> Order:
    """A person pays. Refused (LookupError) where WeChat would show an error instead of the keypad."""
    held = pay.prepays.get(prepay_id)
    if held is None:
        raise LookupError("这笔订单不存在")
    merchant = pay.merchants[held[0]]
    order = merchant.orders[held[1]]
    if order.state != "NOTPAY" or now > order.created_at + PREPAY_SECONDS or (order.expires_at and now >= order.expires_at):
        raise LookupError("订单已支付、已关闭或已过期")
    if order.openid and openid and order.openid != openid:
        raise LookupError("下单账号与支付账号不一致")
    desk = Desk(pay, merchant, now, rng)
    order.state = "SUCCESS"
    order.openid = order.openid or openid
    order.paid_at = now
    order.transaction_id = f"4200{desk.digits(6)}{desk.day()}{desk.digits(10)}"
    order.fee = (order.total * merchant.fee_basis_points + 5000) // 10_000
    merchant.transactions[order.transaction_id] = order.out_trade_no
    if order.is_shared:
        order.is_released = False
        pay.later(now + pay.limits.frozen_days * 86400, "release", merchant.mchid, order.out_trade_no)
    else:
        merchant.available += order.total - order.fee
    notices.tell(desk, order.notify_url, "TRANSACTION.SUCCESS", "支付成功", "transaction", told(merchant, order))
    return order


def expire(order: Order) -> None:
    """The hour until which it could be paid has passed."""
    if order.state == "NOTPAY":
        order.state = "CLOSED"


def _placed(desk: Desk, trade_type: str) -> Order:
    desk.own_mchid(desk.text("mchid", longest=32))
    appid = desk.appid()
    out_trade_no = desk.text("out_trade_no", longest=32, pattern=TRADE_NO)
    description = desk.text("description", longest=127)
    attach = desk.text("attach", longest=128, required=False)
    notify_url = desk.notify_url(required=True)
    total = desk.cents("amount/total")
    if desk.field("amount/currency") not in {None, "CNY"}:
        raise errors.bad_parameter("amount/currency", "Currency code is invalid", desk.field("amount/currency"))
    openid = desk.text("payer/openid", longest=128) if trade_type == "JSAPI" else ""
    if trade_type == "MWEB":
        desk.text("scene_info/payer_client_ip", longest=45)
    expires = desk.text("time_expire", longest=64, required=False)
    expires_at = seconds(expires, "time_expire") if expires else 0.0
    if expires_at and expires_at <= desk.now:
        raise errors.bad_parameter("time_expire", "订单失效时间应晚于当前时间", expires)
    asked = {**desk.body, "trade_type": trade_type}
    known = desk.merchant.orders.get(out_trade_no)
    if known:
        return _again(known, asked, desk.now)
    order = Order(
        out_trade_no,
        appid,
        trade_type,
        total,
        description,
        notify_url,
        asked,
        prepay_id=f"wx{desk.day()}{keys.nonce(desk.rng, 24)}0000",
        created_at=desk.now,
        attach=attach,
        openid=openid,
        expires_at=expires_at,
        is_shared=desk.field("settle_info/profit_sharing") is True,
    )
    desk.merchant.orders[out_trade_no] = order
    desk.pay.prepays[order.prepay_id] = (desk.merchant.mchid, out_trade_no)
    if expires_at:
        desk.pay.later(expires_at, "expire", desk.merchant.mchid, out_trade_no)
    return order


def _again(order: Order, asked: dict[str, Any], now: float) -> Order:
    if order.state == "CLOSED":
        raise errors.Refused(400, "ORDER_CLOSED", "订单已关闭")
    if order.state != "NOTPAY":
        raise errors.Refused(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    if order.asked != asked:
        raise errors.invalid("请求重入时，参数与首次请求时不一致")
    # The number is good for two hours; an order asked for again goes on under it.
    order.created_at = now
    return order
