"""Messages: templates to followers, notices by permission, customer service within its window.

A template is accepted at once and its end is told later by `TEMPLATESENDJOBFINISH`; one permission is one notice.
"""

from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.official import events, values
from wecom_simulator.official.accounts import Account, Follower, Official, Sent, Template
from wecom_simulator.official.host import OK, account_of, count, endpoint, no, today
from wecom_simulator.registry import timer
from wecom_simulator.world import World

FINISH_SECONDS = 1
REPEAT_SECONDS = 600
KINDS = ("text", "image", "voice", "video", "music", "news", "mpnews", "msgmenu", "wxcard", "miniprogrampage", "link")


@endpoint("GET", "cgi-bin/template/get_all_private_template")
def templates(call: Call) -> dict[str, Any]:
    """The account's templates."""
    rows = [one for one in account_of(call).templates.values() if one.kind == "template"]
    return {"template_list": [{"template_id": one.template_id, "title": one.title, **_layout(one)} for one in rows]}


@endpoint("GET", "wxaapi/newtmpl/gettemplate")
def notices(call: Call) -> dict[str, Any]:
    """The account's templates of notices by permission."""
    rows = [one for one in account_of(call).templates.values() if one.kind == "subscribe"]
    return {**OK, "data": [{"priTmplId": one.template_id, "title": one.title, "type": 2, **_layout(one)} for one in rows]}


@endpoint("POST", "cgi-bin/message/template/send")
def send_template(call: Call) -> dict[str, Any]:
    """A template message to a follower."""
    account = account_of(call)
    if account.kind != "official" or not account.is_verified_service:
        raise no(48001)
    openid = _recipient(call)
    template = _template(call, "template")
    follower = account.followers.get(openid)
    if follower is None or not follower.is_subscribed:
        raise no(43004)
    values.check(template, call.record("data"))
    count(account, "templates", account.templates_per_day, today(call))
    repeated = _repeated(call, account)
    if repeated:
        return {**OK, "msgid": repeated.number}
    sent = _keep(call, account, openid, "template", state="under way")
    call.world.later(call.now + FINISH_SECONDS, "official.template", appid=account.appid, number=sent.number)
    return {**OK, "msgid": sent.number}


@endpoint("POST", "cgi-bin/message/subscribe/bizsend")
def send_notice(call: Call) -> dict[str, Any]:
    """A notice of an Official Account, for which the person gave permission."""
    _permitted(call, "official")
    return dict(OK)


@endpoint("POST", "cgi-bin/message/subscribe/send")
def send_program_notice(call: Call) -> dict[str, Any]:
    """A notice of a Mini Program, for which the person gave permission."""
    account = account_of(call)
    page = call.maybe_text("page").split("?")[0].lstrip("/")
    if page and page not in account.pages:
        raise no(41030)
    return {**OK, "msgid": _permitted(call, "mini").number}


@endpoint("POST", "cgi-bin/message/custom/send")
def send_custom(call: Call) -> dict[str, Any]:
    """A message of customer service, while the window is open."""
    account, openid = account_of(call), _recipient(call)
    kind = call.text("msgtype", code=40008)
    if kind not in KINDS or not call.record(kind):
        raise no(40008, "invalid message type")
    if kind == "text" and not call.record("text").get("content"):
        raise no(44004, "empty content")
    follower = account.followers.get(openid)
    if follower is None or not follower.is_subscribed or call.now > follower.window_until:
        raise no(45015)
    if follower.window_left <= 0:
        raise no(45047)
    follower.window_left -= 1
    _keep(call, account, openid, f"custom/{kind}")
    return dict(OK)


@timer("official.template")
def finish(world: World, appid: str, number: int) -> None:
    """What became of a template message is told to the account."""
    official = Official.of(world)
    account = official.accounts[appid]
    sent = next((one for one in reversed(official.sent) if one.number == number), None)
    if sent is None:
        return
    follower = account.followers.get(sent.openid)
    status = _status(world, account, follower)
    sent.state = "delivered" if status == "success" else status
    events.tell(world, account, sent.openid, "TEMPLATESENDJOBFINISH", MsgID=number, Status=status)


def _status(world: World, account: Account, follower: Follower | None) -> str:
    if follower is None or follower.is_blocking or not follower.is_subscribed:
        return "failed:user block"
    if account.system_failures and world.random.random() < account.system_failures:
        return "failed: system failed"
    return "success"


def _permitted(call: Call, kind: str) -> Sent:
    """Use one permission up and send."""
    account = account_of(call)
    if account.kind != kind:
        raise no(48001)
    openid = _recipient(call)
    template = _template(call, "subscribe")
    values.check(template, call.record("data"))
    key = (openid, template.template_id)
    if account.grants.get(key, 0) <= 0 or key in account.refusals:
        raise no(43101)
    account.grants[key] -= 1
    sent = _keep(call, account, openid, "subscribe")
    row: dict[str, events.Value] = {
        "TemplateId": template.template_id,
        "MsgID": str(sent.number),
        "ErrorCode": 0,
        "ErrorStatus": "success",
    }
    events.tell(call.world, account, openid, "subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": row})
    return sent


def _recipient(call: Call) -> str:
    openid = call.text("touser", code=40003)
    if call.world.by_openid(account_of(call).appid, openid) is None:
        raise no(40003)
    return openid


def _template(call: Call, kind: str) -> Template:
    template = account_of(call).templates.get(call.text("template_id", code=40037))
    if template is None or template.kind != kind:
        raise no(40037)
    if template.is_withdrawn:
        raise no(43116)
    return template


def _repeated(call: Call, account: Account) -> Sent | None:
    """The message of the last ten minutes under the same id of the caller's, which is not sent twice."""
    own = call.maybe_text("client_msg_id")
    if not own:
        return None
    for sent in reversed(Official.of(call.world).sent):
        if sent.at < call.now - REPEAT_SECONDS:
            return None
        if sent.appid == account.appid and sent.fields.get("client_msg_id") == own:
            return sent
    return None


def _keep(call: Call, account: Account, openid: str, kind: str, state: str = "sent") -> Sent:
    sent = Sent(200_000_000 + call.world.number(), account.appid, openid, kind, call.now, dict(call.body), state)
    Official.of(call.world).sent.append(sent)
    return sent


def _layout(template: Template) -> dict[str, Any]:
    content = "".join(f"{key.rstrip('0123456789')}:{{{{{key}.DATA}}}}\n" for key in template.keys)
    return {"content": content, "example": "", "primary_industry": "", "deputy_industry": ""}
