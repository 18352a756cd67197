"""What Wellspring itself saw a member do: events of known numbers, put into the log beside those that senders tell."""

from collections.abc import Sequence

import orjson

from wellspring.activity.contracts import Happening
from wellspring.activity.facts import happenings
from wellspring.activity.service import arrival, catalogue
from wellspring.kernel import failpoints
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import to_millis
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import MemberState


def record(ws: Workspace, told: Sequence[Happening], *, source: str) -> int:
    """See `activity.api.record`."""
    members = people.members_of(ws, by=SYSTEM, member_nos=sorted({one.member_no for one in told}))
    gone = {number for number, member in members.items() if member.state is MemberState.ERASED}
    alive = [one for one in told if one.member_no in members and one.member_no not in gone]
    known = happenings.known(ws, alive)
    fresh = list({one.message_id: one for one in alive if one.message_id not in known}.values())
    if not fresh:
        return 0
    received = to_millis(ws.clock.now())
    with arrival.taken(ws, len(fresh)) as block:
        rows = []
        for one in fresh:
            rows.append(
                {
                    "arrival_no": block.next,
                    "member_no": one.member_no,
                    "kind": one.kind,
                    "type": "track",
                    "at": min(to_millis(one.at), received) / 1000,
                    "received_at": received / 1000,
                    "message_id": one.message_id,
                    "source": source,
                    "import_id": "",
                    "flags": 0,
                    "props": dict(one.properties),
                    "context": "{}",
                }
            )
            block.next += 1
        happenings.insert(ws, b"\n".join(map(orjson.dumps, rows)))
        failpoints.hit("activity.record.written")
    met = catalogue.shapes_under(frozenset())
    catalogue.of(ws).note([(met.of(one.kind, "track", dict(one.properties)), to_millis(one.at), dict(one.properties)) for one in fresh])
    return len(fresh)
