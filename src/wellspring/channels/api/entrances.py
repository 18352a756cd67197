"""The front door of ways in: contact ways, join ways, links, scene codes, and the media that go with them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wellspring.channels.contracts.ways import (
    Entrance,
    EntranceDraft,
    EntranceKind,
    JoinWayDraft,
    LinkCustomer,
    LinkDay,
    LinkDraft,
    Media,
    MediaKind,
    Quota,
    SceneDraft,
    Settlement,
    WayDraft,
)
from wellspring.channels.rules import ways as _rules
from wellspring.channels.service import entrances as _entrances
from wellspring.channels.service import links as _links
from wellspring.channels.service import media as _media
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace


def create_way(ws: Workspace, *, by: Principal, account_id: str, draft: WayDraft) -> Entrance:
    """Makes a contact way; inside a transaction it is planned, and called for right after the commit.

    One whose making was not answered is looked for by its state, never made twice. Raises DraftRefused, MarkTaken,
    AccountUnknown, KindMismatch; what the platform refuses is told by `state` and `error_code`.
    """
    return _entrances.create(ws, by=by, account_id=account_id, draft=draft)


def update_way(ws: Workspace, *, by: Principal, entrance_id: str, draft: WayDraft) -> Entrance:
    """Makes the whole draft the wish; the newest is sent until the platform has it. Raises EntranceUnknown, DraftRefused, KindMismatch."""
    return _entrances.update(ws, by=by, entrance_id=entrance_id, draft=draft)


def delete_way(ws: Workspace, *, by: Principal, entrance_id: str) -> Entrance:
    """Takes a way of any kind out of use. Raises EntranceUnknown."""
    return _entrances.delete(ws, by=by, entrance_id=entrance_id)


def create_join_way(ws: Workspace, *, by: Principal, account_id: str, draft: JoinWayDraft) -> Entrance:
    """Makes a join way of groups, as `create_way`; the platform lists none, so an unanswered one stays unknown for a person to settle."""
    return _entrances.create(ws, by=by, account_id=account_id, draft=draft)


def update_join_way(ws: Workspace, *, by: Principal, entrance_id: str, draft: JoinWayDraft) -> Entrance:
    """As `update_way`."""
    return _entrances.update(ws, by=by, entrance_id=entrance_id, draft=draft)


def join_way_chats(ws: Workspace, *, entrance_id: str) -> list[str]:
    """The groups that a join way leads into now, with those that the platform opened. Raises EntranceUnknown, ChannelFailed."""
    return _entrances.chats(ws, entrance_id)


def create_link(ws: Workspace, *, by: Principal, account_id: str, draft: LinkDraft) -> Entrance:
    """Makes an acquisition link, as `create_way`; it is found again by its name."""
    return _entrances.create(ws, by=by, account_id=account_id, draft=draft)


def update_link(ws: Workspace, *, by: Principal, entrance_id: str, draft: LinkDraft) -> Entrance:
    """As `update_way`."""
    return _entrances.update(ws, by=by, entrance_id=entrance_id, draft=draft)


def create_scene(ws: Workspace, *, by: Principal, account_id: str, draft: SceneDraft) -> Entrance:
    """Makes a code of an Official Account that names a scene."""
    return _entrances.create(ws, by=by, account_id=account_id, draft=draft)


def create_entrance(ws: Workspace, *, by: Principal, account_id: str, draft: EntranceDraft) -> Entrance:
    """Makes a way in of any kind, as `create_way`."""
    return _entrances.create(ws, by=by, account_id=account_id, draft=draft)


def update_entrance(ws: Workspace, *, by: Principal, entrance_id: str, draft: EntranceDraft) -> Entrance:
    """As `update_way`, of any kind."""
    return _entrances.update(ws, by=by, entrance_id=entrance_id, draft=draft)


delete_join_way = delete_link = delete_entrance = delete_way


def entrance(ws: Workspace, *, entrance_id: str) -> Entrance:
    """A way in of any kind, deleted ones too. Raises EntranceUnknown."""
    return _entrances.one(ws, entrance_id)


def draft_of(entrance: Entrance) -> dict[str, Any]:
    """The draft of an entrance as JSON."""
    return _rules.kept(entrance.draft)


def entrances(
    ws: Workspace,
    *,
    kind: EntranceKind,
    account_id: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Entrance]:
    """Those of a kind, the newest first; deleted ones only when that state is asked for."""
    return _entrances.listing(ws, kind, account_id=account_id, state=state, cursor=cursor, limit=limit)


def settle_entrance(ws: Workspace, *, by: Principal, entrance_id: str, how: Settlement) -> Entrance:
    """What a person decides of one that is unknown or failed: look again, make it anew, leave it. Raises EntranceUnknown."""
    return _entrances.settle(ws, by=by, entrance_id=entrance_id, how=how)


def link_address(entrance: Entrance, *, channel: str) -> str:
    """A link's address that brings `channel` back as state. Raises DraftRefused where the platform would cut it."""
    return _links.address(entrance, channel)


def link_customers(ws: Workspace, *, entrance_id: str, cursor: str | None = None, limit: int | None = None) -> Page[LinkCustomer]:
    """Who came through a link, as of when its list was last fetched. Raises EntranceUnknown."""
    return _links.customers(ws, entrance_id=entrance_id, cursor=cursor, limit=limit)


def fetch_link_customers(ws: Workspace, *, entrance_id: str) -> int:
    """Brings the list of a link's customers up to date; gives their number. Raises EntranceUnknown, ChannelFailed."""
    return _links.fetch_customers(ws, entrance_id=entrance_id)


def ask_link_customers(ws: Workspace) -> None:
    """Has the lists of all links fetched in a moment; whom they name newly is told by LinkCustomerFound."""
    _links.ask_customers(ws)


def link_of(ws: Workspace, *, account_id: str, external_userid: str, userid: str) -> str | None:
    """The entrance of the link through which somebody came to a member, where the fetched lists tell it."""
    return _links.link_of(ws, account_id, external_userid, userid)


def link_statistics(ws: Workspace, *, entrance_id: str, first: dt.datetime, last: dt.datetime) -> LinkDay:
    """Clicks and new customers of a link in a span of at most 180 days. Raises EntranceUnknown, DraftRefused, ChannelFailed."""
    return _links.statistics(ws, entrance_id=entrance_id, first=first, last=last)


def link_quota(ws: Workspace, *, account_id: str) -> Quota:
    """What is left of the corp's acquisition quota now. Raises AccountUnknown, ChannelFailed."""
    return _links.quota(ws, account_id=account_id)


def upload(ws: Workspace, *, account_id: str, file_id: str, kind: MediaKind = MediaKind.IMAGE, may_wait: bool = True) -> Media:
    """What a file of ours is called at the platform; uploaded once, and again before it runs out.

    With `may_wait` False whatever can still be used is given without a call. Raises MediaRefused, NotFound, ChannelFailed.
    """
    return _media.upload(ws, account_id=account_id, file_id=file_id, kind=kind, may_wait=may_wait)


def warm(ws: Workspace, *, account_id: str, file_ids: Iterable[str], kind: MediaKind = MediaKind.IMAGE) -> int:
    """Uploads what is missing or soon over, so that a welcome need not wait; gives the number of usable files."""
    return _media.warm(ws, account_id=account_id, file_ids=file_ids, kind=kind)


def picture(ws: Workspace, *, account_id: str, url: str) -> bytes:
    """A picture that the platform drew, such as a code. Raises MediaRefused, AddressRefused."""
    return _media.picture(ws, account_id=account_id, url=url)
