"""The brand's audiences, as its operators define them once its tags are put: the questions that they ask every week."""

from wecom_simulator.town.actions import Body, Json
from wecom_simulator.town.client import Connection

_ORDER = "Order Completed"
_NEVER: Json = {"did": _ORDER, "is": 0}

# Name, what it is for, how it is kept up, and the definition.
_AUDIENCES: tuple[tuple[str, str, str, Json], ...] = (
    ("首购未复购", "买过一次、已过一个月：推动第二单", "live", {"all": [{"did": _ORDER, "is": 1}, {"last": _ORDER, "before": "30d"}]}),
    (
        "高价值沉睡",
        "一年内消费不少于 1000 元、90 天没有再买",
        "live",
        {"all": [{"did": _ORDER, "measure": {"sum": "total"}, "gte": 1000, "within": "365d"}, {"last": _ORDER, "before": "90d"}]},
    ),
    (
        "近 7 天浏览未下单",
        "看过商品，还没有付款",
        "live",
        {"all": [{"did": "Product Viewed", "within": "7d"}, {"did": _ORDER, "is": 0, "within": "7d"}]},
    ),
    ("包裹卡引流未购", "扫包裹卡加了导购，还没有首购", "live", {"all": [{"tag": "渠道/包裹卡"}, _NEVER]}),
    ("复购周期将到", "按每个人自己的节奏，一周内该买了", "live", {"trait": "lifecycle.next_expected_at", "within_next": "7d"}),
    (
        "高客单前 10%",
        "近一年每单平均金额最高的十分之一",
        "daily",
        {"top": {"measure": {"avg": "total"}, "of": _ORDER, "within": "365d", "percent": 10}},
    ),
    ("生日将到", "未来 7 天过生日", "daily", {"attribute": "birthday", "anniversary_within_next": "7d"}),
)


def define(connection: Connection) -> None:
    """Make the audiences that are not there yet."""
    answer = connection.call("GET", "/api/audiences?limit=200")
    rows = answer["rows"] if isinstance(answer, dict) else []
    present = {str(row["name"]) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
    for name, purpose, refresh, definition in _AUDIENCES:
        if name not in present:
            body: Body = {"name": name, "description": purpose, "refresh": refresh, "definition": definition}
            connection.call("POST", "/api/audiences", body)
