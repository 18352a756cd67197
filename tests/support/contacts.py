"""Customers of the simulated corp, and what it was told of them."""

import re
from typing import Any

from tests.support.simulator import Simulator
from wecom_simulator.external.friends import of
from wecom_simulator.external.state import External
from wecom_simulator.media import Media, Shelf

_FIELD = re.compile(r"<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|(\d+)|((?:<Item>.*?</Item>)*))</\1>", re.DOTALL)
_HEAD = {"ToUserName", "FromUserName", "CreateTime", "MsgType"}


def external(sim: Simulator) -> External:
    """What the simulator knows of customers."""
    return of(sim.corp)


def someone(sim: Simulator, name: str = "小雨", **more: Any) -> str:
    """A fresh WeChat user's unionid."""
    return sim.world.new_person(name, **more).unionid


def customer(sim: Simulator, userid: str = "zhangwei", name: str = "小雨") -> tuple[str, str]:
    """Somebody whom a member has: unionid and external id."""
    unionid = someone(sim, name)
    added = sim.act("add_by", userid=userid, person=unionid, half=False)
    return unionid, added["external_userid"]


def told(sim: Simulator) -> list[dict[str, str]]:
    """The events since the last asking, without the head that all have."""
    log = sim.world.outbox.log
    rows = [fields(row.body) for row in log]
    log.clear()
    return rows


def names(sim: Simulator) -> list[str]:
    """The same by change only."""
    return [row.get("ChangeType", "") for row in told(sim)]


def fields(body: bytes) -> dict[str, str]:
    """A plain callback as a dictionary; lists stay as joined with commas."""
    found: dict[str, str] = {}
    for name, text, number, several in _FIELD.findall(body.decode().removeprefix("<xml>").removesuffix("</xml>")):
        value = text or number
        if several:
            value = ",".join(re.findall(r"<Item><!\[CDATA\[(.*?)\]\]></Item>", several))
        if name not in _HEAD:
            found[name] = value
    return found


def medium(sim: Simulator, kind: str = "image", attachment_type: int = 0) -> str:
    """An uploaded file's id."""
    media = Media(sim.world.identifier("m"), kind, "a.png", "image/png", b"......", sim.world.now(), attachment_type)
    sim.corp.part(Shelf).add(sim.world, media)
    return media.media_id


def code(answer: dict[str, Any]) -> int:
    """The code of an answer."""
    return int(answer["errcode"])
