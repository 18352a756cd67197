"""All that WeChat Pay remembers, as plain values: merchants, orders, refunds, transfers, sharings, notices.

Amounts are cents, instants are seconds since 1970. What happens by itself later (a refund arrives, a transfer nobody
confirms is closed) stands in `Pay.due`, a heap of instants; `schedule` works it off.
"""

import dataclasses
import heapq
import random
from collections import deque
from typing import Any

TOLD_MAX = 10_000


@dataclasses.dataclass(slots=True)
class PlatformKey:
    """A key the platform signs with: under a certificate's serial number, or under the id of its public key."""

    serial: str
    private_key: str
    certificate: str = ""
    effective_at: float = 0
    expires_at: float = 0


@dataclasses.dataclass(slots=True)
class Order:
    """One order to pay."""

    out_trade_no: str
    appid: str
    trade_type: str
    total: int
    description: str
    notify_url: str
    asked: dict[str, Any]
    prepay_id: str
    created_at: float
    attach: str = ""
    openid: str = ""
    expires_at: float = 0
    is_shared: bool = False
    state: str = "NOTPAY"
    transaction_id: str = ""
    paid_at: float = 0
    fee: int = 0
    # What was shared out and what was released to the merchant; until then the rest is frozen.
    shared: int = 0
    sharings: int = 0
    is_released: bool = True
    refunded: int = 0


@dataclasses.dataclass(slots=True)
class Refund:
    """Money on its way back to the payer."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    transaction_id: str
    amount: int
    total: int
    asked: dict[str, Any]
    created_at: float
    reason: str = ""
    notify_url: str = ""
    funds_account: str = "UNSETTLED"
    from_frozen: int = 0
    status: str = "PROCESSING"
    success_at: float = 0


@dataclasses.dataclass(slots=True)
class Transfer:
    """Money to a person, who has to confirm it."""

    out_bill_no: str
    transfer_bill_no: str
    appid: str
    openid: str
    amount: int
    remark: str
    scene_id: str
    notify_url: str
    asked: dict[str, Any]
    created_at: float
    updated_at: float
    package: str = ""
    perception: str = ""
    state: str = "ACCEPTED"
    fail_reason: str = ""


@dataclasses.dataclass(slots=True)
class Share:
    """One receiver's part of a sharing."""

    kind: str
    account: str
    amount: int
    description: str
    detail_id: str
    result: str = "PENDING"
    fail_reason: str = ""
    created_at: float = 0
    finished_at: float = 0
    returned: int = 0


@dataclasses.dataclass(slots=True)
class Sharing:
    """A request to share out a paid order, or to release what is left of it."""

    out_order_no: str
    order_id: str
    transaction_id: str
    asked: dict[str, Any]
    shares: list[Share]
    created_at: float
    releases: bool = False
    state: str = "PROCESSING"


@dataclasses.dataclass(slots=True)
class ShareReturn:
    """A receiver gives its part back."""

    out_return_no: str
    return_id: str
    out_order_no: str
    order_id: str
    return_mchid: str
    amount: int
    description: str
    created_at: float
    result: str = "PROCESSING"
    fail_reason: str = ""
    finished_at: float = 0


@dataclasses.dataclass(slots=True)
class Notice:
    """A notification to the merchant, until it is received or the schedule ends."""

    id: str
    mchid: str
    url: str
    body: str
    created_at: float
    event_type: str
    next_at: float
    attempts: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    is_received: bool = False
    is_given_up: bool = False
    is_under_way: bool = False
    failures: int = 0
    copies: int = 1
    was_probed: bool = False


@dataclasses.dataclass(slots=True)
class Merchant:
    """A merchant: what it proved, what it owns, what it has open."""

    mchid: str
    name: str
    appids: list[str]
    api_key: str
    serial_no: str
    private_key: str
    certificate: str
    # "certificate", "public_key", or "moving": both are signed with, in the share `Faults.moved`.
    mode: str = "certificate"
    available: int = 10_000_000
    scenes: list[str] = dataclasses.field(default_factory=lambda: ["1000", "1005", "1006"])
    max_ratio: int = 3000
    can_share: bool = True
    fee_basis_points: int = 60
    sharing_notify_url: str = ""
    orders: dict[str, Order] = dataclasses.field(default_factory=dict)
    transactions: dict[str, str] = dataclasses.field(default_factory=dict)
    refunds: dict[str, Refund] = dataclasses.field(default_factory=dict)
    transfers: dict[str, Transfer] = dataclasses.field(default_factory=dict)
    receivers: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    sharings: dict[str, Sharing] = dataclasses.field(default_factory=dict)
    returns: dict[str, ShareReturn] = dataclasses.field(default_factory=dict)
    calls: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(slots=True)
class Faults:
    """What goes wrong, as shares of 1, and once each on demand (`upcoming`)."""

    error_before: float = 0
    error_after: float = 0
    limited: float = 0
    slow: float = 0
    slow_seconds: float = 2
    # It happened, and no answer comes for so long that nobody waits for it.
    silence: float = 0
    silence_seconds: float = 30
    probe: float = 0
    refund_abnormal: float = 0
    refund_closed: float = 0
    transfer_fails: float = 0
    transfer_slowly_accepted: float = 0
    share_fails: float = 0
    notice_lost: float = 0
    notice_twice: float = 0
    notice_late: float = 0
    moved: float = 0.5
    upcoming: list[str] = dataclasses.field(default_factory=list)

    def strikes(self, name: str, rng: random.Random) -> bool:
        """Whether this fault happens now."""
        if name in self.upcoming:
            self.upcoming.remove(name)
            return True
        share = float(getattr(self, name))
        return share > 0 and rng.random() < share


@dataclasses.dataclass(slots=True)
class Limits:
    """Numbers that the platform may change or does not publish."""

    refund_seconds: float = 3
    transfer_seconds: float = 1
    share_seconds: float = 2
    share_wait_seconds: float = 60
    refund_gap_seconds: float = 60
    confirm_hours: float = 24
    frozen_days: float = 30
    refund_days: float = 365
    refunds_per_second: int = 150
    transfers_per_second: int = 100
    sharings_per_second: int = 30


@dataclasses.dataclass(slots=True)
class Pay:
    """The whole of it."""

    merchants: dict[str, Merchant] = dataclasses.field(default_factory=dict)
    certificates: list[PlatformKey] = dataclasses.field(default_factory=list)
    public_key: PlatformKey | None = None
    prepays: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    packages: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    # What is still to be told; afterwards it moves to `told`.
    notices: dict[str, Notice] = dataclasses.field(default_factory=dict)
    told: deque[Notice] = dataclasses.field(default_factory=lambda: deque(maxlen=TOLD_MAX))
    due: list[tuple[float, int, str, str, str]] = dataclasses.field(default_factory=list)
    numbered: int = 0
    # When the world's timer comes by next; 0 for not at all.
    wakes_at: int = 0
    faults: Faults = dataclasses.field(default_factory=Faults)
    limits: Limits = dataclasses.field(default_factory=Limits)

    def later(self, at: float, what: str, mchid: str, key: str) -> None:
        """Have something happen by itself at an instant."""
        self.numbered += 1
        heapq.heappush(self.due, (at, self.numbered, what, mchid, key))

    def number(self) -> int:
        """The next of a count that never repeats."""
        self.numbered += 1
        return self.numbered
