"""The contact's part of the client: what the platform says of one contact, of many, and of the staff who have contacts.

Numbers come as numbers or texts, fields may be missing: here they become what the rest of the domain works with.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from wellspring.channels.adapters.wecom import client
from wellspring.channels.contracts import Account
from wellspring.channels.errors import ChannelFailed
from wellspring.channels.rules import codes
from wellspring.kernel.clock import from_millis
from wellspring.kernel.workspace import Workspace

# A contact whom more than 500 staff members follow comes in pages (page 92114).
_PAGES_MAX = 40
PAGE_SIZE = 100
_ANSWER_SECONDS = 5.0


@dataclasses.dataclass(frozen=True, slots=True)
class Follow:
    """What a staff member holds of a contact."""

    userid: str
    remark: str
    description: str
    corp_name: str
    mobiles: tuple[str, ...]
    created_at: dt.datetime | None
    tag_ids: tuple[str, ...]
    state: str
    add_way: int
    oper_userid: str


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """What the platform says of a contact."""

    external_userid: str
    name: str
    kind: int
    gender: int
    avatar: str
    unionid: str
    corp_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Truth:
    """A contact with everybody who follows it; without a person nobody within the application's range does."""

    person: Person | None
    follows: Mapping[str, Follow]


def get(ws: Workspace, account: Account, external_userid: str, *, patience: float | None = None) -> Truth:
    """What the platform says now. Raises ChannelFailed."""
    follows: dict[str, Follow] = {}
    person = None
    query = {"external_userid": external_userid}
    try:
        for _ in range(_PAGES_MAX):
            answer = client.call(ws, account, "externalcontact/get", query=query, seconds=_ANSWER_SECONDS, patience=patience)
            person = person or person_of(answer.get("external_contact") or {})
            for raw in answer.get("follow_user") or []:
                follow = follow_of(raw)
                follows[follow.userid] = follow
            if not answer.get("next_cursor"):
                break
            query = {**query, "cursor": str(answer["next_cursor"])}
    except ChannelFailed as failure:
        if failure.errcode in codes.NO_RELATION | codes.BAD_CONTACT:
            return Truth(None, {})
        raise
    return Truth(person, follows)


def staff(ws: Workspace, account: Account) -> list[str]:
    """The userids of everybody who may have contacts. Raises ChannelFailed."""
    answer = client.call(ws, account, "externalcontact/get_follow_user_list")
    return [str(userid) for userid in answer.get("follow_user") or []]


def page(ws: Workspace, account: Account, userids: Sequence[str], cursor: str) -> tuple[list[tuple[Person, Follow]], str]:
    """Up to 100 contacts of these staff members and the cursor of the next ones, empty at the end. Raises ChannelFailed."""
    body = {"userid_list": list(userids), "cursor": cursor, "limit": PAGE_SIZE}
    answer = client.call(ws, account, "externalcontact/batch/get_by_user", body=body)
    found = []
    for one in answer.get("external_contact_list") or []:
        person = person_of(one.get("external_contact") or {})
        if person is not None:
            found.append((person, follow_of(one.get("follow_info") or {})))
    return found, str(answer.get("next_cursor") or "")


def person_of(raw: Mapping[str, Any]) -> Person | None:
    """A contact's own fields; None without an id."""
    external_userid = _text(raw.get("external_userid"), 64)
    if not external_userid:
        return None
    return Person(
        external_userid,
        _text(raw.get("name"), 100),
        _number(raw.get("type")),
        _number(raw.get("gender")),
        _text(raw.get("avatar"), 500),
        _text(raw.get("unionid"), 64),
        _text(raw.get("corp_name"), 120),
    )


def follow_of(raw: Mapping[str, Any]) -> Follow:
    """What a staff member holds; tags come with names (one contact) or as ids (many)."""
    tags = raw.get("tag_id") or [tag.get("tag_id") for tag in raw.get("tags") or [] if tag.get("tag_id")]
    seconds = _number(raw.get("createtime"))
    return Follow(
        _text(raw.get("userid"), 64),
        _text(raw.get("remark"), 200),
        _text(raw.get("description"), 1000),
        _text(raw.get("remark_corp_name"), 200),
        tuple(str(mobile) for mobile in raw.get("remark_mobiles") or [] if mobile),
        from_millis(seconds * 1000) if seconds else None,
        tuple(sorted(str(tag) for tag in tags)),
        _text(raw.get("state"), 64),
        _number(raw.get("add_way")),
        _text(raw.get("oper_userid"), 64),
    )


def _text(value: Any, length: int) -> str:  # noqa: ANN401 - any JSON
    return "" if value is None else str(value).replace("\0", "")[:length]


def _number(value: Any) -> int:  # noqa: ANN401 - any JSON
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
