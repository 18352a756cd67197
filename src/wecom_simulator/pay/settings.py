"""What a developer needs to connect a merchant, and what really became of its money; told by the control API."""

from dataclasses import asdict
from typing import Any

from wecom_simulator.pay import host, keys
from wecom_simulator.registry import truth
from wecom_simulator.world import World


def told_merchants(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """All merchants with their keys, and the platform's public key and certificates."""
    del asked
    with world.lock:
        pay = host.pay_of(world)
        public = pay.public_key
        return {
            "merchants": [
                {
                    "mchid": one.mchid,
                    "name": one.name,
                    "appids": one.appids,
                    "api_v3_key": one.api_key,
                    "serial_no": one.serial_no,
                    "private_key": one.private_key,
                    "mode": one.mode,
                    "available": one.available,
                }
                for one in pay.merchants.values()
            ],
            "public_key_id": public.serial if public else "",
            "public_key": keys.public_pem(public.private_key) if public else "",
            "certificates": [{"serial_no": one.serial, "certificate": one.certificate} for one in pay.certificates],
        }


@truth("money")
def money(world: World, *, mchid: str = "") -> dict[str, Any]:
    """Orders, refunds, transfers and sharings of a merchant as they stand."""
    pay = host.pay_of(world)
    merchant = pay.merchants[mchid] if mchid else next(iter(pay.merchants.values()))
    return {
        "mchid": merchant.mchid,
        "available": merchant.available,
        "orders": [asdict(one) for one in merchant.orders.values()],
        "refunds": [asdict(one) for one in merchant.refunds.values()],
        "transfers": [asdict(one) for one in merchant.transfers.values()],
        "sharings": [asdict(one) for one in merchant.sharings.values()],
    }
