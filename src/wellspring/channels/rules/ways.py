"""What a draft of an entrance may say, what the platform is told of it, and which of its answers mean the same one."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from wellspring.channels.contracts.ways import (
    CHATS_MAX,
    CUSTOMER_CHANNEL_BYTES_MAX,
    REMARK_MAX,
    ROOM_NAME_MAX,
    SCENE_MAX,
    SCENE_SECONDS_MAX,
    STATE_MAX,
    USERS_MAX,
    EntranceDraft,
    EntranceKind,
    JoinWayDraft,
    LinkDraft,
    SceneDraft,
    WayDraft,
)

_SINGLE, _MULTI = 1, 2
_SCENE_QR = 2
_WHOLE_CORP, _LISTED = 1, 2

KINDS: dict[type, EntranceKind] = {
    WayDraft: EntranceKind.WAY,
    JoinWayDraft: EntranceKind.JOIN_WAY,
    LinkDraft: EntranceKind.LINK,
    SceneDraft: EntranceKind.SCENE,
}
_DRAFTS: dict[EntranceKind, type] = {kind: draft for draft, kind in KINDS.items()}


def mark_of(draft: EntranceDraft) -> str:
    """What tells this entrance from others of its account: state, name or scene; empty where one has to be given."""
    match draft:
        case WayDraft() | JoinWayDraft():
            return draft.state
        case LinkDraft():
            return draft.name
        case SceneDraft():
            return draft.scene


def marked(draft: EntranceDraft, mark: str) -> EntranceDraft:
    """The draft under this mark."""
    return dataclasses.replace(draft, state=mark) if isinstance(draft, WayDraft | JoinWayDraft) else draft


def faults(draft: EntranceDraft) -> Iterable[tuple[str, str, str]]:
    """What the platform would refuse: field, reason in zh-CN and in English."""
    match draft:
        case WayDraft():
            yield from _staffed(draft.userids, draft.department_ids)
            yield from _texts(draft.state, draft.remark)
            if draft.is_single and (len(draft.userids) != 1 or draft.department_ids):
                yield "userids", "单人活码只能有一名员工", "a single way has exactly one member of staff"
        case JoinWayDraft():
            yield from _texts(draft.state, draft.remark)
            if not 1 <= len(draft.chat_ids) <= CHATS_MAX:
                yield "chat_ids", f"客户群数量应为 1–{CHATS_MAX} 个", f"1 to {CHATS_MAX} groups"
            if len(draft.base_name) > ROOM_NAME_MAX:
                yield "base_name", f"群名不超过 {ROOM_NAME_MAX} 字", f"at most {ROOM_NAME_MAX} characters"
        case LinkDraft():
            yield from _staffed(draft.userids, draft.department_ids)
            if not 1 <= len(draft.name) <= REMARK_MAX:
                yield "name", f"名称应为 1–{REMARK_MAX} 字", f"1 to {REMARK_MAX} characters"
        case SceneDraft():
            yield from _scene(draft)


def kept(draft: EntranceDraft) -> dict[str, Any]:
    """The draft as JSON for a column, with lists as JSON has them: it is compared with what a column gives back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in dataclasses.asdict(draft).items()}


def read(kind: EntranceKind, values: Mapping[str, Any]) -> EntranceDraft:
    """The draft of a column."""
    draft: EntranceDraft = _DRAFTS[kind](**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
    return draft


def said(draft: EntranceDraft) -> dict[str, Any]:
    """What the platform is told to make."""
    match draft:
        case WayDraft():
            body = _way(draft) | {"type": _SINGLE if draft.is_single else _MULTI, "scene": _SCENE_QR}
            return body | ({"is_exclusive": True} if draft.is_exclusive else {})
        case JoinWayDraft():
            return {"scene": _SCENE_QR} | _join_way(draft)
        case LinkDraft():
            return _link(draft)
        case SceneDraft(scene, seconds):
            action = "QR_LIMIT_STR_SCENE" if seconds is None else "QR_STR_SCENE"
            body = {"action_name": action, "action_info": {"scene": {"scene_str": scene}}}
            return body | ({} if seconds is None else {"expire_seconds": seconds})


def said_again(draft: EntranceDraft, remote_id: str) -> dict[str, Any]:
    """What the platform is told to make of one that is there; what it does not take in a change is left out."""
    match draft:
        case WayDraft():
            return _way(draft) | {"config_id": remote_id}
        case JoinWayDraft():
            return {"scene": _SCENE_QR} | _join_way(draft) | {"config_id": remote_id}
        case LinkDraft():
            return _link(draft) | {"link_id": remote_id}
        case SceneDraft():
            return {}


def with_channel(address: str, channel: str) -> str | None:
    """The link's address that brings `channel` back as state; None when that is longer than the platform keeps."""
    if len(channel.encode()) > CUSTOMER_CHANNEL_BYTES_MAX:
        return None
    return f"{address}{'&' if '?' in address else '?'}customer_channel={quote(channel, safe='')}"


def _way(draft: WayDraft) -> dict[str, Any]:
    return {
        "remark": draft.remark,
        "skip_verify": draft.skip_verify,
        "state": draft.state,
        "user": list(draft.userids),
        "party": list(draft.department_ids),
    }


def _join_way(draft: JoinWayDraft) -> dict[str, Any]:
    body: dict[str, Any] = {
        "remark": draft.remark,
        "auto_create_room": int(draft.auto_create),
        "chat_id_list": list(draft.chat_ids),
        "state": draft.state,
    }
    if draft.auto_create and draft.base_name:
        body |= {"room_base_name": draft.base_name, "room_base_id": draft.base_id}
    return body


def _link(draft: LinkDraft) -> dict[str, Any]:
    body: dict[str, Any] = {
        "link_name": draft.name,
        "range": {"user_list": list(draft.userids), "department_list": list(draft.department_ids)},
        "skip_verify": draft.skip_verify,
    }
    if draft.first_userids:
        body["priority_option"] = {"priority_type": _LISTED, "priority_userid_list": list(draft.first_userids)}
    elif draft.prefers_followers:
        body["priority_option"] = {"priority_type": _WHOLE_CORP}
    return body


def _staffed(users: Sequence[str], departments: Sequence[int]) -> Iterable[tuple[str, str, str]]:
    if not users and not departments:
        yield "userids", "至少选择一名员工或一个部门", "at least one member of staff or a department"
    if len(users) > USERS_MAX:
        yield "userids", f"员工不超过 {USERS_MAX} 名", f"at most {USERS_MAX} members of staff"
    if len(set(users)) != len(users):
        yield "userids", "员工重复", "somebody is named twice"


def _scene(draft: SceneDraft) -> Iterable[tuple[str, str, str]]:
    if not 1 <= len(draft.scene) <= SCENE_MAX:
        yield "scene", f"场景值应为 1–{SCENE_MAX} 字", f"1 to {SCENE_MAX} characters"
    if draft.seconds is not None and not 1 <= draft.seconds <= SCENE_SECONDS_MAX:
        yield "seconds", "有效期最长 30 天", "30 days at most"


def _texts(state: str, remark: str) -> Iterable[tuple[str, str, str]]:
    if len(state) > STATE_MAX:
        yield "state", f"渠道参数不超过 {STATE_MAX} 字", f"at most {STATE_MAX} characters"
    if len(remark) > REMARK_MAX:
        yield "remark", f"备注不超过 {REMARK_MAX} 字", f"at most {REMARK_MAX} characters"
