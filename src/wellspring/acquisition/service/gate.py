"""What codes ask of channels: entrances as they are wished, who can serve one, files, pictures."""

import datetime as dt
from collections.abc import Sequence

from wellspring.acquisition.contracts.codes import Code, CodeKind, Way, WayState
from wellspring.channels import api as channels
from wellspring.channels.contracts import AccountKind, AccountState
from wellspring.channels.contracts.ways import Entrance, EntranceDraft, EntranceState, JoinWayDraft, LinkDraft, MediaKind, WayDraft
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

_REMARK_MAX = 30
_STANDINGS = {
    EntranceState.ACTIVE: WayState.READY,
    EntranceState.FAILED: WayState.BEHIND,
    EntranceState.UNKNOWN: WayState.BEHIND,
    EntranceState.DELETING: WayState.GONE,
    EntranceState.DELETED: WayState.GONE,
}


def accounts(ws: Workspace) -> list[tuple[str, str]]:
    """Accounts of WeCom that make calls."""
    return [(one.id, one.name) for one in channels.accounts(ws, AccountKind.WECOM) if one.state is AccountState.ACTIVE]


def userids(ws: Workspace, account_id: str) -> dict[str, str]:
    """Staff of the organisation → their name at the platform, for those who can be put into a code now."""
    return {one.staff_id: one.userid for one in channels.staff_of(ws, account_id) if one.staff_id and one.is_active}


def wish(ws: Workspace, code: Code, way: Way, served_by: Sequence[str]) -> Entrance:
    """Makes this the wish: a new entrance, or the whole draft of the one that is there. Nothing is called inside a transaction."""
    draft = _draft(code, way, served_by)
    if not way.entrance_id:
        return channels.create_entrance(ws, by=SYSTEM, account_id=code.draft.account_id, draft=draft)
    return channels.update_entrance(ws, by=SYSTEM, entrance_id=way.entrance_id, draft=draft)


def give_up(ws: Workspace, way: Way) -> None:
    """Takes an entrance out of use."""
    if way.entrance_id:
        channels.delete_entrance(ws, by=SYSTEM, entrance_id=way.entrance_id)


def entrance(ws: Workspace, entrance_id: str) -> Entrance:
    """How an entrance stands."""
    return channels.entrance(ws, entrance_id=entrance_id)


def standing(entrance: Entrance) -> WayState:
    """Where a code stands as people read it."""
    if entrance.state is EntranceState.ACTIVE and not entrance.is_current:
        return WayState.BEHIND
    return _STANDINGS.get(entrance.state, WayState.MAKING)


def address(entrance: Entrance, state: str) -> str:
    """Where the entrance is shown; an acquisition link carries its state."""
    found = entrance.address or ""
    return channels.link_address(entrance, channel=state) if found and isinstance(entrance.draft, LinkDraft) else found


def uploaded(ws: Workspace, account_id: str, file_id: str, *, is_lasting: bool) -> tuple[str, dt.datetime | None]:
    """What the platform calls a file, and until when: an address for ever, or an id for three days."""
    kind = MediaKind.IMAGE_URL if is_lasting else MediaKind.IMAGE
    found = channels.upload(ws, account_id=account_id, file_id=file_id, kind=kind)
    return found.media_id, found.expires_at


def picture(ws: Workspace, account_id: str, url: str) -> tuple[bytes, str]:
    """The picture at an address that the platform gave, and its type. Raises MediaRefused, AddressRefused."""
    content = channels.picture(ws, account_id=account_id, url=url)
    return content, "image/jpeg" if content.startswith(b"\xff\xd8") else "image/png"


def publish_tags(ws: Workspace, account_id: str, words: Sequence[tuple[str, str]]) -> None:
    """Has the tags of a code stand on customers at the platform, too. Raises ChannelFailed, OutcomeUnknown."""
    channels.publish_tags(ws, account_id=account_id, words=words)


def entrance_of(ws: Workspace, account_id: str, external_userid: str, userid: str) -> str | None:
    """The entrance of the acquisition link through which somebody came, if the platform has told it; asked for otherwise."""
    found = channels.link_of(ws, account_id=account_id, external_userid=external_userid, userid=userid)
    if found is None:
        channels.ask_link_customers(ws)
    return found


def clicks(ws: Workspace, entrance_id: str, first: dt.datetime, last: dt.datetime) -> int:
    """How many opened an acquisition link in a span of time. Raises ChannelFailed, EntranceUnknown."""
    return channels.link_statistics(ws, entrance_id=entrance_id, first=first, last=last).clicks


def _draft(code: Code, way: Way, served_by: Sequence[str]) -> EntranceDraft:
    wanted = code.draft
    remark = wanted.name[:_REMARK_MAX]
    if wanted.kind is CodeKind.GROUP:
        groups = wanted.groups
        return JoinWayDraft(groups.chat_ids, way.state, remark, groups.opens_new, groups.base_name, groups.base_number)
    if wanted.kind is CodeKind.LINK:
        # The platform's only name for a link: the code's own, made unique by the end of its state.
        return LinkDraft(name=f"{wanted.name[:22]} {way.state[-6:]}", userids=tuple(served_by), skip_verify=wanted.skips_verification)
    return WayDraft(
        userids=tuple(served_by),
        is_single=wanted.is_single,
        state=way.state,
        remark=remark,
        skip_verify=wanted.skips_verification,
        is_exclusive=wanted.is_exclusive,
    )
