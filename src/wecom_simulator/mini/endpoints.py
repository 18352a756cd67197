"""Login by a code, codes without limit, and the telephone number behind a code."""

import base64
import hashlib
import re
from typing import Any

from wecom_simulator.call import Call, Raw
from wecom_simulator.corp import derived
from wecom_simulator.official.accounts import Official
from wecom_simulator.official.host import OK, account_of, by_secret, count, endpoint, no, this_minute
from wecom_simulator.official.oauth import use_code
from wecom_simulator.official.scenes import png

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")


@endpoint("GET", "sns/jscode2session", with_token=False, is_read=False)
def session(call: Call) -> dict[str, Any]:
    """Who opened the Mini Program. What stands in a body does not count here."""
    if call.method != "GET":
        raise no(41002)
    account = by_secret(call)
    given = call.maybe_text("js_code")
    if not given:
        raise no(41008)
    known = Official.of(call.world).codes.get(given)
    if known:
        count(account, f"login {known.unionid}", account.logins_per_minute, this_minute(call), code=45011)
    code = use_code(call, "login", account, given)
    if code.scope == "blocked":
        raise no(40226)
    key = hashlib.sha256(f"session {given}".encode()).digest()[:16]
    told = {"session_key": base64.b64encode(key).decode(), "openid": call.world.openid(call.world.people[code.unionid], account.appid)}
    return {**told, "unionid": code.unionid} if account.has_open_platform else told


@endpoint("POST", "wxa/getwxacodeunlimit", is_read=True)
def unlimited(call: Call) -> Raw:
    """A picture of a code that opens a page with a scene."""
    account = account_of(call)
    scene, page = call.maybe_text("scene"), call.maybe_text("page", "pages/index/index")
    if len(scene) > 32:
        raise no(40169)
    if not SCENE.fullmatch(scene):
        raise no(40129)
    if page.startswith("/") or "?" in page or (call.flag("check_path", default=True) and page not in account.pages):
        raise no(41030, "invalid page")
    if call.maybe_text("env_version", "release") not in {"release", "trial", "develop"}:
        raise no(40097)
    width = call.maybe_number("width", 430)
    if not 280 <= width <= 1280:
        raise no(40097, "invalid args: width")
    count(account, "codes", account.codes_per_minute, this_minute(call))
    return Raw(png(address(account.appid, page, scene), width), "image/png")


@endpoint("POST", "wxa/getwxacode", is_read=True)
def limited(call: Call) -> Raw:
    """A picture of a code for a path of up to 1024 bytes."""
    account = account_of(call)
    path = call.text("path", code=40159)
    if len(path.encode()) > 1024:
        raise no(40159, "invalid length for path")
    return Raw(png(address(account.appid, *_cut(path)), call.maybe_number("width", 430)), "image/png")


@endpoint("POST", "wxa/business/getuserphonenumber", is_read=False)
def phone(call: Call) -> dict[str, Any]:
    """The number that a person shared."""
    account = account_of(call)
    code = use_code(call, "phone", account, call.text("code", code=40029))
    number = call.world.people[code.unionid].phone or ""
    told = {
        "phoneNumber": number,
        "purePhoneNumber": number.removeprefix("+86"),
        "countryCode": "86",
        "watermark": {"timestamp": call.now, "appid": account.appid},
    }
    return {**OK, "phone_info": told}


def address(appid: str, page: str, scene: str) -> str:
    """What the picture says: real ones hold a sign only WeChat can read; this one can be read by tests too."""
    return f"https://wxaurl.simulator/{appid}/{derived('wxa', appid, page, scene, size=8)}?page={page}&scene={scene}"


def _cut(path: str) -> tuple[str, str]:
    page, _, query = path.partition("?")
    return page, query
