"""Customer groups as the platform tells them (pages 92120, 92122, 92569, 95703)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from wellspring.channels.adapters.wecom.asking import Ask, pages
from wellspring.channels.contracts.groups import GroupState
from wellspring.kernel.clock import UTC

OWNERS_MAX = 100
_PAGE = 1000
_STAFF = 1
# Dissolved; not a customer group (any more).
GONE = frozenset({49008, 90501, 90509})
_STATES = {0: GroupState.ACTIVE, 1: GroupState.WAITING, 2: GroupState.INHERITING, 3: GroupState.INHERITED}
_COUNTS = {
    "new_chat_cnt": "new_chats",
    "chat_total": "chats",
    "chat_has_msg": "chats_with_messages",
    "new_member_cnt": "new_members",
    "member_total": "members",
    "member_has_msg": "members_with_messages",
    "msg_total": "messages",
}


class Listed(NamedTuple):
    """Somebody in a group, as fetched."""

    userid: str
    is_staff: bool
    unionid: str
    joined_at: dt.datetime
    scene: int
    state: str
    invited_by: str | None
    name: str


class Fetched(NamedTuple):
    """A group, as fetched."""

    name: str
    owner: str
    notice: str
    created_at: dt.datetime | None
    admins: tuple[str, ...]
    version: str
    members: tuple[Listed, ...]


def listing(ask: Ask, owners: Sequence[str]) -> Iterator[list[tuple[str, GroupState]]]:
    """The groups of at most 100 owners, a page at a time."""
    body = {"status_filter": 0, "owner_filter": {"userid_list": list(owners)}, "limit": _PAGE}
    for page in pages(ask, "externalcontact/groupchat/list", body):
        yield [
            (str(one["chat_id"]), _STATES.get(int(one.get("status") or 0), GroupState.ACTIVE)) for one in page.get("group_chat_list", [])
        ]


def fetch(ask: Ask, chat_id: str) -> Fetched:
    """One group with its members. Raises ChannelFailed with a code of GONE for a dissolved one."""
    found = ask("externalcontact/groupchat/get", {"chat_id": chat_id, "need_name": 1}, safe=True)["group_chat"]
    return Fetched(
        name=str(found.get("name") or ""),
        owner=str(found.get("owner") or ""),
        notice=str(found.get("notice") or ""),
        created_at=_instant(found.get("create_time")),
        admins=tuple(str(one["userid"]) for one in found.get("admin_list") or []),
        version=str(found.get("member_version") or ""),
        members=tuple(_listed(one) for one in found.get("member_list") or []),
    )


def hand_over(ask: Ask, chat_ids: Sequence[str], new_owner: str, *, has_left: bool) -> dict[str, int]:
    """Gives groups to another owner; the codes of those that could not be given, by group. Not to be repeated blindly."""
    path = "externalcontact/groupchat/transfer" if has_left else "externalcontact/groupchat/onjob_transfer"
    answer = ask(path, {"chat_id_list": list(chat_ids), "new_owner": new_owner}, safe=False)
    return {str(one["chat_id"]): int(one["errcode"]) for one in answer.get("failed_chat_list") or []}


def days(ask: Ask, owners: Sequence[str], midnight: dt.datetime) -> dict[str, dict[str, int]]:
    """What was counted of each owner's groups on the day that began at this midnight of UTC+8."""
    found: dict[str, dict[str, int]] = {}
    offset = 0
    while True:
        second = int(midnight.timestamp())
        body = {"day_begin_time": second, "day_end_time": second, "owner_filter": {"userid_list": list(owners)}}
        page = ask("externalcontact/groupchat/statistic", body | {"offset": offset, "limit": _PAGE}, safe=True)
        for one in page.get("items") or []:
            found[str(one["owner"])] = {ours: int(one["data"].get(theirs) or 0) for theirs, ours in _COUNTS.items()}
        following = int(page.get("next_offset") or 0)
        if following <= offset or following >= int(page.get("total") or 0):
            return found
        offset = following


def _listed(one: dict[str, Any]) -> Listed:
    invitor = one.get("invitor") or {}
    return Listed(
        userid=str(one["userid"]),
        is_staff=int(one.get("type") or 0) == _STAFF,
        unionid=str(one.get("unionid") or ""),
        joined_at=_instant(one.get("join_time")) or dt.datetime.fromtimestamp(0, tz=UTC),
        scene=int(one.get("join_scene") or 0),
        state=str(one.get("state") or ""),
        invited_by=str(invitor["userid"]) if invitor.get("userid") else None,
        name=str(one.get("name") or one.get("group_nickname") or ""),
    )


def _instant(seconds: Any) -> dt.datetime | None:  # noqa: ANN401 - a number or its text
    return dt.datetime.fromtimestamp(int(seconds), tz=UTC) if seconds else None
