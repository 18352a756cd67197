"""The addresses of the diagnosis, of messages to oneself, and of followers."""

from typing import Annotated, Literal

import fastapi
import pydantic

from wellspring.channels import api
from wellspring.channels.api import sends
from wellspring.channels.contracts import Permission
from wellspring.channels.contracts.followers import CheckState, NoticeDraft, NoticeKind, NoticeState
from wellspring.channels.contracts.sends import Channel, OutcomeState
from wellspring.channels.http.groups import AccountWantedIn, QueuedOut
from wellspring.channels.http.shapes import Cursor, Id, Limit, Moment
from wellspring.channels.rules import codes
from wellspring.content.contracts import Body
from wellspring.kernel.errors import Scalar
from wellspring.kernel.web import Call, In, Out, allow
from wellspring.people import api as people

router = fastapi.APIRouter(tags=["channels"])

_KINDS = {
    "wecom_app": NoticeKind.APP,
    "official_template": NoticeKind.TEMPLATE,
    "official_subscribe": NoticeKind.OFFICIAL_SUBSCRIBE,
    "mini_subscribe": NoticeKind.MINI_SUBSCRIBE,
}
_TEST = "这是一条来自活水的测试消息，收到说明通道正常。 / A test message from Wellspring: the channel works."
_SUBJECT = "活水测试 / Wellspring test"
_STATES = {
    OutcomeState.ACCEPTED: NoticeState.ACCEPTED,
    OutcomeState.REFUSED: NoticeState.FAILED,
    OutcomeState.UNKNOWN: NoticeState.UNKNOWN,
    OutcomeState.LATER: NoticeState.FAILED,
}
_WORDS: dict[NoticeState, tuple[str, str]] = {
    NoticeState.CALLING: ("正在发送", "being sent"),
    NoticeState.ACCEPTED: ("已被平台接受，请在手机上查看", "taken by the platform: look at the phone"),
    NoticeState.DELIVERED: ("已送达", "delivered"),
    NoticeState.FAILED: ("没有发出", "not sent"),
    NoticeState.UNKNOWN: ("没有得到答复，可能已发出，系统不会重发", "no answer: it may have been sent, and is not sent again"),
}


class CheckOut(Out):
    """One thing that was looked at, in plain words."""

    code: str
    state: CheckState
    zh: str
    en: str
    what_to_do_zh: str
    what_to_do_en: str
    facts: dict[str, Scalar]


class DiagnosisOut(Out):
    """Everything that was looked at, the worst first."""

    account_id: str
    checked_at: Moment
    worst: CheckState
    checks: list[CheckOut]


class ChannelTestIn(In):
    """A test to oneself: a userid of the corp, an openid with a template, an own phone or e-mail address, a group, a contact.

    `sender` is the member of staff who would send a group send or a moment.
    """

    channel: Literal[
        "wecom_app",
        "official_template",
        "official_subscribe",
        "mini_subscribe",
        "wecom",
        "wecom_group",
        "moments",
        "sms",
        "email",
        "webhook",
        "ads",
    ]
    to: Annotated[str, pydantic.Field(min_length=1, max_length=200)]
    sender: Annotated[str, pydantic.Field(max_length=64)] = ""
    text: Annotated[str, pydantic.Field(max_length=2_000)] = ""
    template_id: Annotated[str, pydantic.Field(max_length=64)] = ""
    values: dict[Annotated[str, pydantic.Field(max_length=40)], Annotated[str, pydantic.Field(max_length=200)]] = pydantic.Field(
        default={}, max_length=20
    )
    page: Annotated[str, pydantic.Field(max_length=500)] = ""


class ChannelTestOut(Out):
    """What became of the test."""

    id: str
    state: NoticeState
    error_code: int | None
    zh: str
    en: str
    what_to_do_zh: str
    what_to_do_en: str


class FollowerOut(Out):
    """Somebody who follows, or opened a Mini Program."""

    account_id: str
    openid: str
    member_no: int
    member_id: str | None = None
    is_following: bool
    followed_at: Moment | None
    unfollowed_at: Moment | None
    subscribe_scene: str
    scene: str


class FollowersOut(Out):
    """A page of followers."""

    rows: list[FollowerOut]
    next_cursor: str | None
    total: int | None


@router.get("/api/channels/accounts/{account_id}/diagnosis")
def read_diagnosis(call: Annotated[Call, allow(Permission.ACCOUNT_READ)], account_id: Id) -> DiagnosisOut:
    """Looks at everything that can be wrong with an account, now."""
    return DiagnosisOut.model_validate(api.diagnose(call.ws, account_id=account_id))


@router.post("/api/channels/accounts/{account_id}/test")
def send_test(call: Annotated[Call, allow(Permission.NOTICE_SEND)], account_id: Id, body: ChannelTestIn) -> ChannelTestOut:
    """Sends a test to oneself through the account."""
    if body.channel not in _KINDS:
        return _parcel_test(call, account_id, body)
    values = body.values or ({"text": _TEST} if body.channel == "wecom_app" else {})
    draft = NoticeDraft(account_id, _KINDS[body.channel], body.to, body.template_id, values, page=body.page)
    sent = api.send_notice(call.ws, by=call.by, draft=draft)
    zh, en = _WORDS[sent.state]
    do_zh = do_en = ""
    if sent.error_code:
        reason_zh, reason_en, do_zh, do_en = codes.words(sent.error_code)
        zh, en = f"{zh}：{reason_zh}", f"{en}: {reason_en}"
    return ChannelTestOut(id=sent.id, state=sent.state, error_code=sent.error_code, zh=zh, en=en, what_to_do_zh=do_zh, what_to_do_en=do_en)


def _parcel_test(call: Call, account_id: str, body: ChannelTestIn) -> ChannelTestOut:
    """A test that is a parcel like any other."""
    fields = tuple(body.values.items())
    content = Body(body.text or _TEST, subject=_SUBJECT, template_id=body.template_id, fields=fields)
    channel = Channel(body.channel)
    sent = sends.try_out(call.ws, by=call.by, account_id=account_id, channel=channel, to=body.to, sender=body.sender, body=content)
    state = _STATES[sent.state]
    zh, en = _WORDS[state]
    do_zh = do_en = ""
    kind, _, number = sent.problem.partition(":")
    code = int(number) if kind == "errcode" and number.lstrip("-").isdigit() else None
    if code is not None:
        reason_zh, reason_en, do_zh, do_en = codes.words(code)
        zh, en = f"{zh}：{reason_zh}", f"{en}: {reason_en}"
    elif sent.problem:
        zh, en = f"{zh}（{sent.problem}）", f"{en} ({sent.problem})"
    what = {"zh": zh, "en": en, "what_to_do_zh": do_zh, "what_to_do_en": do_en}
    return ChannelTestOut(id=sent.provider_id, state=state, error_code=code, **what)


@router.get("/api/channels/followers")
def list_followers(
    call: Annotated[Call, allow(Permission.FOLLOWER_READ)],
    account_id: Annotated[str, fastapi.Query(max_length=64)],
    is_following: Annotated[bool | None, fastapi.Query()] = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> FollowersOut:
    """People of an Official Account or a Mini Program."""
    page = api.followers(call.ws, account_id=account_id, is_following=is_following, cursor=cursor, limit=limit)
    known = people.members_of(call.ws, by=call.by, member_nos=[one.member_no for one in page.rows if one.member_no])
    told = FollowersOut.model_validate(page)
    for row in told.rows:
        row.member_id = known[row.member_no].id if row.member_no in known else None
    return told


@router.post("/api/channels/followers/sync", status_code=202)
def sync_followers(call: Annotated[Call, allow(Permission.SYNC_RUN)], body: AccountWantedIn) -> QueuedOut:
    """Walks through everybody who follows."""
    return QueuedOut(job_id=api.sync_followers(call.ws, by=call.by, account_id=body.account_id))
