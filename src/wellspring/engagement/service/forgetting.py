"""What is let go of: counts that no rule can ask for any more, and everything of people who were erased."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pyroaring import BitMap

from wellspring.channels.api import sends
from wellspring.channels.contracts.sends import Channel
from wellspring.engagement.repo import batches, counters, ledger
from wellspring.engagement.rules.caps import DAYS_MAX
from wellspring.engagement.service import cutting
from wellspring.kernel.clock import iso
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace


def forget_counts(ws: Workspace) -> int:
    """Lets go of counts older than the longest window."""
    now = ws.clock.now()
    # Two days more: local days reach 14 hours ahead of and 12 behind those of UTC.
    hour = int(now.timestamp()) // 3600 - 24 * (DAYS_MAX + 2)
    day = (now - dt.timedelta(days=DAYS_MAX + 2)).toordinal()
    with ws.sql.write() as tx:
        return counters.forget(tx, local_day=day, day=hour // 24, hour=hour)


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Nothing more goes to erased members, and what they were sent is forgotten. Repeatable."""
    gone = BitMap(numbers)
    with ws.sql.write() as tx:
        removed = ledger.forget(tx, list(gone))
        for batch in batches.open_now(tx):
            if batch.members & gone:
                batches.put_members(tx, batch, batch.members - gone, "erased")
                removed += 1
        return removed


def leave_ads(ws: Workspace, tx: Tx, numbers: Sequence[int]) -> int:
    """Has every ad audience that erased members were given to drop them, while their addresses are still known; gives how many (P04)."""
    marks: dict[tuple[str, str], set[str]] = {}
    audiences: dict[str, str] = {}
    for row in ledger.given(tx, Channel.ADS.value, list(numbers)):
        name = row["body_hash"]
        if name not in audiences:
            sealed = ledger.body(tx, name)
            audiences[name] = cutting.body_of(ws, sealed).template_id if sealed is not None else ""
        marks.setdefault((row["account_id"], audiences[name]), set()).add(row["address"])
    return sum(
        sends.drop_from_ads(ws, tx, account_id=account_id, audience_id=audience_id, marks=sorted(mine))
        for (account_id, audience_id), mine in sorted(marks.items())
    )


def of_person(ws: Workspace, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Every message that a person was sent, or was to be."""
    with ws.sql.read() as tx:
        found = ledger.of_members(tx, list(numbers), limit=10_000)
    return [
        {"channel": row["channel"], "origin": f"{row['origin_kind']}:{row['origin_id']}", "fate": row["fate"], "at": iso(row["at"])}
        for row in found
    ]
