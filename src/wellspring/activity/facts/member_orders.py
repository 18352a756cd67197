"""One number, instant or list per buyer, from paid orders of their newest version: how audiences read orders at once.

An order counts from when it was paid (placed, where the shop does not tell). An amount below zero is a return without
its sale: money among the refunds, never an order. Amounts are in one currency: the workspace's, or the most used one
where no order has it.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from wellspring.activity.facts.holders import holder_sql
from wellspring.activity.models import holder_log, line_log, order_log, refund_log
from wellspring.kernel.clock import to_millis
from wellspring.kernel.money import minor_digits
from wellspring.kernel.settings import WorkspaceSettings
from wellspring.kernel.stores.log import rows, scalar
from wellspring.kernel.workspace import Workspace

_SOLD_AT = "if(toUnixTimestamp64Milli(paid_at) > 0, paid_at, placed_at)"
_IS_ORDER = "(total_minor >= 0 AND paid_minor >= 0)"
_IS_SALE = f"is_paid AND {_IS_ORDER}"
_FIELD = str.maketrans({"\\": "\\\\", "'": "\\'"})


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and until when: members first_no to last_no, of them only what stands under `numbers` if these are given."""

    ws: Workspace
    at: dt.datetime | None
    first_no: int
    last_no: int
    numbers: Sequence[int] | None = None

    def filters(self, moment: str) -> str:
        """The conditions on a row of orders or refunds that counts from this moment."""
        chosen = "" if self.numbers is None else f" AND member_no IN ({', '.join(map(str, self.numbers))})"
        until = "" if self.at is None else f" AND toUnixTimestamp64Milli({moment}) <= {to_millis(self.at)}"
        return chosen + until


def currency(ws: Workspace) -> str:
    """The currency in which money is told."""
    wanted = ws.settings.get(WorkspaceSettings).currency
    asked = f"SELECT count() AS n, anyHeavy(currency) AS most FROM {order_log.name} WHERE is_paid"
    if scalar(ws.log, f"SELECT 1 FROM {order_log.name} WHERE currency = {{currency:String}} LIMIT 1", {"currency": wanted}) is None:
        found = rows(ws.log, asked)[0]
        return str(found["most"]) if found["n"] else wanted
    return wanted


def holder_version(ws: Workspace) -> int:
    """Changes with every merge that the log has heard of."""
    return int(scalar(ws.log, f"SELECT max(version) FROM {holder_log.name}") or 0)


def counted_sql(asked: Asked) -> str:
    """How many orders each member paid for; 0 for everybody else."""
    return _for_everybody(f"SELECT buyer AS member_no, toFloat64(count()) AS value FROM ({sales_sql(asked)}) GROUP BY buyer", asked)


def revenue_sql(asked: Asked) -> str:
    """What each member paid in major units, before refunds; 0 for everybody else."""
    money = currency(asked.ws)
    paid = f"SELECT buyer AS member_no, sum(paid_minor) AS value FROM ({sales_sql(asked, money=money)}) GROUP BY buyer"
    return _major(_for_everybody(paid, asked), money)


def average_sql(asked: Asked) -> str:
    """The average of what each buyer paid per order, in major units."""
    money = currency(asked.ws)
    return _major(f"SELECT buyer AS member_no, avg(paid_minor) AS value FROM ({sales_sql(asked, money=money)}) GROUP BY buyer", money)


def refunded_sql(asked: Asked) -> str:
    """What each member got back in major units; 0 for everybody else."""
    money = currency(asked.ws)
    who = holder_sql(asked.ws, "member_no")
    of_money = f"member_no > 0 AND currency = {quoted(money)}"
    back = f"SELECT {who} AS buyer, amount_minor AS amount FROM {refund_log.name} FINAL WHERE {of_money}{asked.filters('at')}"
    alone = (
        f"SELECT {who} AS buyer, -least(total_minor, paid_minor) AS amount FROM {order_log.name} FINAL"
        f" WHERE NOT {_IS_ORDER} AND {of_money}{asked.filters('placed_at')}"
    )
    both = f"SELECT toUInt32(buyer) AS member_no, sum(amount) AS value FROM ({back} UNION ALL {alone}) GROUP BY member_no"
    return _major(_for_everybody(both, asked), money)


def first_sql(asked: Asked) -> str:
    """When each buyer bought first."""
    return f"SELECT buyer AS member_no, min(sold_at) AS value FROM ({sales_sql(asked)}) GROUP BY buyer"


def last_sql(asked: Asked) -> str:
    """When each buyer bought last."""
    return f"SELECT buyer AS member_no, max(sold_at) AS value FROM ({sales_sql(asked)}) GROUP BY buyer"


def days_since_sql(asked: Asked, *, zone: str) -> str:
    """Calendar days from each buyer's last purchase to today, in the zone."""
    now = f"toDateTime64({to_millis(asked.at or asked.ws.clock.now()) / 1000:.3f}, 3, 'UTC')"
    days = f"dateDiff('day', max(sold_at), {now}, {quoted(zone)})"
    return f"SELECT buyer AS member_no, toFloat64({days}) AS value FROM ({sales_sql(asked)}) GROUP BY buyer"


def shops_sql(asked: Asked) -> str:
    """The shops in which each buyer bought."""
    shops = "arraySort(groupUniqArray(toString(shop)))"
    return f"SELECT buyer AS member_no, {shops} AS value FROM ({sales_sql(asked)}) GROUP BY buyer"


def first_shop_sql(asked: Asked) -> str:
    """The shop in which each buyer bought first; of two at one instant the first by name."""
    first = "argMin(toString(shop), (sold_at, shop))"
    return f"SELECT buyer AS member_no, {first} AS value FROM ({sales_sql(asked)}) GROUP BY buyer"


def categories_sql(asked: Asked) -> str:
    """The categories of which each buyer bought something."""
    # One number instead of two texts and a number makes the join several times quicker.
    key = "cityHash64(shop, order_no, version)"
    lines = f"SELECT {key} AS key, category FROM {line_log.name} WHERE category != '' AND quantity > 0"
    sales = f"SELECT {key} AS key, buyer FROM ({sales_sql(asked)})"
    joined = f"SELECT s.buyer AS buyer, l.category AS category FROM ({lines}) AS l INNER JOIN ({sales}) AS s ON s.key = l.key"
    return f"SELECT buyer AS member_no, arraySort(groupUniqArray(toString(category))) AS value FROM ({joined}) GROUP BY buyer"


def sales_sql(asked: Asked, *, money: str | None = None) -> str:
    """Every sale of a known buyer: `buyer`, `shop`, `order_no`, `version`, `sold_at`, `paid_minor`; in one currency, or in all."""
    who = holder_sql(asked.ws, "member_no")
    in_money = "" if money is None else f" AND currency = {quoted(money)}"
    return (
        f"SELECT toUInt32({who}) AS buyer, shop, order_no, version, {_SOLD_AT} AS sold_at, paid_minor FROM {order_log.name} FINAL"
        f" WHERE member_no > 0 AND {_IS_SALE}{in_money}{asked.filters(_SOLD_AT)}"
    )


def quoted(text: str) -> str:
    """A text as a literal: relations travel as plain SQL, without parameters."""
    return f"'{text.translate(_FIELD)}'"


def _for_everybody(known: str, asked: Asked) -> str:
    """Nothing bought is a number too: "fewer than two orders" takes those without any."""
    everybody = f"SELECT toUInt32(number) AS member_no, 0 AS value FROM numbers({asked.first_no}, {asked.last_no - asked.first_no + 1})"
    return f"SELECT member_no, toFloat64(sum(value)) AS value FROM ({known} UNION ALL {everybody}) GROUP BY member_no"


def _major(known: str, money: str) -> str:
    return f"SELECT member_no, toFloat64(value / {10 ** minor_digits(money)}) AS value FROM ({known})"
