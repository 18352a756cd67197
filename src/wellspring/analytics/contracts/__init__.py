"""The overview as it crosses the front door, and the stated definition of each of its numbers.

A number without a definition here is not shown: tests compare the two lists.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Sequence


class Permission(enum.StrEnum):
    """What may be seen of the numbers."""

    OVERVIEW_READ = "analytics:overview:read"
    RFM_READ = "analytics:rfm:read"


PERMISSION_TEXTS: dict[str, tuple[str, str]] = {
    Permission.OVERVIEW_READ: ("查看数据概览", "See the overview"),
    Permission.RFM_READ: ("查看 RFM 与生命周期", "See RFM and lifecycle"),
}

# What each number means, in both languages, as the console shows it beside the number.
DEFINITIONS: dict[str, tuple[str, str]] = {
    "members": (
        "现有会员数：合并后的人只算一次，已删除的不算；不受所选时间影响。",
        "Members today: merged people count once, erased ones not at all; the chosen span does not matter.",
    ),
    "identified": (
        "已识别会员：至少有一个能认出本人的身份（手机号、会员卡、会员编号、UnionID 等），不只是匿名访问。",
        "Members with at least one identity that names a person (phone, card, user id, UnionID, …), not only anonymous visits.",
    ),
    "buyers": ("所选时间内至少有一笔已付款订单的会员数。", "Members with at least one paid order in the span."),
    "orders": (
        "所选时间内下单的全部订单，含未付款和已取消的，不含退货形成的负单。",
        "All orders placed in the span, unpaid and cancelled ones included, negative ones (returns) not.",
    ),
    "paid_orders": ("所选时间内付款的订单数，含找不到买家的。", "Orders paid in the span, those without a known buyer included."),
    "revenue_minor": (
        "销售额：已付款订单的实付金额合计，未减退款；未付款订单不算。",
        "Revenue: what was paid for paid orders, before refunds; unpaid orders are no revenue.",
    ),
    "refunds_minor": (
        "退款：所选时间内退款的合计，加上没有对应订单的负单金额。",
        "Refunds made in the span, together with negative orders that matched no sale.",
    ),
    "net_minor": ("净销售额 = 销售额 − 退款。", "Net = revenue − refunds."),
    "negative_orders": (
        "金额为负、又找不到原订单的单据数，金额已计入退款。",
        "Orders with a negative amount and no matching sale; their amount is among the refunds.",
    ),
    "unattributed": (
        "未归属销售：已付款、但没有可识别买家的订单；计入销售额，不计入会员指标。",
        "Paid orders without a known buyer: part of revenue, not of any number about members.",
    ),
    "repeat_rate": (
        "复购率 = 所选时间内付款两笔及以上的买家 ÷ 买家。",
        "Repeat rate = buyers with two or more paid orders in the span ÷ buyers.",
    ),
    "average_order_minor": (
        "客单价 = 销售额 ÷ 已付款订单数，四舍五入到分。",
        "Average order value = revenue ÷ paid orders, rounded to the minor unit.",
    ),
    "top_decile_share": (
        "头部贡献：所选时间内消费最高的 10% 买家（人数向上取整）占已归属销售额的比例。",
        "The share of attributed revenue that comes from the 10 % of buyers (rounded up) who spent most in the span.",
    ),
    "by_week": (
        "按周：周一为一周的开始，按工作区时区。首次付款落在该周的是新客，此前已买过的是老客；历史首购看全部时间。",
        "By week, from Monday, in the workspace's time zone. New: the first paid order ever fell in it; returning: bought before.",
    ),
    "by_month": ("按自然月，口径与按周相同。", "By calendar month, defined as by week."),
    "sources": (
        "渠道来源：会员最初由哪里进来，与订单在哪里下无关。",
        "Source: where a member first came from, wherever the orders were placed.",
    ),
    "places": (
        "按店铺与门店：已付款订单落在哪里；没有门店编码的归在店铺下。",
        "By shop and store: where paid orders were made; those without a store code stand under their shop.",
    ),
    "currency": (
        "金额为工作区币种；若工作区币种没有订单，则取订单最多的币种。其他币种单列，不换算、不相加。",
        "Amounts are in the workspace's currency, or in the most used one if no order has it. Others stand apart, never converted.",
    ),
    "scope": (
        "数据权限受限时：会员按所属门店，订单按下单门店，均只含权限内的门店。",
        "With a limited data scope: members by home store, orders by the store they were made at, only stores within the scope.",
    ),
}


@dataclasses.dataclass(frozen=True)
class Unattributed:
    """Paid orders of nobody known."""

    orders: int
    revenue_minor: int


@dataclasses.dataclass(frozen=True)
class Period:
    """A week (its Monday) or a month (its first)."""

    starts_on: dt.date
    new_buyers: int
    returning_buyers: int
    revenue_minor: int
    orders: int


@dataclasses.dataclass(frozen=True)
class Source:
    """A channel of origin."""

    source: str
    members: int
    buyers: int
    revenue_minor: int


@dataclasses.dataclass(frozen=True)
class Place:
    """A shop, and a store in it."""

    shop: str
    store_code: str
    orders: int
    revenue_minor: int
    buyers: int


@dataclasses.dataclass(frozen=True)
class CurrencySales:
    """Paid orders and revenue told in one currency."""

    currency: str
    orders: int
    revenue_minor: int


@dataclasses.dataclass(frozen=True)
class Question:
    """Which sales are asked for: half-open in time, in one currency, everywhere or at some stores.

    Weeks begin on Monday and months on the first, in `time_zone`.
    """

    time_zone: str
    currency: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    store_codes: tuple[str, ...] | None = None


@dataclasses.dataclass(frozen=True)
class Totals:
    """Orders and money in sum; `repeat_buyers` bought twice or more, the top tenth is rounded up to whole buyers."""

    orders: int
    paid_orders: int
    revenue_minor: int
    attributed_revenue_minor: int
    unattributed_orders: int
    unattributed_revenue_minor: int
    buyers: int
    repeat_buyers: int
    top_decile_revenue_minor: int
    refunds: int
    refunds_minor: int
    negative_orders: int
    negative_minor: int


@dataclasses.dataclass(frozen=True)
class Overview:
    """The brand's own audience in numbers; `as_of` is the arrival number up to which the log was read."""

    currency: str
    members: int
    identified: int
    buyers: int
    orders: int
    paid_orders: int
    revenue_minor: int
    refunds: int
    refunds_minor: int
    negative_orders: int
    net_minor: int
    unattributed: Unattributed
    repeat_rate: float | None
    average_order_minor: int | None
    top_decile_share: float | None
    by_week: Sequence[Period]
    by_month: Sequence[Period]
    sources: Sequence[Source]
    places: Sequence[Place]
    other_currencies: Sequence[CurrencySales]
    watermark: int
    as_of: dt.datetime


@dataclasses.dataclass(frozen=True)
class RfmCell:
    """One of the 125 cells: scores of 1 to 5 (5 best), who stands in it, and what they spent in the window after refunds."""

    recency: int
    frequency: int
    monetary: int
    segment: str
    members: int
    net_minor: int


@dataclasses.dataclass(frozen=True)
class RfmSegment:
    """A named group of cells; `members_before` were in it on the day of comparison."""

    code: str
    members: int
    share: float | None
    net_minor: int
    members_before: int | None


@dataclasses.dataclass(frozen=True)
class RfmMovement:
    """How many went from one segment to another; None is "did not buy in the window"."""

    came_from: str | None
    went_to: str | None
    members: int


@dataclasses.dataclass(frozen=True)
class RfmGrid:
    """RFM of one day, compared with an earlier one; `is_refreshing` while a newer day is being derived."""

    on: dt.date | None
    derived_at: dt.datetime | None
    window_days: int
    currency: str
    is_refreshing: bool
    buyers: int
    net_minor: int
    cells: Sequence[RfmCell]
    segments: Sequence[RfmSegment]
    compared_on: dt.date | None
    movements: Sequence[RfmMovement]


@dataclasses.dataclass(frozen=True)
class LifecycleDay:
    """Members by stage on a day; None where nobody can tell any more."""

    on: dt.date
    stages: Mapping[str, int | None]


@dataclasses.dataclass(frozen=True)
class CategoryCycle:
    """The days between purchases of a category (the lower quartile of its repeat buyers' own medians)."""

    category: str
    cycle_days: float
    repeaters: int


@dataclasses.dataclass(frozen=True)
class Lifecycle:
    """Stages by week, and the rhythms behind them; `second_days`: expected, sleeping after, lost after."""

    on: dt.date | None
    derived_at: dt.datetime | None
    is_refreshing: bool
    cycle_days: float
    second_days: Sequence[float]
    repeaters: int
    weeks: Sequence[LifecycleDay]
    categories: Sequence[CategoryCycle]
