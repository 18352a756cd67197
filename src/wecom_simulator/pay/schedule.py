"""What happens by itself once its hour has come: refunds arrive, transfers end, sharings finish, orders expire."""

import heapq
import random
from collections.abc import Callable

from wecom_simulator.pay import orders, refunds, sharing, transfers
from wecom_simulator.pay.desk import Desk
from wecom_simulator.pay.state import Pay


def settle(pay: Pay, now: float, rng: random.Random) -> None:
    """Work off everything that is due, each thing at its own instant."""
    while pay.due and pay.due[0][0] <= now:
        at, _number, what, mchid, key = heapq.heappop(pay.due)
        merchant = pay.merchants.get(mchid)
        if merchant is not None:
            _STEPS[what](Desk(pay, merchant, at, rng), key)


_STEPS: dict[str, Callable[[Desk, str], None]] = {
    "expire": lambda desk, key: orders.expire(desk.merchant.orders[key]),
    "release": lambda desk, key: sharing.release(desk, desk.merchant.orders[key]),
    "refund": lambda desk, key: refunds.arrive(desk, desk.merchant.refunds[key]),
    "transfer_ready": lambda desk, key: transfers.ready(desk, desk.merchant.transfers[key]),
    "transfer": lambda desk, key: transfers.arrive(desk, desk.merchant.transfers[key]),
    "transfer_overdue": lambda desk, key: transfers.overdue(desk, desk.merchant.transfers[key]),
    "transfer_cancelled": lambda desk, key: transfers.cancelled(desk, desk.merchant.transfers[key]),
    "sharing": lambda desk, key: sharing.finish(desk, desk.merchant.sharings[key]),
    "share_return": lambda desk, key: sharing.finish_return(desk, desk.merchant.returns[key]),
}
