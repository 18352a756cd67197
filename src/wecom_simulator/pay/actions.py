"""What people do with money: pay an order, confirm a transfer; and what the platform does with its keys."""

from typing import Any

from wecom_simulator.pay import certificates, host, notices, orders, transfers
from wecom_simulator.registry import action
from wecom_simulator.world import World


@action("付款")
def pay(world: World, order: str, *, person: str = "") -> dict[str, Any]:
    """Somebody pays an order, named by its prepay_id, its code or the merchant's number."""
    state = host.pay_of(world)
    prepay_id = _prepay(world, order)
    mchid, number = state.prepays[prepay_id]
    appid = state.merchants[mchid].orders[number].appid
    openid = world.openid(world.person(person), appid) if person else ""
    paid = orders.pay_for(state, prepay_id, openid, world.clock.instant(), world.random)
    host.stir(world)
    return {"transaction_id": paid.transaction_id, "out_trade_no": paid.out_trade_no, "openid": paid.openid}


@action("确认收款")
def confirm_transfer(world: World, transfer: str, *, person: str = "") -> dict[str, Any]:
    """Somebody takes a transfer, named by its package or the merchant's number."""
    state = host.pay_of(world)
    package = transfer if transfer in state.packages else next((key for key, held in state.packages.items() if held[1] == transfer), "")
    if not package:
        raise ValueError("no such transfer is waiting")
    mchid, number = state.packages[package]
    appid = state.merchants[mchid].transfers[number].appid
    openid = world.openid(world.person(person), appid) if person else ""
    taken = transfers.confirm(state, package, openid, world.clock.instant())
    host.stir(world)
    return {"out_bill_no": taken.out_bill_no, "state": taken.state}


@action("更换支付平台证书")
def rotate_platform_certificate(world: World, *, overlap_seconds: float = 86_400) -> dict[str, Any]:
    """The platform signs with a new certificate from now on."""
    fresh = certificates.rotate(host.pay_of(world), world.now(), world.random, overlap_seconds=overlap_seconds)
    return {"serial_no": fresh.serial}


@action("切换支付公钥模式")
def use_public_key(world: World, *, mode: str = "public_key", mchid: str = "") -> dict[str, Any]:
    """A merchant is moved: `certificate`, `moving` (both sign), or `public_key`."""
    state = host.pay_of(world)
    if mode not in {"certificate", "moving", "public_key"}:
        raise ValueError("mode is certificate, moving or public_key")
    merchant = state.merchants[mchid] if mchid else next(iter(state.merchants.values()))
    merchant.mode = mode
    key = state.public_key
    return {"mchid": merchant.mchid, "mode": mode, "public_key_id": key.serial if key else ""}


@action("支付故障")
def pay_fault(world: World, fault: str, *, share: float | None = None) -> dict[str, Any]:
    """Something goes wrong the next time, or from now on with a share of all times."""
    faults = host.pay_of(world).faults
    if not hasattr(faults, fault) or fault == "upcoming":
        raise ValueError(f"no such fault: {fault}")
    if share is None:
        faults.upcoming.append(fault)
    else:
        setattr(faults, fault, float(share))
    return {"fault": fault, "share": getattr(faults, fault), "upcoming": list(faults.upcoming)}


@action("支付通知记录")
def pay_notices(world: World, *, limit: int = 50) -> dict[str, Any]:
    """What the merchant was told, and what it answered."""
    state = host.pay_of(world)
    rows = [*state.notices.values(), *state.told][-limit:]
    waits = len(notices.RETRIES)
    return {
        "retries": waits,
        "notices": [
            {"id": one.id, "event_type": one.event_type, "url": one.url, "is_received": one.is_received, "attempts": one.attempts}
            for one in rows
        ],
    }


def _prepay(world: World, order: str) -> str:
    state = host.pay_of(world)
    if order in state.prepays:
        return order
    for prepay_id, (_mchid, number) in state.prepays.items():
        if order == number or order == f"weixin://wxpay/bizpayurl?pr={prepay_id[-12:]}zz":
            return prepay_id
    raise ValueError("no such order")
