"""Codes that carry a scene: temporary or permanent, with a number or a text; and their picture."""

import io
from typing import Any

import segno

from wecom_simulator.call import Call, Raw
from wecom_simulator.official.accounts import Account, Official, Scene
from wecom_simulator.official.host import account_of, endpoint, no

LIFE_MAX_SECONDS = 2_592_000
LIFE_SECONDS = 60
PERMANENT_MAX = 100_000
ACTIONS = {"QR_SCENE": (False, False), "QR_STR_SCENE": (True, False), "QR_LIMIT_SCENE": (False, True), "QR_LIMIT_STR_SCENE": (True, True)}


@endpoint("POST", "cgi-bin/qrcode/create")
def create(call: Call) -> dict[str, Any]:
    """A new code."""
    account = account_of(call)
    is_text, is_permanent = ACTIONS.get(call.maybe_text("action_name"), (False, False))
    if call.maybe_text("action_name") not in ACTIONS:
        raise no(40099, "invalid code")
    # The documents call the record `action_info`; the name is the platform's.
    scene = call.record("action_info").get("scene")
    value = _value(scene if isinstance(scene, dict) else {}, is_text=is_text, is_permanent=is_permanent)
    if is_permanent and sum(not one.expires_at for one in account.scenes.values()) >= PERMANENT_MAX:
        raise no(45029, "qrcode count out of limit")
    seconds = min(max(call.maybe_number("expire_seconds", LIFE_SECONDS), 1), LIFE_MAX_SECONDS)
    if is_permanent:
        kept = next((one for one in account.scenes.values() if not one.expires_at and (one.value, one.is_text) == (value, is_text)), None)
        if kept:
            return {"ticket": kept.ticket, "url": kept.url}
    made = _new(call, account, value, is_text=is_text, expires_at=0 if is_permanent else call.now + seconds)
    told: dict[str, Any] = {"ticket": made.ticket, "url": made.url}
    return told if is_permanent else {**told, "expire_seconds": seconds}


@endpoint("GET", "cgi-bin/showqrcode", with_token=False)
def picture(call: Call) -> Raw:
    """The code as a picture (of `mp.weixin.qq.com`); an unknown ticket is 404."""
    for account in Official.of(call.world).accounts.values():
        scene = account.scenes.get(call.maybe_text("ticket"))
        if scene:
            return Raw(png(scene.url, 430), "image/png")
    return Raw(b"", status=404)


def png(text: str, width: int) -> bytes:
    """A text as a QR code about so many pixels wide."""
    code = segno.make(text, error="m")
    scale = max(1, round(width / code.symbol_size(border=4)[0]))
    written = io.BytesIO()
    code.save(written, kind="png", scale=scale, border=4)
    return written.getvalue()


def _new(call: Call, account: Account, value: str, *, is_text: bool, expires_at: int) -> Scene:
    ticket = "gQ" + call.world.identifier("", 43) + call.world.identifier("", 43)
    url = f"http://weixin.qq.com/q/{call.world.identifier('', 20)}"
    made = account.scenes[ticket] = Scene(ticket, url, value, is_text, expires_at, call.now)
    return made


def _value(scene: dict[str, Any], *, is_text: bool, is_permanent: bool) -> str:
    if is_text:
        text = scene.get("scene_str")
        if not isinstance(text, str) or not 1 <= len(text) <= 64:
            raise no(40053, "invalid action info")
        return text
    number = scene.get("scene_id")
    most = 100_000 if is_permanent else 2**32 - 1
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
        raise no(40053, "invalid action info")
    return str(number)
