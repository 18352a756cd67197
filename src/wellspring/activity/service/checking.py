"""What must hold of the log at every instant, checked by SQL over what is stored."""

from wellspring.activity.facts import checks
from wellspring.activity.repo import blocks
from wellspring.activity.service import sales
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """See `activity.api.check`."""
    with ws.sql.read() as tx:
        highest = blocks.highest(tx)
    found = [
        ("activity.numbers_once", checks.doubled_numbers(ws), "到达号不重复", "no two events share an arrival number"),
        (
            "activity.numbers_given",
            checks.above(ws, highest),
            "没有超出已分配范围的到达号",
            "no event has a number that was never given out",
        ),
        ("activity.orders_told_once", checks.doubled_order_events(ws), "订单事件各只记录一次", "every event of an order is told once"),
        ("activity.orders_told", checks.untold_orders(ws), "有买家的订单都已记录事件", "every order of a known buyer has its event"),
        ("activity.timeline_whole", checks.missing_in_timeline(ws), "时间线与日志一致", "the timeline shows exactly what the log holds"),
        ("activity.sales_whole", int(sales.differs(ws)), "会员订单合计与订单一致", "members' sums are those of the orders themselves"),
        (
            "activity.members_exist",
            checks.unknown_members(ws, people.last_member_no(ws)),
            "事件与订单的会员都存在",
            "every event and order names a member that exists",
        ),
    ]
    return [(code, count == 0, zh, en) for code, count, zh, en in found]
