"""Ready-made audiences that operators ask for by name: each a whole definition, with the places that one adjusts.

A parameter is named, and says with JSON pointers where in the definition its value stands.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

ORDER = "Order Completed"
REFUND = "Order Refunded"
VIEW = "Product Viewed"
CART = "Product Added"
ParameterKind = Literal["duration", "number", "event", "channel", "store"]


@dataclasses.dataclass(frozen=True)
class Parameter:
    """Something to adjust; `pointers` are JSON pointers into the definition. One that is `required` has no sensible default."""

    name: str
    kind: ParameterKind
    zh: str
    en: str
    pointers: Sequence[str]
    is_required: bool = False


@dataclasses.dataclass(frozen=True)
class Template:
    """A definition with its words."""

    id: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    definition: Mapping[str, Any]
    parameters: Sequence[Parameter] = ()


def _did(event: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - a threshold and a window
    return {"did": event, "measure": {"count": True}, **rest}


def _never(event: str, within: str | None = None) -> dict[str, Any]:
    found = _did(event, **{"is": 0})
    return {**found, "within": within} if within else found


def _window(pointer: str, zh: str = "时间范围", en: str = "Window") -> Parameter:
    return Parameter("window", "duration", zh, en, [pointer])


def _event(*pointers: str) -> Parameter:
    return Parameter("event", "event", "事件", "Event", pointers)


TEMPLATES: tuple[Template, ...] = (
    Template(
        "bought_once",
        "首购未复购",
        "Bought once, not again",
        "只买过一次，而且首购已过去一段时间：最该推动第二单的人。",
        "Bought exactly once, some time ago: those whose second order is worth most.",
        {"all": [_did(ORDER, **{"is": 1}), {"last": ORDER, "before": "30d"}]},
        [_window("/all/1/before", "首购距今至少", "First bought at least")],
    ),
    Template(
        "valuable_sleeping",
        "高价值沉睡",
        "Valuable and asleep",
        "过去一年消费高，近期没有再买。",
        "Spent much within a year, and has not bought lately.",
        {
            "all": [
                {"did": ORDER, "measure": {"sum": "total"}, "gte": 1000, "within": "365d"},
                {"last": ORDER, "before": "90d"},
            ]
        },
        [
            Parameter("amount", "number", "累计消费不低于（元）", "Spent at least", ["/all/0/gte"]),
            _window("/all/1/before", "未购买时长", "Not bought for"),
        ],
    ),
    Template(
        "repurchase_due",
        "复购周期将到",
        "About to buy again",
        "按每个人自己的购买间隔推算，下次购买就在近几天。",
        "By each one's own rhythm, the next purchase is a few days off.",
        {"trait": "lifecycle.next_expected_at", "within_next": "7d"},
        [_window("/within_next", "未来", "Within the next")],
    ),
    Template(
        "bargain_hunters",
        "羊毛党",
        "Bargain hunters",
        "频繁退款，或买得多而每单金额都很低；发高额券前可以先排除。",
        "Refunds often, or buys often and little: to leave out before a generous coupon.",
        {
            "any": [
                _did(REFUND, gte=3, within="180d"),
                {
                    "all": [
                        _did(ORDER, gte=3, within="180d"),
                        {"did": ORDER, "measure": {"max": "total"}, "lte": 30, "within": "180d"},
                    ]
                },
            ]
        },
        [
            Parameter("refunds", "number", "退款次数不少于", "Refunds at least", ["/any/0/gte"]),
            Parameter("orders", "number", "下单次数不少于", "Orders at least", ["/any/1/all/0/gte"]),
            Parameter("amount", "number", "单笔最高不超过（元）", "No order above", ["/any/1/all/1/lte"]),
            Parameter("window", "duration", "时间范围", "Window", ["/any/0/within", "/any/1/all/0/within", "/any/1/all/1/within"]),
        ],
    ),
    Template(
        "birthday_soon",
        "生日将到",
        "Birthday soon",
        "未来几天过生日；2 月 29 日出生的人平年按 2 月 28 日算。",
        "Has a birthday within the next days; those of 29 February have it on the 28th in other years.",
        {"attribute": "birthday", "anniversary_within_next": "7d"},
        [_window("/anniversary_within_next", "未来", "Within the next")],
    ),
    Template(
        "viewed_not_bought",
        "近 30 天浏览未下单",
        "Viewed, not bought",
        "近期看过商品，但同一时期没有下单。",
        "Viewed products lately and bought nothing in the same time.",
        {"all": [_did(VIEW, gte=1, within="30d"), _never(ORDER, "30d")]},
        [Parameter("window", "duration", "时间范围", "Window", ["/all/0/within", "/all/1/within"]), _event("/all/0/did")],
    ),
    Template(
        "cart_left",
        "加购未下单",
        "Left in the cart",
        "加购之后没有付款。",
        "Put something into the cart and has not paid since.",
        {"all": [_did(CART, gte=1, within="7d"), {"sequence": [{"did": CART}, {"did_not": ORDER}]}]},
        [_window("/all/0/within"), _event("/all/0/did", "/all/1/sequence/0/did")],
    ),
    Template(
        "new_without_order",
        "新客 7 天未首购",
        "New for a week, no order",
        "建档已满 7 天、不超过 30 天，还没有买过。",
        "Known for between 7 and 30 days and has never bought.",
        {
            "all": [
                {"trait": "people.created_at", "before": "7d"},
                {"trait": "people.created_at", "within_last": "30d"},
                _never(ORDER),
            ]
        },
        [
            Parameter("least", "duration", "建档至少", "Known for at least", ["/all/0/before"]),
            Parameter("most", "duration", "建档至多", "Known for at most", ["/all/1/within_last"]),
        ],
    ),
    Template(
        "high_average",
        "高客单（前 10%）",
        "High order value (top 10%)",
        "近一年平均每单金额排在前 10%。",
        "Among the top tenth by average order value within a year.",
        {"top": {"measure": {"avg": "total"}, "of": ORDER, "within": "365d", "percent": 10}},
        [Parameter("percent", "number", "前百分之", "Top per cent", ["/top/percent"]), _window("/top/within")],
    ),
    Template(
        "of_a_store",
        "某门店的会员",
        "Members of a store",
        "归属某家门店的会员，用于到店活动；先选择门店。",
        "Members who belong to a store, for events there; pick the store first.",
        {"served_by": {"store": "S001"}},
        [Parameter("store", "store", "门店", "Store", ["/served_by/store"], is_required=True)],
    ),
    Template(
        "anonymous_only",
        "仅匿名",
        "Anonymous only",
        "只有匿名访问，还没有留下任何身份。",
        "Visits only, without any identity yet.",
        {"attribute": "identified", "is": False},
    ),
    Template(
        "reachable_not_bought",
        "可触达未购",
        "Reachable, never bought",
        "可以发短信、但从未购买。",
        "Can be reached by text message and has never bought.",
        {"all": [{"reachable_on": "sms"}, _never(ORDER)]},
        [Parameter("channel", "channel", "渠道", "Channel", ["/all/0/reachable_on"])],
    ),
    Template(
        "loyal_and_recent",
        "近期忠实老客",
        "Loyal and recent",
        "近 90 天至少买过 3 次。",
        "Bought at least three times within 90 days.",
        _did(ORDER, gte=3, within="90d"),
        [_window("/within"), Parameter("orders", "number", "次数不少于", "At least", ["/gte"])],
    ),
    Template(
        "came_back",
        "沉睡后回归",
        "Back after a long time",
        "30 天内有新订单，而在那之前的 90 天没有买过。",
        "Bought within 30 days after 90 days without an order.",
        {"all": [_did(ORDER, gte=1, within="30d"), _did(ORDER, **{"is": 1}, within="120d"), {"first": ORDER, "before": "120d"}]},
        [
            Parameter("window", "duration", "回购时间", "Back within", ["/all/0/within"]),
            Parameter("pause", "duration", "此前未购至", "Paused until", ["/all/1/within", "/all/2/before"]),
        ],
    ),
)
