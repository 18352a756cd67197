"""What an account is called back with: events of its followers and of its messages, as XML with nested records."""

from typing import TypeAlias

from wecom_simulator.official.accounts import Account
from wecom_simulator.world import World

Value: TypeAlias = "str | int | dict[str, Value]"


def receiver_key(appid: str) -> str:
    """The name of the account's callback address among the receivers."""
    return f"official:{appid}"


def tell(world: World, account: Account, openid: str, event: str, **fields: Value) -> None:
    """Call the account back about somebody."""
    head: dict[str, Value] = {
        "ToUserName": account.original_id,
        "FromUserName": openid,
        "CreateTime": world.now(),
        "MsgType": "event",
        "Event": event,
    }
    world.post(receiver_key(account.appid), xml({**head, **fields}), title=event)


def tell_text(world: World, account: Account, openid: str, text: str) -> None:
    """Call the account back with what somebody wrote."""
    message: dict[str, Value] = {
        "ToUserName": account.original_id,
        "FromUserName": openid,
        "CreateTime": world.now(),
        "MsgType": "text",
        "Content": text,
        "MsgId": 24_000_000_000_000_000 + world.number(),
    }
    world.post(receiver_key(account.appid), xml(message), title="text")


def xml(fields: dict[str, Value]) -> bytes:
    """Fields as XML: text in CDATA, numbers bare, records nested."""
    return f"<xml>{_inside(fields)}</xml>".encode()


def _inside(fields: dict[str, Value]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: Value) -> str:
    if isinstance(value, dict):
        return _inside(value)
    if isinstance(value, int):
        return str(value)
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
