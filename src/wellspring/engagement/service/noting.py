"""What members got, told to the log of activity: `Message Sent` once a provider took it, `Message Failed` if it did not arrive after all.

So audiences can ask who was touched by what, when and how often, journeys can wait for it, and a member's page shows it.
The way is that of openings and replies: a row is owed an event, the pump tells some hundreds of them in one insert, and
after a crash the log knows each by the touch's own number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.activity import api as activity
from wellspring.activity.contracts import MESSAGE_FAILED, MESSAGE_SENT, Happening
from wellspring.engagement.contracts.touches import Told
from wellspring.engagement.repo import ledger
from wellspring.engagement.repo.ledger import Row
from wellspring.kernel import failpoints
from wellspring.kernel.workspace import Workspace

SOURCE = "engagement"
# Touches told in one insert.
STEP = 2_000


def step(ws: Workspace) -> int:
    """Tells what the log is owed; gives how many touches that were."""
    with ws.sql.read() as tx:
        rows = ledger.owed(tx, limit=STEP)
    if not rows:
        return 0
    failed = [row for row in rows if row["told"] == Told.FAILED_OWED.value]
    # Of a touch that failed before it was told as sent, both are told: each is known by its own id.
    told = [_sent(row) for row in rows] + [_failed(row) for row in failed]
    activity.record(ws, told, source=SOURCE)
    failpoints.hit("engagement.noting.recorded")
    with ws.sql.write() as tx:
        ledger.paid(tx, [row["id"] for row in failed], Told.FAILED_OWED, Told.FAILED)
        ledger.paid(tx, [row["id"] for row in rows if row["told"] == Told.SENT_OWED.value], Told.SENT_OWED, Told.SENT)
    return len(rows)


def origins(ws: Workspace, keys: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """What events about a call of ours say of where it came from, by the call's key."""
    with ws.sql.read() as tx:
        found = ledger.origins_of(tx, keys)
    return {key: _origin(row) for key, row in found.items()}


def _sent(row: Row) -> Happening:
    return Happening(MESSAGE_SENT, row["member_no"], row["changed_at"], f"engagement.send.{row['id']}", _said(row))


def _failed(row: Row) -> Happening:
    said = _said(row) | {"reason": row["reason"]}
    return Happening(MESSAGE_FAILED, row["member_no"], row["changed_at"], f"engagement.send.{row['id']}.failed", said)


def _said(row: Row) -> dict[str, Any]:
    said = {"channel": row["channel"], "account": row["account_id"], "content_id": row["content_id"], "sender": row["sender"]}
    return {name: value for name, value in (said | _origin(row) | {"parcel": row["parcel_key"]}).items() if value}


def _origin(row: Row) -> dict[str, str]:
    """As openings of links name it: the kind and the id in one word."""
    said = {"origin": f"{row['origin_kind']}:{row['origin_id']}", "node": row["origin_node"]}
    return {name: value for name, value in said.items() if value}
