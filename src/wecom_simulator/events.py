"""What a platform tells by callback, and how it is written as XML.

Text stands in CDATA, numbers bare, a list as repeated `Item`s, None is left out (page 92130).
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

import orjson
from defusedxml import ElementTree

Value: TypeAlias = "str | int | list[str] | None"
# What stands bare in XML is a number in JSON.
_NUMBERS = frozenset({"CreateTime", "AgentID", "MsgId", "JoinScene", "QuitScene", "MemChangeCnt", "StrategyId"})


@dataclass(slots=True)
class Event:
    """One happening: `Event("change_external_contact", "del_follow_user", {"UserID": …})`."""

    name: str
    change: str = ""
    fields: dict[str, Value] = field(default_factory=dict)
    at: int = 0

    @property
    def title(self) -> str:
        """How logs name it."""
        return f"{self.name}/{self.change}" if self.change else self.name


def wecom_xml(event: Event, corpid: str) -> bytes:
    """The plain message of a WeCom event for a self-built app."""
    head: dict[str, Value] = {
        "ToUserName": corpid,
        "FromUserName": "sys",
        "CreateTime": event.at,
        "MsgType": "event",
        "Event": event.name,
        "ChangeType": event.change or None,
    }
    return xml({**head, **event.fields})


def xml(fields: dict[str, Value]) -> bytes:
    """Fields as the XML of a callback."""
    return ("<xml>" + "".join(_element(name, value) for name, value in fields.items()) + "</xml>").encode()


def json_of(message: bytes) -> bytes:
    """The same message as JSON, for an address that wants it so: numbers bare, a list under `Item` as in XML."""
    return orjson.dumps({child.tag: _json_value(child) for child in ElementTree.fromstring(message)})


def _json_value(element: Element) -> Any:
    if len(element):
        return {"Item": [one.text or "" for one in element]}
    text = element.text or ""
    return int(text) if element.tag in _NUMBERS and text.isdigit() else text


def _element(name: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return f"<{name}>{''.join(_element('Item', one) for one in value)}</{name}>"
    return f"<{name}>{value if isinstance(value, int) else _cdata(value)}</{name}>"


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
