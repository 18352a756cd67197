"""What people do with Official Accounts: follow, leave, scan, write, refuse, agree.

Without `appid` it is the world's first account of the kind.
"""

from typing import Any

from wecom_simulator.official import events, oauth
from wecom_simulator.official.accounts import Account, Follower, Official, Scene
from wecom_simulator.registry import action
from wecom_simulator.world import Person, World


@action("关注公众号")
def follow(world: World, person: str, *, appid: str = "", scene: str = "ADD_SCENE_SEARCH") -> dict[str, Any]:
    """Somebody follows."""
    account = Official.of(world).account(appid)
    follower = _subscribe(world, account, world.person(person), scene)
    account.touched(follower, "follow", world.now())
    events.tell(world, account, follower.openid, "subscribe", EventKey="")
    return {"appid": account.appid, "openid": follower.openid}


@action("取消关注")
def unfollow(world: World, person: str, *, appid: str = "") -> dict[str, Any]:
    """Somebody leaves."""
    account = Official.of(world).account(appid)
    follower = _follower(world, account, person)
    follower.is_subscribed = False
    follower.window_until = follower.window_left = 0
    follower.tags.clear()
    events.tell(world, account, follower.openid, "unsubscribe", EventKey="")
    return {"openid": follower.openid}


@action("扫公众号带参二维码")
def scan_scene(world: World, person: str, code: str) -> dict[str, Any]:
    """Somebody scans a code with a scene (its ticket or its url); who does not follow yet, does then."""
    account, scene = _scene(world, code)
    if scene.expires_at and scene.expires_at <= world.now():
        raise ValueError("the code has expired")
    known = account.followers.get(world.openid(world.person(person), account.appid))
    if known and known.is_subscribed:
        account.touched(known, "scan", world.now())
        events.tell(world, account, known.openid, "SCAN", EventKey=scene.value, Ticket=scene.ticket)
        return {"appid": account.appid, "openid": known.openid, "event": "SCAN"}
    follower = _subscribe(world, account, world.person(person), "ADD_SCENE_QR_CODE")
    follower.qr_scene, follower.qr_scene_str = (0, scene.value) if scene.is_text else (int(scene.value), "")
    account.touched(follower, "follow", world.now())
    events.tell(world, account, follower.openid, "subscribe", EventKey=f"qrscene_{scene.value}", Ticket=scene.ticket)
    return {"appid": account.appid, "openid": follower.openid, "event": "subscribe"}


@action("给公众号发消息")
def write_to_account(world: World, person: str, text: str, *, appid: str = "") -> dict[str, Any]:
    """Somebody writes, which opens the window of customer service."""
    account = Official.of(world).account(appid)
    follower = _follower(world, account, person)
    account.touched(follower, "message", world.now())
    events.tell_text(world, account, follower.openid, text)
    return {"openid": follower.openid}


@action("拒收公众号模板消息")
def block_account(world: World, person: str, *, appid: str = "", is_blocking: bool = True) -> dict[str, Any]:
    """Somebody switches the account's messages off, or on again."""
    follower = _follower(world, Official.of(world).account(appid), person)
    follower.is_blocking = is_blocking
    return {"openid": follower.openid, "is_blocking": is_blocking}


@action("同意订阅通知")
def accept_subscription(
    world: World, person: str, templates: list[str] | None = None, *, appid: str = "", kind: str = "mini"
) -> dict[str, Any]:
    """Somebody agrees to one notice each of up to three templates."""
    account = Official.of(world).account(appid, kind)
    openid, wanted = _asked(world, account, person, templates)
    for template in wanted:
        account.refusals.discard((openid, template))
        account.grants[openid, template] = account.grants.get((openid, template), 0) + 1
        _popup(world, account, openid, template, "accept")
    return {"appid": account.appid, "openid": openid, "templates": wanted}


@action("拒绝订阅通知")
def refuse_subscription(
    world: World, person: str, templates: list[str] | None = None, *, appid: str = "", kind: str = "mini", for_good: bool = False
) -> dict[str, Any]:
    """Somebody refuses; in the settings (`for_good`) that takes back what was agreed before."""
    account = Official.of(world).account(appid, kind)
    openid, wanted = _asked(world, account, person, templates)
    for template in wanted:
        if not for_good:
            _popup(world, account, openid, template, "reject")
            continue
        account.refusals.add((openid, template))
        account.grants.pop((openid, template), None)
        row: dict[str, events.Value] = {"TemplateId": template, "SubscribeStatusString": "reject"}
        events.tell(world, account, openid, "subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": row})
    return {"appid": account.appid, "openid": openid, "templates": wanted}


@action("网页授权")
def authorise_for_account(
    world: World, person: str, *, appid: str = "", redirect_uri: str = "", scope: str = "snsapi_base", state: str = ""
) -> dict[str, Any]:
    """Somebody opens a page that asks who they are, and agrees."""
    account = Official.of(world).account(appid)
    url = oauth.link(world, account, world.person(person), redirect_uri, {"scope": scope, "state": state})
    return {"url": url, "code": url.split("code=")[1].split("&")[0], "openid": world.openid(world.person(person), account.appid)}


def _subscribe(world: World, account: Account, person: Person, scene: str) -> Follower:
    openid = world.openid(person, account.appid)
    known = account.followers.pop(openid, None)
    made = Follower(openid, person.unionid, subscribed_at=world.now(), scene=scene, remark=known.remark if known else "")
    # Followers are paged in the order in which they came.
    account.followers[openid] = made
    return made


def _follower(world: World, account: Account, unionid: str) -> Follower:
    found = account.followers.get(world.openid(world.person(unionid), account.appid))
    if found is None or not found.is_subscribed:
        raise ValueError(f"{unionid} does not follow {account.name}")
    return found


def _scene(world: World, code: str) -> tuple[Account, Scene]:
    for account in Official.of(world).accounts.values():
        for scene in account.scenes.values():
            if code in {scene.ticket, scene.url}:
                return account, scene
    raise ValueError("no such code")


def _asked(world: World, account: Account, unionid: str, templates: list[str] | None) -> tuple[str, list[str]]:
    offered = [one.template_id for one in account.templates.values() if one.kind == "subscribe"]
    wanted = templates or offered[:1]
    if len(wanted) > 3 or not set(wanted) <= set(offered):
        raise ValueError("at most three of the account's own templates can be asked for at once")
    return world.openid(world.person(unionid), account.appid), wanted


def _popup(world: World, account: Account, openid: str, template: str, answer: str) -> None:
    row: dict[str, events.Value] = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": 2}
    events.tell(world, account, openid, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": row})
