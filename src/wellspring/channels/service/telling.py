"""What happened between staff and contacts, written down into the activity log: each once, under an id of its own.

The two stores share no transaction: a line is marked after the log has it, and one that comes twice is the same to the
log.
"""

import itertools

from wellspring.activity import api as activity
from wellspring.channels.repo import contacts as rows
from wellspring.kernel import failpoints
from wellspring.kernel.clock import iso
from wellspring.kernel.workspace import Workspace

PUMP = "channels.telling"
SOURCE = "wecom"
_PIECE = 500
CONTACT_ADDED, CONTACT_LOST, CONTACT_DELETED = "Contact Added", "Contact Lost", "Contact Deleted"
CONTACT_TRANSFERRED, CONTACT_HALF_ADDED = "Contact Transferred", "Contact Half Added"
KINDS = {
    "added": CONTACT_ADDED,
    "half": CONTACT_HALF_ADDED,
    "lost": CONTACT_LOST,
    "deleted": CONTACT_DELETED,
    "transferred": CONTACT_TRANSFERRED,
}


def step(ws: Workspace) -> int:
    """Writes what the log has not got yet; gives how many lines."""
    with ws.sql.read() as tx:
        if not rows.has_unlogged(tx):
            return 0
        found = rows.unlogged(tx, _PIECE)
    with ws.sql.read() as tx:
        staff = {
            account_id: rows.staff_ids(tx, account_id, {row["userid"] for row in part})
            for account_id, part in itertools.groupby(sorted(found, key=lambda row: str(row["account_id"])), lambda row: row["account_id"])
        }
    for is_found in (False, True):
        messages = [_message(row, staff[row["account_id"]].get(row["userid"])) for row in found if row["is_found"] is is_found]
        if messages:
            activity.ingest(ws, messages, source=SOURCE, historical=is_found)
    failpoints.hit("channels.telling.ingested")
    with ws.sql.write() as tx:
        rows.mark_logged(tx, [row["id"] for row in found])
    return len(found)


def _message(row: rows.Row, staff_id: str | None) -> dict[str, object]:
    properties = {
        "account_id": row["account_id"],
        "userid": row["userid"],
        "staff_id": staff_id,
        "state": row["state_text"],
        "add_way": row["add_way"],
        "days": row["days"],
    }
    return {
        "type": "track",
        "event": KINDS[row["verb"]],
        "messageId": f"channels:change:{row['account_id']}:{row['id']}",
        "timestamp": iso(row["at"]),
        "properties": {name: value for name, value in properties.items() if value not in (None, "")},
        "context": {"externalIds": [{"type": "external_userid", "id": row["external_userid"]}]},
    }
