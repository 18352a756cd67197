"""Followers as the account reads them, and its tags on them."""

from typing import Any

from wecom_simulator.call import Call
from wecom_simulator.official.accounts import Account, Follower
from wecom_simulator.official.host import OK, account_of, endpoint, no

PAGE = 10_000
BATCH_MAX = 100
TAGS_MAX = 100
TAGGED_MAX = 50
TAGS_PER_FOLLOWER = 20


@endpoint("GET", "cgi-bin/user/info")
def one(call: Call) -> dict[str, Any]:
    """One person; who does not follow is told as such."""
    return _told(call, account_of(call), call.text("openid", code=40003))


@endpoint("POST", "cgi-bin/user/info/batchget", is_read=True)
def several(call: Call) -> dict[str, Any]:
    """Up to a hundred people."""
    wanted = call.records("user_list", most=BATCH_MAX, code=40032)
    return {"user_info_list": [_told(call, account_of(call), str(row.get("openid", ""))) for row in wanted]}


@endpoint("GET", "cgi-bin/user/get")
def page(call: Call) -> dict[str, Any]:
    """Openids of followers, ten thousand at a time."""
    following = [openid for openid, one in account_of(call).followers.items() if one.is_subscribed]
    return _page(following, call.maybe_text("next_openid"))


@endpoint("POST", "cgi-bin/user/info/updateremark")
def remark(call: Call) -> dict[str, Any]:
    """The account's own name for somebody."""
    _following(account_of(call), call.text("openid", code=40003)).remark = call.maybe_text("remark", most=30)
    return OK


@endpoint("POST", "cgi-bin/tags/create")
def create_tag(call: Call) -> dict[str, Any]:
    """A new tag."""
    account, name = account_of(call), _tag_name(call)
    if name in account.tags.values():
        raise no(45157)
    if len(account.tags) >= TAGS_MAX:
        raise no(45056)
    account.next_tag += 1
    account.tags[account.next_tag] = name
    return {"tag": {"id": account.next_tag, "name": name}}


@endpoint("GET", "cgi-bin/tags/get")
def tags(call: Call) -> dict[str, Any]:
    """All tags with how many carry them."""
    account = account_of(call)
    counts = dict.fromkeys(account.tags, 0)
    for follower in account.followers.values():
        for tag in follower.tags:
            counts[tag] += follower.is_subscribed
    return {"tags": [{"id": id_, "name": name, "count": counts[id_]} for id_, name in account.tags.items()]}


@endpoint("POST", "cgi-bin/tags/update")
def rename_tag(call: Call) -> dict[str, Any]:
    """Another name for a tag."""
    account, name = account_of(call), _tag_name(call)
    id_ = _tag(account, call.record("tag").get("id"))
    if name in (kept for key, kept in account.tags.items() if key != id_):
        raise no(45157)
    account.tags[id_] = name
    return OK


@endpoint("POST", "cgi-bin/tags/delete")
def delete_tag(call: Call) -> dict[str, Any]:
    """A tag goes, from everybody."""
    account = account_of(call)
    id_ = _tag(account, call.record("tag").get("id"))
    del account.tags[id_]
    for follower in account.followers.values():
        if id_ in follower.tags:
            follower.tags.remove(id_)
    return OK


@endpoint("POST", "cgi-bin/tags/members/batchtagging")
def put_tag(call: Call) -> dict[str, Any]:
    """A tag onto up to fifty followers."""
    id_, followers = _tagged(call)
    if any(len(follower.tags) >= TAGS_PER_FOLLOWER and id_ not in follower.tags for follower in followers):
        raise no(45059, "has too many tags")
    for follower in followers:
        if id_ not in follower.tags:
            follower.tags.append(id_)
    return OK


@endpoint("POST", "cgi-bin/tags/members/batchuntagging")
def lift_tag(call: Call) -> dict[str, Any]:
    """A tag off up to fifty followers."""
    id_, followers = _tagged(call)
    for follower in followers:
        if id_ in follower.tags:
            follower.tags.remove(id_)
    return OK


@endpoint("POST", "cgi-bin/tags/getidlist", is_read=True)
def tags_of(call: Call) -> dict[str, Any]:
    """The tags of one follower."""
    return {"tagid_list": list(_following(account_of(call), call.text("openid", code=40003)).tags)}


@endpoint("POST", "cgi-bin/user/tag/get", is_read=True)
def tagged(call: Call) -> dict[str, Any]:
    """Who carries a tag, ten thousand at a time."""
    account = account_of(call)
    id_ = _tag(account, call.asked("tagid"))
    carrying = [openid for openid, one in account.followers.items() if one.is_subscribed and id_ in one.tags]
    told = _page(carrying, call.maybe_text("next_openid"))
    del told["total"]
    return told


def _page(openids: list[str], after: str) -> dict[str, Any]:
    start = openids.index(after) + 1 if after in openids else 0
    rows = openids[start : start + PAGE]
    told: dict[str, Any] = {"total": len(openids), "count": len(rows), "next_openid": rows[-1] if rows else ""}
    # Where nobody is left there is no `data` at all.
    return {**told, "data": {"openid": rows}} if rows else told


def _told(call: Call, account: Account, openid: str) -> dict[str, Any]:
    follower = account.followers.get(openid)
    person = call.world.by_openid(account.appid, openid)
    if person is None:
        raise no(40003)
    bound = {"unionid": person.unionid} if account.has_open_platform else {}
    if follower is None or not follower.is_subscribed:
        return {"subscribe": 0, "openid": openid, "tagid_list": [], **bound}
    return {
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "subscribe_time": follower.subscribed_at,
        **bound,
        "remark": follower.remark,
        "groupid": follower.tags[0] if follower.tags else 0,
        "tagid_list": list(follower.tags),
        "subscribe_scene": follower.scene,
        "qr_scene": follower.qr_scene,
        "qr_scene_str": follower.qr_scene_str,
    }


def _following(account: Account, openid: str) -> Follower:
    follower = account.followers.get(openid)
    if follower is None:
        raise no(40003)
    if not follower.is_subscribed:
        raise no(43004)
    return follower


def _tag_name(call: Call) -> str:
    name = call.record("tag").get("name")
    if not isinstance(name, str) or not name:
        raise no(45157)
    if len(name.encode()) > 30:
        raise no(45158)
    return name


def _tag(account: Account, given: object) -> int:
    if not isinstance(given, int | str) or not str(given).isdigit() or int(given) not in account.tags:
        raise no(45159)
    return int(given)


def _tagged(call: Call) -> tuple[int, list[Follower]]:
    account = account_of(call)
    id_ = _tag(account, call.asked("tagid"))
    return id_, [_following(account, openid) for openid in call.texts("openid_list", most=TAGGED_MAX, code=40032)]
