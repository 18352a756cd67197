"""What a platform tells by callback, and how it is written as XML.

Text stands in CDATA, numbers bare, a list as repeated `Item`s, None is left out (page 92130).
"""

from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | int | list[str] | None"


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


def _element(name: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return f"<{name}>{''.join(_element('Item', one) for one in value)}</{name}>"
    return f"<{name}>{value if isinstance(value, int) else _cdata(value)}</{name}>"


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
