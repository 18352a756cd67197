"""Money to people (commissions, rewards): accepted, confirmed by the person in WeChat, arrived, or closed.

Whatever the caller did not hear, it asks again under the same number: a number stands for one payment for ever, also
after it failed.
"""

from typing import Any

from wecom_simulator.pay import errors, keys, notices
from wecom_simulator.pay.desk import BILL_NO, Desk, rfc3339
from wecom_simulator.pay.state import Merchant, Pay, Transfer

# What has to be reported, and what the person may be shown, by scene.
SCENES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "1000": (frozenset({"活动名称", "奖励说明"}), frozenset({"活动奖励", "现金奖励"})),
    "1005": (frozenset({"岗位类型", "报酬说明"}), frozenset({"劳务报酬", "报销款", "企业补贴", "开工利是"})),
    "1006": (frozenset(), frozenset({"报销款", "企业补贴"})),
}
NAME_FROM_CENTS = 200_000
NAME_NOT_BELOW_CENTS = 30
OPEN = ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM")


def create(desk: Desk) -> dict[str, Any]:
    """Start a transfer; the same number with the same fields answers what became of it."""
    desk.count("transfer", desk.limits.transfers_per_second)
    out_bill_no = desk.text("out_bill_no", longest=32, pattern=BILL_NO)
    appid = desk.appid()
    openid = desk.text("openid", longest=64)
    amount = desk.cents("transfer_amount")
    remark = desk.text("transfer_remark", longest=32)
    scene_id = _scene(desk)
    notify_url = desk.notify_url(required=False)
    name = _name(desk, amount)
    asked = {**desk.body, "user_name": name}
    known = desk.merchant.transfers.get(out_bill_no)
    if known:
        if known.asked != asked:
            raise errors.invalid("商户单号已存在，且请求参数与首次请求时不一致")
        return _created(known)
    if amount > desk.merchant.available:
        raise errors.Refused(403, "NOT_ENOUGH", "商户运营账户资金不足，请充值后使用原单号重试")
    transfer = Transfer(
        out_bill_no,
        transfer_bill_no=f"1330000{desk.digits(9)}{desk.day()}{desk.digits(16)}",
        appid=appid,
        openid=openid,
        amount=amount,
        remark=remark,
        scene_id=scene_id,
        notify_url=notify_url,
        asked=asked,
        created_at=desk.now,
        updated_at=desk.now,
        perception=str(desk.field("user_recv_perception") or ""),
    )
    desk.merchant.available -= amount
    desk.merchant.transfers[out_bill_no] = transfer
    if desk.faults.strikes("transfer_slowly_accepted", desk.rng):
        desk.pay.later(desk.now + 30, "transfer_ready", desk.merchant.mchid, out_bill_no)
    else:
        ready(desk, transfer)
    return _created(transfer)


def by_bill_no(desk: Desk) -> dict[str, Any]:
    """A transfer by the merchant's number."""
    return told(desk.merchant, _found(desk.merchant, desk.path["out_bill_no"]))


def by_transfer_no(desk: Desk) -> dict[str, Any]:
    """A transfer by the platform's number."""
    for transfer in desk.merchant.transfers.values():
        if transfer.transfer_bill_no == desk.path["transfer_bill_no"]:
            return told(desk.merchant, transfer)
    raise errors.not_found("记录不存在", "NOT_FOUND")


def cancel(desk: Desk) -> dict[str, Any]:
    """Take a transfer back that was not confirmed yet."""
    transfer = _found(desk.merchant, desk.path["out_bill_no"])
    if transfer.state in OPEN:
        _move(transfer, "CANCELING", desk.now)
        desk.pay.later(desk.now + desk.limits.transfer_seconds, "transfer_cancelled", desk.merchant.mchid, transfer.out_bill_no)
    elif transfer.state not in {"CANCELING", "CANCELLED"}:
        raise errors.invalid("当前状态不支持撤销，请查单确认")
    return {
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "state": transfer.state,
        "update_time": rfc3339(transfer.updated_at),
    }


def confirm(pay: Pay, package: str, openid: str, now: float) -> Transfer:
    """The person confirms. Refused (LookupError) where WeChat would show an error."""
    held = pay.packages.get(package)
    if held is None:
        raise LookupError("这笔转账不存在")
    merchant = pay.merchants[held[0]]
    transfer = merchant.transfers[held[1]]
    if transfer.state != "WAIT_USER_CONFIRM":
        raise LookupError("转账已收款、已撤销或已过期")
    if openid and transfer.openid != openid:
        raise LookupError("收款账号不符")
    _move(transfer, "TRANSFERING", now)
    pay.later(now + pay.limits.transfer_seconds, "transfer", merchant.mchid, transfer.out_bill_no)
    return transfer


def ready(desk: Desk, transfer: Transfer) -> None:
    """It is the person's turn."""
    if transfer.state != "ACCEPTED":
        return
    _move(transfer, "WAIT_USER_CONFIRM", desk.now)
    transfer.package = f"ABBQO+{keys.nonce(desk.rng, 40)}=="
    desk.pay.packages[transfer.package] = (desk.merchant.mchid, transfer.out_bill_no)
    desk.pay.later(desk.now + desk.limits.confirm_hours * 3600, "transfer_overdue", desk.merchant.mchid, transfer.out_bill_no)


def arrive(desk: Desk, transfer: Transfer) -> None:
    """The money is with the person, or cannot be."""
    if transfer.state == "TRANSFERING":
        if desk.faults.strikes("transfer_fails", desk.rng):
            _end(desk, transfer, "FAIL", "PAYEE_ACCOUNT_ABNORMAL")
        else:
            _end(desk, transfer, "SUCCESS")


def overdue(desk: Desk, transfer: Transfer) -> None:
    """Nobody confirmed in time."""
    if transfer.state == "WAIT_USER_CONFIRM":
        _end(desk, transfer, "FAIL", "OVERDUE_CLOSE")


def cancelled(desk: Desk, transfer: Transfer) -> None:
    """It was taken back."""
    if transfer.state == "CANCELING":
        _end(desk, transfer, "CANCELLED")


def told(merchant: Merchant, transfer: Transfer) -> dict[str, Any]:
    """A transfer as queries tell it."""
    answer = {
        "mch_id": merchant.mchid,
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "appid": transfer.appid,
        "state": transfer.state,
        "transfer_amount": transfer.amount,
        "transfer_remark": transfer.remark,
        "openid": transfer.openid,
        "create_time": rfc3339(transfer.created_at),
        "update_time": rfc3339(transfer.updated_at),
    }
    if transfer.fail_reason:
        answer["fail_reason"] = transfer.fail_reason
    return answer


def _created(transfer: Transfer) -> dict[str, Any]:
    answer = {
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "create_time": rfc3339(transfer.created_at),
        "state": transfer.state,
    }
    if transfer.state == "WAIT_USER_CONFIRM":
        answer["package_info"] = transfer.package
    if transfer.fail_reason:
        answer["fail_reason"] = transfer.fail_reason
    return answer


def _scene(desk: Desk) -> str:
    scene_id = desk.text("transfer_scene_id", longest=36)
    if scene_id not in SCENES or scene_id not in desk.merchant.scenes:
        raise errors.Refused(403, "NO_AUTH", "商户未开通该转账场景")
    reported = desk.field("transfer_scene_report_infos")
    if not reported or not isinstance(reported, list):
        raise errors.Refused(400, "PARAM_ERROR", "需传入转账场景报备信息")
    needed, shown = SCENES[scene_id]
    kinds = [row.get("info_type") for row in reported if isinstance(row, dict) and row.get("info_content")]
    if len(kinds) != len(reported) or (needed and set(kinds) != needed):
        raise errors.Refused(400, "PARAM_ERROR", "未传入完整且对应的转账场景报备信息，请按文档要求传入")
    perception = desk.text("user_recv_perception", longest=32, required=False)
    if perception and perception not in shown:
        raise errors.invalid("暂不支持展示当前传入的用户收款感知")
    return scene_id


def _name(desk: Desk, amount: int) -> str:
    sealed = desk.text("user_name", longest=1024, required=False)
    if amount >= NAME_FROM_CENTS and not sealed:
        raise errors.bad_parameter("user_name", "转账金额大于等于 2000 元时必填")
    if sealed and amount < NAME_NOT_BELOW_CENTS:
        raise errors.bad_parameter("user_name", "转账金额小于 0.3 元时不可填写")
    return desk.name(sealed) if sealed else ""


def _move(transfer: Transfer, state: str, now: float) -> None:
    transfer.state, transfer.updated_at = state, now


def _end(desk: Desk, transfer: Transfer, state: str, fail_reason: str = "") -> None:
    _move(transfer, state, desk.now)
    transfer.fail_reason = fail_reason
    if state != "SUCCESS":
        desk.merchant.available += transfer.amount
    resource = told(desk.merchant, transfer)
    for left_out in ("appid", "transfer_remark"):
        del resource[left_out]
    notices.tell(desk, transfer.notify_url, "MCHTRANSFER.BILL.FINISHED", "商家转账单据终态通知", "mch_payment", resource)


def _found(merchant: Merchant, out_bill_no: str) -> Transfer:
    transfer = merchant.transfers.get(out_bill_no)
    if transfer is None:
        raise errors.not_found("记录不存在", "NOT_FOUND")
    return transfer
