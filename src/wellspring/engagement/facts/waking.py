"""At which hour members are awake to us: when they did things by themselves, over the last three months."""

import datetime as dt

import numpy as np
from pyroaring import BitMap

from wellspring.activity import api as activity
from wellspring.activity.contracts import MESSAGE_FAILED, MESSAGE_SENT
from wellspring.kernel.clock import to_millis
from wellspring.kernel.sets import from_column
from wellspring.kernel.workspace import Workspace

SPAN = dt.timedelta(days=90)
# Fewer doings than this say nothing of somebody's habits.
DOINGS_MIN = 3
_ROW = np.dtype([("hour", "u1"), ("member", "<u4")])


def hours(ws: Workspace, now: dt.datetime) -> dict[int, BitMap]:
    """Members by the hour of UTC in which they did most; who did too little is in none.

    That we wrote to somebody is nothing that they did. What they open within an hour of it counts: earlier times of
    sending shape it, which the console says where the times are chosen (Q11).
    """
    holder = activity.holder_sql(ws)
    answer = ws.log.query(
        "SELECT toUInt8(argMax(hour, (times, -hour))) AS best, member FROM ("
        f" SELECT toUInt32({holder}) AS member, toInt16(toHour(at, 'UTC')) AS hour, count() AS times"
        f" FROM {activity.events_sql()}"
        " WHERE at >= fromUnixTimestamp64Milli({since:Int64}) AND at <= fromUnixTimestamp64Milli({now:Int64}) AND member_no > 0"
        f" AND kind NOT IN ('{MESSAGE_SENT}', '{MESSAGE_FAILED}')"
        " GROUP BY member, hour) GROUP BY member HAVING sum(times) >= {least:UInt32}",
        {"since": to_millis(now - SPAN), "now": to_millis(now), "least": DOINGS_MIN},
        fmt="RowBinary",
    )
    found = np.frombuffer(answer, dtype=_ROW)
    return {int(hour): from_column(found["member"][found["hour"] == hour]) for hour in np.unique(found["hour"])}
