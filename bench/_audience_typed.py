"""The leaf kinds as somebody would type them into the engine: literals, no checks of types beyond what the rows need."""

_LOG = "activity_event"
_AT = "at > {now} - INTERVAL"
_UNTIL = "at <= {now}"
_TABLE = "audiences_attribute FINAL"
_ALL = "groupBitmapState(m)"


def instant(millis: int) -> str:
    """The present as a literal."""
    return f"fromUnixTimestamp64Milli({millis}, 'UTC')"


def _grouped(kind: str, days: int, having: str, where: str = "") -> str:
    condition = f"kind = '{kind}' AND {_AT} {days} DAY AND {_UNTIL}{where}"
    return f"SELECT {_ALL} FROM (SELECT member_no AS m FROM {_LOG} WHERE {condition} GROUP BY m HAVING {having})"


_DAYS = (
    "["
    + ", ".join(f"toMonth({{now}} + INTERVAL {step} DAY) * 100 + toDayOfMonth({{now}} + INTERVAL {step} DAY)" for step in range(8))
    + "]"
)

SQL = {
    "attribute": f"SELECT groupBitmapState(member_no) FROM {_TABLE} WHERE name = 'city' AND text = '上海'",
    "number": f"SELECT groupBitmapState(member_no) FROM {_TABLE} WHERE name = 'age' AND number BETWEEN 25 AND 40",
    "anniversary": (
        f"SELECT groupBitmapState(member_no) FROM {_TABLE} WHERE name = 'birthday'"
        f" AND toUInt32(concat(substring(text, 6, 2), substring(text, 9, 2))) IN {_DAYS}"
    ),
    "did": f"SELECT groupBitmapState(member_no) FROM {_LOG} WHERE kind = 'Product Viewed' AND {_AT} 90 DAY AND {_UNTIL}",
    "count": _grouped("Order Completed", 90, "count() >= 2"),
    "sum": _grouped("Order Completed", 365, "sum(total) >= 1000"),
    "days": _grouped("小程序打开", 365, "uniqExact(toDate(at, 'Asia/Shanghai')) >= 2"),
    "distinct": _grouped("Product Viewed", 365, "uniqExact(props.sku.:String) >= 3"),
    "property": _grouped(
        "Product Viewed", 180, "count() >= 2", " AND props.category.:String = '护肤' AND coalesce(props.price.:Int64, 0) >= 300"
    ),
    "lines": (
        f"SELECT groupBitmapState(member_no) FROM {_LOG} WHERE kind = 'Order Completed' AND {_AT} 365 DAY AND {_UNTIL}"
        " AND has(lines.category, '香水')"
    ),
    "last": (
        f"SELECT {_ALL} FROM (SELECT member_no AS m FROM {_LOG} WHERE kind = 'Order Completed' AND {_UNTIL} GROUP BY m"
        " HAVING max(at) <= {now} - INTERVAL 60 DAY)"
    ),
    # The engine's own function for sequences in order.
    "sequence": (
        f"SELECT {_ALL} FROM (SELECT member_no AS m FROM {_LOG} WHERE kind IN ('Product Added', 'Order Completed') AND {_UNTIL} GROUP BY m"
        " HAVING windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(at)), kind = 'Product Added', kind = 'Order Completed') = 2)"
    ),
    "top": (
        "WITH (SELECT toUInt64(ceil(uniqExact(member_no) / 10)) FROM activity_event WHERE kind = 'Order Completed'"
        f" AND {_AT} 365 DAY AND {_UNTIL}) AS many SELECT {_ALL} FROM (SELECT m, row_number() OVER (ORDER BY v DESC, m) AS place FROM"
        f" (SELECT member_no AS m, sum(total) AS v FROM {_LOG} WHERE kind = 'Order Completed' AND {_AT} 365 DAY AND {_UNTIL} GROUP BY m))"
        " WHERE place <= many"
    ),
}
