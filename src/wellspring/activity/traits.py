"""What audiences may ask of orders: how many, how much, when, where, of what. Paid orders of their newest version."""

import datetime as dt
from collections.abc import Callable, Hashable

from wellspring.activity import api
from wellspring.activity.facts import member_orders
from wellspring.activity.facts.member_orders import Asked
from wellspring.kernel import bus
from wellspring.kernel.clock import from_millis
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores.log import scalar
from wellspring.kernel.traits import Trait, TraitKind, TraitValue
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

_Relation = Callable[[Asked], str]
_PAID_ZH, _PAID_EN = "只算已付款订单。", "Paid orders only."


def version(ws: Workspace) -> Hashable:
    """Changes whenever an answer about orders may have changed other than by time."""
    with ws.sql.read() as tx:
        told = bus.latest(ws.sql, tx, "people."), bus.latest(ws.sql, tx, "activity.")
    return (api.watermark(ws), *told, member_orders.holder_version(ws))


def _days_since(asked: Asked) -> str:
    return member_orders.days_since_sql(asked, zone=asked.ws.settings.get(WorkspaceSettings).time_zone)


def _trait(
    name: str, kind: TraitKind, words: tuple[str, str], relation: _Relation, *, help_: tuple[str, str], is_timed: bool = False
) -> Trait:
    def of_everybody(ws: Workspace, at: dt.datetime | None) -> str:
        return relation(Asked(ws, at, 1, people.last_member_no(ws)))

    def of_one(ws: Workspace, member_no: int, at: dt.datetime | None) -> TraitValue:
        numbers = people.numbers_held(ws, member_no=member_no)
        asked = relation(Asked(ws, at, member_no, member_no, numbers))
        value = "toUnixTimestamp64Milli(value)" if kind == "instant" else "value"
        found: TraitValue = scalar(ws.log, f"SELECT {value} FROM ({asked}) WHERE member_no = {int(member_no)}")  # noqa: S608 - a number
        return from_millis(found) if kind == "instant" and isinstance(found, int) else found

    return Trait(name, kind, *words, version, of_one, relation=of_everybody, help_zh=help_[0], help_en=help_[1], is_timed=is_timed)


TRAITS = [
    _trait(
        "orders.count",
        "number",
        ("订单数", "Orders"),
        member_orders.counted_sql,
        help_=(f"{_PAID_ZH}没买过的会员为 0。", f"{_PAID_EN} 0 for members who never bought."),
    ),
    _trait(
        "orders.revenue",
        "number",
        ("累计消费", "Total spent"),
        member_orders.revenue_sql,
        help_=(
            f"{_PAID_ZH}单位为元，未减退款；没买过的会员为 0。",
            f"{_PAID_EN} In major units, before refunds; 0 for members who never bought.",
        ),
    ),
    _trait(
        "orders.average",
        "number",
        ("客单价", "Average order value"),
        member_orders.average_sql,
        help_=(f"{_PAID_ZH}单位为元；没买过的会员没有这个值。", f"{_PAID_EN} In major units; members who never bought have none."),
    ),
    _trait(
        "orders.refunds",
        "number",
        ("累计退款", "Total refunded"),
        member_orders.refunded_sql,
        help_=(
            "单位为元，含没有对应订单的负单；没退过的会员为 0。",
            "In major units, with negative orders that matched no sale; 0 for everybody else.",
        ),
    ),
    _trait("orders.first_at", "instant", ("首次购买时间", "First purchase"), member_orders.first_sql, help_=(_PAID_ZH, _PAID_EN)),
    _trait("orders.last_at", "instant", ("最近购买时间", "Last purchase"), member_orders.last_sql, help_=(_PAID_ZH, _PAID_EN)),
    _trait(
        "orders.days_since_last",
        "number",
        ("距上次购买天数", "Days since last purchase"),
        _days_since,
        help_=(
            "按工作区时区的自然日；昨天买的为 1，没买过的会员没有这个值。",
            "Calendar days in the workspace's zone; 1 for yesterday; members who never bought have none.",
        ),
        is_timed=True,
    ),
    _trait(
        "orders.categories",
        "list",
        ("买过的品类", "Categories bought"),
        member_orders.categories_sql,
        help_=("已付款订单中买过的全部品类。", "Every category of which something was bought in a paid order."),
    ),
    _trait(
        "orders.shops",
        "list",
        ("买过的店铺", "Shops bought at"),
        member_orders.shops_sql,
        help_=("已付款订单所在的全部店铺。", "Every shop with a paid order."),
    ),
    _trait(
        "orders.first_shop",
        "text",
        ("首购店铺", "Shop of the first purchase"),
        member_orders.first_shop_sql,
        help_=("第一笔已付款订单所在的店铺。", "The shop of the first paid order."),
    ),
]
