"""What nodes owe is done here, after the tick and outside its transaction: tags, attributes and webhooks, some members at a time.

Each piece may be done twice and comes out the same: a tag is put once, an attribute is what it is, and a webhook's
message has an id by which its receiver knows it. Coupons and points are promises: they wait for who gives them.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.repo import effects
from wellspring.kernel import failpoints, outbound
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock, iso
from wellspring.kernel.errors import WellspringError
from wellspring.kernel.sets import to_column
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags

# One transaction of a fraction of a second; of a webhook, a body that anybody takes.
PIECE = 500
ATTEMPTS_MAX = 8
SOURCE = "journey"
_PAUSE_SECONDS_MAX = 3600
Row = sa.Row[Any]


def step(ws: Workspace) -> int:
    """Does one piece of what is owed; gives how many members it was for."""
    now = ws.clock.now()
    with ws.sql.read() as tx:
        row = effects.first_due(tx, now)
    if row is None:
        return 0
    left = to_column(BitMap.deserialize(bytes(row.members)))
    piece = [int(number) for number in left[left > row.done][:PIECE]]
    problem = _attempt(ws, row, piece) if piece else ""
    failpoints.hit("engagement.effects.done")
    with ws.sql.write() as tx:
        effects.update(tx, row.id, done=row.done, values=_after(row, piece, len(left), problem, now))
    return max(1, len(piece))


def _after(row: Row, piece: Sequence[int], size: int, problem: str, now: dt.datetime) -> dict[str, Any]:
    if not problem:
        is_last = not piece or len(piece) < PIECE or size == PIECE
        return {"done": piece[-1] if piece else row.done, "attempts": 0, "retry_at": None, "problem": ""} | (
            {"state": effects.DONE} if is_last else {}
        )
    attempts = row.attempts + 1
    pause = dt.timedelta(seconds=min(2**attempts, _PAUSE_SECONDS_MAX))
    state = effects.FAILED if attempts >= ATTEMPTS_MAX else effects.WAITING
    return {"attempts": attempts, "retry_at": now + pause, "problem": problem[:200], "state": state}


def _attempt(ws: Workspace, row: Row, piece: Sequence[int]) -> str:
    said = row.content["settings"]
    try:
        match row.kind:
            case "tag":
                _tag(ws, row, said, piece)
            case "update":
                _update(ws, said, piece)
            case _:
                return _call(ws, row, said, piece)
    except WellspringError as failure:
        return failure.code
    except httpx.HTTPError as failure:
        return type(failure).__name__
    return ""


def _tag(ws: Workspace, row: Row, said: dict[str, Any], piece: Sequence[int]) -> None:
    reason = f"{row.journey_id}/{row.node}"
    for verb, names in ((tags.put, said.get("put", ())), (tags.lift, said.get("lift", ()))):
        for name in names:
            group, _, tag = name.rpartition("/")
            verb(ws, by=SYSTEM, member_nos=piece, group=group, tag=tag, source=SOURCE, reason=reason)


def _update(ws: Workspace, said: dict[str, Any], piece: Sequence[int]) -> None:
    for member in people.members_of(ws, by=SYSTEM, member_nos=piece).values():
        people.change(ws, by=SYSTEM, member_id=member.id, attributes={said["attribute"]: said["value"]})


def _call(ws: Workspace, row: Row, said: dict[str, Any], piece: Sequence[int]) -> str:
    members = people.members_of(ws, by=SYSTEM, member_nos=piece)
    keys: dict[int, list[str]] = {}
    for number, key in row.content.get("keys", ()):
        keys.setdefault(number, []).append(key)
    body = orjson.dumps(
        {
            "type": "journey.reached",
            "journey": row.journey_id,
            "version": row.version,
            "node": row.node,
            "at": iso(row.at),
            "members": [{"id": members[no].id, "member_no": no, "keys": keys.get(no, [])} for no in piece if no in members],
        }
    )
    message_id, sent_at = f"{row.id}.{piece[0]}", int(ws.clock.now().timestamp())
    headers = {"content-type": "application/json", "webhook-id": message_id, "webhook-timestamp": str(sent_at)}
    # The workspace's own key signs: whoever receives asks for it once, in the settings of the node.
    secret = ws.keys.sign(f"journey-webhook:{row.journey_id}")
    headers["webhook-signature"] = hmac.new(secret.encode(), f"{message_id}.{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    status = outbound.post(said["url"], body, headers, allows_loopback=isinstance(ws.clock, VirtualClock))
    return "" if 200 <= status < 300 else f"HTTP {status}"
