"""The addresses of ways in: contact ways, join ways, acquisition links, scene codes, and uploads of media."""

import datetime as dt
from typing import Annotated, Any, Literal

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.contracts import Permission
from wellspring.channels.contracts.ways import (
    Entrance,
    EntranceDraft,
    EntranceKind,
    EntranceState,
    JoinWayDraft,
    LinkDraft,
    MediaKind,
    SceneDraft,
    Settlement,
    WayDraft,
)
from wellspring.channels.errors import EntranceUnknown
from wellspring.channels.http.shapes import Asked, Cursor, Id, IdWanted, Limit, Moment
from wellspring.channels.rules import codes
from wellspring.kernel.web import Call, In, Out, allow

router = fastapi.APIRouter(tags=["channels"])

_Userids = Annotated[tuple[Annotated[str, pydantic.Field(min_length=1, max_length=64)], ...], pydantic.Field(max_length=100)]
_Departments = Annotated[tuple[Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)], ...], pydantic.Field(max_length=100)]
_Short = Annotated[str, pydantic.Field(max_length=30)]
_AccountId = Annotated[str, pydantic.Field(max_length=64)]
_StateWanted = Annotated[EntranceState | None, fastapi.Query()]


class WayIn(In):
    """A contact way; an empty state is given by the server."""

    userids: _Userids = ()
    department_ids: _Departments = ()
    is_single: bool = False
    state: _Short = ""
    remark: _Short = ""
    skip_verify: bool = True
    is_exclusive: bool = False


class NewWayIn(WayIn):
    """A contact way of an account."""

    account_id: _AccountId


class JoinWayIn(In):
    """A join way of groups."""

    chat_ids: Annotated[tuple[Annotated[str, pydantic.Field(min_length=1, max_length=64)], ...], pydantic.Field(min_length=1, max_length=5)]
    state: _Short = ""
    remark: _Short = ""
    auto_create: bool = True
    base_name: Annotated[str, pydantic.Field(max_length=40)] = ""
    base_id: Annotated[int, pydantic.Field(ge=1, le=1_000_000)] = 1


class NewJoinWayIn(JoinWayIn):
    """A join way of an account."""

    account_id: _AccountId


class LinkIn(In):
    """An acquisition link."""

    name: Annotated[str, pydantic.Field(min_length=1, max_length=30)]
    userids: _Userids = ()
    department_ids: _Departments = ()
    skip_verify: bool = True
    prefers_followers: bool = False
    first_userids: _Userids = ()


class NewLinkIn(LinkIn):
    """An acquisition link of an account."""

    account_id: _AccountId


class NewSceneIn(In):
    """A code of an Official Account that names a scene; without seconds it stays."""

    account_id: _AccountId
    scene: Annotated[str, pydantic.Field(min_length=1, max_length=64)]
    seconds: Annotated[int | None, pydantic.Field(ge=1, le=2_592_000)] = None


class SettlementIn(In):
    """What to do with one that is unknown or failed."""

    how: Settlement


class EntranceOut(Out):
    """A way in as it stands; a refusal is told in plain words."""

    id: str
    account_id: str
    kind: EntranceKind
    state: EntranceState
    mark: str
    draft: dict[str, Any]
    remote_id: str | None
    address: str | None
    is_current: bool
    error_code: int | None
    error_zh: str | None
    error_en: str | None
    advice_zh: str | None
    advice_en: str | None
    created_by: str
    created_at: Moment
    updated_at: Moment


class EntrancesOut(Out):
    """A page of ways in."""

    rows: list[EntranceOut]
    next_cursor: str | None
    total: int | None


class LinkCustomerOut(Out):
    """Who came through a link."""

    external_userid: str
    userid: str
    state: str
    has_written: bool | None


class LinkCustomersOut(Out):
    """A page of a link's customers."""

    rows: list[LinkCustomerOut]
    next_cursor: str | None
    total: int | None


class LinkStatisticsOut(Out):
    """What a link brought."""

    clicks: int
    new_customers: int


class QuotaPartOut(Out):
    """A part of the quota that runs out."""

    at: Moment
    balance: int


class LinkQuotaOut(Out):
    """What is left of the corp's acquisition quota."""

    total: int
    balance: int
    expiring: list[QuotaPartOut]


class MediaIn(In):
    """A file of ours to be uploaded."""

    account_id: _AccountId
    file_id: Annotated[str, pydantic.Field(max_length=64)]
    kind: MediaKind = MediaKind.IMAGE


class MediaOut(Out):
    """What the platform calls the file, and until when."""

    media_id: str
    expires_at: Moment | None


def _shown(found: Entrance) -> EntranceOut:
    zh, en, advice_zh, advice_en = codes.words(found.error_code) if found.error_code else (None, None, None, None)
    fields = {name: getattr(found, name) for name in EntranceOut.model_fields if hasattr(found, name) and name != "draft"}
    words = {"error_zh": zh, "error_en": en, "advice_zh": advice_zh, "advice_en": advice_en}
    return EntranceOut(**fields, draft=api.draft_of(found), **words)


def _page(
    call: Call, kind: EntranceKind, account_id: str | None, state: EntranceState | None, cursor: str | None, limit: int | None
) -> EntrancesOut:
    page = api.entrances(call.ws, kind=kind, account_id=account_id, state=state, cursor=cursor, limit=limit)
    return EntrancesOut(rows=[_shown(one) for one in page.rows], next_cursor=page.next_cursor, total=page.total)


def _one(call: Call, entrance_id: str, kind: EntranceKind) -> Entrance:
    found = api.entrance(call.ws, entrance_id=entrance_id)
    if found.kind is not kind:
        raise EntranceUnknown
    return found


def _made(call: Call, account_id: str, draft: EntranceDraft) -> EntranceOut:
    return _shown(api.create_entrance(call.ws, by=call.by, account_id=account_id, draft=draft))


def _changed(call: Call, entrance_id: str, kind: EntranceKind, draft: EntranceDraft) -> EntranceOut:
    _one(call, entrance_id, kind)
    return _shown(api.update_entrance(call.ws, by=call.by, entrance_id=entrance_id, draft=draft))


_Read = Annotated[Call, allow(Permission.WAY_READ)]
_Write = Annotated[Call, allow(Permission.WAY_WRITE)]


@router.get("/api/channels/ways")
def list_ways(
    call: _Read, account_id: IdWanted = None, state: _StateWanted = None, cursor: Cursor = None, limit: Limit = None
) -> EntrancesOut:
    """Contact ways, the newest first."""
    return _page(call, EntranceKind.WAY, account_id, state, cursor, limit)


@router.post("/api/channels/ways", status_code=201)
def make_way(call: _Write, body: NewWayIn) -> EntranceOut:
    """Makes a contact way."""
    return _made(call, body.account_id, WayDraft(**body.model_dump(exclude={"account_id"})))


@router.get("/api/channels/ways/{entrance_id}")
def read_way(call: _Read, entrance_id: Id) -> EntranceOut:
    """One contact way."""
    return _shown(_one(call, entrance_id, EntranceKind.WAY))


@router.put("/api/channels/ways/{entrance_id}")
def change_way(call: _Write, entrance_id: Id, body: WayIn) -> EntranceOut:
    """Makes the whole draft the wish."""
    return _changed(call, entrance_id, EntranceKind.WAY, WayDraft(**body.model_dump()))


@router.get("/api/channels/join-ways")
def list_join_ways(
    call: _Read, account_id: IdWanted = None, state: _StateWanted = None, cursor: Cursor = None, limit: Limit = None
) -> EntrancesOut:
    """Join ways of groups, the newest first."""
    return _page(call, EntranceKind.JOIN_WAY, account_id, state, cursor, limit)


@router.post("/api/channels/join-ways", status_code=201)
def make_join_way(call: _Write, body: NewJoinWayIn) -> EntranceOut:
    """Makes a join way."""
    return _made(call, body.account_id, JoinWayDraft(**body.model_dump(exclude={"account_id"})))


@router.get("/api/channels/join-ways/{join_way_id}")
def read_join_way(call: _Read, join_way_id: Id) -> EntranceOut:
    """One join way."""
    return _shown(_one(call, join_way_id, EntranceKind.JOIN_WAY))


@router.put("/api/channels/join-ways/{join_way_id}")
def change_join_way(call: _Write, join_way_id: Id, body: JoinWayIn) -> EntranceOut:
    """Makes the whole draft the wish."""
    return _changed(call, join_way_id, EntranceKind.JOIN_WAY, JoinWayDraft(**body.model_dump()))


@router.get("/api/channels/links")
def list_links(
    call: _Read, account_id: IdWanted = None, state: _StateWanted = None, cursor: Cursor = None, limit: Limit = None
) -> EntrancesOut:
    """Acquisition links, the newest first."""
    return _page(call, EntranceKind.LINK, account_id, state, cursor, limit)


@router.post("/api/channels/links", status_code=201)
def make_link(call: _Write, body: NewLinkIn) -> EntranceOut:
    """Makes an acquisition link."""
    return _made(call, body.account_id, LinkDraft(**body.model_dump(exclude={"account_id"})))


@router.get("/api/channels/links/quota")
def read_link_quota(call: _Read, account_id: Annotated[str, fastapi.Query(max_length=64)]) -> LinkQuotaOut:
    """What is left of the corp's quota now."""
    found = api.link_quota(call.ws, account_id=account_id)
    parts = [QuotaPartOut(at=at, balance=balance) for at, balance in found.expiring]
    return LinkQuotaOut(total=found.total, balance=found.balance, expiring=parts)


@router.get("/api/channels/links/{link_id}")
def read_link(call: _Read, link_id: Id) -> EntranceOut:
    """One link."""
    return _shown(_one(call, link_id, EntranceKind.LINK))


@router.put("/api/channels/links/{link_id}")
def change_link(call: _Write, link_id: Id, body: LinkIn) -> EntranceOut:
    """Makes the whole draft the wish."""
    return _changed(call, link_id, EntranceKind.LINK, LinkDraft(**body.model_dump()))


@router.get("/api/channels/links/{link_id}/customers")
def list_link_customers(call: _Read, link_id: Id, cursor: Cursor = None, limit: Limit = None) -> LinkCustomersOut:
    """Who came through a link, as of when its list was last fetched."""
    return LinkCustomersOut.model_validate(api.link_customers(call.ws, entrance_id=link_id, cursor=cursor, limit=limit))


@router.get("/api/channels/links/{link_id}/statistics")
def read_link_statistics(
    call: _Read,
    link_id: Id,
    first: Annotated[Asked | None, fastapi.Query(alias="from")] = None,
    last: Annotated[Asked | None, fastapi.Query(alias="to")] = None,
) -> LinkStatisticsOut:
    """Clicks and new customers, of the last 30 days unless it is said otherwise."""
    until = last or call.ws.clock.now()
    found = api.link_statistics(call.ws, entrance_id=link_id, first=first or until - dt.timedelta(days=30), last=until)
    return LinkStatisticsOut.model_validate(found)


@router.get("/api/channels/scenes")
def list_scenes(
    call: _Read, account_id: IdWanted = None, state: _StateWanted = None, cursor: Cursor = None, limit: Limit = None
) -> EntrancesOut:
    """Codes of Official Accounts that name a scene, the newest first."""
    return _page(call, EntranceKind.SCENE, account_id, state, cursor, limit)


@router.post("/api/channels/scenes", status_code=201)
def make_scene(call: _Write, body: NewSceneIn) -> EntranceOut:
    """Makes a code that names a scene."""
    return _made(call, body.account_id, SceneDraft(body.scene, body.seconds))


_Kinds = Literal["ways", "join-ways", "links", "scenes"]


@router.delete("/api/channels/{kind}/{entrance_id}")
def delete_entrance(call: _Write, kind: _Kinds, entrance_id: Id) -> EntranceOut:
    """Takes a way in out of use."""
    return _shown(api.delete_entrance(call.ws, by=call.by, entrance_id=entrance_id))


@router.post("/api/channels/{kind}/{entrance_id}/settle")
def settle_entrance(call: _Write, kind: _Kinds, entrance_id: Id, body: SettlementIn) -> EntranceOut:
    """Decides about one that is unknown or failed."""
    return _shown(api.settle_entrance(call.ws, by=call.by, entrance_id=entrance_id, how=body.how))


@router.get("/api/channels/{kind}/{entrance_id}/picture", response_class=fastapi.Response)
def read_entrance_picture(call: _Read, kind: _Kinds, entrance_id: Id) -> fastapi.Response:
    """The picture of a code, fetched from the platform."""
    found = api.entrance(call.ws, entrance_id=entrance_id)
    if found.address is None or found.kind is EntranceKind.LINK:
        raise EntranceUnknown
    return fastapi.Response(api.picture(call.ws, account_id=found.account_id, url=found.address), media_type="image/png")


@router.post("/api/channels/media", status_code=201)
def upload_media(call: _Write, body: MediaIn) -> MediaOut:
    """Uploads a file, or tells what it is called where that is known."""
    return MediaOut.model_validate(api.upload(call.ws, account_id=body.account_id, file_id=body.file_id, kind=body.kind))
