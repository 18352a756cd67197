"""What the log of activity knows of contacts: when each member last added somebody."""

import datetime as dt

from wellspring.activity import api as activity
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.stores.log import scalar
from wellspring.kernel.workspace import Workspace

CONTACT_ADDED = "Contact Added"


def added_sql(ws: Workspace, at: dt.datetime | None) -> str:
    """When every member last added a member of staff, until an instant or ever."""
    until = f" AND at <= fromUnixTimestamp64Milli({to_millis(at)}, 'UTC')" if at is not None else ""
    return (
        f"SELECT toUInt32({activity.holder_sql(ws)}) AS member_no, max(at) AS value FROM {activity.events_sql()}"
        f" WHERE kind = '{CONTACT_ADDED}'{until} GROUP BY member_no"
    )


def added_of(ws: Workspace, member_no: int, at: dt.datetime | None) -> dt.datetime | None:
    """When one member did."""
    asked = (
        f"SELECT toUnixTimestamp64Milli(max(value)) FROM ({added_sql(ws, at)}) WHERE member_no = {{member_no:UInt32}} HAVING count() > 0"
    )
    found = scalar(ws.log, asked, {"member_no": member_no})
    return from_millis(int(found)) if found else None
