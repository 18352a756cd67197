"""What people do with Mini Programs: open them, and share their telephone number."""

from typing import Any

from wecom_simulator.official import oauth
from wecom_simulator.official.accounts import Official
from wecom_simulator.registry import action
from wecom_simulator.world import World


@action("打开小程序")
def open_mini(
    world: World, person: str, *, appid: str = "", page: str = "pages/index/index", scene: str = "", is_blocked: bool = False
) -> dict[str, Any]:
    """Somebody opens the Mini Program: the code its page sends to its server, and what the page was opened with."""
    account = Official.of(world).account(appid, "mini")
    known = world.person(person)
    code = oauth.new_code(world, "login", account, known, "blocked" if is_blocked else "")
    return {"appid": account.appid, "js_code": code, "openid": world.openid(known, account.appid), "page": page, "query": {"scene": scene}}


@action("授权手机号")
def share_phone(world: World, person: str, *, appid: str = "") -> dict[str, Any]:
    """Somebody shares their number: the code the page sends to its server."""
    account = Official.of(world).account(appid, "mini")
    known = world.person(person)
    if not known.phone:
        raise ValueError(f"{person} has no telephone number")
    return {"appid": account.appid, "code": oauth.new_code(world, "phone", account, known)}
