"""What is asked: ten definitions with the SQL that somebody would write for them, and two hundred audiences that are kept up."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from bench._audience_crowd import GROUPS, TAGS, tag_name

Definition = dict[str, Any]
DAY = 86_400_000


@dataclasses.dataclass(frozen=True)
class Question:
    """A definition, and a SELECT of member_no in PostgreSQL in which {now} is the present as a timestamp."""

    name: str
    definition: Definition
    sql: str


def did(event: str, days: int | None = None, *, where: Sequence[Definition] = (), **rest: Any) -> Definition:  # noqa: ANN401 - JSON
    """A leaf of behaviour."""
    found: Definition = {"did": event, **rest}
    if where:
        found["where"] = list(where)
    return found | ({"within": f"{days}d"} if days else {})


def _total(days: int, **rest: Any) -> Definition:  # noqa: ANN401 - JSON
    return did("Order Completed", days, measure={"sum": "total"}, **rest)


def _since(days: int, what: str = "SELECT member_no", kind: str = "Order Completed") -> str:
    return f"{what} FROM event WHERE kind = '{kind}' AND at > {{now}} - interval '{days} days' AND at <= {{now}}"


def _tagged(*places: int) -> str:
    return f"SELECT member_no FROM member_tag WHERE tag_id IN ({', '.join(map(str, places))})"


_NESTED: Definition = {
    "all": [
        {"any": [{"attribute": "city", "in": ["上海", "杭州"]}, {"tag": tag_name(190)}]},
        did("Product Viewed", 60, gte=2),
        {"not": {"any": [{"tag": tag_name(120)}, did("Order Completed", 14)]}},
        _total(730, gte=500),
    ]
}
_CART_THEN_ORDER = {"sequence": [{"did": "Product Added"}, {"did": "Order Completed", "within": "7d"}]}
_DEAR_SKIN_CARE = did(
    "Product Viewed", 180, where=[{"property": "category", "is": "护肤"}, {"property": "price", "gte": 300}], measure={"count": True}, gte=2
)

QUESTIONS = [
    Question(
        "attributes",
        {
            "all": [
                {"attribute": "city", "in": ["上海", "北京"]},
                {"attribute": "gender", "is": "female"},
                {"attribute": "age", "between": [25, 40]},
            ]
        },
        "SELECT member_no FROM member WHERE city IN ('上海', '北京') AND gender = 'female' AND age BETWEEN 25 AND 40",
    ),
    Question(
        "tag algebra",
        {
            "all": [
                {"any": [{"tag": tag_name(150)}, {"tag": tag_name(180)}]},
                {"not": {"any": [{"tag": tag_name(170)}, {"tag": tag_name(195)}]}},
                {"tag_group": "标签组3", "any": True},
            ]
        },
        f"(({_tagged(150, 180)}) INTERSECT ({_tagged(*range(3, TAGS, GROUPS))})) EXCEPT ({_tagged(170, 195)})",
    ),
    Question(
        "two orders in 90 days",
        did("Order Completed", 90, measure={"count": True}, gte=2),
        f"{_since(90)} GROUP BY member_no HAVING count(*) >= 2",
    ),
    Question(
        "1,000 in a year, none in 30 days",
        {"all": [_total(365, gte=1000), {"not": did("Order Completed", 30)}]},
        f"({_since(365)} GROUP BY member_no HAVING sum(total) >= 1000) EXCEPT ({_since(30)})",
    ),
    Question(
        "cart but no order",
        {"all": [did("Product Added", 30), {"not": did("Order Completed", 30)}]},
        f"({_since(30, kind='Product Added')}) EXCEPT ({_since(30)})",
    ),
    Question(
        "cart then order within 7 days",
        _CART_THEN_ORDER,
        "SELECT DISTINCT member_no FROM (SELECT member_no, kind, at, max(at) FILTER (WHERE kind = 'Product Added') OVER (PARTITION BY"
        " member_no ORDER BY at, arrival_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS added FROM event WHERE kind IN"
        " ('Product Added', 'Order Completed') AND at <= {now}) e WHERE kind = 'Order Completed' AND at - added <= interval '7 days'",
    ),
    Question(
        "top 10 % by spend",
        {"top": {"measure": {"sum": "total"}, "of": "Order Completed", "within": "365d", "percent": 10}},
        "SELECT member_no FROM (SELECT member_no, row_number() OVER (ORDER BY sum(total) DESC, member_no) AS place, count(*) OVER () AS n"
        f" FROM ({_since(365, 'SELECT member_no, total')}) o GROUP BY member_no) r WHERE place <= ceil(n * 0.1)",
    ),
    Question(
        "six leaves, nested",
        _NESTED,
        f"(((SELECT member_no FROM member WHERE city IN ('上海', '杭州')) UNION ({_tagged(190)}))"
        f" INTERSECT ({_since(60, kind='Product Viewed')} GROUP BY member_no HAVING count(*) >= 2)"
        f" INTERSECT ({_since(730)} GROUP BY member_no HAVING sum(total) >= 500)) EXCEPT (({_tagged(120)}) UNION ({_since(14)}))",
    ),
    Question(
        "looked twice at dear skin care",
        _DEAR_SKIN_CARE,
        f"{_since(180, kind='Product Viewed')} AND props ->> 'category' = '护肤' AND (props ->> 'price')::float >= 300"
        " GROUP BY member_no HAVING count(*) >= 2",
    ),
    Question(
        "comes often, bought long ago",
        {
            "all": [
                did("小程序打开", 365, measure={"days": True}, gte=2),
                {"last": "Order Completed", "before": "60d"},
            ]
        },
        f"({_since(365, kind='小程序打开')} GROUP BY member_no HAVING count(DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date) >= 2)"
        " INTERSECT (SELECT member_no FROM event WHERE kind = 'Order Completed' AND at <= {now} GROUP BY member_no HAVING max(at) <="
        " {now} - interval '60 days')",
    ),
]

_KINDS = ("Order Completed", "Order Placed", "Product Viewed", "Product Added", "页面浏览", "小程序打开", "Message Sent")


def leaf_kinds() -> dict[str, Definition]:
    """One leaf of each kind that is asked of the log or the mirror."""
    return {
        "attribute": {"attribute": "city", "is": "上海"},
        "number": {"attribute": "age", "between": [25, 40]},
        "anniversary": {"attribute": "birthday", "anniversary_within_next": "7d"},
        "did": did("Product Viewed", 90),
        "count": did("Order Completed", 90, measure={"count": True}, gte=2),
        "sum": _total(365, gte=1000),
        "days": did("小程序打开", 365, measure={"days": True}, gte=2),
        "distinct": did("Product Viewed", 365, measure={"distinct": "sku"}, gte=3),
        "property": _DEAR_SKIN_CARE,
        "lines": did("Order Completed", 365, where=[{"property": "lines[].category", "is": "香水"}]),
        "last": {"last": "Order Completed", "before": "60d"},
        "sequence": _CART_THEN_ORDER,
        "top": {"top": {"measure": {"sum": "total"}, "of": "Order Completed", "within": "365d", "percent": 10}},
    }


def pool() -> list[Definition]:
    """Some two hundred distinct leaves of every kind, as operators mix them."""
    found: list[Definition] = []
    for place, kind in enumerate(_KINDS):
        found += [did(kind, days, measure={"count": True}, gte=1 + days // 60) for days in (1, 3, 7, 14, 21, 30, 60, 90, 180, 365)]
        found.append(did(kind, 30 + place, measure={"count": True}, **{"is": 0}))
        found.append({"last": kind, "before": f"{20 + 10 * place}d"})
    found += [_total(days, gte=amount) for days in (30, 90, 180, 365, 730) for amount in (300, 1000, 3000)]
    found += [_total(days, lt=200) for days in (60, 120)]
    found += [did("Order Completed", days, measure={"sum": "lines[].qty"}, gte=5) for days in (90, 365)]
    views = [{"property": "category", "is": "护肤"}], [{"property": "price", "gte": 300}], [{"property": "sku", "starts_with": "SKU1"}]
    found += [did("Product Viewed", days, where=where, measure={"count": True}, gte=2) for where in views for days in (30, 90, 180)]
    found += [did("Order Completed", 365, where=[{"property": "lines[].category", "is": name}]) for name in ("护肤", "彩妆", "香水")]
    found += [did("小程序打开", days, measure={"days": True}, gte=2) for days in (30, 180)]
    found += [
        did("Order Completed", 365, measure={"avg": "total"}, gte=800),
        did("Order Completed", 730, measure={"max": "total"}, gte=2000),
    ]
    found += [did("Product Viewed", 90, measure={"distinct": "sku"}, gte=3), did("页面浏览", 30, measure={"avg": "seconds"}, gte=100)]
    found += [{"first": "Order Completed", "within_last": f"{days}d"} for days in (30, 90, 365)]
    found += [_CART_THEN_ORDER, {"sequence": [{"did": "Product Added"}, {"did_not": "Order Completed"}]}]
    found.append({"sequence": [{"did": "Message Sent"}, {"did": "小程序打开", "within": "1d"}, {"did": "Order Placed", "within": "3d"}]})
    found += [
        {"top": {"measure": {"count": True}, "of": kind, "within": "90d", "percent": 5}} for kind in ("Order Completed", "Product Viewed")
    ]
    found.append({"top": {"measure": {"sum": "total"}, "of": "Order Completed", "within": "365d", "percent": 10}})
    found += [{"touched": {"channel": channel}, "gte": 2, "within": "30d"} for channel in ("sms", "wecom")]
    found += [{"attribute": "city", "is": city} for city in ("上海", "北京", "深圳", "杭州", "成都", "广州")]
    found += [{"attribute": "age", "between": [low, low + 9]} for low in (20, 30, 40, 50)]
    found += [{"attribute": "gender", "is_not": "male"}, {"attribute": "birthday", "anniversary_within_next": "7d"}]
    found += [{"tag": tag_name(place)} for place in range(0, TAGS, 4)]
    found += [{"tag_group": f"标签组{group}", "any": True} for group in range(4)]
    found += [{"sample": {"salt": "a", "percent": [0, 50]}}, {"served_by": {"store": "S3"}}, {"served_by": {"store": "S17"}}]
    return found


def live(count: int) -> list[Definition]:
    """So many definitions over the pool; every leaf of it is used where there are enough of them."""
    leaves = pool()
    found: list[Definition] = []
    for place in range(count):
        first, second, third = (leaves[(place * step + shift) % len(leaves)] for step, shift in ((1, 0), (7, 3), (13, 5)))
        shapes: list[Definition] = [
            {"all": [first, second]},
            {"any": [first, {"all": [second, third]}]},
            {"all": [first, {"not": second}]},
            {"all": [{"any": [first, second]}, {"not": third}]},
        ]
        found.append(shapes[place % len(shapes)])
    return found
