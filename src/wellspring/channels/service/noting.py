"""What happened with groups and followers, told to the log of activity: each once, under an id of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wellspring.activity import api as activity
from wellspring.activity.contracts import Happening
from wellspring.channels.contracts.groups import GroupVerb
from wellspring.channels.repo import followers as follower_repo
from wellspring.channels.repo import groups as group_repo
from wellspring.channels.repo import sends as send_repo
from wellspring.channels.repo.groups import Row
from wellspring.kernel.clock import iso
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace

PUMP = "channels.noting"
_STEP = 500
# Says, by the keys of parcels, what events about them tell of where they came from.
Namer = Callable[[Workspace, Sequence[str]], Mapping[str, Mapping[str, str]]]
_namers: list[Namer] = []
REPLIED, UNSUBSCRIBED = "Message Replied", "Unsubscribed"
_GROUP_EVENTS = {GroupVerb.JOINED: "Group Joined", GroupVerb.LEFT: "Group Left"}
_OFFICIAL_EVENTS = {"followed": "Official Followed", "unfollowed": "Official Unfollowed", "scanned": "Official Scanned"}


def step(ws: Workspace) -> int:
    """Tells what the log has not heard of; the pump's step."""
    groups = _tell(ws, group_repo.unlogged, group_repo.logged, _of_group)
    followers = _tell(ws, follower_repo.unlogged, follower_repo.logged, _of_follower)
    replies = _record(ws, send_repo.unlogged_replies, send_repo.logged_replies, _of_replies)
    return groups + followers + replies + _record(ws, send_repo.unlogged_leavings, send_repo.logged_leavings, _of_leavings)


def register_namer(namer: Namer) -> None:
    """Brings the one who knows on whose behalf parcels went; the last one counts."""
    _namers[:] = [namer]


def _tell(
    ws: Workspace,
    unlogged: Callable[..., list[Row]],
    logged: Callable[[Tx, Sequence[int]], None],
    message: Callable[[Row], Mapping[str, Any] | None],
) -> int:
    with ws.sql.read() as tx:
        rows = unlogged(tx, limit=_STEP)
    if not rows:
        return 0
    messages = [made for row in rows if (made := message(row)) is not None]
    if messages:
        # Told twice after a crash it is still one event: the log knows it by its id.
        activity.ingest(ws, messages, source="wecom")
    with ws.sql.write() as tx:
        logged(tx, [row.id for row in rows])
    return len(rows)


def _record(
    ws: Workspace,
    unlogged: Callable[..., list[Row]],
    logged: Callable[[Tx, Sequence[str]], None],
    happened: Callable[[Workspace, Sequence[Row]], list[Happening]],
) -> int:
    """The same of what is known of a member by number."""
    with ws.sql.read() as tx:
        rows = unlogged(tx, limit=_STEP)
    if not rows:
        return 0
    activity.record(ws, happened(ws, [row for row in rows if row.member_no]), source="channels")
    with ws.sql.write() as tx:
        logged(tx, [row.id for row in rows])
    return len(rows)


def _of_replies(ws: Workspace, rows: Sequence[Row]) -> list[Happening]:
    keys = sorted({row.parcel_key for row in rows if row.parcel_key})
    origins = _namers[0](ws, keys) if keys and _namers else {}
    told = []
    for row in rows:
        said = {"channel": row.channel, "account": row.account_id, "is_stop": row.is_stop, "parcel": row.parcel_key}
        said |= origins.get(row.parcel_key, {})
        kept = {name: value for name, value in said.items() if value != ""}
        told.append(Happening(REPLIED, row.member_no, row.at, f"channels.reply.{row.id}", kept))
    return told


def _of_leavings(_ws: Workspace, rows: Sequence[Row]) -> list[Happening]:
    return [
        Happening(UNSUBSCRIBED, row.member_no, row.at, f"channels.leaving.{row.id}", {"channel": row.channel, "source": row.source})
        for row in rows
    ]


def _of_group(row: Row) -> dict[str, Any] | None:
    event = _GROUP_EVENTS.get(GroupVerb(row.verb))
    if event is None or not row.member_no:
        return None
    properties = {"chat_id": row.chat_id, "account": row.account_id, "state": row.state, "scene": row.scene}
    return _message(event, f"channels.chat.{row.id}", row, ("external_userid", "users", row.userid), properties)


def _of_follower(row: Row) -> dict[str, Any] | None:
    if not row.member_no:
        return None
    properties = {"account": row.account_id, "scene": row.scene}
    return _message(_OFFICIAL_EVENTS[row.verb], f"channels.official.{row.id}", row, ("openid", row.appid, row.openid), properties)


def _message(event: str, message_id: str, row: Row, who: tuple[str, str, str], properties: Mapping[str, Any]) -> dict[str, Any]:
    kind, collection, value = who
    return {
        "type": "track",
        "event": event,
        "messageId": message_id,
        "timestamp": iso(row.at),
        "properties": {name: value for name, value in properties.items() if value not in ("", None)},
        "context": {"externalIds": [{"id": value, "type": kind, "collection": collection, "encoding": "none"}]},
    }
